"""Relier des objets de métiers qui s’ignorent : chacun se nomme par une clé, « solution:tchap ».

Une table garde les clés des autres ; l’affichage demande ici leurs titres et leurs adresses. Un
métier peut aussi dire lesquels de ses objets parlent d’une clé, ou ce que trouve une recherche.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from socle.fondations.commun.adresses import from_installation
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


@dataclass(frozen=True, slots=True)
class Encart:
    """Morceau de page qu’un métier prête à la page d’un autre.

    Attributes:
        ordre: place dans la page, du plus petit au plus grand.
        gabarit: gabarit rendu dans la page.
        build: rend le contexte du gabarit, ou None quand il n’y a rien à montrer ; le sujet est
            l’objet de la page, None sur l’accueil.
    """

    ordre: int
    gabarit: str
    build: Callable[[HttpRequest, Any], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class PageEquipe:
    """Entrée de l’espace de l’équipe du programme : « Échéancier », ses obligations à tenir."""

    ordre: int
    titre: str
    phrase: str
    url: str  # nom d’adresse, « echeancier:equipe »


Resolution = Callable[[list[str]], Mapping[str, Fiche]]

# Préfixe de la clé → fiches publiques de ces clés, en une instruction SQL.
fiches: Registre[Resolution] = Registre("fiches")
# Métier → ses fiches publiques qui citent cette clé, en une instruction SQL.
rappels: Registre[Callable[[str], Groupe]] = Registre("rappels")
# Métier → ce que trouve une recherche publique, vingt fiches au plus.
recherches: Registre[Callable[[str], Groupe]] = Registre("recherches")
# Encarts de l’accueil du programme, et de la page d’une collectivité.
encarts_accueil: Registre[Encart] = Registre("encarts de l’accueil")
encarts_autorite: Registre[Encart] = Registre("encarts d’une collectivité")
# Pages où l’équipe du programme écrit, sous `/equipe/`.
pages_equipe: Registre[PageEquipe] = Registre("pages de l’équipe")


def map_fiches(cles: Iterable[str]) -> dict[str, Fiche]:
    """Rend les fiches de ces clés, dans leur ordre ; une clé inconnue ou retirée est omise.

    Une instruction SQL par préfixe présent, quel que soit le nombre de clés. Leurs adresses sont
    celles de l’installation, même lues depuis la page d’une collectivité.
    """
    demandees = list(dict.fromkeys(cles))
    trouvees: dict[str, Fiche] = {}
    for prefixe in sorted({cle.partition(":")[0] for cle in demandees}):
        resolution = fiches.get(prefixe)
        if resolution:
            siennes = [cle for cle in demandees if cle.startswith(f"{prefixe}:")]
            with from_installation():
                trouvees |= resolution(siennes)
    return {cle: trouvees[cle] for cle in demandees if cle in trouvees}


def list_rappels(cle: str) -> list[Groupe]:
    """Rend ce qui, ailleurs, cite cette clé ; une instruction SQL par métier qui répond."""
    with from_installation():
        groupes = [rappels[code](cle) for code in rappels]
    return [groupe for groupe in groupes if groupe.fiches]


def search_partout(texte: str) -> list[Groupe]:
    """Cherche dans tous les métiers qui s’y prêtent ; rien sous deux signes."""
    propre = texte.strip()[:100]
    if len(propre) < 2:
        return []
    with from_installation():
        groupes = [recherches[code](propre) for code in recherches]
    return [groupe for groupe in groupes if groupe.fiches]


def build_encarts(
    registre: Registre[Encart], request: HttpRequest, sujet: Any = None
) -> list[dict[str, Any]]:
    """Rend les encarts d’une page dans leur ordre : `{"gabarit": …, **contexte}`."""
    prets = sorted((registre[code] for code in registre), key=lambda encart: encart.ordre)
    faits = ((encart, encart.build(request, sujet)) for encart in prets)
    return [{"gabarit": encart.gabarit, **contexte} for encart, contexte in faits if contexte]


def list_pages_equipe() -> list[PageEquipe]:
    """Rend les sections de l’espace de l’équipe, dans leur ordre."""
    return sorted((pages_equipe[code] for code in pages_equipe), key=lambda page: page.ordre)
