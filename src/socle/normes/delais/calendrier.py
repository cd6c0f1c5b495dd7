"""Jours fériés et jours travaillés en France métropolitaine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

SAMEDI, DIMANCHE = 5, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendrier:
    """Jours fériés d’un territoire.

    `alsace_moselle` ajoute le Vendredi saint et le 26 décembre. Le Vendredi saint n’y est férié
    que dans les communes qui ont un temple protestant ou une église mixte ; on le compte partout,
    ce qui ne raccourcit jamais un délai. `autres` ajoute des jours chômés propres au lieu.

    Source: code du travail, art. L. 3133-1 et L. 3134-13.
    """

    alsace_moselle: bool = False
    autres: Mapping[date, str] = field(default_factory=dict, hash=False)

    def list_feries(self, annee: int) -> dict[date, str]:
        """Donne les jours fériés d’une année civile, dans l’ordre, avec leur nom."""
        jours = dict(_feries(annee, alsace_moselle=self.alsace_moselle))
        jours |= {jour: nom for jour, nom in self.autres.items() if jour.year == annee}
        return dict(sorted(jours.items()))

    def find_ferie(self, jour: date) -> str:
        """Donne le nom du jour férié, ou une chaîne vide."""
        feries = _feries(jour.year, alsace_moselle=self.alsace_moselle)
        return self.autres.get(jour) or feries.get(jour, "")

    def is_ouvrable(self, jour: date) -> bool:
        """Du lundi au samedi, hors jour férié."""
        return jour.weekday() != DIMANCHE and not self.find_ferie(jour)

    def is_ouvre(self, jour: date) -> bool:
        """Du lundi au vendredi, hors jour férié."""
        return jour.weekday() < SAMEDI and not self.find_ferie(jour)


FRANCE = Calendrier()


def compute_paques(annee: int) -> date:
    """Donne le dimanche de Pâques du calendrier grégorien.

    Source: algorithme anonyme de 1876 (Nature), dit de Meeus, Jones et Butcher.
    """
    a = annee % 19
    b, c = divmod(annee, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    mois, jour = divmod(h + m - 7 * n + 114, 31)
    return date(annee, mois, jour + 1)


@lru_cache(maxsize=512)
def _feries(annee: int, *, alsace_moselle: bool) -> Mapping[date, str]:
    paques = compute_paques(annee)
    jours = {
        date(annee, 1, 1): "Jour de l’An",
        paques + timedelta(1): "Lundi de Pâques",
        date(annee, 5, 1): "Fête du travail",
        date(annee, 5, 8): "Victoire de 1945",
        paques + timedelta(39): "Ascension",
        paques + timedelta(50): "Lundi de Pentecôte",
        date(annee, 7, 14): "Fête nationale",
        date(annee, 8, 15): "Assomption",
        date(annee, 11, 1): "Toussaint",
        date(annee, 11, 11): "Armistice de 1918",
        date(annee, 12, 25): "Noël",
    }
    if alsace_moselle:
        jours[paques - timedelta(2)] = "Vendredi saint"
        jours[date(annee, 12, 26)] = "Saint-Étienne"
    return jours
