"""Tenir la boîte à outils : un livrable, ses versions, qui s’en sert."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.documents.models import Document
from socle.fondations.journal.services import record
from socle.metiers.espaces.enums import EtatLivrable
from socle.metiers.espaces.errors import (
    AdresseDejaPrise,
    FichierOuLien,
    LivrableModifieAilleurs,
    RienAPublier,
)
from socle.metiers.espaces.models import Livrable, UsageDeLivrable, VersionDeLivrable
from socle.metiers.espaces.queries.mots import build_mots
from socle.metiers.espaces.services.autorite import identify_autorite


@transaction.atomic
def create_livrable(*, slug: str, acteur: str, maintenant: datetime, **fiche: Any) -> Livrable:
    """Crée un brouillon.

    Args:
        fiche: les autres champs de `Livrable`.

    Raises:
        AdresseDejaPrise: rien n’est créé.
    """
    livrable = Livrable(slug=slug, **fiche)
    livrable.mots = _build_mots(livrable)
    try:
        with transaction.atomic():
            livrable.save(force_insert=True)
    except IntegrityError as cause:
        raise AdresseDejaPrise from cause
    _record("livrable.cree", livrable, acteur, maintenant)
    return livrable


@transaction.atomic
def update_livrable(
    *,
    livrable: Livrable,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
    **fiche: Any,
) -> bool:
    """Corrige la fiche ; rend faux si rien n’a changé.

    Args:
        empreinte: celle de ces champs sur la page (`commun.verrou`). None, rien n’est comparé.

    Raises:
        LivrableModifieAilleurs: un collègue a enregistré depuis.
    """
    livrable = _lock(livrable)
    changes = [champ for champ, valeur in fiche.items() if getattr(livrable, champ) != valeur]
    if not changes:
        return False
    check_empreinte(read_valeurs(livrable, *fiche), empreinte, LivrableModifieAilleurs)
    for champ in changes:
        setattr(livrable, champ, fiche[champ])
    livrable.mots = _build_mots(livrable)
    livrable.save()
    _record("livrable.modifie", livrable, acteur, maintenant, champs=sorted(changes))
    return True


@transaction.atomic
def add_version(
    *,
    livrable: Livrable,
    acteur: str,
    maintenant: datetime,
    nom: str = "",
    note: str = "",
    lien: str = "",
    document: Document | None = None,
) -> VersionDeLivrable:
    """Ajoute une version ; les précédentes restent.

    Raises:
        FichierOuLien: ni l’un ni l’autre, ou les deux.
    """
    if bool(lien) == bool(document):
        raise FichierOuLien
    livrable = _lock(livrable)
    version = VersionDeLivrable.objects.create(
        livrable=livrable,
        numero=livrable.versions.count() + 1,
        nom=nom,
        note=note,
        lien=lien,
        fichier=document.pk if document else None,
        nom_fichier=document.nom if document else "",
        taille=document.taille if document else 0,
        acteur=acteur,
        ajoutee_le=maintenant,
    )
    _record("livrable.version", livrable, acteur, maintenant, version=version.numero)
    return version


@transaction.atomic
def publish_livrable(*, livrable: Livrable, acteur: str, maintenant: datetime) -> None:
    """Publie, ou remet un livrable retiré.

    Raises:
        RienAPublier: aucune version.
    """
    livrable = _lock(livrable)
    if not livrable.versions.exists() and not livrable.source:
        raise RienAPublier
    if livrable.etat != EtatLivrable.PUBLIE:
        livrable.etat = EtatLivrable.PUBLIE
        livrable.publie_le = livrable.publie_le or maintenant
        livrable.save(update_fields=["etat", "publie_le", "modifie_le"])
        _record("livrable.publie", livrable, acteur, maintenant)


@transaction.atomic
def withdraw_livrable(*, livrable: Livrable, acteur: str, maintenant: datetime) -> None:
    """Retire un livrable des pages publiques ; rien n’est effacé."""
    livrable = _lock(livrable)
    if livrable.etat == EtatLivrable.PUBLIE:
        livrable.etat = EtatLivrable.RETIRE
        livrable.save(update_fields=["etat", "modifie_le"])
        _record("livrable.retire", livrable, acteur, maintenant)


@transaction.atomic
def set_usage(
    *,
    livrable: Livrable,
    collectivite: Collectivite,
    utilise: bool,
    acteur: str,
    maintenant: datetime,
) -> bool:
    """Note que la collectivité se sert du livrable, ou ne s’en sert plus ; vrai si cela change."""
    cle, nom = identify_autorite(collectivite)
    siens = UsageDeLivrable.objects.filter(livrable=livrable, autorite=cle)
    if utilise:
        _, change = UsageDeLivrable.objects.get_or_create(
            livrable=livrable,
            autorite=cle,
            defaults={"nom": nom, "dit_par": acteur, "dit_le": maintenant},
        )
    else:
        change = bool(siens.delete()[0])
    if change:
        record(
            action="livrable.utilise" if utilise else "livrable.plus_utilise",
            objet=livrable.cle,
            acteur=acteur,
            collectivite_id=collectivite.pk,
            maintenant=maintenant,
            donnees={"autorite": cle},
        )
    return change


def _build_mots(livrable: Livrable) -> str:
    return build_mots(livrable.titre, livrable.resume, livrable.auteur, livrable.description)


def _lock(livrable: Livrable) -> Livrable:
    return Livrable.objects.select_for_update(of=["self"]).get(pk=livrable.pk)


def _record(
    action: str, livrable: Livrable, acteur: str, maintenant: datetime, **donnees: object
) -> None:
    record(
        action=action,
        objet=livrable.cle,
        acteur=acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees=donnees,
    )
