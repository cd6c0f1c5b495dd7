"""FranceConnect+ : réponses chiffrées pour nous ; et notre authentification par clé."""

import json
import time

import pytest
from joserfc import jwe, jws
from joserfc.jwk import RSAKey, import_key

from socle.fondations.commun.oidc.client import create_cle, publish_cles
from socle.fondations.commun.oidc.decouverte import discover
from socle.fondations.commun.oidc.errors import FournisseurMalRegle, JetonRefuse
from tests.fondations.commun.test_oidc_reponse import login, refuse
from tests.oidc_faux import CLIENT, SUB

CHIFFREMENTS = ["RSA-OAEP", "RSA-OAEP-256", "ECDH-ES"]


@pytest.fixture
def chiffre(idp):
    """Branche un chiffrement sur le fournisseur d’essai, pour nos clés publiées."""

    def branche(algorithme: str, cle: dict | None = None) -> dict:
        notre = create_cle("enc", algorithme)
        [publique] = publish_cles(
            idp.fournisseur(chiffrement=algorithme, cles_chiffrement=(notre,))
        )["keys"]
        idp.signe_id = idp.signe_infos = lambda claims: idp.encrypt(
            idp.sign(claims), cle or publique, algorithme
        )
        return {"chiffrement": algorithme, "cles_chiffrement": (notre,)}

    return branche


@pytest.mark.parametrize("algorithme", CHIFFREMENTS)
def test_nested_jwe_is_read(idp, chiffre, algorithme):
    assert login(idp, **chiffre(algorithme)).claims["family_name"] == "DUBOIS"


def test_older_key_still_reads_after_rotation(idp, chiffre):
    reglages = chiffre("RSA-OAEP-256")
    neuve = create_cle("enc", "RSA-OAEP-256")

    rangees = (neuve, *reglages["cles_chiffrement"])
    assert login(idp, **reglages | {"cles_chiffrement": rangees}).sub == SUB


def test_wrong_key(idp, chiffre):
    reglages = chiffre("ECDH-ES", create_cle("enc", "ECDH-ES"))
    assert refuse(idp, **reglages) == "dechiffrement"


def test_unencrypted_when_encryption_is_registered(idp, chiffre):
    reglages = chiffre("ECDH-ES")
    idp.signe_id = idp.sign
    assert refuse(idp, **reglages) == "non_chiffre"


def test_unencrypted_userinfo_when_encryption_is_registered(idp, chiffre):
    reglages = chiffre("ECDH-ES")
    idp.signe_infos = idp.sign
    assert refuse(idp, **reglages) == "non_chiffre"


def test_encrypted_when_nothing_is_registered(idp, chiffre):
    chiffre("ECDH-ES")
    assert refuse(idp) == "forme"


@pytest.mark.parametrize("algorithme", ["RSA1_5", "RSA-OAEP"])
def test_unexpected_algorithm(idp, chiffre, algorithme):
    reglages = chiffre("RSA-OAEP-256")
    cle = {**reglages["cles_chiffrement"][0], "alg": algorithme}
    registre = jwe.JWERegistry(algorithms=[algorithme, "A256GCM"], strict_check_header=False)
    idp.signe_id = lambda claims: jwe.encrypt_compact(
        {"alg": algorithme, "enc": "A256GCM"}, idp.sign(claims), RSAKey.import_key(cle),
        registry=registre,
    )  # fmt: skip
    with pytest.warns() if algorithme == "RSA1_5" else _nothing():
        assert refuse(idp, **reglages) == "dechiffrement"


def test_compressed_content_is_refused(idp, chiffre):
    """Une bombe de compression ne se déplie pas : seul A256GCM sans `zip` est admis."""
    reglages = chiffre("RSA-OAEP-256")
    cle = import_key(reglages["cles_chiffrement"][0])
    registre = jwe.JWERegistry(
        algorithms=["RSA-OAEP-256", "A256GCM", "DEF"], strict_check_header=False
    )
    idp.signe_id = lambda claims: jwe.encrypt_compact(
        {"alg": "RSA-OAEP-256", "enc": "A256GCM", "zip": "DEF"}, "x" * 50_000, cle,
        registry=registre,
    )  # fmt: skip
    assert refuse(idp, **reglages) == "dechiffrement"


def test_signature_inside_is_still_checked(idp, chiffre):
    from tests.oidc_faux import create_cle_signature

    reglages = chiffre("ECDH-ES")
    [publique] = publish_cles(idp.fournisseur(**reglages))["keys"]
    idp.signe_id = lambda claims: idp.encrypt(
        idp.sign(claims, create_cle_signature("cle-1")), publique, "ECDH-ES"
    )
    assert refuse(idp, **reglages) == "signature"


@pytest.mark.parametrize("algorithme", CHIFFREMENTS)
def test_published_keys_hold_no_private_member(idp, algorithme):
    fournisseur = idp.fournisseur(
        chiffrement=algorithme,
        cles_chiffrement=(create_cle("enc", algorithme),),
        cle_client=create_cle("sig", "ES256"),
        authentification="private_key_jwt",
    )
    for cle in publish_cles(fournisseur)["keys"]:
        assert not {"d", "p", "q", "dp", "dq", "qi"} & cle.keys()
        assert {"kid", "use", "alg"} <= cle.keys()


@pytest.mark.parametrize("algorithme", ["ES256", "RS256"])
def test_private_key_jwt_proves_who_we_are_once(idp, algorithme):
    cle = create_cle("sig", algorithme)
    reglages = {"authentification": "private_key_jwt", "cle_client": cle, "secret": ""}
    login(idp, **reglages)
    login(idp, **reglages)

    envois = [demande for nom, demande in idp.demandes if nom == "token"]
    charges = []
    for envoi in envois:
        assert "client_secret" not in envoi
        lu = jws.deserialize_compact(
            envoi["client_assertion"], import_key(cle), algorithms=[algorithme]
        )
        charges.append(json.loads(lu.payload))
    assert {c["iss"] for c in charges} == {c["sub"] for c in charges} == {CLIENT}
    assert charges[0]["aud"] == [idp.origine, f"{idp.origine}/token"]
    assert charges[0]["exp"] - time.time() <= 60
    assert charges[0]["jti"] != charges[1]["jti"]


def test_client_secret_basic_is_encoded(idp):
    login(idp, authentification="client_secret_basic", client_id=CLIENT, secret="a:b/é")

    import base64

    [entete] = [e["Authorization"] for e in idp.entetes if "Basic" in e.get("Authorization", "")]
    assert base64.b64decode(entete.split()[1]) == b"socle:a%3Ab%2F%C3%A9"
    assert "client_secret" not in idp.demandes[0][1]


# Découverte ---------------------------------------------------------------------------------------
def test_discovery_reads_the_addresses(idp):
    adresses = discover(idp.origine)

    assert (adresses.jeton, adresses.iss_annonce) == (f"{idp.origine}/token", True)


def test_discovery_issuer_mismatch(idp):
    idp.repond_decouverte = lambda document: document | {"issuer": "https://mechant.example"}
    with pytest.raises(FournisseurMalRegle):
        discover(idp.origine)


def test_discovery_ignores_what_is_not_text(idp):
    idp.repond_decouverte = lambda document: document | {"jwks_uri": ["x"]}
    assert discover(idp.origine).jwks == ""


def test_refusal_never_shows_the_token(idp):
    idp.signe_id = lambda claims: "aaa.bbb.ccc"
    with pytest.raises(JetonRefuse) as refus:
        login(idp)
    assert "aaa" not in str(refus.value)


def _nothing():
    from contextlib import nullcontext

    return nullcontext()
