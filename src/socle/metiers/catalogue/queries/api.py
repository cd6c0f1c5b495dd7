"""Lire les API et leurs cas d’usage."""

from collections.abc import Mapping

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from socle.fondations.commun.fiches import Fiche, Groupe
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.models import Api, CasUsage, UsageApi

TAILLE_PAGE = 30


def list_apis(texte: str = "", acces: str = "", *, apres: str = "", avant: str = "") -> PageDeListe:
    """API par nom."""
    apis = Api.objects.all()
    if acces:
        apis = apis.filter(acces=acces)
    for mot in normalize_nom(texte).split()[:8]:
        apis = apis.filter(nom_tri__contains=mot)
    return paginate_keyset(apis, cles=("nom_tri", "id"), apres=apres, avant=avant,
                           taille=TAILLE_PAGE, croissant=True)  # fmt: skip


def list_cas() -> "QuerySet[CasUsage]":
    """Cas d’usage par titre, avec les API de chacun : deux instructions."""
    usages = UsageApi.objects.select_related("api").order_by("api__nom_tri")
    return CasUsage.objects.prefetch_related(Prefetch("usages", usages)).order_by("titre")


def find_api(slug: str) -> Api | None:
    usages = UsageApi.objects.select_related("cas").order_by("cas__titre")
    return Api.objects.filter(slug=slug).prefetch_related(Prefetch("usages", usages)).first()


def find_cas(slug: str) -> CasUsage | None:
    return list_cas().filter(slug=slug).first()


def build_fiche(api: Api) -> Fiche:
    return Fiche(api.cle, api.nom, reverse("catalogue:api", args=[api.slug]), api.phrase)


def build_fiche_cas(cas: CasUsage) -> Fiche:
    return Fiche(cas.cle, cas.titre, reverse("catalogue:cas", args=[cas.slug]), cas.demarche)


def resolve_apis(cles: list[str]) -> Mapping[str, Fiche]:
    """Fiches des clés « api:… », en une instruction."""
    slugs = [cle.partition(":")[2] for cle in cles]
    return {api.cle: build_fiche(api) for api in Api.objects.filter(slug__in=slugs).order_by("id")}


def resolve_cas(cles: list[str]) -> Mapping[str, Fiche]:
    """Fiches des clés « cas:… », en une instruction."""
    slugs = [cle.partition(":")[2] for cle in cles]
    lus = CasUsage.objects.filter(slug__in=slugs).order_by("id")
    return {cas.cle: build_fiche_cas(cas) for cas in lus}


def search_apis(texte: str) -> Groupe:
    """Vingt API au plus pour une recherche publique."""
    fiches = [build_fiche(api) for api in list_apis(texte).lignes[:20]]
    return Groupe("API", tuple(fiches))
