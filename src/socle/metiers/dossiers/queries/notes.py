"""Notes internes d’un dossier."""

from django.db.models import QuerySet

from socle.metiers.dossiers.models import Dossier, NoteInterne


def list_notes(dossier: Dossier) -> QuerySet[NoteInterne]:
    """Rend les notes d’un dossier, de la première à la dernière, avec leur auteur."""
    return (
        NoteInterne.objects.filter(collectivite_id=dossier.collectivite_id, dossier=dossier)
        .select_related("auteur")
        .order_by("ecrite_le", "pk")
    )


def find_note(dossier: Dossier, pk: int) -> NoteInterne | None:
    """Rend une note de ce dossier."""
    note = list_notes(dossier).filter(pk=pk).first()
    if note is not None:
        note.dossier = dossier
    return note
