"""FranceConnect simulé : les portes de la vraie plateforme, et ce qu’elle remet."""

import re

import pytest

from tests.simulateurs.parcours import (
    RETOUR,
    SCOPES_FC,
    Service,
    read_code_erreur,
    read_retour,
)

ISSUER = "http://localhost:8000/simulateurs/franceconnect/api/v2"


def test_connexion_gives_code_state_and_iss(franceconnect):
    retour = read_retour(franceconnect.choose(franceconnect.open_page()))

    assert set(retour) == {"code", "state", "iss"}
    assert (retour["state"], retour["iss"]) == ("e" * 32, ISSUER)


@pytest.mark.parametrize(
    "parametre",
    [
        "code_challenge",
        "code_challenge_method",
        "login_hint",
        "max_age",
        "display",
        "response_mode",
    ],
)
def test_parametre_en_trop_stops_on_a_page(franceconnect, parametre):
    reponse = franceconnect.authorize(**{parametre: "S256"})

    assert reponse.status_code == 400
    assert reponse.content_type == "text/html; charset=utf-8"
    assert read_code_erreur(reponse) == "Y000400"
    assert parametre in reponse.text


@pytest.mark.parametrize(
    "absent",
    ["acr_values", "client_id", "nonce", "redirect_uri", "response_type", "scope", "state"],
)
def test_parametre_absent_stops_on_a_page(franceconnect, absent):
    reponse = franceconnect.authorize(**{absent: None})

    assert (reponse.status_code, read_code_erreur(reponse)) == (400, "Y000400")


@pytest.mark.parametrize(("longueur", "statut"), [(21, 400), (22, 303), (64, 303)])
def test_nonce_needs_22_characters(franceconnect, longueur, statut):
    assert franceconnect.authorize(nonce="n" * longueur).status_code == statut


@pytest.mark.parametrize(
    ("prompt", "statut"),
    [
        ("login", 303),
        ("consent", 303),
        ("login consent", 303),
        ("consent login", 303),
        ("none", 400),
        ("select_account", 400),
        ("", 400),
    ],
)
def test_prompt_is_login_or_consent(franceconnect, prompt, statut):
    assert franceconnect.authorize(prompt=prompt).status_code == statut


def test_parametre_repete_is_refused(franceconnect):
    demande = "&".join(f"{n}={v}" for n, v in franceconnect.create_demande().items())

    reponse = franceconnect.web.get(f"{franceconnect.base}/authorize?{demande}&state=autre")

    assert (reponse.status_code, read_code_erreur(reponse)) == (400, "Y000400")


def test_demande_may_come_by_post(franceconnect):
    reponse = franceconnect.web.post(
        f"{franceconnect.base}/authorize", data=franceconnect.create_demande()
    )

    assert reponse.status_code == 303


def test_client_inconnu_stops_on_a_page(franceconnect):
    reponse = franceconnect.authorize(client_id="inconnu")

    assert (reponse.status_code, read_code_erreur(reponse)) == (500, "Y030106")


@pytest.mark.parametrize(
    "adresse",
    [
        "https://localhost:8000/connexion/retour/",
        "http://localhost:8001/connexion/retour/",
        "http://localhost:8000.example/connexion/retour/",
        "http://localhost:8000@example.org/connexion/retour/",
        "http://localhost:8000/connexion/../../retour/",
        "http://localhost:8000/connexion/retour/#fin",
        "http://localhost:8000\\@example.org/",
        "javascript:alert(1)",
        "//localhost:8000/connexion/retour/",
    ],
)
def test_adresse_de_retour_hors_prefixe_stops_on_a_page(franceconnect, adresse):
    reponse = franceconnect.authorize(redirect_uri=adresse)

    assert (reponse.status_code, read_code_erreur(reponse)) == (500, "Y030118")


@pytest.mark.parametrize(
    ("adresse", "statut"),
    [
        (RETOUR, 303),
        (RETOUR.rstrip("/"), 500),
        (f"{RETOUR}?a=1", 500),
        (RETOUR.replace("retour", "Retour"), 500),
    ],
)
def test_adresse_inscrite_is_exact(create_simulateurs, adresse, statut):
    client = {"client_id": "strict", "secret": "s", "redirections": [RETOUR]}
    service = Service(create_simulateurs(clients={"franceconnect": [client]}), client_id="strict")

    assert service.authorize(redirect_uri=adresse).status_code == statut


@pytest.mark.parametrize(
    ("changement", "erreur", "description"),
    [
        ({"acr_values": "eidas2"}, "invalid_acr", "expected eidas1, got eidas2"),
        ({"acr_values": "eidas3 eidas2"}, "invalid_acr", "expected eidas1, got eidas3 eidas2"),
        ({"scope": "profile"}, "invalid_request", "openid scope must be requested"),
        ({"scope": ""}, "invalid_request", "openid scope must be requested"),
        ({"response_type": ""}, "invalid_request", "missing required parameter 'response_type'"),
        ({"response_type": "inconnu"}, "unsupported_response_type", "unsupported response_type"),
        ({"claims": "{"}, "invalid_request", "could not parse the claims parameter JSON"),
        ({"claims": "[]"}, "invalid_request", "claims parameter should be a JSON object"),
    ],
)
def test_demande_fausse_returns_to_the_service(franceconnect, changement, erreur, description):
    retour = read_retour(franceconnect.authorize(**changement))

    assert retour["error"] == erreur
    assert description in retour["error_description"]
    assert (retour["state"], retour["iss"]) == ("e" * 32, ISSUER)


def test_response_type_jeton_returns_in_the_fragment(franceconnect):
    reponse = franceconnect.authorize(response_type="code id_token")

    assert reponse.headers["Location"].startswith(f"{RETOUR}#error=unsupported_response_type")


def test_acr_inconnu_counts_as_eidas1(franceconnect):
    jetons = franceconnect.connect(demande={"acr_values": "inconnu"})

    assert franceconnect.verify(jetons["id_token"])["acr"] == "eidas1"


def test_scope_inconnu_is_ignored_and_scope_interdit_refused(create_simulateurs):
    client = {
        "client_id": "limite",
        "secret": "s",
        "redirections": [RETOUR],
        "scopes": ["openid", "email"],
    }
    service = Service(
        create_simulateurs(clients={"franceconnect": [client]}), client_id="limite", secret="s"
    )

    assert service.connect(demande={"scope": "openid email inconnu"})["scope"] == "openid email"
    refus = read_retour(service.authorize(scope="openid birthdate"))
    assert (refus["error"], refus["error_description"]) == (
        "invalid_scope",
        "requested scope is not allowed",
    )


def test_jetons_have_the_five_expected_fields(franceconnect):
    jetons = franceconnect.connect()

    assert set(jetons) == {"access_token", "expires_in", "id_token", "scope", "token_type"}
    assert (jetons["expires_in"], jetons["token_type"]) == (60, "Bearer")
    assert jetons["scope"] == SCOPES_FC


def test_id_token_is_signed_es256_for_60_seconds(franceconnect, horloge):
    jeton = franceconnect.verify(franceconnect.connect()["id_token"])

    assert jeton.pop("at_hash")
    assert re.fullmatch(r"[0-9a-f]{64}v1", jeton.pop("sub"))
    assert jeton == {
        "aud": "socle-demo",
        "iss": ISSUER,
        "iat": int(horloge()),
        "exp": int(horloge()) + 60,
        "acr": "eidas1",
        "nonce": "n" * 32,
    }


def test_amr_comes_only_when_asked_and_allowed(create_simulateurs, franceconnect):
    demande = {"claims": '{"id_token":{"amr":{"essential":true}}}'}
    jetons = franceconnect.connect(demande=demande)
    client = {"client_id": "sans", "secret": "s", "redirections": [RETOUR], "amr": False}
    prive = Service(create_simulateurs(clients={"franceconnect": [client]}), client_id="sans")

    assert franceconnect.verify(jetons["id_token"])["amr"] == ["pwd"]
    assert read_retour(prive.authorize(**demande))["error"] == "server_error"


def test_userinfo_is_a_signed_jwt_with_the_pivot(franceconnect):
    jetons = franceconnect.connect("belkacem")
    reponse = franceconnect.get_userinfo(jetons["access_token"])

    assert reponse.content_type == "application/jwt"
    identite = franceconnect.verify(reponse.text)
    assert identite["sub"] == franceconnect.verify(jetons["id_token"])["sub"]
    assert {nom: identite[nom] for nom in sorted(set(identite) - {"sub", "exp", "iat"})} == {
        "aud": "socle-demo",
        "birthcountry": "99100",
        "birthdate": "1986-04-11",
        "birthplace": "92023",
        "email": "belkacem@example.org",
        "family_name": "BELKACEM",
        "gender": "female",
        "given_name": "Nadia Soumaya",
        "given_name_array": ["Nadia", "Soumaya"],
        "iss": ISSUER,
    }


TECHNIQUES = {"sub", "aud", "exp", "iat", "iss"}


@pytest.mark.parametrize(
    ("scope", "attendus"),
    [
        ("openid", set()),
        ("openid birth", {"birthplace", "birthcountry"}),
        ("openid email", {"email"}),
        ("openid preferred_username", {"preferred_username"}),
        ("openid given_name", {"given_name", "given_name_array"}),
        ("openid idp_birthdate idp_id", {"idp_birthdate", "idp_id"}),
        (
            "openid profile",
            {
                "given_name",
                "given_name_array",
                "family_name",
                "birthdate",
                "gender",
                "preferred_username",
            },
        ),
        ("openid address phone", set()),
        ("openid cnaf_quotient_familial dgfip_rfr", set()),
    ],
)
def test_scopes_give_exactly_their_claims(franceconnect, scope, attendus):
    jetons = franceconnect.connect("avec_nom_dusage", demande={"scope": scope})
    identite = franceconnect.verify(franceconnect.get_userinfo(jetons["access_token"]).text)

    assert set(identite) - TECHNIQUES == attendus


@pytest.mark.parametrize(
    ("identite", "birthdate", "idp_birthdate", "birthplace"),
    [
        ("étranger_présumé_né_jour", "1992-11-01", "1992-11-00", ""),
        ("étranger_présumé_né_jour_et_mois", "1992-01-01", "1992-00-00", ""),
        ("naissance_Algérie", "1963-12-05", "1963-12-05", ""),
        ("test_CORSE_2A", "1981-02-03", "1981-02-03", "2A004"),
        ("outre_mer", "1977-10-21", "1977-10-21", "97411"),
        ("mois_00", "1977-01-03", "1977-00-03", "75010"),
        ("naissance_etranger_birthplace_texte", "1963-12-05", "1963-12-05", ""),
    ],
)
def test_naissances_follow_the_format(
    franceconnect, identite, birthdate, idp_birthdate, birthplace
):
    demande = {"scope": "openid identite_pivot idp_birthdate"}
    jetons = franceconnect.connect(identite, demande=demande)
    lue = franceconnect.verify(franceconnect.get_userinfo(jetons["access_token"]).text)

    assert (lue["birthdate"], lue["idp_birthdate"], lue["birthplace"]) == (
        birthdate,
        idp_birthdate,
        birthplace,
    )


def test_preferred_username_is_optional(franceconnect):
    jetons = franceconnect.connect("test", demande={"scope": "openid preferred_username"})
    identite = franceconnect.verify(franceconnect.get_userinfo(jetons["access_token"]).text)

    assert "preferred_username" not in identite


def test_sub_depends_on_the_entity_not_on_the_client(create_simulateurs):
    clients = [
        {"client_id": nom, "secret": "s", "redirections": [RETOUR], "entite": entite}
        for nom, entite in (("a", "opsn"), ("b", "opsn"), ("c", "autre"))
    ]
    application = create_simulateurs(clients={"franceconnect": clients})

    def get_sub(client_id: str) -> str:
        service = Service(application, client_id=client_id, secret="s")
        return service.verify(service.connect()["id_token"])["sub"]

    assert get_sub("a") == get_sub("b")
    assert get_sub("a") != get_sub("c")


def test_sub_is_the_same_after_a_restart(create_simulateurs):
    subs = set()
    for _ in range(2):
        service = Service(create_simulateurs())
        subs.add(service.verify(service.connect()["id_token"])["sub"])

    assert len(subs) == 1


def test_code_is_single_use_and_its_replay_kills_the_tokens(franceconnect):
    code = franceconnect.get_code()
    jetons = franceconnect.exchange(code).json

    rejeu = franceconnect.exchange(code)

    assert rejeu.status_code == 400
    assert rejeu.json == {
        "error": "invalid_grant",
        "error_description": "grant request is invalid",
    }
    assert franceconnect.get_userinfo(jetons["access_token"]).status_code == 401


@pytest.mark.parametrize(("attente", "statut"), [(29, 200), (30, 400)])
def test_code_lives_30_seconds(franceconnect, horloge, attente, statut):
    code = franceconnect.get_code()
    horloge.advance(attente)

    assert franceconnect.exchange(code).status_code == statut


@pytest.mark.parametrize(("attente", "statut"), [(59, 200), (60, 401)])
def test_acces_lives_60_seconds(franceconnect, horloge, attente, statut):
    jetons = franceconnect.connect()
    horloge.advance(attente)

    assert franceconnect.get_userinfo(jetons["access_token"]).status_code == statut


@pytest.mark.parametrize(
    ("changement", "statut", "erreur"),
    [
        ({"client_secret": "faux"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "inconnu"}, 401, "invalid_client"),
        ({"code": "faux"}, 400, "invalid_grant"),
        ({"redirect_uri": f"{RETOUR}autre"}, 400, "invalid_grant"),
        ({"code_verifier": "v" * 43}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
    ],
)
def test_echange_faux_is_refused(franceconnect, changement, statut, erreur):
    reponse = franceconnect.exchange(franceconnect.get_code(), **changement)

    assert (reponse.status_code, reponse.json["error"]) == (statut, erreur)


def test_basic_authentication_is_refused(franceconnect):
    reponse = franceconnect.web.post(
        f"{franceconnect.base}/token",
        data={"grant_type": "authorization_code", "code": franceconnect.get_code()},
        auth=("socle-demo", "secret-de-demonstration"),
    )

    assert reponse.json["error"] == "invalid_client"


def test_code_of_another_client_is_refused(create_simulateurs):
    autre = {"client_id": "autre", "secret": "s", "redirections": [RETOUR]}
    service = Service(create_simulateurs(clients={"franceconnect": [autre]}))

    reponse = service.exchange(service.get_code(), client_id="autre", client_secret="s")

    assert reponse.json["error"] == "invalid_grant"


@pytest.mark.parametrize("jeton", ["", "faux", "a.b.c"])
def test_userinfo_refuses_other_tokens(franceconnect, jeton):
    reponse = franceconnect.get_userinfo(jeton)

    assert reponse.status_code == 401
    assert 'error="invalid_token"' in reponse.headers["WWW-Authenticate"]


def test_id_token_is_not_an_access_token(franceconnect):
    assert franceconnect.get_userinfo(franceconnect.connect()["id_token"]).status_code == 401


def test_jeton_revoque_is_refused(franceconnect):
    acces = franceconnect.connect()["access_token"]
    franceconnect.web.post(
        f"{franceconnect.base}/token/revocation",
        data={"client_id": "socle-demo", "client_secret": franceconnect.secret, "token": acces},
    )

    assert franceconnect.get_userinfo(acces).status_code == 401


@pytest.mark.parametrize(
    ("identite", "manque"),
    [
        ("sans_mail", "d’adresse de courriel"),
        ("sans_mail_sans_tel", "d’adresse de courriel"),
        ("sans_prenom", "de prénom"),
        ("sans_nom_naissance", "de nom de naissance"),
        ("sans_genre", "de sexe"),
        ("sans_birthplace", "de commune de naissance"),
    ],
)
def test_personne_incomplete_stops_with_a_way_back(franceconnect, identite, manque):
    reponse = franceconnect.choose(franceconnect.open_page(), identite)

    assert (reponse.status_code, read_code_erreur(reponse)) == (400, "Y600006")
    assert f"Votre compte ne contient pas {manque}." in reponse.text
    assert "error=access_denied" in reponse.text


def test_personne_inconnue_du_registre_comes_back_refused(franceconnect):
    retour = read_retour(franceconnect.choose(franceconnect.open_page(), "inconnue_rnipp"))

    assert (retour["error"], retour["error_description"]) == (
        "access_denied",
        "User auth aborted",
    )


def test_identite_hors_liste_is_refused(franceconnect):
    assert franceconnect.choose(franceconnect.open_page(), "personne").status_code == 400


def test_demande_falsifiee_or_old_is_refused(franceconnect, horloge):
    page = franceconnect.open_page()
    falsifiee = page.replace('name="demande" value="', 'name="demande" value="x')
    assert franceconnect.choose(falsifiee).status_code == 400

    horloge.advance(601)
    assert read_code_erreur(franceconnect.choose(page)) == "Y190001"


def test_discovery_is_true(franceconnect):
    document = franceconnect.web.get(f"{franceconnect.base}/.well-known/openid-configuration").json

    assert document["issuer"] == ISSUER
    assert document["acr_values_supported"] == ["eidas1"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert "code_challenge_methods_supported" not in document
    assert "offline_access" not in document["scopes_supported"]
    assert "id_token_encryption_alg_values_supported" not in document


def test_jwks_has_only_public_keys(franceconnect):
    franceconnect.connect()
    cles = franceconnect.web.get(f"{franceconnect.base}/jwks").json["keys"]

    assert [(cle["kty"], cle["alg"], cle["use"]) for cle in cles] == [("EC", "ES256", "sig")]
    assert not {"d", "p", "q", "k"} & set(cles[0])


def test_rs256_follows_the_registration(create_simulateurs):
    client = {
        "client_id": "rsa",
        "secret": "s",
        "redirections": [RETOUR],
        "algorithme": "RS256",
    }
    service = Service(
        create_simulateurs(clients={"franceconnect": [client]}), client_id="rsa", secret="s"
    )

    assert service.verify(service.connect()["id_token"], "RS256")["aud"] == "rsa"
