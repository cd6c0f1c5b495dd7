"""Ce que le catalogue demande au dehors : lire un autre catalogue, essayer un produit, compter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from socle.fondations.commun.registre import Registre
from socle.metiers.catalogue.enums import Statut


class LecteurDistant(Protocol):
    """Va chercher le fichier d’un autre catalogue."""

    def fetch(self, url: str) -> bytes:
        """Rend les octets, bornés.

        Raises:
            SystemeIndisponible: à relancer.
            ErreurConnecteur: adresse interne, redirection refusée, réponse trop grande.
        """


lecteurs: Registre[LecteurDistant] = Registre("lecteur de catalogues")


@dataclass(frozen=True, slots=True)
class Constat:
    """Une règle passée ou non.

    Attributes:
        regle: ce qui est vérifié, en une phrase.
        respectee: vrai, faux, ou None pour un conseil.
        detail: ce qui a été trouvé, et quoi faire.
        declaree: relevée par l’éditeur ; nous ne l’avons pas mesurée.
    """

    regle: str
    respectee: bool | None
    detail: str = ""
    declaree: bool = False


@dataclass(frozen=True, slots=True)
class Rapport:
    """Ce qu’un banc conclut d’un fichier."""

    constats: tuple[Constat, ...] = field(default=())

    @property
    def statut(self) -> Statut:
        if any(constat.respectee is False for constat in self.constats) or not self.constats:
            return Statut.NON_CONFORME
        if any(constat.respectee is None for constat in self.constats):
            return Statut.A_AMELIORER
        return Statut.CONFORME


@dataclass(frozen=True, slots=True)
class Piece:
    """Le fichier remis à un banc. `choix` : le schéma à suivre, si le banc en demande un."""

    octets: bytes
    nom: str = ""
    choix: str = ""


@dataclass(frozen=True, slots=True)
class Banc:
    """Un banc d’essai : un de nos moteurs, et le fichier qu’il attend.

    Attributes:
        version: change quand les règles changent ; un essai dit la sienne.
        attend: ce que l’éditeur remet, en une phrase.
        formats: valeur de l’attribut `accept`, « .yml,.yaml ».
        run: lit le fichier d’un inconnu et conclut. Un mauvais fichier est un rapport ; une
            `ErreurMetier` dit que l’essai n’a pas eu lieu, et rien n’en est gardé.
        choix: (valeur, libellé) des schémas entre lesquels l’éditeur choisit ; chacun a son statut.
    """

    titre: str
    version: str
    mesure: str
    attend: str
    formats: str
    taille_max: int
    run: Callable[[Piece], Rapport]
    choix: tuple[tuple[str, str], ...] = ()

    def list_epreuves(self, code: str) -> list[tuple[str, str]]:
        """(code, titre) de ce que l’on peut essayer : le banc, ou chacun de ses schémas."""
        if not self.choix:
            return [(code, self.titre)]
        return [(f"{code}:{choix}", f"{self.titre} : {nom}") for choix, nom in self.choix]


bancs: Registre[Banc] = Registre("bancs d’essai")


@dataclass(frozen=True, slots=True)
class EmploiDeSource:
    """Qui appelle une source de données.

    Attributes:
        demarches: nombre de démarches publiées ; `collectivites`, celui de leurs collectivités.
        nommees: identifiants des premières démarches, NOMMEES_MAX au plus.
    """

    demarches: int
    collectivites: int
    nommees: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DemarchePubliee:
    """Une démarche que tout le monde peut lire."""

    titre: str
    collectivite: str
    adresse: str


NOMMEES_MAX = 20  # démarches nommées sur la page d’une API
# Par code de source de données, qui l’appelle parmi les démarches publiées.
compteurs_api: Registre[Callable[[], Mapping[str, EmploiDeSource]]] = Registre(
    "compteurs d’emplois des API"
)
# De ces identifiants, les démarches publiées au moment de la lecture : jamais un brouillon, jamais
# une démarche fermée depuis le compte.
annuaires_demarches: Registre[Callable[[Sequence[int]], list[DemarchePubliee]]] = Registre(
    "annuaires de démarches publiées"
)
