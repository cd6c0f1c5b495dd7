"""Obligations d’essai : une par les services, ou des milliers d’un coup pour mesurer."""

from datetime import UTC, date, datetime
from typing import Any

from socle.metiers.echeancier.enums import Surete, Theme
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.services.obligations import (
    Echeance,
    Public,
    create_obligation,
    publish_obligation,
)
from socle.serveur.banc.volume import create_echeances as create_beaucoup

__all__ = ["create", "create_beaucoup", "create_echeance", "create_objets"]

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FICHE = {
    "titre": "Un seuil change",
    "court": "Un seuil",
    "resume": "Changer le seuil.",
    "ministere": "Économie et finances",
    "reference": "Loi n° 2026-1",
    "lien": "https://exemple.fr/loi",
    "theme": Theme.ACHATS,
    "etapes": ["Lire le texte.", "Changer le seuil."],
}


def create(
    *,
    slug: str,
    jour: date | None = date(2028, 2, 28),
    surete: str = Surete.CONNUE,
    publics: tuple[Public, ...] = (),
    publiee: bool = True,
    **fiche: Any,
) -> Obligation:
    """Crée une obligation par les services."""
    obligation = create_obligation(
        slug=slug, echeance=Echeance(surete=surete, jour=jour), publics=publics,
        acteur="systeme", maintenant=MAINTENANT, **(FICHE | fiche),
    )  # fmt: skip
    if publiee:
        publish_obligation(obligation=obligation, acteur="systeme", maintenant=MAINTENANT)
    obligation.refresh_from_db()
    return obligation


def create_echeance() -> Obligation:
    """L’échéance publiée des essais d’architecture, créée une fois."""
    return Obligation.objects.filter(slug="essai").first() or create(slug="essai")


def create_objets() -> dict[str, str]:
    """De quoi remplir les adresses de l’équipe."""
    return {"echeancier/slug": create_echeance().slug}
