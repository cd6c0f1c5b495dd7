"""Ce que l’équipe a fait d’une obligation, lu dans le journal de l’installation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from socle.fondations.administration.enums import ACTIONS
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.models import INSTALLATION, Entree
from socle.fondations.journal.queries import list_entrees
from socle.metiers.echeancier.models import Obligation

GESTES_MAX = 20


@dataclass(frozen=True, slots=True)
class Geste:
    """Une ligne du journal, en français."""

    quand: datetime
    quoi: str
    qui: str
    detail: str


def list_gestes(obligation: Obligation) -> list[Geste]:
    """Rend les derniers gestes, le plus récent d’abord. Deux instructions SQL."""
    with locataire(INSTALLATION):
        lues = list_entrees(objet=obligation.objet, collectivite_id=INSTALLATION)
        entrees = list(lues.reverse()[:GESTES_MAX])
    numeros = {entree.acteur.partition(":")[2] for entree in entrees}
    comptes = Compte.objects.in_bulk([int(numero) for numero in numeros if numero.isdigit()])
    noms = {f"agent:{pk}": f"{compte.prenom} {compte.nom}" for pk, compte in comptes.items()}
    return [
        Geste(
            entree.survenu_le,
            ACTIONS.get(entree.action, entree.action),
            noms.get(entree.acteur, "Socle"),
            _describe(entree),
        )
        for entree in entrees
    ]


def _describe(entree: Entree) -> str:
    donnees: dict[str, Any] = entree.donnees
    if "champs" in donnees:
        return ", ".join(donnees["champs"])
    if "apres" in donnees:
        return f"{donnees['avant']} → {donnees['apres']} : {donnees.get('motif', '')}"
    return str(donnees.get("motif", ""))
