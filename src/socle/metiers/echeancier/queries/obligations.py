"""Lire les obligations : une page de l’échéancier, une fiche, ce qui vient, ce qui est cité."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Max,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from socle.fondations.commun.ensembles import read_listes
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.referentiels.models import normalize_nom
from socle.fondations.referentiels.queries import Noms, map_territoires, plan_departements
from socle.metiers.echeancier.enums import EtatObligation, FiltreDates, Surete
from socle.metiers.echeancier.models import DateEcheance, Obligation, PublicConcerne
from socle.metiers.echeancier.queries.profils import (
    Profil,
    filter_genre,
    filter_population,
    filter_portee,
    filter_profil,
)

PAR_PAGE = 25
PUBLICS = Prefetch("publics", queryset=PublicConcerne.objects.order_by("pk"))
HISTOIRE = Prefetch("dates", queryset=DateEcheance.objects.order_by("rang"))
MOTS_MAX = 6
FICHIER_MAX = 5_000
PAS = 10_000_000  # plus que tout `date.toordinal()`


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteres:
    """Ce qu’une personne demande à l’échéancier ; tout vide montre tout.

    Attributes:
        portee: « dep-92 », « reg-11 » ; ce qui vaut pour toute la France reste.
    """

    texte: str = ""
    ministere: str = ""
    dates: str = ""
    theme: str = ""
    genre: str = ""
    population: int | None = None
    portee: tuple[str, ...] = ()
    profil: Profil | None = None

    @property
    def est_vide(self) -> bool:
        """Vrai si rien n’est demandé."""
        return self == Criteres()


def list_obligations(
    criteres: Criteres, *, aujourdhui: date, annulees: bool = False
) -> QuerySet[Obligation]:
    """Rend les obligations publiées qui répondent, avec leur `ordre`, pas encore triées."""
    etats = [EtatObligation.PUBLIEE, *([EtatObligation.ANNULEE] if annulees else [])]
    obligations = Obligation.objects.filter(
        _filter_dates(criteres.dates, aujourdhui), etat__in=etats
    )
    for champ in ("ministere", "theme"):
        if valeur := getattr(criteres, champ):
            obligations = obligations.filter(**{champ: valeur})
    if criteres.genre:
        obligations = obligations.filter(filter_genre(criteres.genre))
    if criteres.population is not None:
        obligations = obligations.filter(filter_population(criteres.population))
    if criteres.portee:
        obligations = obligations.filter(filter_portee(criteres.portee))
    if criteres.profil is not None:
        obligations = obligations.filter(filter_profil(criteres.profil))
    return search_texte(obligations, criteres.texte).annotate(ordre=_build_ordre(aujourdhui))


def search_texte(obligations: QuerySet[Obligation], texte: str) -> QuerySet[Obligation]:
    """Garde celles qui ont tous ces mots, sans accent ni casse."""
    for mot in normalize_nom(texte[:100]).split()[:MOTS_MAX]:
        obligations = obligations.filter(recherche__contains=mot)
    return obligations


def _build_ordre(aujourdhui: date) -> Case:
    """À venir au plus près d’abord, puis en vigueur au plus récent, puis permanentes."""
    return Case(
        When(surete=Surete.PERMANENTE, then=Value(3 * PAS) + F("rang")),
        When(jour__lte=aujourdhui, then=Value(2 * PAS) - F("rang")),
        default=F("rang"),
        output_field=IntegerField(),
    )


def _filter_dates(dates: str, aujourdhui: date) -> Q:
    filtres = {
        FiltreDates.A_VENIR: (Q(jour__gt=aujourdhui) | Q(jour__isnull=True))
        & ~Q(surete=Surete.PERMANENTE),
        FiltreDates.EN_VIGUEUR: Q(jour__lte=aujourdhui) | Q(surete=Surete.PERMANENTE),
        FiltreDates.ESTIMEES: Q(surete=Surete.ESTIMEE),
        FiltreDates.REPORTEES: Q(ancien_jour__isnull=False),
        FiltreDates.PERMANENTES: Q(surete=Surete.PERMANENTE),
    }
    return filtres.get(dates, Q())  # type: ignore[call-overload]


def paginate_obligations(
    criteres: Criteres,
    *,
    aujourdhui: date,
    apres: str = "",
    avant: str = "",
    taille: int = PAR_PAGE,
) -> PageDeListe:
    """Rend une page : ce qui vient d’abord, au plus près, puis le reste. Deux instructions SQL."""
    return paginate_keyset(
        list_obligations(criteres, aujourdhui=aujourdhui).prefetch_related(PUBLICS),
        cles=("ordre", "id"),
        apres=apres,
        avant=avant,
        taille=taille,
        croissant=True,
    )


def list_dernieres(criteres: Criteres, *, aujourdhui: date, nombre: int = 50) -> list[Obligation]:
    """Rend les dernières changées, pour un flux."""
    obligations = list_obligations(criteres, aujourdhui=aujourdhui).prefetch_related(PUBLICS)
    return list(obligations.order_by("-modifie_le", "-id")[:nombre])


def count_obligations(criteres: Criteres, *, aujourdhui: date) -> int:
    """Compte ce que rendraient toutes les pages."""
    return list_obligations(criteres, aujourdhui=aujourdhui).count()


def list_prochaines(
    *, aujourdhui: date, profil: Profil | None = None, nombre: int
) -> QuerySet[Obligation]:
    """Rend les prochaines dates, la plus proche d’abord, sans leurs publics."""
    a_venir = list_obligations(Criteres(profil=profil), aujourdhui=aujourdhui)
    a_venir = a_venir.filter(jour__gt=aujourdhui).exclude(surete=Surete.PERMANENTE)
    return a_venir.defer("texte", "recherche").order_by("rang", "id")[:nombre]


def plan_compte(criteres: Criteres, *, aujourdhui: date) -> QuerySet[Any, Any]:
    """Prévoit de compter ce que rendraient toutes les pages : une ligne, ou aucune."""
    trouvees = list_obligations(criteres, aujourdhui=aujourdhui).order_by()
    return trouvees.values(un=Value(1)).annotate(n=Count("pk")).values_list("n", flat=True)


def find_obligation(slug: str, *, publiee: bool = True) -> Obligation | None:
    """Trouve une obligation et toute son histoire ; une annulée reste lisible."""
    obligations = Obligation.objects.filter(slug=slug)
    if publiee:
        obligations = obligations.exclude(etat=EtatObligation.BROUILLON)
    return obligations.prefetch_related(PUBLICS, HISTOIRE).order_by("pk").first()


def read_choix() -> tuple[list[str], Noms]:
    """Rend les ministères des obligations publiées, et les territoires. Une instruction SQL."""
    publiees = Obligation.objects.filter(etat=EtatObligation.PUBLIEE).order_by("ministere")
    ministeres = publiees.values_list("ministere", flat=True).distinct()
    noms, departements = read_listes(ministeres, plan_departements())
    return noms, map_territoires(departements)


def get_fraicheur() -> tuple[datetime | None, int]:
    """Dernier changement et nombre d’obligations : ce dont dépendent toutes les pages publiques."""
    lu: dict[str, Any] = Obligation.objects.aggregate(quand=Max("modifie_le"), nombre=Count("pk"))
    return lu["quand"], lu["nombre"]


# Ce dont un simple lien n’a pas besoin.
LOURDS = ("texte", "etapes", "recherche", "resume", "reserve", "liens", "territoires")


def list_par_cle(cles: Iterable[str]) -> QuerySet[Obligation]:
    """Rend les obligations publiées de ces clés « echeance:… »."""
    slugs = [cle.partition(":")[2] for cle in cles]
    publiees = Obligation.objects.filter(slug__in=slugs, etat=EtatObligation.PUBLIEE)
    return publiees.defer(*LOURDS).order_by("slug")


def list_qui_citent(cle: str, limite: int = 50) -> QuerySet[Obligation]:
    """Rend les obligations publiées que cette solution ou cette action aide à tenir."""
    citent = Obligation.objects.filter(liens__contains=[cle], etat=EtatObligation.PUBLIEE)
    return citent.defer(*LOURDS).order_by("rang", "id")[:limite]


def list_pour_equipe(*, texte: str, etat: str, apres: str, avant: str = "") -> PageDeListe:
    """Rend une page de la liste de l’équipe, les dernières changées d’abord."""
    obligations = search_texte(Obligation.objects.all(), texte)
    if etat:
        obligations = obligations.filter(etat=etat)
    return paginate_keyset(
        obligations, cles=("modifie_le", "id"), apres=apres, avant=avant, taille=50
    )


def count_par_etat() -> dict[str, int]:
    """Nombre d’obligations par état."""
    lignes = Obligation.objects.values("etat").annotate(n=Count("pk")).order_by("etat")
    return {ligne["etat"]: ligne["n"] for ligne in lignes}


def restrict(criteres: Criteres, profil: Profil | None) -> Criteres:
    """Rend les mêmes critères, pour une collectivité."""
    return replace(criteres, profil=profil)
