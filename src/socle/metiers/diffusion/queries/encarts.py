"""Ce que la diffusion montre sur l’accueil, dans l’espace de l’équipe, et aux moteurs."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Contexte, Encart, PageEquipe
from socle.fondations.commun.plan import PageDuPlan
from socle.metiers.diffusion.enums import EtatLettre
from socle.metiers.diffusion.models import Article, Evenement, Lettre
from socle.metiers.diffusion.queries.parutions import PARUS

PLAN_MAX = 5_000
LOURDS = ("texte", "recherche")  # ce qu’une liste ne montre pas


def build_accueil(request: HttpRequest, sujet: Any) -> LecturePrevue[Contexte]:
    """Trois articles et les deux prochains évènements ; rien tant que rien n’est paru."""
    articles = Article.objects.filter(PARUS).order_by("-publie_le", "-id").defer(*LOURDS)
    evenements = Evenement.objects.filter(PARUS, fin__gt=timezone.now()).order_by("debut", "pk")
    return LecturePrevue(
        (articles[:3], evenements.defer(*LOURDS)[:2]),
        lambda parus, prochains: (
            {"articles": parus, "evenements": prochains} if parus or prochains else None
        ),
    )


def list_plan() -> Iterator[PageDuPlan]:
    """Rend les pages publiques de la diffusion."""
    for nom in ("actualites", "evenements", "lettres"):
        yield PageDuPlan(reverse(f"diffusion:{nom}"))
    for modele, page in ((Article, "article"), (Evenement, "evenement")):
        pages = modele.objects.filter(PARUS).order_by("-modifie_le", "pk")
        for slug, quand in pages.values_list("slug", "modifie_le")[:PLAN_MAX]:
            yield PageDuPlan(reverse(f"diffusion:{page}", args=[slug]), quand)
    lettres = Lettre.objects.exclude(etat=EtatLettre.BROUILLON).order_by("-numero")
    for numero, quand in lettres.values_list("numero", "modifie_le")[:PLAN_MAX]:
        yield PageDuPlan(reverse("diffusion:lettre", args=[numero]), quand)


ACCUEIL = Encart(ordre=60, gabarit="diffusion/_encart_accueil.html", build=build_accueil)
PAGE_EQUIPE = PageEquipe(
    ordre=80,
    titre="Diffusion",
    phrase="Actualités, lettres, évènements et contacts.",
    url="diffusion:equipe",
)
