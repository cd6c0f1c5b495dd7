"""Une décision prise change la date d’une échéance : l’ancienne reste, avec le motif."""

from datetime import date, datetime

from django.utils import timezone

from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.errors import ObligationAnnulee, ObligationIntrouvable
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.services.obligations import Changement, Echeance, change_date

MOTIF_MAX = 300


def get_obligation(cle: str) -> Obligation:
    """Échéance de cette clé, brouillon compris.

    Raises:
        ObligationIntrouvable, ObligationAnnulee.
    """
    obligation = Obligation.objects.filter(slug=cle.partition(":")[2]).first()
    if obligation is None:
        raise ObligationIntrouvable(f"« {cle[:80]} » n’est pas dans l’échéancier.")
    if obligation.etat == EtatObligation.ANNULEE:
        raise ObligationAnnulee
    return obligation


def postpone(*, cle: str, jour: date, motif: str, acteur: str, maintenant: datetime) -> str:
    """Donne cette date à l’échéance ; une date estimée le reste, les autres deviennent connues.

    Raises:
        ObligationIntrouvable, ObligationAnnulee, DateInchangee: rien n’est changé.
    """
    obligation = get_obligation(cle)
    estimee = obligation.surete == Surete.ESTIMEE
    change_date(
        obligation=obligation,
        changement=Changement(
            echeance=Echeance(surete=Surete.ESTIMEE if estimee else Surete.CONNUE, jour=jour),
            motif=motif[:MOTIF_MAX],
            annoncee_le=timezone.localdate(maintenant),
        ),
        acteur=acteur,
        maintenant=maintenant,
    )
    return cle
