"""Obligations d’essai : une par les services, ou des milliers d’un coup pour mesurer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from socle.fondations.referentiels.enums import GenreAutorite
from socle.metiers.echeancier.enums import EtatObligation, Surete, Theme
from socle.metiers.echeancier.models import (
    SANS_JOUR,
    DateEcheance,
    Obligation,
    PublicConcerne,
)
from socle.metiers.echeancier.services.obligations import (
    Echeance,
    Public,
    build_recherche,
    create_obligation,
    publish_obligation,
)

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


def create_beaucoup(nombre: int = 3_000) -> None:
    """Pose autant d’obligations publiées, en quelques instructions : pour le banc et les essais.

    Un tiers à venir, un tiers en vigueur, le reste estimé ou permanent ; publics et thèmes variés.
    """
    genres, themes, suretes = list(GenreAutorite), list(Theme), list(Surete)
    obligations = [_build(rang, themes, suretes) for rang in range(nombre)]
    Obligation.objects.bulk_create(obligations, batch_size=1_000)
    PublicConcerne.objects.bulk_create(
        [
            PublicConcerne(
                obligation=obligation, genre=genre,
                population_min=(rang * 37) % 50_000 if rang % 2 else None,
            )
            for rang, obligation in enumerate(obligations)
            for genre in genres[: rang % (len(genres) + 1)]
        ],
        batch_size=5_000,
    )  # fmt: skip
    DateEcheance.objects.bulk_create(
        [DateEcheance(obligation=o, rang=1, jour=o.jour, surete=o.surete) for o in obligations],
        batch_size=2_000,
    )


def _build(rang: int, themes: list[Theme], suretes: list[Surete]) -> Obligation:
    surete = suretes[0] if rang % 3 < 2 else suretes[1 + rang % 2]
    jour = date(2027, 1, 1) + timedelta(days=(rang * 7) % 2_000 - 1_000)
    obligation = Obligation(
        **FICHE
        | {
            "slug": f"echeance-{rang}",
            "titre": f"Obligation de mesure numéro {rang}",
            "court": f"Obligation {rang}",
            "theme": themes[rang % len(themes)],
            "ministere": f"Ministère {rang % 12}",
        },
        etat=EtatObligation.PUBLIEE,
        surete=surete,
        jour=None if surete == Surete.PERMANENTE else jour,
        rang=SANS_JOUR if surete == Surete.PERMANENTE else jour.toordinal(),
        debut=jour - timedelta(days=400),
        territoires=["dep-92"] if rang % 17 == 0 else [],
    )
    obligation.recherche = build_recherche(obligation)
    return obligation
