"""Jour où une décision envoyée ou remise sur papier est notifiée."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pli:
    """Un pli et ce que La Poste en a rendu.

    Attributes:
        remis_le: jour de la remise, par le facteur, au bureau de poste ou en main propre.
        presente_le: jour de la première présentation d’un pli avisé puis non réclamé.
    """

    remis_le: date | None = None
    presente_le: date | None = None


def find_notification_postale(plis: Iterable[Pli]) -> date | None:
    """Donne le jour où la décision est notifiée ; None si rien ne le prouve encore.

    Le pli remis notifie au jour de sa remise. Le pli non réclamé est réputé notifié au jour où il
    a été présenté à la bonne adresse, si un avis de passage y a été laissé. Un pli revenu pour une
    autre raison, ou une lettre simple, ne prouve rien. Le premier jour acquis compte.

    Source: code de justice administrative, art. R. 421-1 ; Conseil d’État, 24 avril 2012,
    n° 341146 (pli non réclamé).
    """
    jours = [jour for pli in plis if (jour := pli.remis_le or pli.presente_le) is not None]
    return min(jours, default=None)
