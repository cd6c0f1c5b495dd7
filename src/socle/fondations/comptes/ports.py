"""Ce que les comptes attendent de l’extérieur : profils de fournisseurs, suites d’une connexion."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.http import HttpRequest, HttpResponseBase

from socle.fondations.commun.oidc.fournisseur import Fournisseur, Identite
from socle.fondations.commun.registre import Registre
from socle.fondations.comptes.enums import GenreCompte

if TYPE_CHECKING:
    from socle.fondations.comptes.models import Compte


@dataclass(frozen=True)
class Traits:
    """Ce que l’on retient d’une identité attestée, dans les mots de Socle.

    Attributes:
        pivot: les six traits de FranceConnect (prénoms, nom de naissance, date et lieu de
            naissance, pays, genre) ; vide si le fournisseur n’atteste pas l’état civil.
        prenom, nom: pour l’affichage.
        courriel: annoncé, jamais une preuve d’identité.
        siret: établissement déclaré par le fournisseur (14 chiffres) ou vide.
        public: vrai, faux, ou None quand le fournisseur ne dit pas si l’agent est public.
        mfa: vrai si le fournisseur atteste un second facteur.
    """

    prenom: str = ""
    nom: str = ""
    courriel: str = ""
    telephone: str = ""
    pivot: dict[str, str] = field(default_factory=dict, repr=False)
    siret: str = ""
    fournisseur_amont: str = ""
    public: bool | None = None
    mfa: bool = False


class Profil(Protocol):
    """Une famille de fournisseurs : ses réglages d’avance et sa façon de nommer les choses."""

    code: str
    nom: str
    genre: GenreCompte
    bouton: str  # gabarit du bouton, sous `comptes/boutons/`
    atteste_organisation: bool  # le fournisseur dit pour qui travaille l’agent (SIRET)

    def build_reglages(self, base_url: str) -> dict[str, Any]:
        """Rend les champs de `FournisseurIdentite` propres à ce profil."""

    def read_traits(self, identite: Identite) -> Traits:
        """Traduit les revendications reçues."""

    def explain(self, erreur: str) -> str:
        """Rend la phrase à montrer pour une erreur du fournisseur (jamais son texte à lui)."""

    def check(self, fournisseur: Fournisseur) -> str:
        """Essaie sans connecter personne (réseau) et rend une phrase.

        Raises:
            SystemeIndisponible, ErreurConnecteur: la première faute, dite en français.
        """


@dataclass(frozen=True)
class Connexion:
    """Ce qu’une suite reçoit après une connexion.

    `jeton_acces` vit environ une minute : l’employer tout de suite, ne jamais le garder. La suite
    est appelée hors transaction ; elle parle au réseau d’abord, écrit ensuite dans un court
    `locataire(...)`.
    """

    compte_id: int
    fournisseur: str
    profil: str
    sub: str
    traits: Traits
    scopes: tuple[str, ...]
    suite: str
    maintenant: datetime
    jeton_acces: str = field(repr=False)


class ApresConnexion(Protocol):
    """Suite d’une connexion faite dans un but : « sources » pour les données d’une démarche."""

    def __call__(self, request: HttpRequest, connexion: Connexion) -> HttpResponseBase | None:
        """Rend la réponse à donner, ou None pour mener à `connexion.suite`."""


@dataclass(frozen=True)
class EspacePropre:
    """Un espace qu’une personne a sans appartenir à une collectivité.

    `concerne(compte, jour)` dit si elle y a affaire ce jour-là ; une instruction SQL au plus.
    """

    libelle: str
    chemin: str
    concerne: "Callable[[Compte, date], bool]"


profils: Registre[Profil] = Registre("profil de fournisseur d’identité")
apres_connexion: Registre[ApresConnexion] = Registre("suite de connexion")
espaces_propres: Registre[EspacePropre] = Registre("espace propre à une personne")
