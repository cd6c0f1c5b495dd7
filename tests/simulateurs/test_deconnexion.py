"""Déconnexion chez FranceConnect, session en cours, lecture d’un jeton par un fournisseur."""

from urllib.parse import urlencode

import pytest

from tests.simulateurs.parcours import RETOUR, Service, read_code_erreur

FD = {"client_id": "dgfip", "client_secret": "secret-dgfip"}


def end_session(service: Service, **parametres: str):
    return service.web.get(f"{service.base}/session/end?{urlencode(parametres)}")


def test_logout_returns_with_the_state(franceconnect, horloge):
    jeton = franceconnect.connect()["id_token"]
    horloge.advance(3600)  # un jeton périmé reste un indice valable

    fin = end_session(
        franceconnect, id_token_hint=jeton, post_logout_redirect_uri=RETOUR, state="abc"
    )

    assert (fin.status_code, fin.headers["Location"]) == (303, f"{RETOUR}?state=abc")


def test_logout_without_return_shows_a_page(franceconnect):
    fin = end_session(franceconnect, id_token_hint=franceconnect.connect()["id_token"])

    assert fin.status_code == 200
    assert "Vous êtes déconnecté du simulateur de FranceConnect" in fin.text


@pytest.mark.parametrize(
    ("defaillance", "code"),
    [("id_signature", "Y000400"), ("id_alg_none", "Y000400"), ("id_iss", "Y100019")],
)
def test_logout_refuses_a_false_hint(franceconnect, defaillance, code):
    jeton = franceconnect.connect(defaillance=defaillance)["id_token"]

    fin = end_session(franceconnect, id_token_hint=jeton, post_logout_redirect_uri=RETOUR)
    assert (fin.status_code, read_code_erreur(fin)) == (400, code)


def test_logout_needs_a_hint_and_a_known_return(franceconnect):
    jeton = franceconnect.connect()["id_token"]

    sans = end_session(franceconnect, post_logout_redirect_uri=RETOUR)
    ailleurs = end_session(
        franceconnect, id_token_hint=jeton, post_logout_redirect_uri="https://ailleurs.example/"
    )
    assert (sans.status_code, ailleurs.status_code) == (400, 400)
    assert read_code_erreur(ailleurs) == "Y030111"


def test_deconnexion_inscrite_is_exact(create_simulateurs):
    client = {
        "client_id": "strict",
        "secret": "s",
        "redirections": [RETOUR],
        "deconnexions": ["http://localhost:8000/adieu/"],
    }
    application = create_simulateurs(clients={"franceconnect": [client]})
    service = Service(application, client_id="strict", secret="s")
    jeton = service.connect()["id_token"]

    def get_statut(adresse: str) -> int:
        parametres = {"id_token_hint": jeton, "post_logout_redirect_uri": adresse}
        return end_session(service, **parametres).status_code

    assert get_statut("http://localhost:8000/adieu/") == 303
    assert get_statut("http://localhost:8000/adieu/?a=1") == 400
    assert get_statut(RETOUR) == 400


def test_session_offers_to_continue(franceconnect, horloge):
    assert "Continuer en tant que" not in franceconnect.open_page()
    franceconnect.connect("belkacem")

    page = franceconnect.open_page()
    assert "Continuer en tant que Nadia Soumaya BELKACEM" in page
    assert "Continuer en tant que" not in franceconnect.open_page(prompt="login")

    horloge.advance(1801)
    assert "Continuer en tant que" not in franceconnect.open_page()


def test_logout_forgets_the_session(franceconnect):
    jeton = franceconnect.connect("belkacem")["id_token"]
    end_session(franceconnect, id_token_hint=jeton)

    assert "Continuer en tant que" not in franceconnect.open_page()


def test_session_cookie_is_protected(franceconnect):
    reponse = franceconnect.choose(franceconnect.open_page())
    temoin = reponse.headers["Set-Cookie"]

    assert "Path=/simulateurs/franceconnect/" in temoin
    assert "HttpOnly" in temoin
    assert "SameSite=Lax" in temoin
    assert "Secure" not in temoin  # l’adresse publique d’essai est en http


def check_token(service: Service, **changements: str):
    donnees = {**FD, "token": "x", **changements}
    donnees = {nom: valeur for nom, valeur in donnees.items() if valeur}
    return service.web.post(f"{service.base}/checktoken", data=donnees)


def test_checktoken_gives_identity_and_only_its_scopes(franceconnect, horloge):
    demande = {"scope": "openid identite_pivot email dgfip_rfr dgfip_aft cnaf_enfants"}
    jetons = franceconnect.connect("diallo", demande=demande)

    reponse = check_token(franceconnect, token=jetons["access_token"])

    assert reponse.content_type == "application/token-introspection+jwt"
    lu = franceconnect.verify(reponse.text)
    assert lu["aud"] == "dgfip"
    contenu = lu["token_introspection"]
    assert contenu.pop("jti")
    assert contenu == {
        "active": True,
        "aud": "socle-demo",
        "sub": franceconnect.verify(jetons["id_token"])["sub"],
        "iat": int(horloge()),
        "exp": int(horloge()) + 60,
        "acr": "eidas1",
        "scope": "dgfip_rfr dgfip_aft",
        "given_name": "Aminata",
        "given_name_array": ["Aminata"],
        "family_name": "DIALLO",
        "birthdate": "1990-12-05",
        "gender": "female",
        "birthplace": "",
        "birthcountry": "99330",
    }


def test_checktoken_of_an_expired_token_is_inactive(franceconnect, horloge):
    acces = franceconnect.connect()["access_token"]
    horloge.advance(61)

    lu = franceconnect.verify(check_token(franceconnect, token=acces).text)
    assert lu["token_introspection"] == {"active": False}


@pytest.mark.parametrize("absent", ["client_id", "client_secret", "token"])
def test_checktoken_needs_its_parameters(franceconnect, absent):
    reponse = check_token(franceconnect, **{absent: ""})

    assert reponse.status_code == 400
    assert reponse.json == {
        "error": "invalid_request",
        "error_description": "Required parameter missing or invalid.",
    }


def test_checktoken_refuses_a_false_secret(franceconnect):
    reponse = check_token(franceconnect, client_secret="faux")

    assert (reponse.status_code, reponse.json["error"]) == (401, "invalid_client")
