"""Évaluer une action : ce qui était voulu, ce qui est obtenu, ce qu’il faut garder."""

from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.commun.verrou import check_empreinte
from socle.metiers.gouvernance.errors import FicheModifieeAilleurs, SaisieRefusee
from socle.metiers.gouvernance.models import Evaluation
from socle.metiers.gouvernance.queries.editions import describe_evaluation
from socle.metiers.gouvernance.services.trace import record_action

PREFIXES = ("action:", "recommandation:", "axe:")


@transaction.atomic
def save_evaluation(
    *,
    action: str,
    acteur: str,
    maintenant: datetime,
    evaluation: Evaluation | None = None,
    empreinte: str | None = None,
    **champs: Any,
) -> Evaluation:
    """Écrit une évaluation, ou la corrige ; elle n’est pas encore publique.

    Args:
        empreinte: celle de `describe_evaluation` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistrée depuis.
        SaisieRefusee: la clé n’est ni une action, ni une recommandation, ni un axe.
    """
    if not action.startswith(PREFIXES):
        raise SaisieRefusee("Donnez la clé de l’action : « action:2018-2020-2-1 ».")
    if evaluation is None:
        evaluation = Evaluation()
    else:
        evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        check_empreinte(describe_evaluation(evaluation), empreinte, FicheModifieeAilleurs)
    evaluation.action = action
    for nom, valeur in champs.items():
        setattr(evaluation, nom, valeur)
    evaluation.liens = list(dict.fromkeys([action, *evaluation.liens]))
    evaluation.save()
    record_action(
        action="evaluation.ecrite",
        objet=f"evaluation:{evaluation.pk}",
        acteur=acteur,
        maintenant=maintenant,
        donnees={"sujet": action},
    )
    return evaluation


@transaction.atomic
def publish_evaluation(
    *, evaluation: Evaluation, acteur: str, maintenant: datetime, publiee: bool = True
) -> None:
    """Publie une évaluation, ou la retire de la publication."""
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if bool(evaluation.publiee_le) == publiee:
        return
    evaluation.publiee_le = maintenant if publiee else None
    evaluation.save(update_fields=["publiee_le", "modifie_le"])
    record_action(
        action="evaluation.publiee" if publiee else "evaluation.depubliee",
        objet=f"evaluation:{evaluation.pk}",
        acteur=acteur,
        maintenant=maintenant,
    )
