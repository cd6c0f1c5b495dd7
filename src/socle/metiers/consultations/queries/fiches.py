"""Ce que les consultations prêtent aux autres : fiches, rappels, recherche, encarts, mesures."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import (
    Encart,
    Fiche,
    Groupe,
    PageEquipe,
    plan_fiches,
    plan_groupe,
)
from socle.fondations.commun.mesures import Mesure
from socle.fondations.commun.plan import PageDuPlan
from socle.metiers.consultations.enums import EtatReponse
from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.queries.campagnes import (
    filter_citant,
    list_publiques,
    search_publiques,
    split_moments,
)

TITRE = "Consultations et appels"
RAPPELS_MAX = 20


def resolve_campagnes(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Clé → fiche des campagnes publiques."""
    slugs = [cle.partition(":")[2] for cle in cles]
    return plan_fiches(list_publiques().filter(slug__in=slugs), build_fiche)


def list_rappels_de(cle: str) -> LecturePrevue[Groupe]:
    return plan_groupe(TITRE, filter_citant(cle)[:RAPPELS_MAX], build_fiche)


def search(texte: str) -> Groupe:
    return Groupe(TITRE, tuple(build_fiche(c) for c in search_publiques(texte.split())))


def build_fiche(campagne: Campagne) -> Fiche:
    url = build_chemin_installation("consultations:campagne", campagne.slug)
    return Fiche(campagne.cle, campagne.titre, url, campagne.get_genre_display())


def build_accueil(request: HttpRequest, sujet: Any) -> dict[str, Any] | None:
    """Les campagnes ouvertes, la plus pressée d’abord ; rien s’il n’y en a pas."""
    maintenant = timezone.now()
    ouvertes = split_moments(list(list_publiques().filter(ferme_le__gt=maintenant)), maintenant)[
        "ouverte"
    ][:3]
    return {"campagnes": ouvertes} if ouvertes else None


def list_plan() -> Iterator[PageDuPlan]:
    """Les pages publiques des consultations."""
    yield PageDuPlan(reverse("consultations:liste"))
    for slug, quand in list_publiques().values_list("slug", "modifie_le")[:5_000]:
        yield PageDuPlan(reverse("consultations:campagne", args=[slug]), quand)


def count_campagnes(jour: date) -> Decimal:
    """Campagnes publiées à ce jour, hors exemples fictifs."""
    publiees = list_publiques().filter(publiee_le__date__lte=jour, fictif=False)
    return Decimal(publiees.count())


def count_reponses(jour: date) -> Decimal:
    """Réponses déposées à ce jour, effacées ensuite ou non, hors exemples fictifs."""
    deposees = Reponse.objects.filter(
        etat=EtatReponse.DEPOSEE, depose_le__date__lte=jour, campagne__fictif=False
    )
    return Decimal(deposees.count())


ACCUEIL = Encart(ordre=55, gabarit="consultations/_encart_accueil.html", build=build_accueil)
PAGE_EQUIPE = PageEquipe(
    ordre=70,
    titre="Consultations",
    phrase="Questionnaires, appels à contributions, AMI et appels à projets.",
    url="consultations:equipe",
)
MESURES = {
    "consultations.campagnes": Mesure(
        "Consultations et appels publiés", "campagnes",
        "Questionnaires et appels publiés par le programme ; les exemples fictifs ne comptent"
        " pas.", count_campagnes,
    ),
    "consultations.reponses": Mesure(
        "Réponses aux consultations", "réponses",
        "Réponses déposées et non retirées ; les exemples fictifs ne comptent pas.",
        count_reponses,
    ),
}  # fmt: skip
