"""Refus de lire et refus d’écrire."""

from collections.abc import Sequence

from socle.normes.actes.rapport import Anomalie


class ActeIllisible(Exception):
    """Le fichier ne se lit pas ; rien d’autre n’en est dit.

    Attributes:
        code: nom court et stable, « xml.forme », « archive.lien »…
        message: ce qui ne va pas et quoi faire, en français.
    """

    def __init__(self, message: str, *, code: str) -> None:
        self.message, self.code = message, code
        super().__init__(message)


class ActeRefuse(Exception):
    """Ce qu’on demande d’écrire serait refusé par le schéma ou par l’opérateur.

    Attributes:
        anomalies: tout ce qu’il faut corriger, chacune avec son champ.
    """

    def __init__(self, anomalies: Sequence[Anomalie]) -> None:
        self.anomalies = tuple(anomalies)
        super().__init__(" ".join(anomalie.message for anomalie in anomalies))
