"""Qui voit et transmet les archives : l’archiviste de la collectivité."""

from django.http import HttpRequest

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import has_role
from socle.fondations.documents.models import Document


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
