"""Durée estimée pour remplir un formulaire.

Source: règle de Démarche numérique : 10 s pour un champ court, 60 s pour un identifiant ou une
adresse, 180 s pour un fichier, lecture à 140 mots par minute, bloc compté pour 2,5 lignes, champ
facultatif pour moitié. Ajout : un champ que l’État peut remplir ne coûte que sa lecture.
"""

from collections.abc import Iterable

from socle.fondations.formulaires.definition import Explication
from socle.fondations.formulaires.moteur.structure import ChampCompile, PageCompilee
from socle.fondations.formulaires.textes import format_pluriel

MOTS_PAR_MINUTE = 140
LIGNES_PAR_BLOC = 2.5


def estimate_secondes(pages: Iterable[PageCompilee]) -> int:
    """Rend la durée de plusieurs pages, en secondes."""
    return round(
        sum(
            _read_secondes(f"{page.page.titre} {page.page.description}")
            + sum(_estimate_champ(compile_) for compile_ in page.champs)
            for page in pages
        )
    )


def format_duree(secondes: int) -> str:
    """Écrit une durée : « 1 minute », « 4 minutes », « 1 heure et 5 minutes »."""
    minutes = max(1, round(secondes / 60))
    if minutes < 60:
        return format_pluriel(minutes, "minute")
    heures, reste = divmod(minutes, 60)
    texte = format_pluriel(heures, "heure")
    return f"{texte} et {format_pluriel(reste, 'minute')}" if reste else texte


def _estimate_champ(compile_: ChampCompile) -> float:
    champ = compile_.champ
    texte = f"{champ.libelle} {champ.aide}"
    if isinstance(champ, Explication):
        texte += f" {champ.texte}"
    lecture = _read_secondes(texte)
    if compile_.enfants:
        return lecture + LIGNES_PAR_BLOC * sum(_estimate_champ(e) for e in compile_.enfants)
    if compile_.source:
        return lecture
    total = lecture + compile_.type.duree
    return total if compile_.obligatoire or not compile_.saisi else total / 2


def _read_secondes(texte: str) -> float:
    return len(texte.split()) * 60 / MOTS_PAR_MINUTE
