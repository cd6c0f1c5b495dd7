"""Ce que les appels posent sur l’accueil du programme et sur la page d’une collectivité."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Encart
from socle.fondations.commun.plan import PageDuPlan
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.queries import describe_autorite
from socle.metiers.appels.enums import PUBLICS
from socle.metiers.appels.models import Appel, Octroi
from socle.metiers.appels.queries.appels import list_proches
from socle.metiers.appels.queries.lignes import build_ligne
from socle.metiers.appels.queries.octrois import list_publics
from socle.metiers.appels.views.octrois import describe_ligne

MONTRES = 3
PLAN_MAX = 5_000


def build_accueil(request: HttpRequest, sujet: Any) -> LecturePrevue[dict[str, Any] | None]:
    """« Répondre à un appel » : les trois clôtures les plus proches."""
    aujourdhui = timezone.localdate()

    def build(appels: list[Appel]) -> dict[str, Any] | None:
        return {"lignes": [build_ligne(a, aujourdhui, {}) for a in appels]} if appels else None

    return LecturePrevue((list_proches(aujourdhui=aujourdhui, nombre=MONTRES),), build)


def build_autorite(request: HttpRequest, sujet: Any) -> LecturePrevue[dict[str, Any] | None] | None:
    """Les appels auxquels elle peut répondre, et ce qui lui a été accordé."""
    if not isinstance(sujet, Autorite):
        return None
    aujourdhui, profil = timezone.localdate(), describe_autorite(sujet)

    def build(appels: list[Appel], octrois: list[Octroi]) -> dict[str, Any] | None:
        contexte = {
            "autorite": sujet,
            "lignes": [build_ligne(appel, aujourdhui, {}) for appel in appels],
            "octrois": [describe_ligne(octroi) for octroi in octrois],
        }
        return contexte if appels or octrois else None

    siens = list_publics().filter(autorite=sujet.cle).defer("bilan")
    return LecturePrevue(
        (
            list_proches(aujourdhui=aujourdhui, nombre=MONTRES, profil=profil),
            siens.order_by("-decide_le", "-pk")[:MONTRES],
        ),
        build,
    )


def list_plan() -> Iterator[PageDuPlan]:
    """Rend les pages publiques des appels."""
    for nom in ("liste", "octrois"):
        yield PageDuPlan(reverse(f"appels:{nom}"))
    publics = Appel.objects.filter(etat__in=PUBLICS).order_by("-modifie_le", "pk")
    for slug, quand in publics.values_list("slug", "modifie_le")[:PLAN_MAX]:
        yield PageDuPlan(reverse("appels:fiche", args=[slug]), quand)


ACCUEIL = Encart(ordre=50, gabarit="appels/_encart_accueil.html", build=build_accueil)
AUTORITE = Encart(ordre=40, gabarit="appels/_encart_autorite.html", build=build_autorite)
