"""Un retour d’expérience : écrit par une collectivité, relu et publié par l’équipe."""

from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite, build_slug
from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.journal.services import record
from socle.metiers.espaces.enums import EtatRetour
from socle.metiers.espaces.errors import (
    RetourModifieAilleurs,
    RetourPasARelire,
    RetourPasModifiable,
)
from socle.metiers.espaces.models import RetourDExperience
from socle.metiers.espaces.queries.mots import build_mots
from socle.metiers.espaces.services.autorite import identify_autorite


@transaction.atomic
def create_retour(
    *, collectivite: Collectivite, acteur: str, maintenant: datetime, **fiche: Any
) -> RetourDExperience:
    """Crée un brouillon au nom de la collectivité."""
    cle, nom = identify_autorite(collectivite)
    retour = RetourDExperience.objects.create(
        slug=_choose_slug(fiche["titre"]),
        autorite=cle,
        nom_autorite=nom,
        propose_par=acteur,
        **fiche,
    )
    _record("retour.cree", retour, acteur, maintenant, collectivite.pk)
    return retour


@transaction.atomic
def update_retour(
    *,
    retour: RetourDExperience,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
    **fiche: Any,
) -> None:
    """Corrige un retour que la collectivité tient encore.

    Args:
        empreinte: celle de ces champs sur la page ; None, rien n’est comparé.

    Raises:
        RetourModifieAilleurs: un collègue l’a enregistré depuis.
        RetourPasModifiable: il est à relire, publié ou retiré.
    """
    retour = _lock(retour)
    if not retour.is_modifiable:
        raise RetourPasModifiable
    actuelles = read_valeurs(retour, *fiche)
    if actuelles == fiche:
        return
    check_empreinte(actuelles, empreinte, RetourModifieAilleurs)
    for champ, valeur in fiche.items():
        setattr(retour, champ, valeur)
    retour.save()
    _record("retour.modifie", retour, acteur, maintenant)


@transaction.atomic
def submit_retour(*, retour: RetourDExperience, acteur: str, maintenant: datetime) -> None:
    """Propose le retour à l’équipe.

    Raises:
        RetourPasModifiable: il est déjà proposé ou publié.
    """
    retour = _lock(retour)
    if not retour.is_modifiable:
        raise RetourPasModifiable
    _set_etat(retour, EtatRetour.PROPOSE)
    _record("retour.propose", retour, acteur, maintenant)


@transaction.atomic
def review_retour(
    *, retour: RetourDExperience, accepte: bool, mot: str, acteur: str, maintenant: datetime
) -> None:
    """Publie le retour, ou le rend à la collectivité avec un mot.

    Raises:
        RetourPasARelire: il n’est pas proposé.
    """
    retour = _lock(retour)
    if retour.etat != EtatRetour.PROPOSE:
        raise RetourPasARelire
    retour.mot = mot
    if accepte:
        retour.publie_le = retour.publie_le or maintenant
        retour.mots = build_mots(
            retour.titre, retour.nom_autorite, retour.contexte, retour.besoin, retour.realise,
            retour.resultat,
        )  # fmt: skip
    _set_etat(retour, EtatRetour.PUBLIE if accepte else EtatRetour.A_REPRENDRE)
    action = "retour.publie" if accepte else "retour.rendu"
    _record(action, retour, acteur, maintenant)


@transaction.atomic
def withdraw_retour(*, retour: RetourDExperience, acteur: str, maintenant: datetime) -> None:
    """Retire un retour publié ; il redevient un texte que la collectivité peut reprendre."""
    retour = _lock(retour)
    if retour.etat == EtatRetour.PUBLIE:
        _set_etat(retour, EtatRetour.A_REPRENDRE)
        _record("retour.retire", retour, acteur, maintenant)


def _choose_slug(titre: str) -> str:
    base = build_slug(titre)[:60].strip("-") or "retour"
    pris = set(
        RetourDExperience.objects.filter(slug__startswith=base)
        .order_by("pk")
        .values_list("slug", flat=True)
    )
    candidats = (base if rang == 1 else f"{base}-{rang}" for rang in range(1, len(pris) + 2))
    return next(slug for slug in candidats if slug not in pris)


def _set_etat(retour: RetourDExperience, etat: EtatRetour) -> None:
    retour.etat = etat
    retour.save()


def _lock(retour: RetourDExperience) -> RetourDExperience:
    return RetourDExperience.objects.select_for_update(of=["self"]).get(pk=retour.pk)


def _record(
    action: str,
    retour: RetourDExperience,
    acteur: str,
    maintenant: datetime,
    collectivite_id: int | None = None,
) -> None:
    record(
        action=action,
        objet=retour.cle,
        acteur=acteur,
        collectivite_id=collectivite_id,
        maintenant=maintenant,
        donnees={"autorite": retour.autorite},
    )
