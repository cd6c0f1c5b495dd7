"""Sortir du journal : un export, ou la preuve d’un objet. Les deux laissent une ligne."""

from datetime import datetime

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.services import build_preuve, record


def record_export(
    *, collectivite: Collectivite, par: Compte, criteres: list[str], maintenant: datetime
) -> None:
    """Note qu’un agent a exporté le journal, et par quels critères il l’a borné."""
    record(
        action="journal.exporte",
        objet=f"collectivite:{collectivite.pk}",
        acteur=par.acteur,
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees={"criteres": criteres},
    )


def build_preuve_objet(
    *, collectivite: Collectivite, objet: str, par: Compte, maintenant: datetime
) -> bytes:
    """Rend le dossier de preuve d’un objet : ses lignes scellées, sans ses documents.

    Raises:
        RienDeScelle: aucune ligne de cet objet n’est encore scellée.
    """
    contenu = build_preuve(
        objets=[objet], documents=(), collectivite_id=collectivite.pk, sels={},
        maintenant=maintenant,
    )  # fmt: skip
    record(
        action="journal.preuve_remise",
        objet=objet,
        acteur=par.acteur,
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
    )
    return contenu
