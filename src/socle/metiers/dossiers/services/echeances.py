"""L’échéance légale d’un dossier : quand et comment le silence vaut décision."""

from collections.abc import Sequence
from datetime import date, datetime

from socle.metiers.demarches.enums import Silence
from socle.metiers.demarches.models import Demarche
from socle.normes.delais.calculs import to_jour
from socle.normes.delais.echeances import (
    Complement,
    Echeance,
    ExceptionAuSilence,
    compute_accuse_reception,
    compute_silence_apres_complements,
)


def compute_silence_du_dossier(
    demarche: Demarche, depose_le: datetime | None, complements: Sequence[Complement] = ()
) -> Echeance | None:
    """Rend l’effet du silence sur une demande reçue à cet instant, expliqué ; None sans effet.

    Args:
        complements: corrections demandées depuis, dans l’ordre ; elles arrêtent le délai.

    Source: CRPA, art. L. 114-5, L. 231-1, L. 231-4 et R. 112-11-1.
    """
    if demarche.silence == Silence.SANS_EFFET or depose_le is None:
        return None
    exception = None
    if demarche.silence == Silence.REJET:
        exception = ExceptionAuSilence(
            demarche.silence_exception or ExceptionAuSilence.HORS_PROCEDURE
        )
    return compute_silence_apres_complements(
        to_jour(depose_le),
        complements,
        exception=exception,
        mois=demarche.silence_mois,
        texte_du_delai=demarche.silence_source,
    )


def compute_echeance(
    demarche: Demarche, depose_le: datetime, complements: Sequence[Complement] = ()
) -> date | None:
    """Rend le jour où le silence vaudrait décision ; None s’il ne court pas."""
    effet = compute_silence_du_dossier(demarche, depose_le, complements)
    return effet.date if effet else None


def compute_limite_accuse(depose_le: datetime) -> date:
    """Rend le dernier jour où l’accusé de réception peut suivre celui d’enregistrement.

    La page qui répond au dépôt est l’accusé d’enregistrement : elle est faite dans la requête,
    travailleur arrêté ou non.

    Source: CRPA, art. R. 112-11-2.
    """
    return compute_accuse_reception(to_jour(depose_le)).date
