"""Les solutions suivies et leurs noms ; le catalogue les connaît, l’adoption garde leur clé."""

from dataclasses import dataclass

from socle.fondations.commun.fiches import Fiche, map_fiches
from socle.metiers.adoption.models import TOUTES, Brique
from socle.metiers.adoption.ports import solutions

PREFIXE = "solution:"
SLUG_MAX = 80
# Noms dont la casse ne se devine pas, tant que le catalogue n’en a pas la fiche.
NOMS = {"proconnect": "ProConnect", "franceconnect": "FranceConnect"}


@dataclass(frozen=True, slots=True)
class SolutionSuivie:
    """Une solution et ses totaux ; sa page est celle du catalogue quand il la publie."""

    slug: str
    titre: str
    url: str
    brique: Brique

    @property
    def cle(self) -> str:
        return f"{PREFIXE}{self.slug}"


def list_slugs() -> list[str]:
    """Solutions que l’on peut déclarer : celles qui ont des faits, et celles du catalogue."""
    connues = set(Brique.objects.exclude(solution=TOUTES).values_list("solution", flat=True))
    for code in solutions:
        connues |= set(solutions[code]())
    return sorted(connues)


def is_solution(slug: str) -> bool:
    """Vrai pour une solution suivie ou publiée au catalogue."""
    if not slug or len(slug) > SLUG_MAX:
        return False
    if Brique.objects.filter(solution=slug).exists():
        return True
    return any(slug in set(solutions[code]()) for code in solutions)


def map_titres(slugs: list[str]) -> dict[str, Fiche]:
    """Nom et adresse de chaque solution, par son slug ; un nom lisible à défaut de fiche."""
    fiches = map_fiches(f"{PREFIXE}{slug}" for slug in slugs)
    return {
        slug: fiches.get(f"{PREFIXE}{slug}") or Fiche(f"{PREFIXE}{slug}", name_slug(slug), "")
        for slug in slugs
    }


def name_slug(slug: str) -> str:
    """« cloud-cercle-3 » se lit « Cloud cercle 3 »."""
    if slug in NOMS:
        return NOMS[slug]
    return slug.replace("-", " ").capitalize()


def list_suivies() -> list[SolutionSuivie]:
    """Solutions qui ont des faits, les plus utilisées d’abord. Deux instructions SQL."""
    briques = list(
        Brique.objects.exclude(solution=TOUTES).order_by("-utilisent", "-prevoient", "solution")
    )
    titres = map_titres([brique.solution for brique in briques])
    return [
        SolutionSuivie(b.solution, titres[b.solution].titre, titres[b.solution].url, b)
        for b in briques
    ]


def get_total() -> Brique:
    """Totaux de « au moins une solution »."""
    return Brique.objects.filter(solution=TOUTES).first() or Brique(solution=TOUTES)


def find_suivie(slug: str) -> SolutionSuivie | None:
    """Une solution suivie ou publiée au catalogue, avec ses totaux. Deux instructions SQL."""
    brique = Brique.objects.filter(solution=slug).exclude(solution=TOUTES).first()
    if brique is None and is_solution(slug):  # au catalogue, et personne encore
        brique = Brique(solution=slug)
    if brique is None:
        return None
    fiche = map_titres([slug])[slug]
    return SolutionSuivie(slug, fiche.titre, fiche.url, brique)
