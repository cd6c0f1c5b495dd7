"""Lire éditeurs, versions, essais et clauses."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Fiche, plan_fiches
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.enums import EtatSolution, Statut
from socle.metiers.catalogue.models import (
    Clause,
    Editeur,
    EssaiProduit,
    Solution,
    VersionClause,
    VersionProduit,
)

TAILLE_PAGE = 30


def list_editeurs(texte: str = "", *, apres: str = "", avant: str = "") -> PageDeListe:
    """Éditeurs par nom, avec le nombre de leurs solutions publiées."""
    editeurs = Editeur.objects.annotate(
        nombre=Count("solutions", filter=Q(solutions__etat=EtatSolution.PUBLIEE))
    )
    for mot in normalize_nom(texte).split()[:8]:
        editeurs = editeurs.filter(nom_tri__contains=mot)
    return paginate_keyset(editeurs, cles=("nom_tri", "id"), apres=apres, avant=avant,
                           taille=TAILLE_PAGE, croissant=True)  # fmt: skip


def find_editeur(slug: str) -> Editeur | None:
    return Editeur.objects.filter(slug=slug).first()


def list_produits(editeur: Editeur) -> list[dict[str, Any]]:
    """Solutions publiées d’un éditeur, chacune avec ses versions et leurs derniers essais.

    Trois instructions, quel que soit le nombre de produits.
    """
    solutions = list(
        Solution.objects.filter(editeur=editeur, etat=EtatSolution.PUBLIEE).order_by("nom_tri")
    )
    versions = list(
        VersionProduit.objects.filter(solution__in=solutions).order_by("-sortie_le", "-id")
    )
    essais = list_derniers_essais(versions)
    return [
        {
            "solution": solution,
            "versions": [
                (v, [e for e in essais if e.version_id == v.pk])
                for v in versions
                if v.solution_id == solution.pk
            ],
        }
        for solution in solutions
    ]


def list_derniers_essais(versions: list[VersionProduit]) -> list[EssaiProduit]:
    """Dernier essai de chaque banc pour ces versions."""
    essais = EssaiProduit.objects.filter(version__in=versions)
    return list(essais.order_by("version", "banc", "-joue_le").distinct("version", "banc"))


def list_solutions_de(compte: Compte) -> "QuerySet[Solution]":
    """Solutions des éditeurs qu’une personne représente, brouillons compris."""
    return (
        Solution.objects.filter(editeur__representants__compte=compte)
        .select_related("editeur")
        .order_by("nom_tri", "id")
    )


def list_editeurs_de(compte: Compte) -> "QuerySet[Editeur]":
    return Editeur.objects.filter(representants__compte=compte).order_by("nom_tri")


def list_clauses(theme: str = "", texte: str = "") -> "QuerySet[Clause]":
    """Clauses en vigueur, par thème puis par titre, avec `numero` et `texte` courants."""
    courante = VersionClause.objects.filter(clause=OuterRef("pk")).order_by("-numero")
    clauses = Clause.objects.filter(retiree_le=None).annotate(
        numero=Subquery(courante.values("numero")[:1]),
        texte=Subquery(courante.values("texte")[:1]),
    )
    if theme:
        clauses = clauses.filter(theme=theme)
    if texte:
        clauses = clauses.filter(Q(titre__icontains=texte) | Q(texte__icontains=texte))
    return clauses.order_by("theme", "titre", "id")


def find_clause(slug: str) -> Clause | None:
    return Clause.objects.filter(slug=slug).first()


def list_versions_clause(clause: Clause) -> "QuerySet[VersionClause]":
    return clause.versions.order_by("-numero")


def count_conformes() -> int:
    """Versions dont un banc au moins a été joué et dont aucun dernier essai n’échoue."""
    derniers = EssaiProduit.objects.order_by("version", "banc", "-joue_le").distinct(
        "version", "banc"
    )
    statuts: dict[int, list[str]] = {}
    for version, statut in derniers.values_list("version_id", "statut"):
        statuts.setdefault(version, []).append(statut)
    return sum(Statut.NON_CONFORME not in obtenus for obtenus in statuts.values())


def resolve_editeurs(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Fiches des clés « editeur:… »."""
    slugs = [cle.partition(":")[2] for cle in cles]
    return plan_fiches(Editeur.objects.filter(slug__in=slugs).order_by("id"), _build_fiche)


def _build_fiche(editeur: Editeur) -> Fiche:
    url = reverse("catalogue:editeur", args=[editeur.slug])
    return Fiche(editeur.cle, editeur.nom, url, editeur.get_genre_display())
