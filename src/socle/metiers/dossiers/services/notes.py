"""Notes internes : écrites, changées, effacées par leur auteur. Le journal n’en garde pas le texte.

Ce sont des documents administratifs : la personne peut demander à les lire (CRPA, art. L. 311-1 ;
RGPD, art. 15). Elles ne paraissent pourtant nulle part d’elles-mêmes hors de la page des agents.
"""

from datetime import datetime

from django.db import transaction

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.verrou import check_empreinte
from socle.fondations.comptes.models import Compte
from socle.metiers.dossiers.errors import NoteChangeeAilleurs, NoteFermee
from socle.metiers.dossiers.models import Dossier, NoteInterne
from socle.metiers.dossiers.permissions import can_change_note, can_instruct
from socle.metiers.dossiers.services.commun import lock_dossier, record_preuve

LONGUEUR_MAX = 4000


@transaction.atomic
def write_note(
    *, dossier: Dossier, auteur: Compte, corps: str, maintenant: datetime
) -> NoteInterne:
    """Ajoute une note à un dossier déposé, même terminé.

    Raises:
        AccesRefuse: l’agent n’instruit pas ici. ErreurMetier: note vide ou trop longue.
    """
    dossier = lock_dossier(dossier.numero)
    if not can_instruct(auteur, dossier):
        raise AccesRefuse
    note = NoteInterne.objects.create(
        collectivite_id=dossier.collectivite_id,
        dossier=dossier,
        auteur=auteur,
        corps=clean_corps(corps),
        ecrite_le=maintenant,
    )
    _prove(note, "note_ecrite", auteur, maintenant)
    return note


@transaction.atomic
def change_note(
    *,
    note: NoteInterne,
    auteur: Compte,
    corps: str,
    maintenant: datetime,
    empreinte: str | None = None,
) -> NoteInterne:
    """Remplace le texte d’une note.

    Args:
        empreinte: celle du texte (`note`) sur la page ; None, rien n’est comparé.

    Raises:
        NoteChangeeAilleurs: son auteur l’a changée dans une autre page.
        NoteFermee: un autre auteur, ou le dossier est terminé. ErreurMetier: texte vide ou long.
    """
    note = _lock(note, auteur)
    propre = clean_corps(corps)
    if propre == note.corps:
        return note
    check_empreinte({"note": note.corps}, empreinte, NoteChangeeAilleurs)
    note.corps, note.changee_le = propre, maintenant
    note.save(update_fields=["corps", "changee_le", "modifie_le"])
    _prove(note, "note_changee", auteur, maintenant)
    return note


@transaction.atomic
def delete_note(*, note: NoteInterne, auteur: Compte, maintenant: datetime) -> None:
    """Efface une note ; le journal garde qu’elle a existé, pas ce qu’elle disait.

    Raises:
        NoteFermee: un autre auteur, ou le dossier est terminé.
    """
    note = _lock(note, auteur)
    _prove(note, "note_effacee", auteur, maintenant)
    note.delete()


def clean_corps(corps: str) -> str:
    """Rend le texte sans blancs autour.

    Raises:
        ErreurMetier: vide, ou plus de 4 000 signes.
    """
    propre = corps.replace("\r\n", "\n").strip()
    if not propre or len(propre) > LONGUEUR_MAX:
        raise ErreurMetier(
            "La note est vide ou trop longue.", f"Écrivez de 1 à {LONGUEUR_MAX} signes."
        )
    return propre


def _lock(note: NoteInterne, auteur: Compte) -> NoteInterne:
    """Verrouille le dossier puis la note : le dossier ne se termine pas entre-temps."""
    dossier = lock_dossier(note.dossier_id)
    tenue = NoteInterne.objects.select_for_update(of=["self"]).filter(pk=note.pk).first()
    if tenue is None:
        raise NoteFermee("Cette note est déjà effacée.", "Rechargez la page.")
    tenue.dossier = dossier
    if not can_change_note(auteur, tenue):
        raise NoteFermee
    return tenue


def _prove(note: NoteInterne, action: str, auteur: Compte, maintenant: datetime) -> None:
    record_preuve(
        note.dossier, action, acteur=auteur.acteur, maintenant=maintenant, donnees={"note": note.pk}
    )
