"""Profil générique : adresses de la découverte, revendications normalisées."""

import pytest
from werkzeug.wrappers import Response

from socle.connecteurs.oidc.connecteur import Oidc
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.commun.oidc.fournisseur import Identite
from tests.oidc_faux import send_json, serve_faux_idp


@pytest.fixture
def faux(settings):
    with serve_faux_idp() as idp:
        settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, idp.origine
        yield idp


def test_settings_come_from_the_discovery(faux):
    reglages = Oidc().build_reglages(faux.origine)
    assert reglages["jeton"] == f"{faux.origine}/token"
    assert (reglages["informations"], reglages["iss_exige"], reglages["pkce"]) == (
        "json", True, True
    )  # fmt: skip


def test_old_provider_without_userinfo_nor_iss(faux):
    faux.repond_decouverte = lambda document: {
        nom: valeur
        for nom, valeur in document.items()
        if nom not in {"userinfo_endpoint", "authorization_response_iss_parameter_supported"}
    }
    reglages = Oidc().build_reglages(faux.origine)
    assert (reglages["informations"], reglages["iss_exige"]) == ("aucune", False)


def test_unreachable_provider(settings):
    settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, "http://127.0.0.1:9"
    with pytest.raises(SystemeIndisponible):
        Oidc().build_reglages("http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("amr", "mfa"), [((), False), (("pwd",), False), (("pwd", "otp"), True), (("mfa",), True)]
)
def test_traits(amr, mfa):
    identite = Identite(
        emetteur="https://x", sub="s", acr="", amr=amr, id_token="a", jeton_acces="j",
        claims={"given_name": "Ada", "family_name": "Fournel", "email": "a@x.fr"},
    )  # fmt: skip
    traits = Oidc().read_traits(identite)
    assert (traits.nom, traits.mfa) == ("Fournel", mfa)


def test_errors_have_a_sentence():
    assert "renoncé" in Oidc().explain("access_denied")
    assert "difficulté" in Oidc().explain("autre")


@pytest.fixture
def docile(faux):
    """Fournisseur qui accepte la demande et juge notre secret avant le code."""
    faux.serve_authorize = lambda requete: Response(status=302, headers={"Location": "/connexion"})
    faux.repond_jeton = lambda: send_json({"error": "invalid_grant"}, 400)
    return faux


def test_check_reads_keys_request_and_secret(docile):
    message = Oidc().check(docile.fournisseur())

    assert message == "Le fournisseur répond et reconnaît ce site."
    assert [nom for nom, _ in docile.demandes] == [
        "well_known_openid_configuration", "jwks", "authorize", "token",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reponse", "mots"),
    [
        (({"error": "invalid_client"}, 401), "son secret est refusé"),
        (({"error": "unauthorized_client"}, 400), "son secret est refusé"),
        (({"access_token": "x"}, 200), "répond 200 à un code inventé"),
        (({}, 404), "répond 404"),
        (({}, 503), "ne répond pas en ce moment"),
        (({}, 429), "trop de demandes"),
    ],
)
def test_check_names_what_the_token_endpoint_says(docile, reponse, mots):
    docile.repond_jeton = lambda: send_json(*reponse)

    with pytest.raises(ErreurConnecteur, match=mots):
        Oidc().check(docile.fournisseur())


def test_check_sees_moved_addresses(docile):
    docile.repond_decouverte = lambda document: document | {"jwks_uri": "https://ailleurs.example/"}

    with pytest.raises(ErreurConnecteur, match="d’autres adresses"):
        Oidc().check(docile.fournisseur())


def test_check_does_without_discovery(docile):
    docile.repond_decouverte = lambda document: {"issuer": "un-autre"}

    assert Oidc().check(docile.fournisseur()).startswith("Le fournisseur répond")


@pytest.mark.parametrize("cles", [{"keys": []}, "pas du JSON"])
def test_check_needs_usable_keys(docile, cles):
    docile.repond_jwks = lambda: send_json(cles)

    with pytest.raises(ErreurConnecteur, match="Clés"):
        Oidc().check(docile.fournisseur())
