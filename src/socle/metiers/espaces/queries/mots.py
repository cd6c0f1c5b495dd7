"""Le texte où l’on cherche : sans accent, sans forme, borné."""

from socle.fondations.commun.mise_en_forme import strip_forme
from socle.fondations.referentiels.models import normalize_nom

MOTS_MAX = 20_000
CHERCHES_MAX = 8


def build_mots(*textes: str) -> str:
    """Rend les mots de ces textes, prêts à être comparés."""
    return normalize_nom(" ".join(strip_forme(texte) for texte in textes))[:MOTS_MAX]


def split_recherche(texte: str) -> list[str]:
    """Rend les mots cherchés, huit au plus ; un mot court cherche aussi."""
    return normalize_nom(texte[:100]).split()[:CHERCHES_MAX]
