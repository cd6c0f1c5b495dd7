"""Écritures sur les démarches : créer, modifier le brouillon, annuler, publier, fermer."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import IntegrityError, transaction
from django.db.models import Max

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.services import build_slug
from socle.fondations.comptes.models import Compte
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.validation import check_formulaire, list_bloquantes
from socle.fondations.journal import services as journal
from socle.metiers.demarches.enums import EtatDemarche, EtatVersion, Silence
from socle.metiers.demarches.errors import (
    CheminDejaPris,
    PublicationImpossible,
    VersionModifieeAilleurs,
)
from socle.metiers.demarches.models import Demarche, Modification, Version
from socle.metiers.demarches.queries import get_brouillon, get_version_publiee
from socle.normes.delais.echeances import MOIS_DE_SILENCE

RECHERCHE = (
    SearchVector("titre", "mots_cles", config="fr", weight="A")
    + SearchVector("resume", "public", config="fr", weight="B")
    + SearchVector("description", config="fr", weight="C")
)
MODIFICATIONS_GARDEES = 50


@transaction.atomic
def create_demarche(
    *,
    collectivite: Collectivite,
    titre: str,
    agent: Compte,
    maintenant: datetime,
    definition: dict[str, Any] | None = None,
    **fiche: Any,
) -> Demarche:
    """Crée une démarche en brouillon, avec un formulaire vide ou celui donné.

    Raises:
        CheminDejaPris: l’adresse demandée sert déjà.
    """
    fiche.setdefault("chemin", _find_chemin_libre(collectivite, titre))
    try:
        with transaction.atomic():
            demarche = Demarche.objects.create(collectivite=collectivite, titre=titre, **fiche)
    except IntegrityError as cause:
        raise CheminDejaPris from cause
    Version.objects.create(
        collectivite=collectivite, demarche=demarche, numero=1, definition=definition or {}
    )
    _update_recherche(demarche)
    _record(demarche, "demarche.creee", agent, maintenant)
    return demarche


@transaction.atomic
def update_demarche(
    *, demarche: Demarche, agent: Compte, maintenant: datetime, **fiche: Any
) -> Demarche:
    """Change la fiche (jamais l’état ni le formulaire).

    Raises:
        CheminDejaPris: l’adresse demandée sert déjà.
    """
    for champ, valeur in fiche.items():
        setattr(demarche, champ, valeur)
    try:
        with transaction.atomic():
            demarche.save(update_fields=[*fiche, "modifie_le"])
    except IntegrityError as cause:
        raise CheminDejaPris from cause
    _update_recherche(demarche)
    _record(demarche, "demarche.modifiee", agent, maintenant, {"champs": sorted(fiche)})
    return demarche


@transaction.atomic
def update_brouillon(
    *,
    demarche: Demarche,
    definition: dict[str, Any],
    revision: int,
    libelle: str,
    agent: Compte,
    maintenant: datetime,
) -> Version:
    """Enregistre le brouillon du formulaire et garde de quoi annuler.

    Args:
        revision: celle que la personne a vue ; si elle n’est plus la bonne, rien n’est écrasé.
        libelle: le changement, en quelques mots (« Supprime « Régime alimentaire » »).

    Raises:
        VersionModifieeAilleurs: un autre onglet ou un autre agent a changé le brouillon.
        pydantic.ValidationError: la définition n’a pas la forme d’un formulaire.
    """
    Formulaire.model_validate(definition)
    version = _lock_brouillon(demarche, agent=agent, maintenant=maintenant)
    if version.revision != revision:
        raise VersionModifieeAilleurs
    Modification.objects.create(
        collectivite_id=version.collectivite_id,
        version=version,
        libelle=libelle[:200],
        avant=version.definition,
    )
    version.definition = definition
    version.revision += 1
    version.save(update_fields=["definition", "revision", "modifie_le"])
    _forget_anciennes(version)
    return version


@transaction.atomic
def undo_modification(*, demarche: Demarche, agent: Compte, maintenant: datetime) -> str | None:
    """Annule le dernier changement du brouillon ; rend son libellé, ou None s’il n’y en a plus."""
    version = _lock_brouillon(demarche, agent=agent, maintenant=maintenant)
    derniere = (
        Modification.objects.filter(collectivite_id=version.collectivite_id, version=version)
        .order_by("-pk")
        .first()
    )
    if derniere is None:
        return None
    version.definition = derniere.avant
    version.revision += 1
    version.save(update_fields=["definition", "revision", "modifie_le"])
    derniere.delete()
    return derniere.libelle


def check_publication(demarche: Demarche, version: Version) -> list[str]:
    """Rend les défauts qui empêchent de publier, chacun avec son lieu et quoi faire."""
    defauts = []
    if demarche.service is None:
        defauts.append("Fiche : choisissez le service qui répond aux usagers.")
    elif not (demarche.service.courriel or demarche.service.adresse):
        defauts.append(
            f"Service « {demarche.service} » : donnez un courriel ou une adresse postale"
            " (CRPA, art. R. 112-11-1)."
        )
    if demarche.regle is None:
        defauts.append("Fiche : choisissez une règle de conservation.")
    if not demarche.resume:
        defauts.append("Fiche : résumez la démarche en une phrase.")
    if not demarche.cadre_juridique:
        defauts.append("Fiche : citez le texte ou la délibération qui fonde la démarche.")
    defauts += _check_silence(demarche)
    anomalies = list_bloquantes(check_formulaire(version.definition))
    return defauts + [str(anomalie) for anomalie in anomalies]


def _check_silence(demarche: Demarche) -> list[str]:
    """Un refus par silence, ou un délai autre que deux mois, doit dire son texte."""
    defauts = []
    if demarche.silence == Silence.REJET and not demarche.silence_exception:
        defauts.append("Fiche : dites pourquoi le silence vaut refus (CRPA, art. L. 231-4).")
    if demarche.silence_mois != MOIS_DE_SILENCE and not demarche.silence_source:
        defauts.append("Fiche : citez le texte qui donne ce délai (CRPA, art. L. 231-6).")
    return defauts


@transaction.atomic
def publish_version(*, demarche: Demarche, agent: Compte, maintenant: datetime) -> Version:
    """Publie le brouillon : il est figé, et sert aux nouvelles demandes.

    Les demandes déjà commencées restent sur leur version et se voient proposer la nouvelle.

    Raises:
        PublicationImpossible: un ou plusieurs défauts, avec leur lieu.
    """
    demarche = (
        Demarche.objects.select_for_update(of=["self"])
        .select_related("service", "regle")
        .get(pk=demarche.pk)
    )
    version = _lock_brouillon(demarche, agent=agent, maintenant=maintenant)
    defauts = check_publication(demarche, version)
    if defauts:
        raise PublicationImpossible(defauts)
    version.etat = EtatVersion.PUBLIEE
    version.publiee_le = maintenant
    version.publiee_par = agent
    version.save(update_fields=["etat", "publiee_le", "publiee_par", "modifie_le"])
    demarche.etat = EtatDemarche.PUBLIEE
    demarche.publiee_le = demarche.publiee_le or maintenant
    demarche.close_le = None
    demarche.save(update_fields=["etat", "publiee_le", "close_le", "modifie_le"])
    _record(demarche, "demarche.publiee", agent, maintenant, {"version": version.numero})
    return version


@transaction.atomic
def close_demarche(*, demarche: Demarche, agent: Compte, maintenant: datetime) -> Demarche:
    """Ferme une démarche : plus de nouvelle demande, les dossiers en cours continuent."""
    demarche.etat = EtatDemarche.CLOSE
    demarche.close_le = maintenant
    demarche.save(update_fields=["etat", "close_le", "modifie_le"])
    _record(demarche, "demarche.close", agent, maintenant)
    return demarche


def _lock_brouillon(demarche: Demarche, *, agent: Compte, maintenant: datetime) -> Version:
    """Verrouille le brouillon ; en crée un depuis la version publiée s’il n’y en a pas."""
    brouillon = get_brouillon(demarche)
    if brouillon is not None:
        return Version.objects.select_for_update(of=["self"]).get(pk=brouillon.pk)
    publiee = get_version_publiee(demarche)
    dernier = Version.objects.filter(
        collectivite_id=demarche.collectivite_id, demarche=demarche
    ).aggregate(numero=Max("numero"))["numero"]
    version = Version.objects.create(
        collectivite_id=demarche.collectivite_id,
        demarche=demarche,
        numero=(dernier or 0) + 1,
        definition=publiee.definition if publiee else {},
    )
    donnees = {"version": version.numero}
    _record(demarche, "demarche.brouillon_ouvert", agent, maintenant, donnees)
    return version


def open_brouillon(*, demarche: Demarche, agent: Compte, maintenant: datetime) -> Version:
    """Rend le brouillon modifiable, en l’ouvrant au besoin depuis la version publiée."""
    with transaction.atomic():
        return _lock_brouillon(demarche, agent=agent, maintenant=maintenant)


def _forget_anciennes(version: Version) -> None:
    garde = (
        Modification.objects.filter(collectivite_id=version.collectivite_id, version=version)
        .order_by("-pk")
        .values("pk")[MODIFICATIONS_GARDEES : MODIFICATIONS_GARDEES + 1]
    )
    Modification.objects.filter(version=version, pk__lte=garde).delete()


def _find_chemin_libre(collectivite: Collectivite, titre: str) -> str:
    base = build_slug(titre)[:90] or "demarche"
    pris = set(
        Demarche.objects.filter(collectivite=collectivite, chemin__startswith=base).values_list(
            "chemin", flat=True
        )
    )
    candidats = [base, *(f"{base}-{n}" for n in range(2, len(pris) + 3))]
    return next(chemin for chemin in candidats if chemin not in pris)


def _update_recherche(demarche: Demarche) -> None:
    Demarche.objects.filter(pk=demarche.pk).update(recherche=RECHERCHE)


def _record(
    demarche: Demarche,
    action: str,
    agent: Compte,
    maintenant: datetime,
    donnees: dict[str, Any] | None = None,
) -> None:
    journal.record(
        action=action,
        objet=f"demarche:{demarche.pk}",
        acteur=agent.acteur,
        collectivite_id=demarche.collectivite_id,
        maintenant=maintenant,
        donnees=donnees,
    )
