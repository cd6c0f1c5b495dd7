"""Second facteur : application, codes de secours, clés ; exigé des agents, jamais contourné."""

import json
import re
import time
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.services import create_compte_local
from tests.cle_de_securite import CleDeSecurite
from tests.navigateur import Navigateur

pytestmark = pytest.mark.django_db
PHRASE = "des vagues et du sel"
PORTE = "/c/clamart/agent/connexion/"
COMPTE = "/c/clamart/agent/compte/"
FACTEUR = "/c/clamart/compte/second-facteur/"
EPREUVE = "/c/clamart/connexion/second-facteur/"


def compute_code(secret: str, decalage: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + decalage))


def enter(client, mot_de_passe=PHRASE):
    clear_limites()
    return client.post(PORTE, {"login": "ada@clamart.example", "password": mot_de_passe})


def clear_limites() -> None:
    """Oublie les limites de fréquence, et elles seules : les codes déjà servis restent connus."""
    with connection.cursor() as curseur:
        curseur.execute("DELETE FROM commun_cache WHERE cle LIKE '%:rl:%'")


def confirm(client):
    return client.post("/c/clamart/compte/confirmer/", {"password": PHRASE})


@pytest.fixture(autouse=True)
def _validations(monkeypatch):
    """Exécute ce qu’une vue laisse pour après la validation, à la fin de sa transaction.

    Ici la transaction du test enveloppe tout : rien ne serait validé avant la fin.
    """
    from socle.fondations.commun import middleware

    @contextmanager
    def locataire_valide(*args, **kwargs):
        with locataire(*args, **kwargs):
            yield
        en_attente, connection.run_on_commit = connection.run_on_commit, []
        for _, fonction, _ in en_attente:
            fonction()

    monkeypatch.setattr(middleware, "locataire", locataire_valide)


@pytest.fixture
def protegee(client, agent):
    """L’agente a activé une application ; rend (client, secret)."""
    enter(client)
    confirm(client)
    page = client.get(f"{FACTEUR}application/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.text)[1]
    reponse = client.post(f"{FACTEUR}application/", {"code": compute_code(secret)})
    assert reponse["Location"] == f"{FACTEUR}codes/"
    return client, secret


# Exigé des agents -------------------------------------------------------------------------------
def test_agent_without_second_factor_is_led_to_choose_one(client, agent):
    enter(client)
    for chemin in (COMPTE, "/c/clamart/agent/reglages/agents/", "/c/clamart/documents/x/"):
        if client.get(chemin).status_code != 404:
            assert client.get(chemin)["Location"] == f"{FACTEUR}exige/"
    page = client.get(f"{FACTEUR}exige/")
    assert "Protégez votre compte" in page.text


def test_agent_without_second_factor_can_still_leave(client, agent):
    enter(client)
    assert client.post("/c/clamart/deconnexion/").status_code == 303


def test_activation_opens_the_pages(protegee):
    client, _ = protegee
    assert client.get(COMPTE).status_code == 200
    assert client.get(f"{FACTEUR}exige/")["Location"] == "/c/clamart/agent/"


def test_citizen_is_not_forced(client, clamart):
    from django.utils import timezone

    create_compte_local(
        genre="usager", courriel="yanis@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip
    client.post("/c/clamart/connexion/", {"login": "yanis@exemple.fr", "password": PHRASE})
    assert client.get("/c/clamart/espace/compte/").status_code == 200


def test_settings_need_a_fresh_confirmation(client, agent):
    enter(client)
    reponse = client.get(f"{FACTEUR}application/")
    assert reponse["Location"].startswith("/c/clamart/compte/confirmer/?next=")


# Application ------------------------------------------------------------------------------------
def test_nobody_is_logged_in_before_the_second_factor(protegee, agent):
    autre = type(protegee[0])()
    reponse = enter(autre)

    assert reponse["Location"] == EPREUVE
    assert "_auth_user_id" not in autre.session
    assert autre.get(COMPTE)["Location"].startswith(PORTE)


def test_session_key_changes_at_the_second_factor(protegee, agent):
    client, secret = protegee
    autre = type(client)()
    enter(autre)
    avant = autre.session.session_key
    reponse = autre.post(EPREUVE, {"code": compute_code(secret, 1)})

    assert reponse["Location"] == "/c/clamart/agent/"
    assert autre.session.session_key != avant
    assert autre.get(COMPTE).status_code == 200


def test_code_pasted_with_spaces_is_read(protegee):
    client, secret = protegee
    autre = type(client)()
    enter(autre)
    code = compute_code(secret, 1)
    assert autre.post(EPREUVE, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_code_serves_once(protegee):
    client, secret = protegee
    code = compute_code(secret, 1)
    premier, second = type(client)(), type(client)()
    enter(premier)
    premier.post(EPREUVE, {"code": code})
    enter(second)
    assert "n’est pas le bon" in second.post(EPREUVE, {"code": code}).text


@pytest.mark.parametrize("decalage", [-3, 3, 10])
def test_code_out_of_the_window(protegee, decalage):
    client, secret = protegee
    autre = type(client)()
    enter(autre)
    page = autre.post(EPREUVE, {"code": compute_code(secret, decalage)})
    assert "n’est pas le bon" in page.text


def test_codes_cannot_be_guessed(protegee):
    client, secret = protegee
    autre = type(client)()
    enter(autre)
    for _ in range(5):
        autre.post(EPREUVE, {"code": "000000"})
    assert "Trop d’essais" in autre.post(EPREUVE, {"code": compute_code(secret, 1)}).text


def test_secrets_are_encrypted_at_rest(protegee):
    _, secret = protegee
    gardes = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in gardes
    assert '"secret": "gAAAA' in gardes
    assert '"seed": "gAAAA' in gardes


def test_activation_page_has_a_drawing_without_style(client, agent):
    enter(client)
    confirm(client)
    page = client.get(f"{FACTEUR}application/")
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert "data:" not in page["Content-Security-Policy"]


# Codes de secours -------------------------------------------------------------------------------
def list_codes(client) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", client.get(f"{FACTEUR}codes/").text)


def test_recovery_codes_are_given_and_serve_once(protegee):
    client, _ = protegee
    codes = list_codes(client)
    assert len(codes) == 10
    premier, second = type(client)(), type(client)()
    enter(premier)
    assert premier.post(EPREUVE, {"code": codes[0]}).status_code == 302
    enter(second)
    assert "n’est pas le bon" in second.post(EPREUVE, {"code": codes[0]}).text
    assert len(list_codes(client)) == 9


def test_recovery_codes_download_is_plain_text(protegee):
    client, _ = protegee
    fichier = client.get(f"{FACTEUR}codes/telecharger/")
    assert fichier["Content-Type"].startswith("text/plain")
    assert fichier.text.split() == list_codes(client)


def test_new_recovery_codes_replace_the_old(protegee):
    client, _ = protegee
    avant = list_codes(client)
    client.post(f"{FACTEUR}codes/renouveler/")
    assert not set(avant) & set(list_codes(client))


# Ce qui ne contourne pas ------------------------------------------------------------------------
def test_reset_does_not_bypass(protegee, agent, courriels):
    client, _ = protegee
    autre = type(client)()
    clear_limites()
    autre.post("/c/clamart/agent/connexion/mot-de-passe/", {"email": "ada@clamart.example"})
    [lien] = re.findall(r"localhost:8000(/\S+/)", courriels()[-1].body)
    autre.post(autre.get(lien)["Location"], {"password1": "tout neuf et solide"})

    assert autre.get(COMPTE).status_code == 302
    assert enter(autre, "tout neuf et solide")["Location"] == EPREUVE


def test_franceconnect_does_not_bypass(client, clamart, franceconnect):
    """Une identité faible ne dispense pas du second facteur que la personne a voulu."""
    navigateur = Navigateur(client)
    navigateur.connecte("belkacem")
    page = client.get(f"{FACTEUR}application/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.text)[1]
    client.post(f"{FACTEUR}application/", {"code": compute_code(secret)})

    autre = Navigateur(type(client)())
    assert autre.connecte("belkacem")["Location"] == EPREUVE
    assert "_auth_user_id" not in autre.client.session
    assert autre.client.post(EPREUVE, {"code": compute_code(secret, 1)}).status_code == 302
    assert autre.client.session["federation"]["code"] == "franceconnect"


@pytest.mark.parametrize("abandon", ["par le bouton", "par l’oubli"])
def test_abandoned_federation_gives_nothing_to_another_account(
    client, agent, clamart, franceconnect, abandon
):
    """Une connexion attestée laissée en route ne marque pas la session d’un autre compte."""
    from socle.fondations.comptes.adapters.session import read_federation

    test_franceconnect_does_not_bypass(client, clamart, franceconnect)
    autre = Navigateur(type(client)())
    autre.connecte("belkacem")
    if abandon == "par le bouton":
        autre.client.post("/c/clamart/connexion/sortie/")
    else:  # l’attente du second facteur a expiré
        session = autre.client.session
        del session["account_login"]
        session.save()
    enter(autre.client)

    assert autre.client.session["_auth_user_id"] == str(agent.pk)
    assert read_federation(autre.client.session, agent) is None
    assert autre.client.session["mfa"] is False


def test_removal_needs_confirmation_and_warns_by_mail(protegee, agent, courriels):
    client, secret = protegee
    ailleurs = type(client)()
    enter(ailleurs)
    ailleurs.post(EPREUVE, {"code": compute_code(secret, 1)})
    reponse = ailleurs.get(f"{FACTEUR}application/retirer/")
    assert reponse["Location"].startswith("/c/clamart/compte/confirmer/?next=")

    client.post(f"{FACTEUR}application/retirer/")

    assert courriels()[-1].subject == "Clamart : L’application de codes est retirée"
    assert client.get(COMPTE)["Location"] == f"{FACTEUR}exige/"
    assert ailleurs.get(COMPTE)["Location"].startswith(PORTE)


def test_activation_closes_other_sessions_and_warns(client, agent, courriels):
    ailleurs = type(client)()
    enter(ailleurs)
    enter(client)
    confirm(client)
    page = client.get(f"{FACTEUR}application/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.text)[1]
    client.post(f"{FACTEUR}application/", {"code": compute_code(secret)})

    assert "_auth_user_id" not in ailleurs.session
    assert courriels()[-1].subject == "Clamart : Une application de codes est ajoutée"


# Clés -------------------------------------------------------------------------------------------
@pytest.fixture
def securise(client, agent, settings):
    """Client en https : l’origine des clés est alors contrôlée."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    client.defaults["wsgi.url_scheme"] = "https"
    enter(client)
    confirm(client)
    return client


def read_options(page, nom: str) -> dict:
    return json.loads(re.search(r'<script id="js_data"[^>]*>(.*?)</script>', page.text)[1])[nom]


def add_cle(client, cle, **fautes):
    options = read_options(client.get(f"{FACTEUR}cles/ajouter/"), "creation_options")
    return client.post(
        f"{FACTEUR}cles/ajouter/",
        {"name": "Ma clé", "passwordless": "on", "credential": cle.create(options, **fautes)},
    )


def test_key_replaces_the_password(securise, agent):
    cle = CleDeSecurite()
    assert add_cle(securise, cle)["Location"] == f"{FACTEUR}codes/"
    assert securise.get(COMPTE).status_code == 200

    autre = type(securise)(**{"wsgi.url_scheme": "https"})
    options = autre.get("/c/clamart/connexion/passkey/", headers={"Accept": "application/json"})
    credential = cle.get(options.json()["request_options"])
    reponse = autre.post("/c/clamart/connexion/passkey/", {"credential": credential})

    assert reponse["Location"] == "/c/clamart/agent/"
    assert autre.get(COMPTE).status_code == 200


def test_key_is_a_second_factor_after_the_password(securise, agent):
    cle = CleDeSecurite()
    add_cle(securise, cle)
    autre = type(securise)(**{"wsgi.url_scheme": "https"})
    assert enter(autre)["Location"] == EPREUVE
    options = read_options(autre.get(EPREUVE), "request_options")

    assert autre.post(EPREUVE, {"credential": cle.get(options)})["Location"] == "/c/clamart/agent/"


@pytest.mark.parametrize(
    "fautes",
    [
        {"origine": "https://evil.example"},
        {"origine": "http://testserver"},
        {"rp": "evil.example"},
        {"defi": "AAAA"},
        {"privee": ec.generate_private_key(ec.SECP256R1())},
    ],
)
def test_faulty_ceremony_is_refused(securise, agent, fautes):
    cle = CleDeSecurite()
    if "privee" not in fautes:  # une attestation « none » n’est pas signée
        assert add_cle(securise, cle, **fautes).status_code == 200
        assert Authenticator.objects.count() == 0

    add_cle(securise, cle)
    autre = type(securise)(**{"wsgi.url_scheme": "https"})
    enter(autre)
    options = read_options(autre.get(EPREUVE), "request_options")
    assert autre.post(EPREUVE, {"credential": cle.get(options, **fautes)}).status_code == 200
    assert "_auth_user_id" not in autre.session


def test_replayed_ceremony_is_refused(securise, agent):
    cle = CleDeSecurite()
    add_cle(securise, cle)
    premier, second = (type(securise)(**{"wsgi.url_scheme": "https"}) for _ in range(2))
    enter(premier)
    credential = cle.get(read_options(premier.get(EPREUVE), "request_options"))
    premier.post(EPREUVE, {"credential": credential})
    enter(second)
    second.get(EPREUVE)
    assert second.post(EPREUVE, {"credential": credential}).status_code == 200


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"id": 1}', "pas du json"])
def test_broken_credential_is_a_refusal_not_a_crash(securise, agent, credential):
    add_cle(securise, CleDeSecurite())
    autre = type(securise)(**{"wsgi.url_scheme": "https"})
    enter(autre)
    autre.get(EPREUVE)
    page = autre.post(EPREUVE, {"credential": credential})
    assert (page.status_code, "Cette clé n’est pas acceptée" in page.text) == (200, True)


def test_refused_key_is_asked_again_and_the_gesture_goes_on(securise, agent):
    """La personne reste sur la page, et la clé suivante mène au geste commencé."""
    cle = CleDeSecurite()
    add_cle(securise, cle)
    page, suite = f"{FACTEUR}cles/confirmer/", f"{FACTEUR}codes/"
    securise.get(page, {"next": suite})

    refus = securise.post(page, {"credential": "{}", "next": suite})
    credential = cle.get(read_options(refus, "request_options"))
    accord = securise.post(page, {"credential": credential, "next": suite})

    assert (refus.status_code, "Cette clé n’est pas acceptée" in refus.text) == (200, True)
    assert f'value="{suite}"' in refus.text
    assert accord["Location"] == suite


def test_person_of_franceconnect_without_courriel_enters_with_a_key(
    client, clamart, franceconnect, settings
):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    Navigateur(client).connecte("belkacem")
    client.defaults["wsgi.url_scheme"] = "https"
    cle = CleDeSecurite()
    assert add_cle(client, cle)["Location"] == f"{FACTEUR}codes/"
    assert len(list_codes(client)) == 10  # sans redemander qui l’on est

    autre = type(client)(**{"wsgi.url_scheme": "https"})
    options = autre.get("/c/clamart/connexion/passkey/", headers={"Accept": "application/json"})
    credential = cle.get(options.json()["request_options"])
    reponse = autre.post("/c/clamart/connexion/passkey/", {"credential": credential})
    assert reponse["Location"] == "/c/clamart/espace/"


@pytest.mark.parametrize("fautes", [{"non_verifie": True}, {"origine": "https://evil.example"}])
def test_passwordless_login_needs_a_verified_person_and_our_origin(securise, agent, fautes):
    cle = CleDeSecurite()
    add_cle(securise, cle)
    autre = type(securise)(**{"wsgi.url_scheme": "https"})
    options = autre.get("/c/clamart/connexion/passkey/", headers={"Accept": "application/json"})
    credential = cle.get(options.json()["request_options"], **fautes)

    autre.post("/c/clamart/connexion/passkey/", {"credential": credential})
    assert "_auth_user_id" not in autre.session


def test_keys_are_listed_renamed_and_removed(securise, agent, courriels):
    add_cle(securise, CleDeSecurite())
    assert "Ma clé" in securise.get(f"{FACTEUR}cles/").text
    pk = Authenticator.objects.get(type="webauthn").pk
    securise.post(f"{FACTEUR}cles/{pk}/", {"name": "Clé du bureau"})
    assert "Clé du bureau" in securise.get(f"{FACTEUR}cles/").text
    securise.post(f"{FACTEUR}cles/{pk}/retirer/")
    assert Authenticator.objects.count() == 0
    assert courriels()[-1].subject == "Clamart : Une clé de sécurité est retirée"


@pytest.mark.parametrize(
    "chemin", ["", "application/", "codes/renouveler/", "cles/", "cles/ajouter/"]
)
def test_pages_open(protegee, chemin):
    client, _ = protegee
    reponse = client.get(f"{FACTEUR}{chemin}")
    assert reponse.status_code in {200, 302}


def test_pages_of_codes_and_removal_open(protegee):
    client, _ = protegee
    for chemin in ("codes/", "application/retirer/"):
        assert client.get(f"{FACTEUR}{chemin}").status_code == 200
