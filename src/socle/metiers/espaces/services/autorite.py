"""Sous quelle clé et quel nom une collectivité de l’installation paraît dans les espaces."""

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.referentiels.queries import find_autorite

HORS_COG = "siren-"


def identify_autorite(collectivite: Collectivite) -> tuple[str, str]:
    """Rend sa clé et son nom ; hors du référentiel, « siren-219200235 »."""
    autorite = find_autorite(collectivite.siren)
    if autorite is None:
        return f"{HORS_COG}{collectivite.siren}", collectivite.nom
    return autorite.cle, autorite.nom
