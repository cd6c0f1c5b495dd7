"""Les échéances nommées, en données : durée, manière de compter, article, dates de validité."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from socle.normes.delais.textes import write_nombre

_DELAIS = Path(__file__).with_name("donnees") / "delais.toml"


class DelaiInconnu(ValueError):
    """Aucune échéance ne porte ce nom."""


class Unite(StrEnum):
    """En quoi un délai se compte."""

    HEURE = "heure"
    JOUR = "jour"
    JOUR_OUVRE = "jour_ouvre"
    JOUR_OUVRABLE = "jour_ouvrable"
    SEMAINE = "semaine"
    MOIS = "mois"
    AN = "an"

    @property
    def nom(self) -> str:
        """Nom à lire, au singulier."""
        return _NOMS.get(self, self.value)


_NOMS = {Unite.JOUR_OUVRE: "jour ouvré", Unite.JOUR_OUVRABLE: "jour ouvrable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Regle:
    """Une échéance nommée, pour une période.

    Attributes:
        franc: ni le premier ni le dernier jour ne comptent.
        report: un samedi, un dimanche ou un jour férié renvoie au premier jour ouvré.
        avant: le délai remonte depuis le départ, comme une convocation depuis la séance.
        evenement: ce qui fait courir le délai ; complète « à compter » ou « avant ».
        effet: ce que veut dire le jour trouvé ; « {jour} » y prend sa place.
        depuis: premier jour de départ pour lequel la règle est tenue pour valable.
        jusqu_a: dernier jour de départ, ou None.
    """

    code: str
    nombre: int
    unite: Unite
    evenement: str
    effet: str
    article: str
    depuis: date
    jusqu_a: date | None = None
    franc: bool = False
    report: bool = False
    avant: bool = False

    @property
    def duree(self) -> str:
        """« deux mois francs », « 72 heures », « dix jours ouvrés »."""
        accord = "s" if self.nombre > 1 else ""
        if self.unite is Unite.MOIS:
            mots = ["mois"]
        else:
            mots = [f"{mot}{accord}" for mot in self.unite.nom.split()]
        if self.franc:
            mots.append(f"franc{accord}")
        article = "une" if self.nombre == 1 and self.unite in _FEMININS else ""
        return " ".join([article or write_nombre(self.nombre), *mots])

    def is_valable(self, jour: date) -> bool:
        """Dit si la règle vaut pour un délai qui part ce jour-là."""
        return self.depuis <= jour and (self.jusqu_a is None or jour <= self.jusqu_a)


_FEMININS = {Unite.HEURE, Unite.SEMAINE}


@cache
def list_regles() -> Mapping[str, Sequence[Regle]]:
    """Toutes les règles, par code, de la plus ancienne à la plus récente."""
    lues = tomllib.loads(_DELAIS.read_text(encoding="utf-8"))["delai"]
    regles: dict[str, list[Regle]] = {}
    for lue in lues:
        regle = Regle(**{**lue, "unite": Unite(lue["unite"])})
        regles.setdefault(regle.code, []).append(regle)
    return {code: sorted(liste, key=lambda regle: regle.depuis) for code, liste in regles.items()}


def find_regle(code: str, jour: date) -> Regle:
    """Donne la règle qui vaut pour un délai partant ce jour-là.

    Avant la première période connue, c’est la plus ancienne règle : l’appelant le dit.

    Raises:
        DelaiInconnu: aucun délai de ce nom.
    """
    if code not in list_regles():
        raise DelaiInconnu(f"Le délai « {code} » n’est pas connu.")
    regles = list_regles()[code]
    valables = [regle for regle in regles if regle.is_valable(jour)]
    return valables[-1] if valables else regles[0]
