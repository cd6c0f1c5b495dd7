"""Fournisseur d’identité d’essai : de vrais jetons signés, avec la faute que le test demande."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwe, jws
from joserfc.jwk import ECKey, OctKey, RSAKey, import_key
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from socle.fondations.commun.oidc.fournisseur import Fournisseur

CLIENT = "socle"
SECRET = "un-secret-de-client-assez-long"
SUB = "5b6a6fd1f4e1" * 5 + "v1"


def create_cle_signature(kid: str, algorithme: str = "ES256") -> ECKey | RSAKey:
    parametres = {"use": "sig", "alg": algorithme, "kid": kid}
    if algorithme.startswith("ES"):
        return ECKey.generate_key("P-256", parametres)
    return RSAKey.generate_key(2048, parametres)


class FauxIdp:
    """Un fournisseur docile ; chaque attribut public remplace une étape par une faute."""

    def __init__(self) -> None:
        self.cle = create_cle_signature("cle-1")
        self.publiees: list[dict[str, Any]] = [self.cle.as_dict(private=False)]
        self.origine = ""
        self.nonce = ""
        self.demandes: list[tuple[str, dict[str, str]]] = []
        self.entetes: list[dict[str, str]] = []
        self.modifie_id: Callable[[dict], dict] = lambda claims: claims
        self.modifie_infos: Callable[[dict], dict] = lambda claims: claims
        self.signe_id: Callable[[dict], str] = self.sign
        self.signe_infos: Callable[[dict], str] = self.sign
        self.modifie_jeton: Callable[[dict], Any] = lambda reponse: reponse
        self.repond_jeton: Callable[[], Response] | None = None
        self.repond_infos: Callable[[str], Response] | None = None
        self.repond_jwks: Callable[[], Response] | None = None
        self.repond_decouverte: Callable[[dict], dict] = lambda document: document

    def sign(self, claims: dict, cle: ECKey | RSAKey | OctKey | None = None, **entete: Any) -> str:
        cle = cle or self.cle
        complet = {"alg": cle.alg, "kid": cle.kid, **entete}
        complet = {nom: valeur for nom, valeur in complet.items() if valeur is not None}
        registre = jws.JWSRegistry(algorithms=[complet["alg"]], strict_check_header=False)
        return jws.serialize_compact(complet, json.dumps(claims), cle, registry=registre)

    def encrypt(self, jeton: str, cle: dict[str, Any], algorithme: str) -> str:
        """Chiffre comme oidc-provider : `iss` et `aud` répétés dans l’en-tête."""
        entete = {"alg": algorithme, "enc": "A256GCM", "cty": "JWT", "kid": cle.get("kid", "")}
        entete |= {"iss": self.origine, "aud": CLIENT}
        registre = jwe.JWERegistry(algorithms=[algorithme, "A256GCM"], strict_check_header=False)
        return jwe.encrypt_compact(entete, jeton, import_key(cle), registry=registre)

    def claims(self) -> dict[str, Any]:
        maintenant = int(time.time())
        return {
            "iss": self.origine,
            "sub": SUB,
            "aud": CLIENT,
            "iat": maintenant,
            "exp": maintenant + 60,
            "acr": "eidas1",
            "nonce": self.nonce,
        }

    def infos(self) -> dict[str, Any]:
        return {
            "iss": self.origine,
            "aud": CLIENT,
            "sub": SUB,
            "given_name": "Angela Claire Louise",
            "family_name": "DUBOIS",
            "birthdate": "1962-08-24",
            "gender": "female",
            "birthplace": "75107",
            "birthcountry": "99100",
            "email": "angela@exemple.fr",
        }

    def __call__(self, environ: dict, start_response: Callable) -> Any:
        requete = Request(environ)
        nom = requete.path.strip("/").replace("/", "_").replace("-", "_").replace(".", "")
        self.demandes.append((nom, requete.form.to_dict()))
        self.entetes.append(dict(requete.headers))
        return getattr(self, f"serve_{nom}")(requete)(environ, start_response)

    def serve_jwks(self, requete: Request) -> Response:
        return self.repond_jwks() if self.repond_jwks else send_json({"keys": self.publiees})

    def serve_token(self, requete: Request) -> Response:
        if self.repond_jeton:
            return self.repond_jeton()
        reponse = {
            "access_token": "jeton-acces",
            "token_type": "Bearer",
            "expires_in": 60,
            "id_token": self.signe_id(self.modifie_id(self.claims())),
        }
        return send_json(self.modifie_jeton(reponse))

    def serve_userinfo(self, requete: Request) -> Response:
        jeton = self.signe_infos(self.modifie_infos(self.infos()))
        if self.repond_infos:
            return self.repond_infos(jeton)
        return Response(jeton, content_type="application/jwt")

    def serve_well_known_openid_configuration(self, requete: Request) -> Response:
        document = {
            "issuer": self.origine,
            "authorization_endpoint": f"{self.origine}/authorize",
            "token_endpoint": f"{self.origine}/token",
            "userinfo_endpoint": f"{self.origine}/userinfo",
            "jwks_uri": f"{self.origine}/jwks",
            "end_session_endpoint": f"{self.origine}/session/end",
            "authorization_response_iss_parameter_supported": True,
        }
        return send_json(self.repond_decouverte(document))

    def count(self, nom: str) -> int:
        return sum(1 for demande, _ in self.demandes if demande == nom)

    def fournisseur(self, **reglages: Any) -> Fournisseur:
        """Nos réglages pour ce fournisseur."""
        valeurs: dict[str, Any] = {
            "cle": "1:franceconnect",
            "emetteur": self.origine,
            "autorisation": f"{self.origine}/authorize",
            "jeton": f"{self.origine}/token",
            "jwks": f"{self.origine}/jwks",
            "userinfo": f"{self.origine}/userinfo",
            "fin_session": f"{self.origine}/session/end",
            "client_id": CLIENT,
            "secret": SECRET,
            "redirection": "https://socle.example/connexion/franceconnect/retour/",
            "acr_demandes": ("eidas1",),
            "acr_acceptes": ("eidas1", "eidas2", "eidas3"),
        }
        return Fournisseur(**valeurs | reglages)


def send_json(corps: Any, statut: int = 200) -> Response:
    return Response(json.dumps(corps), statut, content_type="application/json")


def read_parametres(adresse: str) -> dict[str, str]:
    """Paramètres d’une adresse de départ, une valeur chacun."""
    return {nom: valeur for nom, [valeur] in parse_qs(urlsplit(adresse).query).items()}


class _Muet(WSGIRequestHandler):
    def log(self, *args: Any, **kwargs: Any) -> None:
        return


@contextmanager
def serve_application(application: Any) -> Iterator[str]:
    """Sert une application WSGI dans un fil ; rend son origine."""
    serveur = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Muet)
    fil = threading.Thread(target=serveur.serve_forever, args=(0.02,), daemon=True)
    fil.start()
    try:
        yield f"http://127.0.0.1:{serveur.port}"
    finally:
        serveur.shutdown()
        serveur.server_close()
        fil.join(timeout=5)


@contextmanager
def serve_faux_idp() -> Iterator[FauxIdp]:
    faux = FauxIdp()
    with serve_application(faux) as faux.origine:
        yield faux
