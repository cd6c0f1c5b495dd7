"""Retirer une acceptation : permis quatre mois si elle est illégale, puis par exception."""

from datetime import datetime

from socle.metiers.dossiers.enums import EtatDossier, FondementRetrait
from socle.metiers.dossiers.errors import RetraitTardif
from socle.metiers.dossiers.models import Dossier
from socle.normes.delais.calculs import to_jour
from socle.normes.delais.echeances import Echeance
from socle.normes.delais.retrait import compute_fin_du_retrait


def compute_retrait(dossier: Dossier) -> Echeance | None:
    """Rend le dernier jour pour retirer la décision ; None si elle n’a pas créé de droits.

    Un refus ou un classement ne crée pas de droits au profit de la personne.
    """
    if dossier.etat != EtatDossier.ACCEPTE or dossier.decide_le is None:
        return None
    return compute_fin_du_retrait(to_jour(dossier.decide_le))


def is_hors_delai(dossier: Dossier, maintenant: datetime) -> bool:
    """Vrai si l’administration ne peut plus retirer cette décision de sa seule initiative."""
    retrait = compute_retrait(dossier)
    return retrait is not None and to_jour(maintenant) > retrait.date


def check_retrait(dossier: Dossier, fondement: str, maintenant: datetime) -> None:
    """Vérifie qu’une décision peut encore être retirée.

    Raises:
        RetraitTardif: acceptation de plus de quatre mois, sans l’exception qui le permet.

    Source: CRPA, art. L. 241-2, L. 242-1, L. 242-2 et L. 242-4.
    """
    if is_hors_delai(dossier, maintenant) and fondement not in FondementRetrait:
        raise RetraitTardif


def describe_fondement(fondement: str) -> str:
    """Rend le début de la raison gardée dans le fil : « Fraude (CRPA, art. L. 241-2) : »."""
    return f"{FondementRetrait(fondement).court}\u00a0: " if fondement else ""
