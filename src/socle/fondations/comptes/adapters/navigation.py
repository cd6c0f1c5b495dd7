"""Navigation des agents : seulement les parties que leurs rôles ouvrent."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import can_open, list_roles

PARTIES = {
    "agent/dossiers/": "Dossiers",
    "agent/demarches/": "Démarches",
    "agent/archives/": "Archives",
    "agent/eliminations/": "Éliminations",
    "agent/echeancier/": "Échéances",
    "agent/appels/": "Appels",
    "agent/catalogue/": "Catalogue",
    "agent/reglages/": "Réglages",
}


@cache
def find_vue(chemin: str) -> Callable[..., Any]:
    """Rend la vue de cette adresse, qui dit ses rôles : la navigation ne peut pas en différer."""
    return resolve(f"/{chemin}", urlconf=settings.URLCONF_COLLECTIVITE).func


def list_parties(request: HttpRequest) -> list[dict[str, str]]:
    """Rend les parties (chemin, libellé) que cet agent peut ouvrir ici ; aucune sans connexion."""
    compte = getattr(request, "user", None)
    collectivite = getattr(request, "collectivite", None)
    if collectivite is None or not isinstance(compte, Compte) or not compte.is_agent:
        return []
    if collectivite.pk not in compte.__dict__.get("_roles", {}):
        with locataire(collectivite.pk):  # page d’erreur ou de compte : hors de toute transaction
            list_roles(compte, collectivite)
    return [
        {"chemin": chemin, "libelle": libelle}
        for chemin, libelle in PARTIES.items()
        if can_open(compte, collectivite, find_vue(chemin))
    ]
