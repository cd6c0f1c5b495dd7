"""Jours fériés et jours travaillés, en métropole et outre-mer."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

SAMEDI, DIMANCHE = 5, 6
_TERRITOIRES = Path(__file__).with_name("donnees") / "territoires.toml"


@dataclass(frozen=True, slots=True)
class Territoire:
    """Un lieu qui a ses propres jours fériés.

    Attributes:
        departements: codes Insee des départements et collectivités du lieu.
        texte: ce qui fonde ces jours.
        jours: règles, une par jour : `mois` et `jour`, ou `paques` (décalage), et leurs années.
    """

    code: str
    nom: str
    texte: str
    departements: tuple[str, ...]
    jours: tuple[Mapping[str, Any], ...] = field(hash=False)

    def list_jours(self, annee: int) -> dict[date, str]:
        """Donne les jours fériés propres au lieu, cette année-là."""
        return {
            _place(regle, annee): regle["nom"]
            for regle in self.jours
            if regle.get("depuis", 0) <= annee <= regle.get("jusqu_a", 9999)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendrier:
    """Jours fériés d’un territoire.

    `alsace_moselle` ajoute le Vendredi saint et le 26 décembre. Le Vendredi saint n’y est férié
    que dans les communes qui ont un temple protestant ou une église mixte ; on le compte partout,
    ce qui ne raccourcit jamais un délai. `territoire` est un code de `list_territoires`. `autres`
    ajoute des jours chômés propres au lieu.

    Source: code du travail, art. L. 3133-1, L. 3134-13 et L. 3422-2.
    """

    alsace_moselle: bool = False
    territoire: str = ""
    autres: Mapping[date, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.territoire and self.territoire not in list_territoires():
            raise ValueError(f"Le territoire « {self.territoire} » n’est pas connu.")

    def list_feries(self, annee: int) -> dict[date, str]:
        """Donne les jours fériés d’une année civile, dans l’ordre, avec leur nom."""
        jours = dict(self._feries(annee))
        jours |= {jour: nom for jour, nom in self.autres.items() if jour.year == annee}
        return dict(sorted(jours.items()))

    def find_ferie(self, jour: date) -> str:
        """Donne le nom du jour férié, ou une chaîne vide."""
        return self.autres.get(jour) or self._feries(jour.year).get(jour, "")

    def is_ouvrable(self, jour: date) -> bool:
        """Du lundi au samedi, hors jour férié."""
        return jour.weekday() != DIMANCHE and not self.find_ferie(jour)

    def is_ouvre(self, jour: date) -> bool:
        """Du lundi au vendredi, hors jour férié."""
        return jour.weekday() < SAMEDI and not self.find_ferie(jour)

    def _feries(self, annee: int) -> Mapping[date, str]:
        return _feries(annee, self.alsace_moselle, self.territoire)


FRANCE = Calendrier()


@cache
def list_territoires() -> Mapping[str, Territoire]:
    """Lieux qui ont leurs propres jours fériés, par code."""
    lus = tomllib.loads(_TERRITOIRES.read_text(encoding="utf-8"))
    return {
        code: Territoire(
            code, lu["nom"], lu["texte"], tuple(lu["departements"]), tuple(lu["jours"])
        )
        for code, lu in lus.items()
    }


def find_calendrier(departement: str) -> Calendrier:
    """Donne le calendrier d’un département ou d’une collectivité, par son code Insee.

    « 57 », « 67 », « 68 », « 971 » à « 978 », « 986 » à « 988 » ont le leur ; les autres ont celui
    de la métropole.
    """
    for code, territoire in list_territoires().items():
        if departement in territoire.departements:
            return Calendrier(territoire=code)
    return FRANCE


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


@lru_cache(maxsize=1024)
def _feries(annee: int, alsace_moselle: bool, territoire: str) -> Mapping[date, str]:
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
    lieux = [territoire] if territoire else []
    lieux += ["alsace_moselle"] if alsace_moselle else []
    for code in lieux:
        jours |= list_territoires()[code].list_jours(annee)
    return jours


def _place(regle: Mapping[str, Any], annee: int) -> date:
    if "paques" in regle:
        return compute_paques(annee) + timedelta(regle["paques"])
    return date(annee, regle["mois"], regle["jour"])
