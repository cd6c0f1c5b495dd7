"""Ce que l’administration demande aux métiers : leurs réglages, leurs objets, leurs emplois."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.registre import Registre
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDeReglage:
    """Une page de réglages, telle que le sommaire l’annonce.

    Attributes:
        groupe: code d’un groupe de `queries.GROUPES` (« donnees »…).
        titre, phrase: le lien, et ce que l’on y règle en une phrase.
        url: nom de l’adresse (« archivage:reglages »).
        roles: qui peut l’ouvrir ; la vue le vérifie de son côté.
        ordre: place dans le groupe.
    """

    groupe: str
    titre: str
    phrase: str
    url: str
    roles: tuple[Role, ...]
    ordre: int = 50


pages_de_reglages: Registre[PageDeReglage] = Registre("page de réglages")

# Sources de données employées par une démarche publiée : code → collectivités, parmi celles que
# la transaction laisse voir.
emplois_de_sources: Registre[Callable[[], dict[str, set[int]]]] = Registre("emploi des sources")

# Adresses des objets nommés au journal, que ce compte peut ouvrir ici : préfixe de l’objet
# (« dossier ») → (collectivité, compte, suites) -> {suite: adresse}.
ObjetsLies = Callable[[Collectivite, Compte, Iterable[str]], dict[str, str]]
objets_lies: Registre[ObjetsLies] = Registre("objet du journal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chiffre:
    """Un nombre d’un mois, pour toute l’installation : « Demandes déposées », « En ligne », 12."""

    mois: date
    mesure: str
    detail: str = ""
    nombre: int


# Ce que les métiers comptent à travers les collectivités, sous le rôle de l’opérateur.
chiffres: Registre[Callable[[], list[Chiffre]]] = Registre("chiffres d’usage")
