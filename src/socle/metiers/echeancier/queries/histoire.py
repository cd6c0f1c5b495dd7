"""L’histoire d’une date, en phrases."""

from dataclasses import dataclass
from datetime import date

from socle.fondations.commun.textes import format_jour_court
from socle.metiers.echeancier.enums import Surete
from socle.metiers.echeancier.models import DateEcheance, Obligation


@dataclass(frozen=True, slots=True)
class Pas:
    """Une date annoncée.

    Attributes:
        courante: vrai pour celle qui vaut aujourd’hui.
    """

    texte: str
    surete: str
    motif: str
    annoncee_le: date | None
    courante: bool


def build_histoire(obligation: Obligation) -> list[Pas]:
    """Rend les dates annoncées, la dernière d’abord ; ses dates doivent être chargées."""
    dates = list(obligation.dates.all())
    return [
        Pas(
            texte=describe_date(ligne),
            surete=Surete(ligne.surete).label,
            motif=ligne.motif,
            annoncee_le=ligne.annoncee_le,
            courante=ligne is dates[-1],
        )
        for ligne in reversed(dates)
    ]


def describe_date(ligne: DateEcheance) -> str:
    """Rend « 1er sept. 2027 », « mars 2026 (estimée) », « Sans jour »."""
    if ligne.jour_texte:
        return ligne.jour_texte
    return format_jour_court(ligne.jour) if ligne.jour else "Sans jour fixé"
