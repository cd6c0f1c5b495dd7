"""Une décision prise change la date d’une échéance."""

from datetime import datetime

from socle.fondations.commun.textes import format_jour
from socle.metiers.echeancier.services import reports
from socle.metiers.gouvernance.ports import Applicateur, Constat, EffetDecide, applicateurs


def observe(effet: EffetDecide) -> Constat:
    obligation = reports.get_obligation(effet.cle)
    jour = format_jour(obligation.jour) if obligation.jour else "sans jour"
    return Constat(jour, atteint=obligation.jour == effet.date_visee)


def postpone(effet: EffetDecide, maintenant: datetime) -> str:
    if effet.date_visee is None:  # le formulaire donne toujours une date à cette nature
        raise ValueError(effet.pk)
    return reports.postpone(
        cle=effet.cle,
        jour=effet.date_visee,
        motif=effet.motif,
        acteur="systeme",
        maintenant=maintenant,
    )


applicateurs.register("echeance.date", Applicateur(observe, postpone))
