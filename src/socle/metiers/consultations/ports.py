"""Ce que les consultations donnent à d’autres métiers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ResultatPublie:
    """Le résultat d’un dossier, pour qui suit ce qui est accordé.

    Attributes:
        consultation: « consultation:archives-2026 ».
        beneficiaire: clé de la collectivité, « commune-92023 » ; vide pour une autre organisation.
        issue: « retenu », « complementaire » ou « non_retenu ».
        montant: en euros ; zéro si le dossier n’est pas retenu.
    """

    consultation: str
    titre: str
    numero: str
    beneficiaire: str
    nom: str
    issue: str
    montant: Decimal
    conditions: str
    decide_le: date
    fictif: bool = False
