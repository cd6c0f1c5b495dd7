"""FranceConnect+ : niveaux élevés, réponses signées puis chiffrées pour le service."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, RSAKey

from tests.simulateurs.parcours import RETOUR, Service, read_retour

ISSUER = "http://localhost:8000/simulateurs/franceconnect-plus/api/v2"


def create_client(cle, chiffrement: str) -> dict:
    publique = {**cle.as_dict(private=False), "use": "enc", "kid": "chiffrement-1"}
    return {
        "client_id": "plus",
        "secret": "s",
        "redirections": [RETOUR],
        "chiffrement": chiffrement,
        "jwks": {"keys": [publique]},
    }


def open_jwe(jeton: str, cle, chiffrement: str) -> tuple[dict, str]:
    registre = jwe.JWERegistry(algorithms=[chiffrement, "A256GCM"], strict_check_header=False)
    ouvert = jwe.decrypt_compact(jeton, cle, registry=registre)
    return ouvert.headers(), ouvert.plaintext.decode()


@pytest.mark.parametrize("chiffrement", ["RSA-OAEP", "RSA-OAEP-256", "ECDH-ES"])
def test_jetons_are_nested_jwe(create_simulateurs, chiffrement):
    cle = ECKey.generate_key("P-256") if chiffrement == "ECDH-ES" else RSAKey.generate_key(2048)
    application = create_simulateurs(
        clients={"franceconnect-plus": [create_client(cle, chiffrement)]}
    )
    service = Service(application, "franceconnect-plus", client_id="plus", secret="s")
    jetons = service.connect()
    userinfo = service.get_userinfo(jetons["access_token"])

    assert userinfo.content_type == "application/jwt"
    for jeton in (jetons["id_token"], userinfo.text):
        entete, signe = open_jwe(jeton, cle, chiffrement)
        assert (entete["alg"], entete["enc"], entete["cty"]) == (chiffrement, "A256GCM", "JWT")
        assert (entete["iss"], entete["aud"]) == (ISSUER, "plus")
        assert service.verify(signe)["iss"] == ISSUER


@pytest.mark.parametrize(
    ("demande", "obtenu"),
    [(None, "eidas3"), ("eidas2", "eidas2"), ("eidas3", "eidas3"), ("eidas1 eidas2", "eidas2")],
)
def test_acr_is_optional_and_never_low(simulateurs, demande, obtenu):
    service = Service(simulateurs, "franceconnect-plus")
    jetons = service.connect(demande={"acr_values": demande})

    assert service.verify(jetons["id_token"])["acr"] == obtenu


def test_eidas1_is_refused(simulateurs):
    service = Service(simulateurs, "franceconnect-plus")

    assert read_retour(service.authorize(acr_values="eidas1"))["error"] == "invalid_acr"


def test_rnipp_scopes_give_the_register_identity(simulateurs):
    service = Service(simulateurs, "franceconnect-plus", scope="openid rnipp_identite_pivot")
    identite = service.verify(service.get_userinfo(service.connect()["access_token"]).text)

    assert identite["rnipp_family_name"] == "DUBOIS"
    assert "family_name" not in identite


def test_chiffrement_without_key_is_refused(create_simulateurs):
    client = {
        "client_id": "plus",
        "secret": "s",
        "redirections": [RETOUR],
        "chiffrement": "RSA-OAEP-256",
        "jwks": {"keys": []},
    }
    application = create_simulateurs(clients={"franceconnect-plus": [client]})
    service = Service(application, "franceconnect-plus", client_id="plus", secret="s")

    reponse = service.exchange(service.get_code())
    assert (reponse.status_code, reponse.json["error"]) == (400, "invalid_client_metadata")


def test_no_session_is_kept(simulateurs):
    service = Service(simulateurs, "franceconnect-plus")
    service.connect()

    assert "Continuer en tant que" not in service.open_page()


def test_discovery_says_how_it_encrypts(simulateurs):
    service = Service(simulateurs, "franceconnect-plus")
    document = service.web.get(f"{service.base}/.well-known/openid-configuration").json

    assert document["acr_values_supported"] == ["eidas2", "eidas3"]
    assert document["id_token_encryption_alg_values_supported"] == [
        "RSA-OAEP",
        "RSA-OAEP-256",
        "ECDH-ES",
    ]
    assert document["userinfo_encryption_enc_values_supported"] == ["A256GCM"]
    assert document["id_token_signing_alg_values_supported"] == ["ES256"]


def create_assertion(cle: ECKey, maintenant: float, **changements: object) -> dict[str, str]:
    contenu = {
        "iss": "plus",
        "sub": "plus",
        "aud": f"{ISSUER}/token",
        "exp": int(maintenant) + 60,
        "jti": "assertion-1",
        **changements,
    }
    return {
        "client_id": "plus",
        "client_secret": "",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode({"alg": "ES256"}, contenu, cle),
    }


@pytest.fixture
def service_sans_secret(create_simulateurs) -> tuple[Service, ECKey]:
    cle = ECKey.generate_key("P-256")
    client = {
        "client_id": "plus",
        "redirections": [RETOUR],
        "jwks": {"keys": [{**cle.as_dict(private=False), "use": "sig", "kid": "1"}]},
    }
    application = create_simulateurs(clients={"franceconnect-plus": [client]})
    return Service(application, "franceconnect-plus", client_id="plus"), cle


def test_private_key_jwt_authenticates_once(service_sans_secret, horloge):
    service, cle = service_sans_secret
    assertion = create_assertion(cle, horloge())

    assert service.exchange(service.get_code(), **assertion).status_code == 200
    assert service.exchange(service.get_code(), **assertion).json["error"] == "invalid_client"


@pytest.mark.parametrize(
    "changement",
    [{"aud": "https://ailleurs.example"}, {"exp": 1}, {"sub": "autre"}, {"iss": "inconnu"}],
)
def test_private_key_jwt_faux_is_refused(service_sans_secret, horloge, changement):
    service, cle = service_sans_secret
    assertion = create_assertion(cle, horloge(), **changement)

    assert service.exchange(service.get_code(), **assertion).json["error"] == "invalid_client"


def test_private_key_jwt_of_another_key_is_refused(service_sans_secret, horloge):
    service, _ = service_sans_secret
    assertion = create_assertion(ECKey.generate_key("P-256"), horloge())

    assert service.exchange(service.get_code(), **assertion).json["error"] == "invalid_client"


def test_client_sans_secret_cannot_use_an_empty_one(service_sans_secret):
    service, _ = service_sans_secret

    reponse = service.exchange(service.get_code(), client_secret="")
    assert json.loads(reponse.text)["error"] == "invalid_client"


@pytest.fixture
def publie_cles():
    """Petit site qui publie ce qu’on lui donne à `/jwks`."""
    contenus = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(contenus["jwks"])

        def log_message(self, *args: object) -> None:
            return

    site = HTTPServer(("127.0.0.1", 0), Site)
    fil = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05})
    fil.start()

    def publish(contenu: object) -> str:
        contenus["jwks"] = json.dumps(contenu).encode()
        return f"http://127.0.0.1:{site.server_port}/jwks"

    yield publish
    site.shutdown()
    fil.join(5)
    site.server_close()


def test_keys_are_read_at_the_service(create_simulateurs, publie_cles):
    cle = RSAKey.generate_key(2048)
    client = create_client(cle, "RSA-OAEP-256")
    client["jwks_uri"] = publie_cles(client.pop("jwks"))
    application = create_simulateurs(clients={"franceconnect-plus": [client]})
    service = Service(application, "franceconnect-plus", client_id="plus", secret="s")

    _, signe = open_jwe(service.connect()["id_token"], cle, "RSA-OAEP-256")
    assert service.verify(signe)["aud"] == "plus"


@pytest.mark.parametrize("adresse", ["", "file:///etc/passwd", "http://127.0.0.1:1/jwks"])
def test_keys_out_of_reach_are_an_error(create_simulateurs, adresse):
    client = create_client(RSAKey.generate_key(2048), "RSA-OAEP-256")
    del client["jwks"]
    client["jwks_uri"] = adresse
    application = create_simulateurs(clients={"franceconnect-plus": [client]})
    service = Service(application, "franceconnect-plus", client_id="plus", secret="s")

    assert service.exchange(service.get_code()).json["error"] == "invalid_client_metadata"


@pytest.mark.parametrize("contenu", [[], "x", {"keys": []}, {"keys": [{"kty": "RSA"}]}])
def test_keys_unreadable_are_an_error(create_simulateurs, publie_cles, contenu):
    client = create_client(RSAKey.generate_key(2048), "RSA-OAEP-256")
    del client["jwks"]
    client["jwks_uri"] = publie_cles(contenu)
    application = create_simulateurs(clients={"franceconnect-plus": [client]})
    service = Service(application, "franceconnect-plus", client_id="plus", secret="s")

    assert service.exchange(service.get_code()).json["error"] == "invalid_client_metadata"
