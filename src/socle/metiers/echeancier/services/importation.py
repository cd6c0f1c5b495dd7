"""Importer des obligations déjà vérifiées : toutes, ou aucune."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.journal.services import record
from socle.metiers.echeancier.services.obligations import Echeance, Public, create_obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneImportee:
    """Une ligne vérifiée du fichier."""

    slug: str
    echeance: Echeance
    publics: list[Public]
    fiche: dict[str, Any]


@transaction.atomic
def import_obligations(
    *, lignes: Sequence[LigneImportee], acteur: str, maintenant: datetime
) -> int:
    """Crée un brouillon par ligne ; rend leur nombre. Rien n’est publié sans relecture.

    Raises:
        AdresseDejaPrise: aucune n’est créée.
    """
    for ligne in lignes:
        create_obligation(
            slug=ligne.slug, echeance=ligne.echeance, publics=ligne.publics, acteur=acteur,
            maintenant=maintenant, **ligne.fiche,
        )  # fmt: skip
    record(
        action="obligation.importees",
        objet="obligation:import",
        acteur=acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees={"nombre": len(lignes)},
    )
    return len(lignes)
