"""Déconnexion : ici d’abord, puis chez le fournisseur ; rien ne reste à l’écran."""

import pytest

from tests.navigateur import Navigateur
from tests.oidc_faux import read_parametres

pytestmark = pytest.mark.django_db
SORTIE = "/c/clamart/deconnexion/"


@pytest.fixture
def connectee(client, franceconnect):
    Navigateur(client).connecte("belkacem")
    return client


def test_logout_is_a_post_with_csrf(connectee):
    assert connectee.get(SORTIE).status_code == 405
    strict = type(connectee)(enforce_csrf_checks=True)
    strict.cookies = connectee.cookies
    assert strict.post(SORTIE).status_code == 403
    assert "_auth_user_id" in connectee.session


def test_logout_closes_here_then_leads_to_the_provider(connectee, navigateur, simulateurs):
    jeton = connectee.session["federation"]["id_token"]
    reponse = connectee.post(SORTIE)

    demande = read_parametres(reponse["Location"])
    assert reponse.status_code == 303
    assert reponse["Location"].startswith(f"{simulateurs}/franceconnect/api/v2/session/end?")
    assert demande["id_token_hint"] == jeton
    assert demande["post_logout_redirect_uri"] == "http://localhost:8000/deconnexion/retour/"
    assert "_auth_user_id" not in connectee.session
    assert "federation" not in connectee.session


def test_provider_accepts_our_logout_and_comes_back(connectee, navigateur):
    fin = connectee.post(SORTIE)["Location"]
    reponse = navigateur.web.get(fin)
    assert reponse.headers["Location"].startswith(
        "http://localhost:8000/deconnexion/retour/?state="
    )

    retour = connectee.get(navigateur._chemin(reponse.headers["Location"]))
    assert (retour.status_code, retour["Location"]) == (302, "/c/clamart/")


def test_return_with_a_foreign_state_does_nothing(connectee, caplog):
    connectee.post(SORTIE)
    reponse = connectee.get("/deconnexion/retour/?state=faux")
    assert (reponse.status_code, reponse["Location"]) == (302, "/c/clamart/")
    assert "deconnexion.retour_inconnu" in caplog.messages


def test_local_account_logs_out_here_only(client, agent):
    client.force_login(agent)
    assert client.post(SORTIE)["Location"] == "/c/clamart/"
    assert "_auth_user_id" not in client.session


def test_pages_of_a_session_are_never_cached(connectee):
    page = connectee.get("/c/clamart/espace/compte/")
    assert "no-store" in page["Cache-Control"]
    connectee.post(SORTIE)
    assert connectee.get("/c/clamart/espace/compte/").status_code == 302


def test_logout_button_is_allowed_by_the_policy(connectee, simulateurs):
    politique = connectee.get("/c/clamart/espace/compte/")["Content-Security-Policy"]
    assert simulateurs.removesuffix("/simulateurs") in politique.split("form-action")[1]


def test_id_token_is_in_no_page_and_no_log(connectee, caplog):
    jeton = connectee.session["federation"]["id_token"]
    page = connectee.get("/c/clamart/espace/compte/")
    connectee.post(SORTIE)
    assert jeton not in page.text
    assert jeton not in caplog.text


def test_referrer_never_leaves_the_site(connectee):
    assert connectee.get("/c/clamart/espace/compte/")["Referrer-Policy"] == "same-origin"
