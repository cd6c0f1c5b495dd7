"""ProConnect simulé : entrées, niveaux de garantie, cas à refuser, session."""

import base64
import hashlib
import json
import re
from urllib.parse import urlencode

import pytest

from tests.simulateurs.parcours import (
    RETOUR,
    SCOPES_PC,
    Service,
    read_code_erreur,
    read_retour,
)

VERIFICATEUR = "v" * 60
DEFI = base64.urlsafe_b64encode(hashlib.sha256(VERIFICATEUR.encode()).digest()).decode().rstrip("=")
PKCE = {"code_challenge": DEFI, "code_challenge_method": "S256"}
MFA = ["eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3"]
EXIGE_MFA = json.dumps(
    {"id_token": {"acr": {"essential": True, "values": MFA}, "amr": {"essential": True}}}
)


def test_nominal_agent(proconnect):
    jetons = proconnect.connect("instructrice")

    assert set(jetons) == {
        "access_token",
        "expires_in",
        "id_token",
        "refresh_token",
        "scope",
        "token_type",
    }
    assert jetons["expires_in"] == 3600
    identite = proconnect.verify(proconnect.get_userinfo(jetons["access_token"]).text)
    assert {nom: identite[nom] for nom in SCOPES_PC.split()[1:]} == {
        "given_name": "Sophie",
        "usual_name": "MARCHAND",
        "email": "sophie.marchand@clamart.example",
        "uid": "uid-instructrice",
        "siret": "21920023500014",
        "idp_id": "00000000-0000-4000-8000-0000000000c1",
        "roles": ["agent_public", "agent_public_territorial"],
        "organization_label": "Commune de Clamart",
    }


def refresh(proconnect: Service, jetons: dict):
    return proconnect.exchange(
        "", grant_type="refresh_token", refresh_token=jetons["refresh_token"]
    )


def test_each_token_dies_at_its_limit(proconnect, horloge):
    """Code 60 s, accès 1 h, reprise 2 h : bons une seconde avant, refusés à l’heure dite."""
    codes = [proconnect.get_code("instructrice") for _ in range(2)]
    horloge.advance(59)
    assert proconnect.exchange(codes[0]).status_code == 200
    horloge.advance(1)
    refus = proconnect.exchange(codes[1])
    assert (refus.status_code, refus.json["error"]) == (400, "invalid_grant")

    un, deux = proconnect.connect("instructrice"), proconnect.connect("instructrice")
    horloge.advance(3_599)
    assert proconnect.get_userinfo(un["access_token"]).status_code == 200
    horloge.advance(1)
    assert proconnect.get_userinfo(un["access_token"]).status_code == 401
    horloge.advance(3_599)
    assert refresh(proconnect, un).status_code == 200
    horloge.advance(1)
    refus = refresh(proconnect, deux)
    assert (refus.status_code, refus.json["error"]) == (400, "invalid_grant")


def test_pkce_s256_is_checked(proconnect):
    code = proconnect.get_code("instructrice", demande=PKCE)
    assert proconnect.exchange(code, code_verifier=VERIFICATEUR).status_code == 200

    code = proconnect.get_code("instructrice", demande=PKCE)
    assert proconnect.exchange(code, code_verifier="x" * 60).json["error"] == "invalid_grant"

    code = proconnect.get_code("instructrice", demande=PKCE)
    assert proconnect.exchange(code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changement", "description"),
    [
        ({"code_challenge": DEFI}, "plain code_challenge_method fallback disabled"),
        ({"code_challenge_method": "S256"}, "code_challenge must be provided"),
        ({**PKCE, "code_challenge_method": "plain"}, "not supported value"),
        ({**PKCE, "code_challenge": "court"}, "minimum length of 43"),
        ({**PKCE, "code_challenge": "é" * 50}, "invalid characters"),
        ({"response_type": ""}, "missing required parameter"),
        ({"prompt": "none login"}, "prompt none must only be used alone"),
        ({"scope": "email"}, "openid scope must be requested"),
    ],
)
def test_demande_fausse_returns_to_the_service(proconnect, changement, description):
    retour = read_retour(proconnect.authorize(**changement))

    assert retour["error"] == "invalid_request"
    assert description in retour["error_description"]


@pytest.mark.parametrize(
    "changement",
    [
        {"max_age": "10"},
        {"display": "page"},
        {"nonce": "n" * 513},
        {"nonce": "é" * 40},
        {"login_hint": "pas une adresse"},
        {"siret_hint": "123"},
        {"prompt": "select_account"},
        {"redirect_uri": ""},
        {"redirect_uri": "example.com"},
        {"client_id": ""},
    ],
)
def test_parametre_faux_stops_on_a_page(proconnect, changement):
    reponse = proconnect.authorize(**changement)

    assert (reponse.status_code, read_code_erreur(reponse)) == (400, "Y000400")


@pytest.mark.parametrize("absent", ["state", "scope", "redirect_uri", "client_id"])
def test_parametre_absent_stops_on_a_page(proconnect, absent):
    reponse = proconnect.authorize(**{absent: None})

    assert (reponse.status_code, read_code_erreur(reponse)) == (400, "Y000400")


def test_client_and_adresse_inconnus(proconnect):
    client = proconnect.authorize(client_id="inconnu")
    adresse = proconnect.authorize(redirect_uri="https://ailleurs.example/")

    assert (client.status_code, read_code_erreur(client)) == (400, "InvalidClient")
    assert (adresse.status_code, read_code_erreur(adresse)) == (400, "Y030031")


def test_nonce_and_acr_are_optional(proconnect):
    jetons = proconnect.connect("instructrice", demande={"nonce": None, "acr_values": None})

    assert "nonce" not in proconnect.verify(jetons["id_token"])


@pytest.mark.parametrize(
    ("agent", "acr", "amr"),
    [
        ("instructrice", "eidas1-mfa", ["pwd", "otp", "mfa"]),
        ("administratrice", "eidas2", ["pwd", "otp", "mfa"]),
        ("sans_mfa", "eidas1", ["pwd"]),
    ],
)
def test_acr_and_amr_tell_the_level_reached(proconnect, agent, acr, amr):
    demande = {"acr_values": "eidas3", "claims": '{"id_token":{"amr":null}}'}
    jeton = proconnect.verify(proconnect.connect(agent, demande=demande)["id_token"])

    assert (jeton["acr"], jeton["amr"]) == (acr, amr)


def test_mfa_exigee_refuses_the_agent_without(proconnect):
    demande = {"acr_values": None, "claims": EXIGE_MFA}
    refus = read_retour(proconnect.choose(proconnect.open_page(**demande), "sans_mfa"))
    acceptee = proconnect.verify(proconnect.connect("instructrice", demande=demande)["id_token"])

    assert (refus["error"], refus["error_description"]) == (
        "access_denied",
        "None of the requested ACRs could be obtained.",
    )
    assert acceptee["acr"] == "eidas1-mfa"


def test_acr_bas_ignores_the_requirement(proconnect):
    demande = {"claims": EXIGE_MFA}
    jetons = proconnect.connect("instructrice", demande=demande, defaillance="id_acr_bas")

    assert proconnect.verify(jetons["id_token"])["acr"] == "eidas1"


def test_secteur_prive_depends_on_the_service(create_simulateurs, proconnect):
    jetons = proconnect.connect("secteur_prive")
    identite = proconnect.verify(proconnect.get_userinfo(jetons["access_token"]).text)
    assert identite["roles"] == []

    client = {
        "client_id": "public",
        "secret": "s",
        "redirections": [RETOUR],
        "secteur_public": True,
    }
    public = Service(
        create_simulateurs(clients={"proconnect": [client]}),
        "proconnect",
        client_id="public",
        scope=SCOPES_PC,
    )
    refus = public.choose(public.open_page(), "secteur_prive")
    assert (refus.status_code, read_code_erreur(refus)) == (400, "Y500015")


def test_sub_differs_by_identity_provider_for_the_same_mail(proconnect):
    def read(agent: str) -> tuple[str, str]:
        jetons = proconnect.connect(agent)
        identite = proconnect.verify(proconnect.get_userinfo(jetons["access_token"]).text)
        return identite["sub"], identite["email"]

    (premier, courriel), (second, meme) = read("instructrice"), read("instructrice_autre_fi")
    assert premier != second
    assert courriel == meme


def test_organisations_come_from_the_configuration(create_simulateurs):
    organisations = {"epci": {"siret": "00000100800010", "nom": "Communauté d’essai"}}
    service = Service(
        create_simulateurs(organisations=organisations), "proconnect", scope=SCOPES_PC
    )
    jetons = service.connect("instructeur_epci")
    identite = service.verify(service.get_userinfo(jetons["access_token"]).text)

    assert (identite["siret"], identite["organization_label"]) == (
        "00000100800010",
        "Communauté d’essai",
    )


@pytest.mark.parametrize(
    ("demande", "coche"),
    [
        ({}, "instructrice"),
        ({"login_hint": "karim.haddad@clamart.example"}, "valideur"),
        ({"siret_hint": "20005796600018"}, "instructeur_epci"),
        ({"login_hint": "inconnu@example.org"}, "instructrice"),
    ],
)
def test_indices_check_an_agent(proconnect, demande, coche):
    page = proconnect.open_page(**demande)

    assert re.findall(r'value="([^"]+)"[^>]* checked', page) == [coche]


def test_prompt_none_needs_a_session(proconnect, horloge):
    refus = read_retour(proconnect.authorize(prompt="none"))
    assert (refus["error"], refus["error_description"]) == (
        "login_required",
        "End-User authentication is required",
    )

    proconnect.connect("valideur")
    horloge.advance(43_199)
    code = read_retour(proconnect.authorize(prompt="none"))["code"]
    jetons = proconnect.exchange(code).json
    identite = proconnect.verify(proconnect.get_userinfo(jetons["access_token"]).text)
    assert identite["usual_name"] == "HADDAD"

    horloge.advance(43_200)
    assert read_retour(proconnect.authorize(prompt="none"))["error"] == "login_required"


def test_reprise_rotates_and_its_replay_kills_all(proconnect):
    jetons = proconnect.connect("instructrice")
    reprise = {"grant_type": "refresh_token", "refresh_token": jetons["refresh_token"]}

    suite = proconnect.exchange("", **reprise)
    assert suite.status_code == 200
    assert proconnect.exchange("", **reprise).json["error"] == "invalid_grant"
    derniere = {"grant_type": "refresh_token", "refresh_token": suite.json["refresh_token"]}
    assert proconnect.exchange("", **derniere).json["error"] == "invalid_grant"
    assert proconnect.get_userinfo(suite.json["access_token"]).status_code == 401


def test_reprise_fausse_is_refused(proconnect):
    acces = proconnect.connect("instructrice")["access_token"]

    for jeton in ("faux", acces):
        reprise = {"grant_type": "refresh_token", "refresh_token": jeton}
        assert proconnect.exchange("", **reprise).json["error"] == "invalid_grant"


def end_session(service: Service, **parametres: str):
    return service.web.get(f"{service.base}/session/end?{urlencode(parametres)}")


def test_logout_by_client_id_closes_the_session(proconnect):
    proconnect.connect("instructrice")
    fin = end_session(
        proconnect, client_id="socle-demo", post_logout_redirect_uri=RETOUR, state="s"
    )

    assert fin.headers["Location"] == f"{RETOUR}?state=s"
    assert read_retour(proconnect.authorize(prompt="none"))["error"] == "login_required"


def test_logout_refuses_an_unknown_return(proconnect):
    fin = end_session(
        proconnect, client_id="socle-demo", post_logout_redirect_uri="https://ailleurs.example/"
    )

    assert (fin.status_code, read_code_erreur(fin)) == (400, "Y030111")


def test_discovery_announces_pkce_and_refresh(proconnect):
    document = proconnect.web.get(f"{proconnect.base}/.well-known/openid-configuration").json

    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert "eidas1-mfa" in document["acr_values_supported"]
