"""Ce que tout gabarit connaît."""

from django.conf import settings
from django.http import HttpRequest


def describe_installation(request: HttpRequest) -> dict[str, object]:
    """Ajoute la collectivité visitée, l’installation (nom, adresse) et le bac à sable."""
    return {
        "collectivite": getattr(request, "collectivite", None),
        "nom_installation": settings.NOM_INSTALLATION,
        "adresse_installation": settings.ADRESSE,
        "bac_a_sable": settings.BAC_A_SABLE,
    }
