"""Ce que le journal retient d’une démarche."""

from datetime import datetime
from typing import Any

from socle.fondations.comptes.models import Compte
from socle.fondations.journal import services as journal
from socle.metiers.demarches.models import Demarche


def record_action(
    demarche: Demarche,
    action: str,
    agent: Compte,
    maintenant: datetime,
    donnees: dict[str, Any] | None = None,
) -> None:
    """Écrit une action au journal, au nom de l’agent."""
    journal.record(
        action=action,
        objet=f"demarche:{demarche.pk}",
        acteur=agent.acteur,
        collectivite_id=demarche.collectivite_id,
        maintenant=maintenant,
        donnees=donnees,
    )
