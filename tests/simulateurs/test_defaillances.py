"""Chaque défaillance joue bien la faute annoncée, et rien d’autre."""

import base64
import json

import pytest
from joserfc.errors import JoseError

from socle.simulateurs.oidc.defaillances import CODES
from tests.simulateurs.parcours import read_retour

ISSUER = "http://localhost:8000/simulateurs/franceconnect/api/v2"


def play(franceconnect, defaillance: str) -> dict[str, str]:
    return read_retour(franceconnect.choose(franceconnect.open_page(), defaillance=defaillance))


@pytest.mark.parametrize("erreur", ["access_denied", "server_error", "temporarily_unavailable"])
def test_erreurs_de_retour(franceconnect, erreur):
    retour = play(franceconnect, erreur)

    assert (retour["error"], retour["iss"], retour["state"]) == (erreur, ISSUER, "e" * 32)
    assert "code" not in retour


def test_renoncer_is_access_denied(franceconnect):
    retour = read_retour(franceconnect.choose(franceconnect.open_page(), "", action="annuler"))

    assert retour["error"] == "access_denied"


def test_iss_etranger_and_absent(franceconnect):
    assert play(franceconnect, "iss_etranger")["iss"] != ISSUER
    assert "iss" not in play(franceconnect, "iss_absent")


def test_state_altere(franceconnect):
    assert play(franceconnect, "state_altere")["state"] != "e" * 32


def test_token_500_and_lent(franceconnect, horloge):
    panne = franceconnect.exchange(franceconnect.get_code(defaillance="token_500"))
    assert (panne.status_code, panne.json["error"]) == (500, "server_error")

    franceconnect.connect(defaillance="token_lent")
    assert horloge.attendu == 8.0


def test_id_absent(franceconnect):
    assert "id_token" not in franceconnect.connect(defaillance="id_absent")


@pytest.mark.parametrize(
    ("defaillance", "champ"),
    [
        ("id_nonce", "nonce"),
        ("id_acr_bas", "acr"),
        ("id_iss", "iss"),
        ("id_aud", "aud"),
    ],
)
def test_jeton_faux_differs_by_one_claim(franceconnect, defaillance, champ):
    juste = franceconnect.verify(franceconnect.connect()["id_token"])
    faux = franceconnect.verify(franceconnect.connect(defaillance=defaillance)["id_token"])

    differences = {nom for nom in juste if juste[nom] != faux[nom]} - {"at_hash"}
    assert differences == {champ}


def test_id_expire_is_past(franceconnect, horloge):
    jeton = franceconnect.verify(franceconnect.connect(defaillance="id_expire")["id_token"])

    assert jeton["exp"] < horloge() - 3000


def test_id_signature_lies_under_the_right_kid(franceconnect):
    jeton = franceconnect.connect(defaillance="id_signature")["id_token"]
    entete = json.loads(base64.urlsafe_b64decode(jeton.split(".")[0] + "=="))

    assert entete["kid"] in {cle.kid for cle in franceconnect.get_keys()}
    with pytest.raises(JoseError):
        franceconnect.verify(jeton)


def test_id_alg_none_has_no_signature(franceconnect):
    jeton = franceconnect.connect(defaillance="id_alg_none")["id_token"]

    assert jeton.endswith(".")
    assert json.loads(base64.urlsafe_b64decode(jeton.split(".")[0] + "=="))["alg"] == "none"


def test_userinfo_non_signe_is_json(franceconnect):
    jetons = franceconnect.connect(defaillance="userinfo_non_signe")
    reponse = franceconnect.get_userinfo(jetons["access_token"])

    assert reponse.content_type.startswith("application/json")
    assert reponse.json["sub"] == franceconnect.verify(jetons["id_token"])["sub"]


def test_userinfo_signature_is_false(franceconnect):
    jetons = franceconnect.connect(defaillance="userinfo_signature")

    with pytest.raises(JoseError):
        franceconnect.verify(franceconnect.get_userinfo(jetons["access_token"]).text)


def test_userinfo_sub_is_of_another_person(franceconnect):
    jetons = franceconnect.connect(defaillance="userinfo_sub")
    identite = franceconnect.verify(franceconnect.get_userinfo(jetons["access_token"]).text)

    assert identite["sub"] != franceconnect.verify(jetons["id_token"])["sub"]


def test_userinfo_500_and_lent(franceconnect, horloge):
    jetons = franceconnect.connect(defaillance="userinfo_500")
    assert franceconnect.get_userinfo(jetons["access_token"]).status_code == 500

    jetons = franceconnect.connect(defaillance="userinfo_lent")
    assert franceconnect.get_userinfo(jetons["access_token"]).status_code == 200
    assert horloge.attendu == 8.0


def test_rotation_changes_the_key_and_keeps_the_old_one(franceconnect):
    franceconnect.connect()
    anciennes = {cle.kid for cle in franceconnect.get_keys()}

    jetons = franceconnect.connect(defaillance="rotation")

    nouvelles = {cle.kid for cle in franceconnect.get_keys()}
    assert anciennes < nouvelles
    assert franceconnect.verify(jetons["id_token"])["acr"] == "eidas1"


def test_sub_change_keeps_the_pivot(franceconnect):
    def read(defaillance: str) -> tuple[str, str]:
        jetons = franceconnect.connect(defaillance=defaillance)
        identite = franceconnect.verify(franceconnect.get_userinfo(jetons["access_token"]).text)
        return identite["sub"], identite["family_name"]

    (avant, nom_avant), (apres, nom_apres) = read(""), read("sub_change")
    assert avant != apres
    assert nom_avant == nom_apres


def test_defaillance_hors_liste_is_refused(franceconnect):
    page = franceconnect.open_page()

    assert franceconnect.choose(page, defaillance="inventee").status_code == 400
    assert franceconnect.choose(page, particulier="inventee").status_code == 400


def test_page_proposes_every_defaillance(franceconnect):
    page = franceconnect.open_page()

    assert [code for code in CODES if f'<option value="{code}">' not in page] == []
