"""Ce que le journal de l’installation retient du catalogue."""

from datetime import datetime
from typing import Any

from socle.fondations.journal import services as journal


def record_action(
    action: str,
    *,
    objet: str,
    acteur: str,
    maintenant: datetime,
    donnees: dict[str, Any] | None = None,
) -> None:
    """Écrit une action au journal, dans la transaction de ce qui est raconté."""
    journal.record(
        action=action,
        objet=objet,
        acteur=acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees=donnees,
    )
