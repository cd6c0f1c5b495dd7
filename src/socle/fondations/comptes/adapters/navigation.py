"""Navigation des agents : seulement les parties que leurs rôles ouvrent."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import list_roles

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
def read_roles(chemin: str) -> frozenset[str]:
    """Rend les rôles que la vue de cette adresse admet : la navigation ne peut pas en différer."""
    vue = resolve(f"/{chemin}", urlconf=settings.URLCONF_COLLECTIVITE).func
    return frozenset(vue.roles)  # type: ignore[attr-defined]


def list_parties(request: HttpRequest) -> list[dict[str, str]]:
    """Rend les parties (chemin, libellé) que cet agent peut ouvrir ici ; aucune sans connexion."""
    compte = getattr(request, "user", None)
    collectivite = getattr(request, "collectivite", None)
    if collectivite is None or not isinstance(compte, Compte) or not compte.is_agent:
        return []
    if collectivite.pk not in compte.__dict__.get("_roles", {}):
        with locataire(collectivite.pk):  # page d’erreur ou de compte : hors de toute transaction
            list_roles(compte, collectivite)
    roles = list_roles(compte, collectivite)
    return [
        {"chemin": chemin, "libelle": libelle}
        for chemin, libelle in PARTIES.items()
        if roles & read_roles(chemin)
    ]
