"""Ce qu’une collectivité dit d’une obligation ; ses alertes."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.services import lock_reglage, set_reglage
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.textes import format_jour
from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.services import record
from socle.fondations.notifications.services import notify
from socle.metiers.echeancier.enums import EtatSuivi, Surete
from socle.metiers.echeancier.errors import SuiviModifieAilleurs
from socle.metiers.echeancier.models import AlerteEcheance, Obligation, SuiviEcheance
from socle.metiers.echeancier.queries.profils import describe_public
from socle.metiers.echeancier.queries.suivis import (
    CLE_ALERTES,
    ReglageAlertes,
    get_reglage_alertes,
    list_a_rappeler,
    list_prevenus,
)

CODE_RAPPEL = "echeance_rappel"


@transaction.atomic
def mark_suivi(
    *,
    collectivite: Collectivite,
    obligation: Obligation,
    etat: EtatSuivi,
    note: str,
    agent: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
) -> SuiviEcheance:
    """Note où en est la collectivité ; redire la même chose ne change rien.

    Args:
        empreinte: celle de `etat` et `note` sur la page ; None, rien n’est comparé.

    Raises:
        SuiviModifieAilleurs: un collègue l’a dit autrement depuis.
    """
    suivi, neuf = SuiviEcheance.objects.select_for_update(of=["self"]).get_or_create(
        collectivite=collectivite, obligation=obligation,
        defaults={"etat": etat, "note": note, "par": agent, "dit_le": maintenant},
    )  # fmt: skip
    avant = "" if neuf else suivi.etat
    if not neuf and (suivi.etat, suivi.note) == (etat, note):
        return suivi
    if not neuf:
        check_empreinte(read_valeurs(suivi, "etat", "note"), empreinte, SuiviModifieAilleurs)
    suivi.etat, suivi.note, suivi.par, suivi.dit_le = etat, note, agent, maintenant
    suivi.save(update_fields=["etat", "note", "par", "dit_le", "modifie_le"])
    record(
        action="echeance.suivie",
        objet=f"echeance:{obligation.pk}",
        acteur=f"agent:{agent.pk}",
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees={"avant": avant, "apres": str(etat)},
    )
    return suivi


@transaction.atomic
def save_alertes(
    *,
    collectivite: Collectivite,
    reglage: ReglageAlertes,
    agent: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
) -> bool:
    """Règle les alertes ; rend faux si rien n’a changé.

    Raises:
        SuiviModifieAilleurs: le réglage n’est plus celui dont la page portait l’empreinte.
    """
    lock_reglage(collectivite=collectivite, cle=CLE_ALERTES, defaut={})
    avant = get_reglage_alertes(collectivite)
    if avant == reglage:
        return False
    check_empreinte(describe_alertes(avant), empreinte, SuiviModifieAilleurs)
    valeur = {"delais": list(reglage.delais), "roles": list(reglage.roles)}
    set_reglage(collectivite=collectivite, cle=CLE_ALERTES, valeur=valeur)
    record(
        action="echeance.alertes_reglees",
        objet=f"collectivite:{collectivite.pk}",
        acteur=f"agent:{agent.pk}",
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees=valeur,
    )
    return True


def describe_alertes(reglage: ReglageAlertes) -> dict[str, Any]:
    """Rend un réglage tel que le formulaire le montre."""
    return {"delais": ", ".join(map(str, reglage.delais)), "roles": list(reglage.roles)}


def send_alertes(*, collectivite: Collectivite, aujourdhui: date, maintenant: datetime) -> int:
    """Rappelle à chacun ce qui approche ; rend le nombre de rappels. Rejouable sans doublon.

    La ligne qui retient un rappel et le message sont dans la même transaction : une tâche tuée
    au milieu n’a rien envoyé, et relancée n’envoie que ce qui manque.
    """
    reglage = get_reglage_alertes(collectivite)
    if not reglage.delais:
        return 0
    horizon = aujourdhui + timedelta(days=max(reglage.delais))
    obligations = list_a_rappeler(collectivite, aujourdhui=aujourdhui, horizon=horizon)
    prevenus = list_prevenus(collectivite, reglage.roles) if obligations else []
    return sum(
        _remind(collectivite, obligation, compte, delai, aujourdhui, maintenant)
        for obligation in obligations
        for delai in [find_delai(obligation.jour, aujourdhui, reglage.delais)]
        for compte in prevenus
    )


def find_delai(jour: date | None, aujourdhui: date, delais: tuple[int, ...]) -> int:
    """Rend le délai le plus court qui soit atteint : à 50 jours, celui de 90.

    Un délai manqué (installation neuve, service arrêté) n’est pas rattrapé un par un.
    """
    reste = (jour - aujourdhui).days if jour else 0
    return min(delai for delai in delais if delai >= reste)


def _remind(
    collectivite: Collectivite,
    obligation: Obligation,
    compte: Compte,
    delai: int,
    aujourdhui: date,
    maintenant: datetime,
) -> bool:
    with transaction.atomic():
        if not _claim(collectivite, obligation, compte, delai, maintenant):
            return False  # déjà parti
        notify(
            collectivite=collectivite,
            code=CODE_RAPPEL,
            contexte=_build_contexte(collectivite, obligation, aujourdhui),
            maintenant=maintenant,
            compte=compte,
            objet=f"echeance:{obligation.pk}",
        )
    return True


def _claim(
    collectivite: Collectivite,
    obligation: Obligation,
    compte: Compte,
    delai: int,
    maintenant: datetime,
) -> bool:
    """Retient ce rappel ; faux s’il l’est déjà : la base n’en garde qu’un."""
    jour = cast("date", obligation.jour)  # seule une date connue se rappelle
    _, neuve = AlerteEcheance.objects.get_or_create(
        collectivite=collectivite, obligation=obligation, compte=compte, jour=jour, delai=delai,
        defaults={"envoyee_le": maintenant},
    )  # fmt: skip
    return neuve


def _build_contexte(
    collectivite: Collectivite, obligation: Obligation, aujourdhui: date
) -> dict[str, str]:
    jour = obligation.jour or aujourdhui
    reste = (jour - aujourdhui).days
    estimee = " (date estimée)" if obligation.surete == Surete.ESTIMEE else ""
    return {
        "echeance": obligation.titre,
        "date": f"{format_jour(jour)}{estimee}",
        "reste": f"{reste} jour{'s' if reste > 1 else ''}",
        "a_faire": obligation.resume,
        "texte": obligation.reference,
        "public": describe_public(obligation),
        "lien": build_adresse("echeances:fiche", collectivite, obligation.slug),
    }
