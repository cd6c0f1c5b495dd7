"""Ce qui distingue un fournisseur d’identité simulé d’un autre."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from socle.simulateurs.commun.reponses import PageErreur
from socle.simulateurs.configuration import Client
from socle.simulateurs.contexte import Contexte
from socle.simulateurs.oidc.demande import Demande


class Fournisseur(ABC):
    """Règles propres à FranceConnect, FranceConnect+ ou ProConnect.

    Attributes:
        duree_code, duree_acces, duree_id, duree_session: en secondes ; session 0 = pas de session.
        alterne: rend aussi un jeton de reprise (`refresh_token`).
        indice_exige: la déconnexion exige `id_token_hint`.
        donnees: propose de jouer les pannes des API de données.
    """

    code: str
    nom: str
    duree_code: int = 30
    duree_acces: int = 60
    duree_id: int = 60
    duree_session: int = 1800
    alterne: bool = False
    indice_exige: bool = True
    donnees: bool = False
    chiffre: bool = False
    acr_permis: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    prefixes_scopes: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    identites: Mapping[str, Any] = {}

    def __init__(self, contexte: Contexte) -> None:
        self.contexte = contexte

    @property
    def issuer(self) -> str:
        return self.contexte.address(f"{self.code}/api/v2")

    @property
    def cookie(self) -> str:
        return f"simulateur_{self.code}"

    def get_client(self, client_id: str) -> Client | None:
        return self.contexte.configuration.get_client(self.code, client_id)

    def knows_scope(self, scope: str) -> bool:
        return scope in self.scopes or scope.startswith(self.prefixes_scopes)

    def check_identite(self, identite: Any, demande: Demande, client: Client) -> None:  # noqa: B027
        """Refuse une personne que le vrai fournisseur refuserait.

        Raises:
            PageErreur, RetourErreur: selon l’endroit où le vrai fournisseur s’arrête.
        """

    @abstractmethod
    def check_parametres(self, parametres: dict[str, str]) -> None:
        """Contrôle la forme des paramètres d’`/authorize`.

        Raises:
            PageErreur: le vrai fournisseur montrerait sa propre page, sans revenir au service.
        """

    @abstractmethod
    def refuse_client(self) -> PageErreur: ...

    @abstractmethod
    def refuse_redirection(self) -> PageErreur: ...

    @abstractmethod
    def create_demande(self, parametres: dict[str, str], client: Client) -> Demande:
        """Construit la demande.

        Raises:
            RetourErreur: le vrai fournisseur reviendrait au service avec une erreur.
        """

    @abstractmethod
    def choose_acr(self, identite: Any, demande: Demande) -> tuple[str, tuple[str, ...]]:
        """Niveau de garantie atteint et moyens employés (`acr`, `amr`)."""

    @abstractmethod
    def lower_acr(self, acr: str) -> str:
        """Niveau juste insuffisant, pour la défaillance « niveau trop bas »."""

    @abstractmethod
    def create_sub(self, identite: Any, client: Client, variante: str = "") -> str: ...

    @abstractmethod
    def list_claims(self, identite: Any, scopes: tuple[str, ...]) -> dict[str, Any]:
        """Ce que les périmètres accordés donnent de l’identité."""

    @abstractmethod
    def describe(self, identite: Any) -> tuple[str, str]:
        """Nom affiché et trait particulier, pour la page de choix."""

    @abstractmethod
    def list_groupes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Groupes d’identités de la page de choix : (titre, codes)."""
