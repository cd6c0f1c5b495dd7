"""Interlocuteurs réguliers, et collectivités à aller chercher."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Max, QuerySet

from socle.fondations.notifications.services.preferences import compute_empreinte
from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.metiers.diffusion.models import Contact, Inscription, Opposition

REGULIER = 2  # participations
PAR_PAGE = 50

# Collectivités qu’aucun évènement ni contact ne nous a fait rencontrer : une lecture, par taille.
A_CIBLER = """
SELECT a.cle, a.nom, a.genre, a.departement, a.population
FROM referentiels_autorite a
WHERE (%(genre)s = '' OR a.genre = %(genre)s)
  AND (%(departement)s = '' OR a.departement = %(departement)s)
  AND (%(tranche)s::int IS NULL OR a.tranche = %(tranche)s)
  AND NOT EXISTS (SELECT 1 FROM diffusion_inscription i
    WHERE i.autorite = a.cle AND i.etat <> 'annulee')
  AND NOT EXISTS (SELECT 1 FROM diffusion_contact c WHERE c.autorite = a.cle)
ORDER BY a.population DESC, a.cle
LIMIT %(limite)s OFFSET %(depuis)s
"""
# Ce que chaque taille a de collectivités, et combien sont venues.
COUVERTURE = """
SELECT a.tranche, count(*) AS toutes, count(v.autorite) AS venues
FROM referentiels_autorite a
LEFT JOIN (SELECT DISTINCT autorite FROM diffusion_inscription
  WHERE autorite <> '' AND etat <> 'annulee') v ON v.autorite = a.cle
WHERE (%(genre)s = '' OR a.genre = %(genre)s)
  AND (%(departement)s = '' OR a.departement = %(departement)s)
GROUP BY a.tranche ORDER BY a.tranche
"""


@dataclass(frozen=True, slots=True)
class Cible:
    """Une collectivité jamais venue."""

    cle: str
    nom: str
    genre: str
    departement: str
    population: int


@dataclass(frozen=True, slots=True)
class Couverture:
    """Pour une taille : combien de collectivités, combien sont venues."""

    taille: str
    toutes: int
    venues: int


def list_cibles(
    *, genre: str = "", departement: str = "", tranche: int | None = None, page: int = 1,
    taille: int = PAR_PAGE,
) -> tuple[list[Cible], bool]:  # fmt: skip
    """Rend les collectivités à cibler, les plus peuplées d’abord, et s’il en reste.

    Args:
        page: 1 pour la première ; bornée à 200.
    """
    filtre = {
        "genre": genre if genre in GenreAutorite.values else "",
        "departement": departement[:3].upper(),
        "tranche": tranche if tranche in Tranche.values else None,
        "limite": taille + 1,
        "depuis": (min(max(page, 1), 200) - 1) * taille,
    }
    with connection.cursor() as curseur:
        curseur.execute(A_CIBLER, filtre)
        lues = [
            Cible(cle, nom, GenreAutorite(g).label, dep, habitants)
            for cle, nom, g, dep, habitants in curseur.fetchall()
        ]
    return lues[:taille], len(lues) > taille


def list_couverture(*, genre: str = "", departement: str = "") -> list[Couverture]:
    """Rend, par taille, combien de collectivités existent et combien sont venues."""
    filtre = {
        "genre": genre if genre in GenreAutorite.values else "",
        "departement": departement[:3].upper(),
    }
    with connection.cursor() as curseur:
        curseur.execute(COUVERTURE, filtre)
        return [
            Couverture(Tranche(tranche).label, toutes, venues)
            for tranche, toutes, venues in curseur.fetchall()
        ]


def list_reguliers(limite: int = 100) -> list[dict[str, Any]]:
    """Rend les personnes venues au moins deux fois, les plus fidèles d’abord.

    Qui s’est opposé à être gardé n’y est pas, même si son inscription n’est pas encore effacée.
    """
    presences = Inscription.objects.filter(present=True, courriel__isnull=False)
    groupes: Any = presences.values("courriel").annotate(
        nombre=Count("pk"), nom=Max("nom"), organisation=Max("organisation"),
        derniere=Max("evenement__debut"),
    )  # fmt: skip
    venues = list(groupes.filter(nombre__gte=REGULIER).order_by("-nombre", "courriel")[:limite])
    empreintes = {venue["courriel"]: compute_empreinte(venue["courriel"]) for venue in venues}
    opposees = set(
        Opposition.objects.filter(pk__in=empreintes.values()).values_list("pk", flat=True)
    )
    return [venue for venue in venues if empreintes[venue["courriel"]] not in opposees]


def list_contacts() -> QuerySet[Contact]:
    """Rend les contacts, par nom."""
    return Contact.objects.order_by("nom", "courriel")
