"""Lire les API et leurs cas d’usage."""

from collections.abc import Mapping

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Fiche, Groupe, plan_fiches, plan_groupe
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.models import Api, CasUsage, UsageApi
from socle.metiers.catalogue.ports import DemarchePubliee, annuaires_demarches

TAILLE_PAGE = 30


def list_apis(texte: str = "", acces: str = "", *, apres: str = "", avant: str = "") -> PageDeListe:
    """API par nom."""
    apis = Api.objects.all()
    if acces:
        apis = apis.filter(acces=acces)
    return paginate_keyset(_filter_mots(apis, texte), cles=("nom_tri", "id"), apres=apres,
                           avant=avant, taille=TAILLE_PAGE, croissant=True)  # fmt: skip


def _filter_mots(apis: QuerySet[Api], texte: str) -> QuerySet[Api]:
    for mot in normalize_nom(texte).split()[:8]:
        apis = apis.filter(nom_tri__contains=mot)
    return apis


def list_cas() -> "QuerySet[CasUsage]":
    """Cas d’usage par titre, avec les API de chacun : deux instructions."""
    usages = UsageApi.objects.select_related("api").order_by("api__nom_tri")
    return CasUsage.objects.prefetch_related(Prefetch("usages", usages)).order_by("titre")


def find_api(slug: str) -> Api | None:
    usages = UsageApi.objects.select_related("cas").order_by("cas__titre")
    return Api.objects.filter(slug=slug).prefetch_related(Prefetch("usages", usages)).first()


def list_demarches(api: Api) -> list[DemarchePubliee]:
    """Démarches publiées en ce moment qui se servent d’une API, les premières seulement."""
    if not api.demarches_nommees:
        return []
    return [
        demarche
        for code in annuaires_demarches
        for demarche in annuaires_demarches[code](api.demarches_nommees)
    ]


def find_cas(slug: str) -> CasUsage | None:
    return list_cas().filter(slug=slug).first()


def build_fiche(api: Api) -> Fiche:
    return Fiche(api.cle, api.nom, reverse("catalogue:api", args=[api.slug]), api.phrase)


def build_fiche_cas(cas: CasUsage) -> Fiche:
    return Fiche(cas.cle, cas.titre, reverse("catalogue:cas", args=[cas.slug]), cas.demarche)


def resolve_apis(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Fiches des clés « api:… »."""
    slugs = [cle.partition(":")[2] for cle in cles]
    return plan_fiches(Api.objects.filter(slug__in=slugs).order_by("id"), build_fiche)


def resolve_cas(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Fiches des clés « cas:… »."""
    slugs = [cle.partition(":")[2] for cle in cles]
    return plan_fiches(CasUsage.objects.filter(slug__in=slugs).order_by("id"), build_fiche_cas)


def search_apis(texte: str) -> LecturePrevue[Groupe]:
    """Vingt API au plus pour une recherche publique."""
    lues = _filter_mots(Api.objects.all(), texte).order_by("nom_tri", "id")
    return plan_groupe("API", lues[:20], build_fiche)
