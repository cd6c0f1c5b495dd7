"""Une action faite ou abandonnée attend son évaluation."""

from socle.metiers.gouvernance.ports import terminees
from socle.metiers.pilotage.enums import EtatAction
from socle.metiers.pilotage.queries.programme import list_actions_courantes

FINIES = (EtatAction.FAITE, EtatAction.ABANDONNEE)


def read_terminees() -> list[tuple[str, str]]:
    """Clé et titre des actions terminées du programme courant."""
    return [(a.cle, a.titre_court) for a in list_actions_courantes() if a.etat in FINIES]


terminees.register("pilotage", read_terminees)
