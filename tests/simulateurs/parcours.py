"""Un service d’essai : il suit le parcours de connexion comme le ferait un vrai."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import KeySet
from werkzeug.test import Client, TestResponse

from socle.simulateurs.application import Application

RETOUR = "http://localhost:8000/connexion/retour/"
SCOPES_FC = "openid identite_pivot email"
SCOPES_PC = "openid given_name usual_name email uid siret idp_id roles organization_label"


class Horloge:
    """Heure que l’essai avance à la main."""

    def __init__(self) -> None:
        self.maintenant = 1_795_250_000.0  # 21 novembre 2026
        self.attendu = 0.0

    def __call__(self) -> float:
        return self.maintenant

    def sleep(self, secondes: float) -> None:
        self.attendu += secondes

    def advance(self, secondes: float) -> None:
        self.maintenant += secondes


@dataclass
class Service:
    """Service inscrit : envoie la demande, répond à la page, échange le code."""

    application: Application
    fournisseur: str = "franceconnect"
    client_id: str = "socle-demo"
    secret: str = "secret-de-demonstration"
    scope: str = SCOPES_FC
    web: Client = field(init=False)

    def __post_init__(self) -> None:
        self.web = Client(self.application)

    @property
    def base(self) -> str:
        return f"/simulateurs/{self.fournisseur}/api/v2"

    def create_demande(self, **changements: str | None) -> dict[str, str]:
        demande: dict[str, str | None] = {
            "client_id": self.client_id,
            "redirect_uri": RETOUR,
            "response_type": "code",
            "scope": self.scope,
            "state": "e" * 32,
            "nonce": "n" * 32,
            "acr_values": "eidas1",
        }
        if self.fournisseur == "franceconnect-plus":
            demande["acr_values"] = "eidas2"
        demande |= changements
        return {nom: valeur for nom, valeur in demande.items() if valeur is not None}

    def authorize(self, **changements: str | None) -> TestResponse:
        return self.web.get(
            f"{self.base}/authorize?{urlencode(self.create_demande(**changements))}"
        )

    def open_page(self, **changements: str | None) -> str:
        """Demande acceptée, puis page de choix ; rend le HTML."""
        reponse = self.authorize(**changements)
        assert reponse.status_code == 303, reponse.text
        page = self.web.get(reponse.headers["Location"])
        assert page.status_code == 200
        return page.text

    def choose(self, page: str, identite: str = "test", **champs: str) -> TestResponse:
        [sceau] = set(re.findall(r'name="demande" value="([^"]+)"', page))
        donnees = {"demande": unescape(sceau), "identite": identite, **champs}
        return self.web.post(f"{self.base}/interaction", data=donnees)

    def get_code(self, identite: str = "test", *, demande: Any = None, **champs: str) -> str:
        reponse = self.choose(self.open_page(**(demande or {})), identite, **champs)
        return read_retour(reponse)["code"]

    def exchange(self, code: str, /, **changements: str) -> TestResponse:
        donnees = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": RETOUR,
            "client_id": self.client_id,
            "client_secret": self.secret,
            **changements,
        }
        return self.web.post(f"{self.base}/token", data=donnees)

    def connect(self, identite: str = "test", *, demande: Any = None, **champs: str) -> Any:
        """Parcours complet jusqu’aux jetons."""
        reponse = self.exchange(self.get_code(identite, demande=demande, **champs))
        assert reponse.status_code == 200, reponse.text
        return reponse.json

    def get_userinfo(self, acces: str) -> TestResponse:
        return self.web.get(f"{self.base}/userinfo", headers={"Authorization": f"Bearer {acces}"})

    def get_keys(self) -> KeySet:
        return KeySet.import_key_set(self.web.get(f"{self.base}/jwks").json)

    def verify(self, jeton: str, algorithme: str = "ES256") -> dict[str, Any]:
        lu = jws.deserialize_compact(jeton, self.get_keys(), algorithms=[algorithme])
        return json.loads(lu.payload)


def read_retour(reponse: TestResponse) -> dict[str, str]:
    """Paramètres du retour au service."""
    assert reponse.status_code == 303, reponse.text
    adresse = urlsplit(reponse.headers["Location"])
    assert f"{adresse.scheme}://{adresse.netloc}{adresse.path}" == RETOUR
    return {nom: valeurs[0] for nom, valeurs in parse_qs(adresse.query).items()}


def read_code_erreur(reponse: TestResponse) -> str:
    """Code d’une page d’erreur du fournisseur (« Y000400 »)."""
    [code] = re.findall(r"<code>([^<]+)</code>", reponse.text)
    return unescape(code)
