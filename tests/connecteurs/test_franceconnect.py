"""Profils FranceConnect : réglages d’avance, lecture de l’identité pivot, phrases d’erreur."""

import pytest

from socle.connecteurs.franceconnect.connecteur import FranceConnect, FranceConnectPlus
from socle.fondations.commun.oidc.fournisseur import Identite

PIVOT = {
    "given_name": "Angela Claire Louise",
    "family_name": "DUBOIS",
    "birthdate": "1962-08-24",
    "gender": "female",
    "birthplace": "75107",
    "birthcountry": "99100",
}


def create_identite(**claims) -> Identite:
    return Identite(
        emetteur="https://fc.example", sub="s", acr="eidas1", amr=(), claims=claims,
        id_token="a.b.c", jeton_acces="j",
    )  # fmt: skip


def test_settings_are_those_of_the_notice():
    reglages = FranceConnect().build_reglages("https://fc.example/api/v2/")

    assert reglages["emetteur"] == "https://fc.example/api/v2"
    assert reglages["fin_session"] == "https://fc.example/api/v2/session/end"
    assert (reglages["pkce"], reglages["acr_demandes"], reglages["algorithme"]) == (
        False, "eidas1", "ES256"
    )  # fmt: skip
    assert reglages["scopes"].split()[:2] == ["openid", "identite_pivot"]


def test_plus_asks_more_and_is_encrypted():
    reglages = FranceConnectPlus().build_reglages("https://fcp.example/api/v2")
    assert (reglages["acr_acceptes"], reglages["chiffrement"]) == ("eidas2 eidas3", "RSA-OAEP-256")


def test_traits():
    traits = FranceConnect().read_traits(
        create_identite(**PIVOT, preferred_username="MARTIN", email="Angela@exemple.fr")
    )
    assert (traits.prenom, traits.nom, traits.courriel) == ("Angela", "MARTIN", "Angela@exemple.fr")
    assert traits.pivot == PIVOT | {"preferred_username": "MARTIN"}
    assert traits.mfa is False


def test_born_abroad_has_no_birthplace():
    traits = FranceConnect().read_traits(
        create_identite(**PIVOT | {"birthplace": "", "birthcountry": "99352"})
    )
    assert (traits.pivot["birthplace"], traits.pivot["birthcountry"]) == ("", "99352")


@pytest.mark.parametrize("faux", [None, 12, ["DUBOIS"], {"a": 1}, ""])
def test_faulty_name_gives_no_pivot(faux):
    traits = FranceConnect().read_traits(create_identite(**PIVOT | {"family_name": faux}))
    assert traits.pivot == {}


def test_texts_are_bounded_and_on_one_line():
    traits = FranceConnect().read_traits(
        create_identite(**PIVOT | {"family_name": "DU\nBOIS" + "x" * 500})
    )
    assert "\n" not in traits.nom
    assert len(traits.nom) == 200


@pytest.mark.parametrize(
    ("erreur", "phrase"),
    [
        ("access_denied", "n’a pas abouti"),
        ("server_error", "difficulté technique"),
        ("temporarily_unavailable", "difficulté technique"),
        ("Y500006", "difficulté technique"),
        ("invalid_scope", "mal réglé"),
        ("invalid_acr", "mal réglé"),
    ],
)
def test_every_error_has_a_sentence(erreur, phrase):
    assert phrase in FranceConnect().explain(erreur)
