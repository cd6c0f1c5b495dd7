"""Écrire au journal de preuve, au nom de l’installation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socle.fondations.journal.services import record


def record_action(
    action: str,
    objet: str,
    acteur: str,
    maintenant: datetime,
    donnees: Mapping[str, Any] | None = None,
) -> None:
    """Ajoute une ligne au journal ; aucune donnée personnelle dans `donnees`."""
    record(
        action=action, objet=objet, acteur=acteur, collectivite_id=None, maintenant=maintenant,
        donnees=dict(donnees or {}),
    )  # fmt: skip
