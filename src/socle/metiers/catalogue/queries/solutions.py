"""Lire les solutions : liste filtrée, fiche, clés, recherche."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Fiche, Groupe, plan_fiches, plan_groupe
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.enums import EtatCandidature, EtatEtape, EtatSolution
from socle.metiers.catalogue.models import (
    CandidatureLabel,
    EtapeSolution,
    Solution,
)

TAILLE_PAGE = 24
TITRE = "Solutions du catalogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteres:
    """Ce que la personne cherche ; vide, tout."""

    texte: str = ""
    besoin: str = ""
    taille: str = ""
    moyens: str = ""
    libre: bool = False
    labellisee: bool = False
    mots: tuple[str, ...] = field(default=())


def list_publiees() -> "QuerySet[Solution]":
    """Solutions publiées, avec leur éditeur et `labellisee` ; pas encore triées."""
    return Solution.objects.filter(etat=EtatSolution.PUBLIEE).select_related("editeur").annotate(
        labellisee=Exists(
            CandidatureLabel.objects.filter(
                solution=OuterRef("pk"), etat=EtatCandidature.LABELLISEE
            )
        )
    )  # fmt: skip


def filter_solutions(criteres: Criteres) -> "QuerySet[Solution]":
    """Solutions publiées qui répondent à tous les critères."""
    solutions = list_publiees()
    for mot in normalize_nom(criteres.texte).split()[:8]:
        solutions = solutions.filter(texte_tri__contains=mot)
    if criteres.besoin:
        solutions = solutions.filter(besoins__contains=[criteres.besoin])
    if criteres.taille:
        solutions = solutions.filter(tailles__contains=[criteres.taille])
    if criteres.moyens:
        solutions = solutions.filter(moyens=criteres.moyens)
    if criteres.libre:
        solutions = solutions.exclude(licence="")
    if criteres.labellisee:
        solutions = solutions.filter(labellisee=True)  # type: ignore[misc]
    return solutions


def list_solutions(criteres: Criteres, *, apres: str = "", avant: str = "") -> PageDeListe:
    """Rend une page de solutions, par ordre alphabétique."""
    return paginate_keyset(
        filter_solutions(criteres).defer("publiccode", "texte_tri", "description"),
        cles=("nom_tri", "id"),
        apres=apres,
        avant=avant,
        taille=TAILLE_PAGE,
        croissant=True,
    )


def map_solutions(slugs: Sequence[str]) -> dict[str, Solution]:
    """Rend des solutions publiées et leur feuille de route, dans l’ordre demandé."""
    etapes = Prefetch("etapes", EtapeSolution.objects.order_by("pk"))
    publiees = list_publiees().filter(slug__in=slugs).prefetch_related(etapes)
    trouvees = {s.slug: s for s in publiees.order_by("id")}
    return {slug: trouvees[slug] for slug in slugs if slug in trouvees}


def list_noms(*, sauf: Sequence[str] = ()) -> "QuerySet[Solution]":
    """Adresses, noms et phrases des solutions publiées, deux cents au plus, pour un menu."""
    publiees = Solution.objects.filter(etat=EtatSolution.PUBLIEE).exclude(slug__in=sauf)
    return publiees.order_by("nom_tri", "id").only("slug", "nom", "phrase")[:200]


def list_changements(nombre: int = 30) -> list[Solution]:
    """Dernières fiches publiées ou changées, pour le fil Atom."""
    return list(list_publiees().order_by("-modifie_le", "-id")[:nombre])


def list_etapes_a_venir(jour: date, nombre: int = 5) -> list[EtapeSolution]:
    """Prochaines promesses des solutions publiées."""
    ouvertes = EtapeSolution.objects.filter(
        solution__etat=EtatSolution.PUBLIEE,
        date_prevue__gte=jour,
        etat__in=[EtatEtape.PREVUE, EtatEtape.EN_COURS, EtatEtape.REPORTEE],
    )
    return list(ouvertes.select_related("solution").order_by("date_prevue", "id")[:nombre])


# Ce que les autres métiers demandent --------------------------------------------------------------
def build_fiche(solution: Any) -> Fiche:
    return Fiche(
        cle=solution.cle,
        titre=solution.nom,
        url=reverse("catalogue:solution", args=[solution.slug]),
        detail=solution.phrase,
    )


def resolve_solutions(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Fiches des clés « solution:… » publiées."""
    slugs = [cle.partition(":")[2] for cle in cles]
    lues = Solution.objects.filter(slug__in=slugs, etat=EtatSolution.PUBLIEE).order_by("id")
    return plan_fiches(lues.only("slug", "nom", "phrase"), build_fiche)


def recall_solutions(cle: str) -> LecturePrevue[Groupe]:
    """Solutions publiées qui citent cette clé."""
    lues = Solution.objects.filter(liens__contains=[cle], etat=EtatSolution.PUBLIEE)
    lues = lues.order_by("nom_tri").only("slug", "nom", "phrase")
    return plan_groupe(TITRE, lues[:20], build_fiche)


def search_solutions(texte: str) -> LecturePrevue[Groupe]:
    """Vingt solutions au plus pour une recherche publique."""
    lues = filter_solutions(Criteres(texte=texte)).select_related(None)
    lues = lues.only("slug", "nom", "phrase").order_by("nom_tri", "id")
    return plan_groupe(TITRE, lues[:20], build_fiche)


def list_pour_equipe() -> "QuerySet[Solution]":
    """Toutes les fiches, avec leur éditeur, par nom."""
    return Solution.objects.select_related("editeur").order_by("nom_tri", "id")
