"""Dates. La saisie native du navigateur donne AAAA-MM-JJ ; les écritures françaises sont lues."""

import re
from datetime import date
from typing import Any

from socle.fondations.commun.textes import MOIS, format_jour
from socle.fondations.formulaires.definition import ChampDate
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.textes import fold
from socle.fondations.formulaires.types.base import Donnees, Lecture, TypeChamp
from socle.fondations.formulaires.valeurs import Json, read_date_iso

ANNEE_MIN, ANNEE_MAX = 1850, 2200
_CHIFFRES = re.compile(r"(\d{1,2})[ /.-](\d{1,2})[ /.-](\d{4})\Z", re.ASCII)
_LETTRES = re.compile(r"(\d{1,2})(?:er)? ([a-z]{3,9}) (\d{4})\Z", re.ASCII)
_MOIS = {fold(mois): rang for rang, mois in enumerate(MOIS, 1)}
_EXEMPLE = "Donnez une date avec le jour, le mois et l’année, par exemple 03/04/1989."


def read_date(texte: str) -> date | None:
    """Lit « 1989-04-03 », « 03/04/1989 », « 3.4.1989 » ou « 3 avril 1989 » ; None sinon."""
    iso = read_date_iso(texte)
    if iso:
        return iso
    plat = fold(texte[:40])
    trouve = _CHIFFRES.match(plat)
    if trouve:
        numero_jour, numero_mois, annee = (int(groupe) for groupe in trouve.groups())
    else:
        trouve = _LETTRES.match(plat)
        if not trouve or trouve.group(2) not in _MOIS:
            return None
        numero_jour, annee = int(trouve.group(1)), int(trouve.group(3))
        numero_mois = _MOIS[trouve.group(2)]
    try:
        return date(annee, numero_mois, numero_jour)
    except ValueError:
        return None


class TypeDate(TypeChamp[ChampDate]):
    code = "date"
    nom = "Date"
    nature = Nature.DATE
    gabarit = "formulaires_types/date.html"
    message_vide = "Donnez une date."

    def parse(self, champ: ChampDate, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom, 200)
        if not texte:
            return Lecture()
        jour = read_date(texte)
        if jour is None:
            return Lecture(erreur=_EXEMPLE, brut=texte)
        return Lecture(valeur=jour.isoformat())

    def check(self, champ: ChampDate, valeur: Json, jour: date) -> str:
        trouvee = self.read(champ, valeur)
        if trouvee is None:
            return _EXEMPLE
        if not ANNEE_MIN <= trouvee.year <= ANNEE_MAX:
            return f"Vérifiez l’année : {trouvee.year} ne convient pas."
        tot, tard = _read_borne(champ.au_plus_tot, jour), _read_borne(champ.au_plus_tard, jour)
        if tot and trouvee < tot:
            if champ.au_plus_tot == "aujourdhui":
                return "Cette date est passée ; donnez une date à venir."
            return f"Cette date est trop ancienne : à partir du {format_jour(tot)}."
        if tard and trouvee > tard:
            if champ.au_plus_tard == "aujourdhui":
                return "Cette date est dans le futur."
            return f"Cette date est trop lointaine : jusqu’au {format_jour(tard)}."
        return ""

    def read(self, champ: ChampDate, valeur: Json) -> date | None:
        return read_date_iso(valeur) if isinstance(valeur, str) else None

    def search_text(self, champ: ChampDate, valeur: Json) -> str:
        trouvee = self.read(champ, valeur)
        return f"{trouvee:%d/%m/%Y}" if trouvee else ""

    def export_schema(self, champ: ChampDate) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


def _read_borne(borne: date | str | None, jour: date) -> date | None:
    return jour if borne == "aujourdhui" else borne if isinstance(borne, date) else None
