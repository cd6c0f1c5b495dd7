"""Profil ProConnect : second facteur lu dans le niveau, SIRET contrôlé, secteur public."""

import pytest

from socle.connecteurs.proconnect.connecteur import ACR_AVEC_MFA, ProConnect, is_siret
from socle.fondations.commun.oidc.fournisseur import Identite


def read(acr="eidas1-mfa", **claims):
    identite = Identite(
        emetteur="https://pc.example", sub="s", acr=acr, amr=("pwd", "mfa"), claims=claims,
        id_token="a.b.c", jeton_acces="j",
    )  # fmt: skip
    return ProConnect().read_traits(identite)


def test_settings_demand_the_second_factor():
    reglages = ProConnect().build_reglages("https://pc.example/api/v2")

    exige = reglages["claims"]["id_token"]["acr"]
    assert exige == {"essential": True, "values": list(ACR_AVEC_MFA)}
    assert reglages["acr_acceptes"].split() == list(ACR_AVEC_MFA)
    assert (reglages["pkce"], reglages["mfa_exigee"]) == (True, True)


@pytest.mark.parametrize(
    ("acr", "mfa"),
    [("eidas0", False), ("eidas1", False), ("", False), ("inconnu", False), ("eidas0-mfa", True),
     ("eidas1-mfa", True), ("eidas2", True), ("eidas3", True)],
)  # fmt: skip
def test_second_factor_is_read_in_the_level(acr, mfa):
    """`amr` ne suffit pas : c’est le niveau qui engage le fournisseur d’identité."""
    assert read(acr).mfa is mfa


@pytest.mark.parametrize(
    ("siret", "lu"),
    [
        ("21920023500014", "21920023500014"),
        ("219 200 235 00014", "21920023500014"),
        ("21920023500015", ""),
        ("35600000000048", "35600000000048"),
        ("123", ""),
        (21920023500014, ""),
        (None, ""),
    ],
)
def test_siret_is_checked(siret, lu):
    assert read(siret=siret).siret == lu


@pytest.mark.parametrize(
    ("roles", "public"),
    [
        (["agent_public", "agent_public_territorial"], True),
        (["agent_public_etat"], True),
        ([], False),
        (["salarie"], False),
        ("agent_public", None),
        (None, None),
    ],
)
def test_public_sector(roles, public):
    assert read(roles=roles).public is public


def test_traits():
    traits = read(given_name="Ada Marie", usual_name="FOURNEL", email="a@x.fr", idp_id="fia1")
    assert (traits.prenom, traits.nom, traits.fournisseur_amont) == ("Ada", "FOURNEL", "fia1")
    assert traits.pivot == {}


def test_la_poste_has_its_own_rule():
    assert is_siret("35600000012345") is (sum(map(int, "35600000012345")) % 5 == 0)


@pytest.mark.parametrize(
    ("erreur", "phrase"),
    [("access_denied", "double authentification"), ("server_error", "difficulté"),
     ("invalid_request", "mal réglé"), ("Y500015", "difficulté")],
)  # fmt: skip
def test_every_error_has_a_sentence(erreur, phrase):
    assert phrase in ProConnect().explain(erreur)
