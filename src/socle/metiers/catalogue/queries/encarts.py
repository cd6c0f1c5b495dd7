"""Ce que le catalogue montre sur les pages des autres, et ce qu’il sait compter."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Contexte, Encart, PageEquipe
from socle.fondations.commun.mesures import Mesure
from socle.metiers.catalogue.enums import EtatCandidature, EtatSolution
from socle.metiers.catalogue.models import CandidatureLabel, Solution
from socle.metiers.catalogue.queries.solutions import list_publiees

MONTRES = ("slug", "nom", "nom_tri", "phrase", "besoins", "liens")


def build_accueil(request: HttpRequest, sujet: Any) -> LecturePrevue[Contexte]:
    """Quatre solutions et deux nombres ; rien tant que le catalogue est vide."""
    lues = list_publiees().select_related(None).only(*MONTRES).order_by("nom_tri", "id")
    return LecturePrevue((lues,), _describe_accueil)


def _describe_accueil(lues: list[Any]) -> Contexte:
    if not lues:
        return None
    choisies = sorted(lues, key=lambda s: (not s.labellisee, not s.liens, s.nom_tri))
    return {
        "nombre": len(lues),
        "labellisees": sum(s.labellisee for s in lues),
        "solutions": choisies[:4],
    }


def count_solutions(jour: date) -> Decimal:
    """Solutions publiées à la fin de ce jour, et pas encore retirées."""
    publiees = Solution.objects.filter(publiee_le__date__lte=jour).filter(
        Q(etat=EtatSolution.PUBLIEE) | Q(retiree_le__date__gt=jour)
    )
    return Decimal(publiees.count())


def count_labels(jour: date) -> Decimal:
    """Labels donnés à la fin de ce jour, et pas expirés."""
    labels = CandidatureLabel.objects.filter(
        decidee_le__date__lte=jour, expire_le__gt=jour, etat=EtatCandidature.LABELLISEE
    )
    return Decimal(labels.count())


ACCUEIL = Encart(ordre=40, gabarit="catalogue/_encart_accueil.html", build=build_accueil)
PAGE_EQUIPE = PageEquipe(
    ordre=30,
    titre="Catalogue",
    phrase="Solutions, label, éditeurs, imports, clauses et API.",
    url="catalogue:equipe",
)
MESURES = {
    "catalogue.solutions": Mesure(
        "Solutions au catalogue", "solutions", "Fiches publiées et non retirées.", count_solutions
    ),
    "catalogue.labels": Mesure(
        "Solutions labellisées", "solutions", "Labels donnés et non expirés.", count_labels
    ),
}
