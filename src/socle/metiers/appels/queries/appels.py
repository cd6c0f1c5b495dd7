"""Lire les appels : une page, une fiche, ce qui clôt bientôt, ce qui est cité."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.referentiels.models import normalize_nom
from socle.fondations.referentiels.queries import Profil
from socle.metiers.appels.enums import PUBLICS, EtatAppel, FiltreDates, Surete
from socle.metiers.appels.models import Appel, DateAppel
from socle.metiers.appels.queries.lignes import BIENTOT

PAR_PAGE = 20
MOTS_MAX = 6
FICHIER_MAX = 2_000
MOIS_MONTRES = 8
PAS = 10_000_000  # plus que tout `date.toordinal()`
HISTOIRE = Prefetch("dates", queryset=DateAppel.objects.order_by("rang"))
LOURDS = ("texte", "qui", "comment", "recherche")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteres:
    """Ce qu’une personne demande ; tout vide montre tout."""

    texte: str = ""
    theme: str = ""
    genre: str = ""
    dates: str = ""
    portee: tuple[str, ...] = ()
    autorite: str = ""
    profil: Profil | None = None


def list_appels(criteres: Criteres, *, aujourdhui: date) -> QuerySet[Appel]:
    """Rend les appels publics qui répondent, avec leur `ordre`, pas encore triés."""
    appels = Appel.objects.filter(filter_dates(criteres.dates, aujourdhui), etat__in=PUBLICS)
    if criteres.theme:
        appels = appels.filter(Q(themes=[]) | Q(themes__contains=[criteres.theme]))
    if criteres.genre:
        appels = appels.filter(genre=criteres.genre)
    if criteres.portee:
        appels = appels.filter(filter_portee(criteres.portee))
    if criteres.autorite:
        appels = appels.filter(Q(genres=[]) | Q(genres__contains=[criteres.autorite]))
    if criteres.profil is not None:
        appels = appels.filter(filter_profil(criteres.profil))
    return search_texte(appels, criteres.texte).annotate(ordre=_build_ordre(aujourdhui))


def search_texte(appels: QuerySet[Appel], texte: str) -> QuerySet[Appel]:
    """Garde ceux qui ont tous ces mots, sans accent ni casse."""
    for mot in normalize_nom(texte[:100]).split()[:MOTS_MAX]:
        appels = appels.filter(recherche__contains=mot)
    return appels


def filter_portee(portee: Iterable[str]) -> Q:
    """Appels de toute la France, ou d’un de ces territoires."""
    return Q(territoires=[]) | Q(territoires__overlap=list(portee))


def filter_profil(profil: Profil) -> Q:
    """Appels auxquels cette collectivité peut répondre ; une population inconnue n’écarte rien."""
    sien = filter_portee(profil.territoires) & (Q(genres=[]) | Q(genres__contains=[profil.genre]))
    if profil.population is None:
        return sien
    return (
        sien
        & (Q(population_min__isnull=True) | Q(population_min__lte=profil.population))
        & (Q(population_max__isnull=True) | Q(population_max__gte=profil.population))
    )


def filter_ouverts(aujourdhui: date) -> Q:
    """Relayés, et dont le dernier jour connu n’est pas passé."""
    passes = Q(surete=Surete.CONNUE, cloture__lt=aujourdhui)
    return Q(etat=EtatAppel.RELAYE) & ~passes


def filter_dates(dates: str, aujourdhui: date) -> Q:
    """Rend le filtre d’un choix de `FiltreDates` ; tout pour un choix vide ou inconnu."""
    ouverts = filter_ouverts(aujourdhui)
    bientot = Q(cloture__gte=aujourdhui, cloture__lte=aujourdhui + BIENTOT)
    filtres = {
        FiltreDates.OUVERTS: ouverts & (Q(ouverture__isnull=True) | Q(ouverture__lte=aujourdhui)),
        FiltreDates.BIENTOT: ouverts & bientot,
        FiltreDates.A_VENIR: ouverts & Q(ouverture__gt=aujourdhui),
        FiltreDates.REPORTES: Q(ancienne_cloture__isnull=False),
        FiltreDates.CLOS: ~ouverts,
    }
    return filtres.get(dates, Q())  # type: ignore[call-overload]


def _build_ordre(aujourdhui: date) -> Case:
    """Ce qui clôt le plus tôt d’abord, puis sans jour, puis les clos, le plus récent d’abord."""
    return Case(
        When(etat=EtatAppel.CLOS, then=Value(2 * PAS) - F("rang")),
        When(surete=Surete.CONNUE, cloture__lt=aujourdhui, then=Value(2 * PAS) - F("rang")),
        default=F("rang"),
        output_field=IntegerField(),
    )


def paginate_appels(
    criteres: Criteres, *, aujourdhui: date, apres: str = "", avant: str = ""
) -> PageDeListe:
    """Rend une page d’appels, le plus pressé d’abord. Une instruction SQL."""
    return paginate_keyset(
        list_appels(criteres, aujourdhui=aujourdhui).defer(*LOURDS), cles=("ordre", "id"),
        apres=apres, avant=avant, taille=PAR_PAGE, croissant=True,
    )  # fmt: skip


def count_appels(criteres: Criteres, *, aujourdhui: date) -> int:
    return list_appels(criteres, aujourdhui=aujourdhui).count()


def count_par_mois(criteres: Criteres, *, aujourdhui: date) -> list[tuple[date, int]]:
    """Compte les clôtures à venir, mois par mois. Une instruction SQL."""
    datees = list_appels(criteres, aujourdhui=aujourdhui).filter(
        filter_ouverts(aujourdhui), cloture__gte=aujourdhui
    )
    mois = datees.annotate(mois=TruncMonth("cloture")).values("mois").annotate(n=Count("pk"))
    return [(ligne["mois"], ligne["n"]) for ligne in mois.order_by("mois")[:MOIS_MONTRES]]


def list_toutes(criteres: Criteres, *, aujourdhui: date) -> list[Appel]:
    """Rend les premiers appels, dans l’ordre des pages : fichiers ouverts."""
    appels = list_appels(criteres, aujourdhui=aujourdhui)
    return list(appels.order_by(F("ordre"), "id")[:FICHIER_MAX])


def list_datees(criteres: Criteres, *, aujourdhui: date) -> list[Appel]:
    """Rend ce qui a un jour de clôture, pour un agenda."""
    appels = list_appels(criteres, aujourdhui=aujourdhui).filter(cloture__isnull=False)
    return list(appels.defer(*LOURDS).order_by("rang", "id")[:FICHIER_MAX])


def list_derniers(criteres: Criteres, *, aujourdhui: date, nombre: int = 50) -> list[Appel]:
    """Rend les derniers relayés, pour un flux."""
    appels = list_appels(criteres, aujourdhui=aujourdhui)
    return list(appels.order_by("-relaye_le", "-id")[:nombre])


def list_proches(*, aujourdhui: date, nombre: int, profil: Profil | None = None) -> QuerySet[Appel]:
    """Rend les appels ouverts qui clôturent le plus tôt."""
    criteres = Criteres(dates=FiltreDates.OUVERTS, profil=profil)
    appels = list_appels(criteres, aujourdhui=aujourdhui).defer(*LOURDS)
    return appels.order_by("rang", "id")[:nombre]


def find_appel(slug: str, *, public: bool = True) -> Appel | None:
    """Trouve un appel et l’histoire de sa clôture. Un appel réuni à un autre reste trouvé."""
    appels = Appel.objects.filter(slug=slug)
    if public:
        appels = appels.filter(Q(etat__in=PUBLICS) | Q(reuni_dans__etat__in=PUBLICS))
    lus = appels.select_related("reuni_dans", "ressemble", "propose_par")
    return lus.prefetch_related(HISTOIRE).order_by("pk").first()


def get_fraicheur() -> tuple[datetime | None, int]:
    """Dernier changement et nombre d’appels."""
    lu: dict[str, Any] = Appel.objects.aggregate(quand=Max("modifie_le"), nombre=Count("pk"))
    return lu["quand"], lu["nombre"]


def list_pour_equipe(
    *, texte: str, etat: str, doubles: bool, apres: str, avant: str
) -> PageDeListe:
    """Rend une page de la liste de l’équipe, les derniers changés d’abord."""
    appels = search_texte(Appel.objects.all(), texte).defer(*LOURDS)
    if etat:
        appels = appels.filter(etat=etat)
    if doubles:
        appels = appels.filter(ressemble__isnull=False)
    return paginate_keyset(appels, cles=("modifie_le", "id"), apres=apres, avant=avant, taille=50)


def count_par_etat() -> dict[str, int]:
    """Nombre d’appels par état, et de doubles probables sous « doubles »."""
    lignes = Appel.objects.values("etat").annotate(n=Count("pk"), d=Count("ressemble"))
    lues = list(lignes.order_by("etat"))
    return {ligne["etat"]: ligne["n"] for ligne in lues} | {"doubles": sum(x["d"] for x in lues)}


def list_propositions(compte_id: int, nombre: int = 30) -> list[Appel]:
    """Ce qu’une personne a proposé, le dernier d’abord."""
    siennes = Appel.objects.filter(propose_par=compte_id).defer(*LOURDS)
    return list(siennes.select_related("reuni_dans").order_by("-pk")[:nombre])
