"""Ce que font les membres d’un groupe : sujets, commentaires, documents, réponses, tâches."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from socle.fondations.commun.verrou import check_empreinte
from socle.fondations.documents.models import Document
from socle.fondations.journal.services import record
from socle.metiers.espaces.enums import EtatTache, GenreSujet
from socle.metiers.espaces.errors import GroupeArchive, TacheModifieeAilleurs
from socle.metiers.espaces.models import (
    Commentaire,
    GroupeDeTravail,
    MembreDeGroupe,
    Sujet,
    Tache,
    VersionDeDocument,
)
from socle.metiers.espaces.queries.mots import build_mots
from socle.metiers.espaces.services.nouvelles import tell_membres


@transaction.atomic
def write_sujet(
    *, membre: MembreDeGroupe, genre: str, titre: str, texte: str, maintenant: datetime
) -> Sujet:
    """Écrit une nouvelle, une question, ou la fiche d’un document ; prévient les membres.

    Raises:
        GroupeArchive.
    """
    _check_actif(membre.groupe)
    sujet = Sujet.objects.create(
        groupe=membre.groupe, genre=genre, titre=titre, texte=texte, auteur=membre,
        ecrit_le=maintenant, mots=build_mots(titre, texte),
    )  # fmt: skip
    _record("groupe.sujet_ecrit", membre, maintenant, sujet=sujet.pk, genre=str(genre))
    if genre != GenreSujet.DOCUMENT:
        tell_membres(sujet=sujet, auteur=membre, quoi=sujet.get_genre_display(),
                     maintenant=maintenant)  # fmt: skip
    return sujet


@transaction.atomic
def write_commentaire(
    *, membre: MembreDeGroupe, sujet: Sujet, texte: str, maintenant: datetime
) -> Commentaire:
    """Commente ou répond ; prévient qui a écrit le sujet.

    Raises:
        GroupeArchive.
    """
    _check_actif(membre.groupe)
    commentaire = Commentaire.objects.create(
        sujet=sujet, texte=texte, auteur=membre, ecrit_le=maintenant, mots=build_mots(texte)
    )
    _record("groupe.commentaire_ecrit", membre, maintenant, sujet=sujet.pk)
    tell_membres(sujet=sujet, auteur=membre, quoi="Nouveau message", maintenant=maintenant,
                 seulement=sujet.auteur)  # fmt: skip
    return commentaire


@transaction.atomic
def choose_reponse(
    *, membre: MembreDeGroupe, sujet: Sujet, commentaire: Commentaire | None, maintenant: datetime
) -> None:
    """Retient la réponse qui a aidé, ou n’en retient plus.

    Raises:
        GroupeArchive.
    """
    _check_actif(membre.groupe)
    sujet = Sujet.objects.select_for_update(of=["self"]).get(pk=sujet.pk)
    sujet.reponse = commentaire
    sujet.save(update_fields=["reponse", "modifie_le"])
    _record("groupe.reponse_retenue", membre, maintenant, sujet=sujet.pk,
            retenue=commentaire is not None)  # fmt: skip


@transaction.atomic
def add_version(
    *, membre: MembreDeGroupe, sujet: Sujet, document: Document, note: str, maintenant: datetime
) -> VersionDeDocument:
    """Ajoute une version au document ; les précédentes restent lisibles. Prévient les membres.

    Raises:
        GroupeArchive.
    """
    _check_actif(membre.groupe)
    sujet = Sujet.objects.select_for_update(of=["self"]).select_related("groupe").get(pk=sujet.pk)
    version = VersionDeDocument.objects.create(
        sujet=sujet, numero=sujet.versions.count() + 1, fichier=document.pk,
        nom_fichier=document.nom, taille=document.taille, note=note, auteur=membre,
        deposee_le=maintenant,
    )  # fmt: skip
    _record("groupe.version_deposee", membre, maintenant, sujet=sujet.pk, version=version.numero)
    quoi = f"Document, version {version.numero}"
    tell_membres(sujet=sujet, auteur=membre, quoi=quoi, maintenant=maintenant)
    return version


@transaction.atomic
def create_tache(
    *,
    membre: MembreDeGroupe,
    titre: str,
    responsable: MembreDeGroupe | None,
    echeance: date | None,
    maintenant: datetime,
) -> Tache:
    """Ajoute une tâche au groupe.

    Raises:
        GroupeArchive.
    """
    _check_actif(membre.groupe)
    tache = Tache.objects.create(
        groupe=membre.groupe, titre=titre, responsable=responsable, echeance=echeance,
        auteur=membre,
    )  # fmt: skip
    _record("groupe.tache_creee", membre, maintenant, tache=tache.pk)
    return tache


@transaction.atomic
def update_tache(
    *,
    membre: MembreDeGroupe,
    tache: Tache,
    etat: str,
    responsable: MembreDeGroupe | None,
    echeance: date | None,
    maintenant: datetime,
    empreinte: str | None = None,
) -> None:
    """Change l’état, le responsable ou le jour d’une tâche.

    Raises:
        GroupeArchive.
        TacheModifieeAilleurs: un autre membre l’a changée depuis (`commun.verrou`).
    """
    _check_actif(membre.groupe)
    tache = Tache.objects.select_for_update(of=["self"]).get(pk=tache.pk)
    voulue = {
        "etat": str(etat), "responsable": str(responsable.pk if responsable else ""),
        "echeance": echeance,
    }  # fmt: skip
    if describe_tache(tache) == voulue:
        return
    check_empreinte(describe_tache(tache), empreinte, TacheModifieeAilleurs)
    if etat == EtatTache.FAITE:
        tache.faite_le = tache.faite_le or maintenant
    else:
        tache.faite_le = None
    tache.etat, tache.responsable, tache.echeance = etat, responsable, echeance
    tache.save()
    _record("groupe.tache_changee", membre, maintenant, tache=tache.pk, etat=str(etat))


def describe_tache(tache: Tache) -> dict[str, Any]:
    """Rend ce qu’un membre change d’une tâche, tel que le formulaire l’écrit."""
    responsable = str(tache.responsable_id or "")
    return {"etat": tache.etat, "responsable": responsable, "echeance": tache.echeance}


def _check_actif(groupe: GroupeDeTravail) -> None:
    if groupe.is_archive:
        raise GroupeArchive


def _record(action: str, membre: MembreDeGroupe, maintenant: datetime, **donnees: object) -> None:
    record(
        action=action,
        objet=membre.groupe.cle,
        acteur=membre.compte.acteur if membre.compte else "systeme",
        collectivite_id=None,
        maintenant=maintenant,
        donnees=donnees,
    )
