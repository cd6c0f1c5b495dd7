"""Profil générique : adresses de la découverte, revendications normalisées."""

import pytest

from socle.connecteurs.oidc.connecteur import Oidc
from socle.fondations.commun.errors import SystemeIndisponible
from socle.fondations.commun.oidc.fournisseur import Identite
from tests.oidc_faux import serve_faux_idp


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
