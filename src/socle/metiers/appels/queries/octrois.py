"""Lire les octrois : une liste, une fiche, les chiffres publics."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Prefetch, QuerySet, Sum
from django.db.models.functions import ExtractYear

from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.referentiels.models import Autorite
from socle.metiers.appels.enums import EtatOctroi
from socle.metiers.appels.models import (
    JustificatifOctroi,
    Octroi,
    Recuperation,
    VersementOctroi,
)

PAR_PAGE = 30
FICHIER_MAX = 20_000
BARRES_MAX = 12
DETAILS = (
    Prefetch("versements", queryset=VersementOctroi.objects.order_by("rang")),
    Prefetch("justificatifs", queryset=JustificatifOctroi.objects.order_by("rang")),
    Prefetch("recuperations", queryset=Recuperation.objects.order_by("le", "pk")),
)


@dataclass(frozen=True, slots=True)
class Total:
    """Sommes d’un groupe d’octrois, en euros."""

    nom: str
    cle: str
    nombre: int
    montant: Decimal
    verse: Decimal
    recupere: Decimal


def list_publics() -> QuerySet[Octroi]:
    """Octrois montrés à tous : ni annulés."""
    return Octroi.objects.exclude(etat=EtatOctroi.ANNULE)


def sum_tout() -> dict[str, Any]:
    """Rend nombre, collectivités, montant, versé, rendu, et les fictifs. Une instruction SQL."""
    return list_publics().aggregate(
        nombre=Count("pk"), collectivites=Count("autorite", distinct=True),
        montant=Sum("montant", default=0), verse=Sum("verse", default=0),
        recupere=Sum("recupere", default=0), quand=Max("modifie_le"),
    )  # fmt: skip


def sum_par_annee() -> list[Total]:
    """Sommes par année de décision, la plus récente d’abord. Une instruction SQL."""
    lignes = list_publics().annotate(annee=ExtractYear("decide_le")).values("annee")
    return [
        Total(str(x["annee"]), "", x["nombre"], x["m"], x["v"], x["r"])
        for x in _sum(lignes).order_by("-annee")[:BARRES_MAX]
    ]


def sum_par_autorite() -> list[Total]:
    """Les collectivités qui ont reçu le plus. Une instruction SQL."""
    lignes = list_publics().values("autorite").annotate(nom=Max("autorite_nom"))
    return [
        Total(x["nom"], x["autorite"], x["nombre"], x["m"], x["v"], x["r"])
        for x in _sum(lignes).order_by("-m", "autorite")[:BARRES_MAX]
    ]


def _sum(lignes: Any) -> Any:
    return lignes.annotate(nombre=Count("pk"), m=Sum("montant"), v=Sum("verse"), r=Sum("recupere"))


def paginate_publics(*, autorite: str, apres: str, avant: str) -> PageDeListe:
    """Rend une page d’octrois, le dernier décidé d’abord."""
    octrois = list_publics().filter(**({"autorite": autorite} if autorite else {}))
    return paginate_keyset(
        octrois, cles=("decide_le", "id"), apres=apres, avant=avant, taille=PAR_PAGE
    )


def paginate_equipe(*, texte: str, etat: str, apres: str, avant: str) -> PageDeListe:
    """Rend une page pour l’équipe, le dernier décidé d’abord."""
    octrois = Octroi.objects.defer("bilan")
    if texte:
        octrois = octrois.filter(titre__icontains=texte) | octrois.filter(
            autorite_nom__icontains=texte
        )
    if etat:
        octrois = octrois.filter(etat=etat)
    return paginate_keyset(
        octrois, cles=("decide_le", "id"), apres=apres, avant=avant, taille=PAR_PAGE
    )


def list_scdl() -> list[Octroi]:
    """Octrois à publier en données ouvertes : les vrais, dans l’ordre des décisions."""
    vrais = list_publics().filter(fictif=False).defer("bilan")
    return list(vrais.prefetch_related(DETAILS[0]).order_by("-decide_le", "-pk")[:FICHIER_MAX])


def find_octroi(pk: int, *, autorite: str = "") -> Octroi | None:
    """Trouve un octroi et tout ce qui s’y rattache ; seulement le sien si `autorite` est donnée."""
    octrois = Octroi.objects.filter(pk=pk)
    if autorite:
        octrois = octrois.filter(autorite=autorite)
    return octrois.prefetch_related(*DETAILS).order_by("pk").first()


def list_de_autorite(autorite: str, limite: int = 200) -> list[Octroi]:
    """Rend les octrois d’une collectivité, annulés compris, le dernier d’abord."""
    siens = Octroi.objects.filter(autorite=autorite).defer("bilan")
    return list(siens.prefetch_related(DETAILS[1]).order_by("-decide_le", "-pk")[:limite])


def count_par_etat() -> dict[str, int]:
    """Nombre d’octrois par état."""
    lignes = Octroi.objects.values("etat").annotate(n=Count("pk")).order_by("etat")
    return {ligne["etat"]: ligne["n"] for ligne in lignes}


def map_sirens(cles: list[str]) -> dict[str, str]:
    """Rend le SIREN de ces collectivités."""
    return dict(Autorite.objects.filter(cle__in=cles).order_by("cle").values_list("cle", "siren"))
