"""Ce que l’on sait d’un fournisseur d’identité : une valeur figée, faite d’une ligne de base."""

from dataclasses import dataclass, field
from typing import Any, Literal

from socle.fondations.commun import http
from socle.fondations.commun.errors import ErreurConnecteur
from socle.fondations.commun.oidc.errors import FournisseurMalRegle

Authentification = Literal["client_secret_post", "client_secret_basic", "private_key_jwt"]
Informations = Literal["signees", "json", "aucune"]
ALGORITHMES = (
    "ES256",
    "ES384",
    "RS256",
    "PS256",
)  # asymétriques seulement : pas de HS*, pas de none
CHIFFREMENTS = ("RSA-OAEP", "RSA-OAEP-256", "ECDH-ES")
CONTENU_CHIFFRE = "A256GCM"


@dataclass(frozen=True)
class Fournisseur:
    """Un fournisseur d’identité et ce que l’on exige de lui.

    Attributes:
        cle: nom unique dans l’installation ; un parcours ne sert qu’au fournisseur qui l’a ouvert.
        emetteur: valeur exacte de `iss`, sans barre finale ajoutée ni ôtée.
        redirection: adresse de retour inscrite chez le fournisseur, au caractère près.
        algorithme: le seul accepté pour signer `id_token` et `userinfo`.
        acr_acceptes: niveaux acceptés au retour ; vide = le niveau n’est pas contrôlé.
        claims: paramètre `claims` de la demande (OIDC Core, § 5.5).
        pkce: FranceConnect refuse ces paramètres, ProConnect les accepte.
        iss_exige: le retour doit nommer l’émetteur (RFC 9207).
        informations: forme attendue de `userinfo` ; « signees » refuse tout sauf un JWT.
        cles_chiffrement: nos clés privées (JWK), la courante d’abord ; le fournisseur chiffre pour
            l’une d’elles quand `chiffrement` est posé, et plus rien n’est alors admis en clair.
        cle_client: notre clé privée de signature (JWK) pour `private_key_jwt`.
        tolerance: écart d’horloge permis, en secondes.
        delai: secondes permises à chaque échange.
    """

    cle: str
    emetteur: str
    autorisation: str
    jeton: str
    jwks: str
    client_id: str
    redirection: str
    userinfo: str = ""
    fin_session: str = ""
    secret: str = field(default="", repr=False)
    authentification: Authentification = "client_secret_post"
    cle_client: dict[str, Any] | None = field(default=None, repr=False)
    algorithme: str = "ES256"
    scopes: tuple[str, ...] = ("openid",)
    acr_demandes: tuple[str, ...] = ()
    acr_acceptes: tuple[str, ...] = ()
    claims: dict[str, Any] | None = None
    pkce: bool = False
    iss_exige: bool = True
    informations: Informations = "signees"
    chiffrement: str = ""
    cles_chiffrement: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    tolerance: int = 30
    delai: float = 8.0

    def __post_init__(self) -> None:
        """Refuse tout de suite un réglage dangereux.

        Raises:
            FournisseurMalRegle: la première faute trouvée.
        """
        if self.algorithme not in ALGORITHMES:
            raise FournisseurMalRegle(f"algorithme {self.algorithme}")
        if self.chiffrement and self.chiffrement not in CHIFFREMENTS:
            raise FournisseurMalRegle(f"chiffrement {self.chiffrement}")
        if bool(self.chiffrement) != bool(self.cles_chiffrement):
            raise FournisseurMalRegle("chiffrement sans clé, ou clé sans chiffrement")
        if self.informations != "aucune" and not self.userinfo:
            raise FournisseurMalRegle("adresse des informations absente")
        if self.authentification == "private_key_jwt" and not self.cle_client:
            raise FournisseurMalRegle("clé de signature absente")
        if self.authentification != "private_key_jwt" and not self.secret:
            raise FournisseurMalRegle("secret absent")
        self._check_adresses()

    def _check_adresses(self) -> None:
        adresses = (self.emetteur, self.autorisation, self.jeton, self.jwks)
        for adresse in (*adresses, self.userinfo or self.jeton, self.fin_session or self.jeton):
            try:
                http.check_adresse(adresse, secret=True)
            except ErreurConnecteur as cause:
                raise FournisseurMalRegle(f"adresse refusée : {cause}") from cause


@dataclass(frozen=True)
class Identite:
    """Une identité attestée, après tous les contrôles.

    Attributes:
        claims: `id_token` complété par `userinfo` (mêmes noms : `userinfo` l’emporte, sauf ceux qui
            font la preuve : iss, sub, aud, exp, iat, nonce, acr, amr).
        id_token: gardé en session pour la déconnexion, jamais écrit ailleurs.
        jeton_acces: vit quelques secondes, jamais gardé.
    """

    emetteur: str
    sub: str
    acr: str
    amr: tuple[str, ...]
    claims: dict[str, Any] = field(repr=False)
    id_token: str = field(repr=False)
    jeton_acces: str = field(repr=False)

    def read(self, nom: str) -> str:
        """Rend une revendication de texte, bornée et sur une ligne ; vide si elle manque."""
        valeur = self.claims.get(nom, "")
        return " ".join(valeur.split())[:200] if isinstance(valeur, str) else ""
