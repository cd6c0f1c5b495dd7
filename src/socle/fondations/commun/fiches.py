"""Relier des objets de métiers qui s’ignorent : chacun se nomme par une clé, « solution:tchap ».

Une table garde les clés des autres ; l’affichage demande ici leurs titres et leurs adresses. Un
métier peut aussi dire lesquels de ses objets parlent d’une clé, ou ce que trouve une recherche.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from socle.fondations.commun.adresses import from_installation
from socle.fondations.commun.ensembles import LecturePrevue, read_ensemble
from socle.fondations.commun.registre import Registre


@dataclass(frozen=True, slots=True)
class Fiche:
    """Ce qu’une page montre d’un objet d’ailleurs : un lien, et une ligne qui le situe."""

    cle: str
    titre: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Groupe:
    """Fiches de même sorte, sous un titre : « Décisions », « Retours d’expérience »."""

    titre: str
    fiches: tuple[Fiche, ...]


Contexte = dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Encart:
    """Morceau de page qu’un métier prête à la page d’un autre.

    Attributes:
        ordre: place dans la page, du plus petit au plus grand.
        gabarit: gabarit rendu dans la page.
        build: rend le contexte du gabarit, ou None quand il n’y a rien à montrer, ou bien la
            lecture prévue qui le dira ; le sujet est l’objet de la page, None sur l’accueil.
    """

    ordre: int
    gabarit: str
    build: "Callable[[HttpRequest, Any], Contexte | LecturePrevue[Contexte]]"


@dataclass(frozen=True, slots=True)
class PageEquipe:
    """Entrée de l’espace de l’équipe du programme : « Échéancier », ses obligations à tenir."""

    ordre: int
    titre: str
    phrase: str
    url: str  # nom d’adresse, « echeancier:equipe »


# Un métier rend ce qu’il a lu, ou sa lecture prévue : celles-ci se font toutes en une instruction.
FichesLues = Mapping[str, Fiche] | LecturePrevue[Mapping[str, Fiche]]
GroupeLu = Groupe | LecturePrevue[Groupe]

# Préfixe de la clé → fiches publiques de ces clés.
fiches: Registre[Callable[[list[str]], FichesLues]] = Registre("fiches")
# Métier → ses fiches publiques qui citent cette clé.
rappels: Registre[Callable[[str], GroupeLu]] = Registre("rappels")
# Métier → ce que trouve une recherche publique, vingt fiches au plus.
recherches: Registre[Callable[[str], GroupeLu]] = Registre("recherches")
# Encarts de l’accueil du programme, et de la page d’une collectivité.
encarts_accueil: Registre[Encart] = Registre("encarts de l’accueil")
encarts_autorite: Registre[Encart] = Registre("encarts d’une collectivité")
# Pages où l’équipe du programme écrit, sous `/equipe/`.
pages_equipe: Registre[PageEquipe] = Registre("pages de l’équipe")


def plan_fiches(
    lignes: "QuerySet[Any, Any]", describe: Callable[[Any], Fiche]
) -> LecturePrevue[Mapping[str, Fiche]]:
    """Prévoit la lecture de fiches par leurs clés."""
    return LecturePrevue((lignes,), lambda lues: {f.cle: f for f in map(describe, lues)})


def plan_groupe(
    titre: str, lignes: "QuerySet[Any, Any]", describe: Callable[[Any], Fiche]
) -> LecturePrevue[Groupe]:
    """Prévoit la lecture d’un groupe de fiches."""
    return LecturePrevue((lignes,), lambda lues: Groupe(titre, tuple(map(describe, lues))))


def map_fiches(cles: Iterable[str]) -> dict[str, Fiche]:
    """Rend les fiches de ces clés, dans leur ordre ; une clé inconnue ou retirée est omise.

    Une instruction SQL, quels que soient les clés et leurs préfixes. Leurs adresses sont celles de
    l’installation, même lues depuis la page d’une collectivité.
    """
    demandees = list(dict.fromkeys(cles))
    par_prefixe: dict[str, list[str]] = {}
    for cle in demandees:
        par_prefixe.setdefault(cle.partition(":")[0], []).append(cle)
    trouvees: dict[str, Fiche] = {}
    with from_installation():
        connus = [prefixe for prefixe in sorted(par_prefixe) if prefixe in fiches]
        for lues in _gather([fiches[prefixe](par_prefixe[prefixe]) for prefixe in connus]):
            trouvees |= lues
    return {cle: trouvees[cle] for cle in demandees if cle in trouvees}


def list_rappels(cle: str, *, metiers: Iterable[str] | None = None, sauf: str = "") -> list[Groupe]:
    """Rend ce qui, ailleurs, cite cette clé ; une instruction SQL pour tous les métiers.

    Args:
        metiers: seulement ceux-là, s’ils sont installés.
        sauf: métier à ne pas interroger.
    """
    return map_rappels([cle], metiers=metiers, sauf=sauf)[cle]


def map_rappels(
    cles: Iterable[str], *, metiers: Iterable[str] | None = None, sauf: str = ""
) -> dict[str, list[Groupe]]:
    """Rend ce qui, ailleurs, cite chacune de ces clés ; une instruction SQL pour toutes."""
    voulus = rappels if metiers is None else [code for code in metiers if code in rappels]
    codes = [code for code in voulus if code != sauf]
    demandees = list(cles)
    with from_installation():
        groupes = iter(_gather([rappels[code](cle) for cle in demandees for code in codes]))
    return {
        cle: [groupe for groupe in (next(groupes) for _ in codes) if groupe.fiches]
        for cle in demandees
    }


def search_partout(texte: str) -> list[Groupe]:
    """Cherche dans tous les métiers qui s’y prêtent ; rien sous deux signes."""
    propre = texte.strip()[:100]
    if len(propre) < 2:
        return []
    with from_installation():
        groupes = _gather([recherches[code](propre) for code in recherches])
    return [groupe for groupe in groupes if groupe.fiches]


def _gather(demandes: Sequence[Any]) -> list[Any]:
    """Rend les résultats dans leur ordre ; les lectures prévues se font en une instruction."""
    faites = iter(read_ensemble([d for d in demandes if isinstance(d, LecturePrevue)]))
    return [next(faites) if isinstance(d, LecturePrevue) else d for d in demandes]


def build_encarts(
    registre: Registre[Encart], request: HttpRequest, sujet: Any = None
) -> list[dict[str, Any]]:
    """Rend les encarts d’une page dans leur ordre : `{"gabarit": …, **contexte}`.

    Une instruction SQL pour tous ceux qui prévoient leur lecture.
    """
    prets = sorted((registre[code] for code in registre), key=lambda encart: encart.ordre)
    contextes = _gather([encart.build(request, sujet) for encart in prets])
    return [
        {"gabarit": encart.gabarit, **contexte}
        for encart, contexte in zip(prets, contextes, strict=True)
        if contexte
    ]


def list_pages_equipe() -> list[PageEquipe]:
    """Rend les sections de l’espace de l’équipe, dans leur ordre."""
    return sorted((pages_equipe[code] for code in pages_equipe), key=lambda page: page.ordre)
