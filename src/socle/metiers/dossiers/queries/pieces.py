"""Ce qu’est chaque document d’un dossier, d’après ce qui lui est arrivé."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from socle.metiers.dossiers.enums import ARRIVEES, DECISIONS, Fait
from socle.metiers.dossiers.models import Dossier, Evenement

ACCUSE, DECISION, RETIREE, JUSTIFICATIF = "accuse", "decision", "decision_retiree", "justificatif"
MISE = Fait.DECISION_DISPONIBLE
_DECISIONS = tuple(ARRIVEES[decision][1] for decision in DECISIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRetiree:
    """Décision qui ne tient plus : ce qu’elle disait, quand, et quand le dossier a été rouvert."""

    document_id: str
    libelle: str
    prise_le: datetime
    retiree_le: datetime | None


def find_roles(dossier: Dossier, evenements: Iterable[Evenement]) -> dict[str, str]:
    """Rend le rôle de chaque document que nous avons fait : accusé, décision, décision retirée.

    Un document qui n’y est pas vient de l’usager.
    """
    roles = {}
    for evenement in evenements:
        if evenement.document_id is None:
            continue
        identifiant = str(evenement.document_id)
        if evenement.fait == Fait.ACCUSE:
            roles[identifiant] = ACCUSE
        elif evenement.fait == MISE:
            actuelle = identifiant == str(dossier.decision_id)
            roles[identifiant] = DECISION if actuelle else RETIREE
    return roles


def list_decisions_retirees(
    dossier: Dossier, evenements: Iterable[Evenement]
) -> list[DecisionRetiree]:
    """Rend les décisions que la réouverture du dossier a retirées, de la première à la dernière.

    Args:
        evenements: tout le fil, dans l’ordre.
    """
    fil = list(evenements)
    roles = find_roles(dossier, fil)
    retirees = []
    for rang, evenement in enumerate(fil):
        if roles.get(str(evenement.document_id)) != RETIREE or evenement.fait != MISE:
            continue
        prise = next((e for e in reversed(fil[:rang]) if e.fait in _DECISIONS), evenement)
        reprise = next((e for e in fil[rang:] if e.fait == Fait.REPASSE_EN_INSTRUCTION), None)
        retirees.append(
            DecisionRetiree(
                document_id=str(evenement.document_id),
                libelle=str(Fait(prise.fait).label),
                prise_le=prise.instant,
                retiree_le=reprise.instant if reprise else None,
            )
        )
    return retirees


def find_numero(reference: str) -> int | None:
    """Trouve le numéro d’un dossier de la collectivité courante, par sa référence."""
    numeros = Dossier.objects.filter(reference=reference).values_list("numero", flat=True)
    return numeros.first()
