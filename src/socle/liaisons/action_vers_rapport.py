"""Les actions qui ont changé dans le mois entrent dans son rapport."""

from datetime import datetime
from typing import Any

from socle.metiers.gouvernance.ports import ChangementConstate, changements
from socle.metiers.pilotage.enums import EtatAction, GenreChangement
from socle.metiers.pilotage.queries.edition import list_modifications
from socle.metiers.pilotage.queries.programme import list_actions_courantes


def read_changements(debut: datetime, fin: datetime) -> list[ChangementConstate]:
    """Changements des actions du programme courant, une instruction par action."""
    return [
        ChangementConstate(
            action.cle, action.titre, describe(faite.champs, faite.genre), faite.faite_le
        )
        for action in list_actions_courantes()
        for faite in list_modifications(action.cle).filter(faite_le__gte=debut, faite_le__lt=fin)
    ]


def describe(champs: dict[str, list[Any]], genre: str = GenreChangement.CHANGE) -> str:
    """« Passe de « À démarrer » à « En cours » », « Nouvelle action », ou « Fiche mise à jour »."""
    if genre == GenreChangement.CREE:
        return "Nouvelle action"
    avant, apres = champs.get("etat", ["", ""])
    if avant == apres or not {avant, apres} <= set(EtatAction.values):
        return "Fiche mise à jour"
    return f"Passe de « {EtatAction(avant).label} » à « {EtatAction(apres).label} »"


changements.register("pilotage", read_changements)
