"""Liste d’attaques, « RP – réponse » : chaque faute du fournisseur est refusée et nommée."""

import base64
import hmac
import json
import time
from threading import Event

import pytest
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Response

from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.commun.http import ReponseTropGrande
from socle.fondations.commun.oidc import cles
from socle.fondations.commun.oidc.depart import open_parcours
from socle.fondations.commun.oidc.errors import (
    JetonRefuse,
    NiveauInsuffisant,
    RefusDuFournisseur,
    RefusOidc,
)
from socle.fondations.commun.oidc.retour import redeem_code, take_parcours
from tests.oidc_faux import CLIENT, SECRET, SUB, create_cle_signature, read_parametres, send_json


def login(idp, **reglages):
    """Un parcours entier, du départ à l’identité, comme le ferait la vue."""
    fournisseur, session = idp.fournisseur(**reglages), {}
    maintenant = time.time()
    depart = read_parametres(open_parcours(session, fournisseur, maintenant=maintenant))
    idp.nonce = depart["nonce"]
    retour = {"state": [depart["state"]], "code": ["un-code"], "iss": [idp.origine]}
    parcours, code = take_parcours(session, fournisseur, retour, maintenant=maintenant)
    return redeem_code(fournisseur, parcours, code, maintenant=maintenant)


def encode(morceau: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(morceau).encode()).decode().rstrip("=")


def refuse(idp, **reglages) -> str:
    with pytest.raises(RefusOidc) as refus:
        login(idp, **reglages)
    return refus.value.detail


def test_nominal(idp):
    identite = login(idp)

    assert (identite.sub, identite.acr, identite.jeton_acces) == (SUB, "eidas1", "jeton-acces")
    assert identite.claims["family_name"] == "DUBOIS"
    nom, demande = idp.demandes[0]
    assert nom == "token"
    assert demande == {
        "grant_type": "authorization_code",
        "code": "un-code",
        "redirect_uri": "https://socle.example/connexion/franceconnect/retour/",
        "client_id": CLIENT,
        "client_secret": SECRET,
    }


def test_secrets_never_appear_in_a_representation(idp):
    fournisseur = idp.fournisseur()

    assert SECRET not in repr(fournisseur)
    assert "jeton-acces" not in repr(login(idp))


# Signature ----------------------------------------------------------------------------------------
def test_signature_alteree(idp):
    def altere(claims):
        entete, _, signature = idp.sign(claims).split(".")
        return f"{entete}.{encode(claims | {'sub': 'x'})}.{signature}"

    idp.signe_id = altere
    assert refuse(idp) == "signature"


def test_kid_inconnu(idp):
    idp.signe_id = lambda claims: idp.sign(claims, create_cle_signature("autre"))
    assert refuse(idp) == "signature"


def test_kid_connu_avec_une_autre_cle(idp):
    idp.signe_id = lambda claims: idp.sign(claims, create_cle_signature("cle-1"))
    assert refuse(idp) == "signature"


def test_alg_none(idp):
    idp.signe_id = lambda claims: f"{encode({'alg': 'none', 'kid': 'cle-1'})}.{encode(claims)}."
    assert refuse(idp) == "alg"


@pytest.mark.parametrize("origine", ["secret", "pem"])
def test_hs256_with_client_secret_or_public_key(idp, origine):
    cle = SECRET.encode() if origine == "secret" else idp.cle.as_pem(private=False)

    def signe(claims):
        charge = ".".join(encode(m) for m in ({"alg": "HS256", "kid": "cle-1"}, claims))
        somme = hmac.digest(cle, charge.encode(), "sha256")
        return f"{charge}.{base64.urlsafe_b64encode(somme).decode().rstrip('=')}"

    idp.signe_id = signe
    assert refuse(idp) == "alg"


def test_rs256_where_es256_is_configured(idp):
    rsa = create_cle_signature("cle-rsa", "RS256")
    idp.publiees.append(rsa.as_dict(private=False))
    idp.signe_id = lambda claims: idp.sign(claims, rsa)
    assert refuse(idp) == "alg"


def test_rs256_when_configured(idp):
    rsa = create_cle_signature("cle-rsa", "RS256")
    idp.publiees.append(rsa.as_dict(private=False))
    idp.signe_id = idp.signe_infos = lambda claims: idp.sign(claims, rsa)
    assert login(idp, algorithme="RS256").sub == SUB


def test_kid_absent_needs_a_single_key(idp):
    idp.signe_id = lambda claims: idp.sign(claims, kid=None)
    assert login(idp).sub == SUB

    cles.clear_cles()
    idp.publiees.append(create_cle_signature("cle-2").as_dict(private=False))
    assert refuse(idp) == "signature"


def test_cle_of_encryption_is_not_a_signature_key(idp):
    idp.publiees = [idp.publiees[0] | {"use": "enc"}]
    assert refuse(idp) == "signature"


@pytest.mark.parametrize(
    "jeton", ["", "a.b", "a.b.c", "a.b.c.d.e", "é.b.c", "x" * 70_000, 12, None]
)
def test_jeton_that_is_not_one(idp, jeton):
    idp.modifie_jeton = lambda reponse: reponse | {"id_token": jeton}
    assert refuse(idp) in {"forme", "id_token"}


@pytest.mark.parametrize("contenu", ["[]", "1", '{"exp": NaN}', "{", "[" * 5000])
def test_contenu_that_is_not_an_object(idp, contenu):
    idp.signe_id = lambda claims: jws.serialize_compact(
        {"alg": "ES256", "kid": "cle-1"}, contenu, idp.cle, algorithms=["ES256"]
    )
    assert refuse(idp) == "contenu"


# Revendications -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "faute"),
    [
        ({"nonce": "autre"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 12}, "nonce"),
        ({"aud": "autre-client"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": {"socle": 1}}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": [CLIENT, "autre"]}, "azp"),
        ({"aud": [CLIENT, "autre"], "azp": "autre"}, "azp"),
        ({"azp": "autre"}, "azp"),
        ({"iss": "https://ailleurs.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"exp": 1}, "expire"),
        ({"exp": None}, "exp"),
        ({"exp": "demain"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": 1e400}, "contenu"),
        ({"iat": None}, "iat"),
        ({"iat": 4_000_000_000}, "futur"),
        ({"nbf": 4_000_000_000}, "futur"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"sub": 12}, "sub"),
        ({"sub": ["a"]}, "sub"),
        ({"sub": "a\x00b"}, "sub"),
        ({"at_hash": "faux"}, "at_hash"),
    ],
)
def test_claims_faux(idp, change, faute):
    idp.modifie_id = lambda claims: {
        nom: valeur for nom, valeur in (claims | change).items() if valeur is not None
    }
    assert refuse(idp) == faute


def test_plusieurs_audiences_with_our_azp(idp):
    idp.modifie_id = lambda claims: claims | {"aud": [CLIENT, "autre"], "azp": CLIENT}
    assert login(idp).sub == SUB


def test_nonce_of_an_earlier_login_is_refused(idp):
    login(idp)
    ancien = idp.nonce
    idp.modifie_id = lambda claims: claims | {"nonce": ancien}
    assert refuse(idp) == "nonce"


@pytest.mark.parametrize("acr", ["eidas0", "", None, "eidas9", 1, ["eidas1"]])
def test_acr_lower_absent_or_unknown(idp, acr):
    idp.modifie_id = lambda claims: claims | {"acr": acr}
    with pytest.raises(NiveauInsuffisant):
        login(idp)


def test_acr_higher_is_accepted(idp):
    idp.modifie_id = lambda claims: claims | {"acr": "eidas3"}
    assert login(idp).acr == "eidas3"


# Réponse de /token --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "faute"),
    [
        ({"id_token": None}, "id_token"),
        ({"token_type": "MAC"}, "reponse"),
        ({"token_type": None}, "reponse"),
        ({"access_token": None}, "reponse"),
        ({"access_token": ""}, "reponse"),
        ({"access_token": {"a": 1}}, "reponse"),
        ({"access_token": "é\r\nX: y"}, "reponse"),
    ],
)
def test_reponse_incomplete(idp, change, faute):
    idp.modifie_jeton = lambda reponse: reponse | change
    assert refuse(idp) == faute


@pytest.mark.parametrize(
    ("reponse", "erreur"),
    [
        (Response("", 500), SystemeIndisponible),
        (Response("", 503), SystemeIndisponible),
        (Response("<html>"), ErreurConnecteur),
        (Response("[]", content_type="application/json"), ErreurConnecteur),
        (Response("", 302, {"Location": "http://127.0.0.1:1/"}), ErreurConnecteur),
        (Response("x" * 300_000), ReponseTropGrande),
    ],
)
def test_panne_of_token(idp, reponse, erreur):
    idp.repond_jeton = lambda: reponse
    with pytest.raises(ErreurConnecteur) as refus:
        login(idp)
    assert refus.type is erreur


def test_code_refused_by_the_provider(idp):
    """Le code d’un autre client, ou déjà servi : le fournisseur dit invalid_grant."""
    idp.repond_jeton = lambda: send_json({"error": "invalid_grant"}, 400)
    with pytest.raises(RefusDuFournisseur) as refus:
        login(idp)
    assert refus.value.erreur == "invalid_grant"


def test_erreur_of_the_provider_is_bounded(idp):
    idp.repond_jeton = lambda: send_json({"error": "<script>" * 40}, 400)
    with pytest.raises(RefusDuFournisseur) as refus:
        login(idp)
    assert refus.value.erreur == "inconnue"


def test_slow_provider_is_cut(idp):
    coupe = Event()
    idp.repond_jeton = lambda: coupe.wait(60) and Response("")
    debut = time.monotonic()
    with pytest.raises(SystemeIndisponible):
        login(idp, delai=0.4)
    coupe.set()
    assert time.monotonic() - debut < 30


# Informations -------------------------------------------------------------------------------------
def test_userinfo_unsigned_json(idp):
    idp.repond_infos = lambda jeton: send_json(idp.infos())
    assert refuse(idp) == "userinfo.non_signe"


def test_userinfo_json_when_the_provider_is_set_so(idp):
    idp.repond_infos = lambda jeton: send_json(idp.infos())
    assert login(idp, informations="json").claims["family_name"] == "DUBOIS"


def test_userinfo_json_of_another_sub(idp):
    idp.repond_infos = lambda jeton: send_json(idp.infos() | {"sub": "autre"})
    assert refuse(idp, informations="json") == "userinfo.sub"


@pytest.mark.parametrize(
    ("change", "faute"),
    [
        ({"sub": "autre"}, "userinfo.sub"),
        ({"aud": "autre-client"}, "aud"),
        ({"iss": "https://ailleurs.example"}, "iss"),
        ({"exp": 1}, "expire"),
    ],
)
def test_userinfo_of_somebody_else(idp, change, faute):
    idp.modifie_infos = lambda claims: claims | change
    assert refuse(idp) == faute


def test_userinfo_with_a_bad_signature(idp):
    idp.signe_infos = lambda claims: idp.sign(claims, create_cle_signature("cle-1"))
    assert refuse(idp) == "signature"


def test_userinfo_cannot_raise_the_level_nor_change_the_proof(idp):
    idp.modifie_infos = lambda claims: claims | {"acr": "eidas3", "amr": ["mfa"]}
    identite = login(idp)
    assert (identite.acr, identite.claims["acr"], identite.amr) == ("eidas1", "eidas1", ())


@pytest.mark.parametrize(
    ("reponse", "erreur"),
    [
        (Response("", 500), SystemeIndisponible),
        (Response("", 401), ErreurConnecteur),
        (Response("x" * 300_000, content_type="application/jwt"), ReponseTropGrande),
        (Response(b"\xff\xfe", content_type="application/jwt"), JetonRefuse),
    ],
)
def test_panne_of_userinfo(idp, reponse, erreur):
    idp.repond_infos = lambda jeton: reponse
    with pytest.raises(ErreurConnecteur) as refus:
        login(idp)
    assert refus.type is erreur


# Clés ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "reponse",
    [
        Response("", 500),
        Response('{"keys": []}', content_type="application/json"),
        Response('{"keys": 1}', content_type="application/json"),
    ],
)
def test_jwks_unreachable_or_empty(idp, reponse):
    idp.repond_jwks = lambda: reponse
    with pytest.raises(SystemeIndisponible):
        login(idp)


def test_jwks_with_unreadable_keys_is_refused(idp):
    idp.publiees = [{"kty": "EC", "kid": "cle-1", "crv": "P-256", "x": "a", "y": "b"}]
    assert refuse(idp) == "signature"


def test_rotation_is_accepted_with_one_refresh(idp):
    login(idp)
    idp.cle = create_cle_signature("cle-2")
    idp.publiees.insert(0, idp.cle.as_dict(private=False))

    assert login(idp).sub == SUB
    assert idp.count("jwks") == 2


def test_flood_of_bad_tokens_refreshes_once(idp):
    idp.signe_id = lambda claims: idp.sign(claims, create_cle_signature("autre"))
    for _ in range(6):
        assert refuse(idp) == "signature"
    assert idp.count("jwks") == 2  # la première lecture, puis une seule relecture


def test_refresh_is_possible_again_after_the_pause(idp, monkeypatch):
    idp.signe_id = lambda claims: idp.sign(claims, create_cle_signature("autre"))
    monkeypatch.setattr(cles, "PAUSE_RELECTURE", 0.0)
    refuse(idp)
    refuse(idp)
    assert idp.count("jwks") == 3


def test_short_rsa_key_is_refused(idp):
    with pytest.warns(SecurityWarning):
        courte = RSAKey.generate_key(1024, {"use": "sig", "alg": "RS256", "kid": "courte"})
    idp.publiees.append(courte.as_dict(private=False))
    idp.signe_id = lambda claims: idp.sign(claims, courte)
    assert refuse(idp, algorithme="RS256") == "signature"
