"""Qui voit et transmet les archives : l’archiviste de la collectivité."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import has_role
from socle.fondations.documents.models import Document

REGLEURS = (Role.ARCHIVISTE, Role.ADMINISTRATEUR)
"""Qui règle l’archivage : l’archiviste, ou l’administrateur à sa place."""


def can_read_versements(agent: Compte, collectivite: Collectivite) -> bool:
    """L’archiviste de la collectivité."""
    return has_role(agent, collectivite, Role.ARCHIVISTE)


def can_read_paquet(request: HttpRequest, document: Document) -> bool:
    """Le paquet se télécharge par qui voit les versements de sa collectivité."""
    collectivite = getattr(request, "collectivite", None)
    return (
        collectivite is not None
        and collectivite.pk == document.collectivite_id
        and can_read_versements(request.user, collectivite)  # type: ignore[arg-type]
    )


def map_adresses(
    collectivite: Collectivite, compte: Compte, references: Iterable[str]
) -> dict[str, str]:
    """Adresses des versements nommés au journal, pour qui peut les lire. Ils ne s’effacent pas."""
    if not can_read_versements(compte, collectivite):
        return {}
    return {
        reference: reverse("archivage:versement", args=[reference])
        for reference in references
        if reference and "/" not in reference
    }
