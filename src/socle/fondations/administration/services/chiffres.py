"""Chiffres d’usage de toute l’installation, mois par mois depuis le premier."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from socle.fondations.administration.enums import FaitMesure
from socle.fondations.administration.models import MesureInstallation
from socle.fondations.administration.ports import Chiffre, chiffres
from socle.fondations.commun.locataire import operateur
from socle.fondations.comptes.models import CompteurConnexion
from socle.fondations.comptes.ports import profils

CONNEXIONS, RELIES = "Connexions", "Comptes reliés"
MOIS_MONTRES = 12


@dataclass(frozen=True, slots=True)
class Total:
    """Total d’une mesure : les douze derniers mois, et depuis le premier jour."""

    libelle: str
    annee: int
    total: int


@dataclass(frozen=True, slots=True)
class Tableau:
    """Ce que montre la page : une ligne par mois, puis les totaux par mesure et par détail."""

    colonnes: list[str]
    mois: list[tuple[date, list[tuple[str, int]]]]
    totaux: dict[str, list[Total]] = field(default_factory=dict)


def list_chiffres(aujourdhui: date) -> list[Chiffre]:
    """Rend tous les chiffres, du mois le plus ancien au plus récent.

    Collectivités et démarches : nombre à la fin du mois. Le reste : ce qui s’est passé dans le
    mois. Le mois courant va jusqu’à aujourd’hui.
    """
    with operateur():
        lus = [*_iter_stocks(aujourdhui), *_iter_connexions()]
        for code in chiffres:
            lus += chiffres[code]()
    return sorted(lus, key=lambda c: (c.mois, c.mesure, c.detail))


def build_tableau(lus: Iterable[Chiffre], aujourdhui: date) -> Tableau:
    """Range les chiffres pour la page ; une mesure sans détail n’a pas de totaux à part."""
    par_mois: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    totaux: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    montres = set(_list_mois(aujourdhui, MOIS_MONTRES))
    for chiffre in lus:
        par_mois[chiffre.mois][chiffre.mesure] += chiffre.nombre
        if chiffre.detail:
            cumul = totaux[chiffre.mesure][chiffre.detail]
            cumul[0] += chiffre.nombre if chiffre.mois in montres else 0
            cumul[1] += chiffre.nombre
    premieres = [str(fait.label) for fait in FaitMesure]
    autres = sorted({mesure for nombres in par_mois.values() for mesure in nombres})
    colonnes = [*premieres, *(mesure for mesure in autres if mesure not in premieres)]
    return Tableau(
        colonnes=colonnes,
        mois=[
            (mois, [(colonne, par_mois[mois][colonne]) for colonne in colonnes])
            for mois in sorted(par_mois, reverse=True)
            if mois in montres
        ],
        totaux={
            mesure: [Total(detail, *cumul) for detail, cumul in sorted(details.items())]
            for mesure, details in sorted(totaux.items())
        },
    )


def _iter_stocks(aujourdhui: date) -> Iterator[Chiffre]:
    """Nombre à la fin de chaque mois, du premier changement à aujourd’hui."""
    for fait in FaitMesure:
        jours = MesureInstallation.objects.filter(fait=fait, jour__lte=aujourdhui)
        ecarts: dict[date, int] = defaultdict(int)
        for jour, nombre in jours.order_by("jour").values_list("jour", "nombre"):
            ecarts[jour.replace(day=1)] += nombre
        if not ecarts:
            continue
        total = 0
        nombre_de_mois = _count_mois(min(ecarts), aujourdhui)
        for mois in reversed(_list_mois(aujourdhui, nombre_de_mois)):
            total += ecarts[mois]
            yield Chiffre(mois=mois, mesure=str(fait.label), nombre=total)


def _iter_connexions() -> Iterator[Chiffre]:
    lignes = (
        CompteurConnexion.objects.values_list("mois", "profil")
        .annotate(connues=Sum("connexions"), neuves=Sum("nouveaux"))
        .order_by("mois", "profil")
    )
    for mois, code, connues, neuves in lignes:
        profil = profils.get(code)
        nom = profil.nom if profil else code
        yield Chiffre(mois=mois, mesure=CONNEXIONS, detail=nom, nombre=connues)
        yield Chiffre(mois=mois, mesure=RELIES, detail=nom, nombre=neuves)


def _count_mois(premier: date, dernier: date) -> int:
    return (dernier.year - premier.year) * 12 + dernier.month - premier.month + 1


def _list_mois(aujourdhui: date, nombre: int) -> list[date]:
    """Premiers jours des derniers mois, le courant d’abord."""
    rang = aujourdhui.year * 12 + aujourdhui.month - 1
    return [date(m // 12, m % 12 + 1, 1) for m in range(rang, rang - nombre, -1)]
