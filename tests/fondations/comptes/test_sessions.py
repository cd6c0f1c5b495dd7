"""Sessions : durées, cookies, liste et fermeture, cache, second facteur compté."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone

from socle.fondations.comptes.adapters import session as memoire
from socle.fondations.comptes.services import create_compte_local, end_sessions, list_sessions
from tests.factories import CompteFactory

pytestmark = pytest.mark.django_db
PHRASE = "des vagues et du sel"
COMPTE = "/c/clamart/espace/compte/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def usager(clamart):
    return create_compte_local(
        genre="usager", courriel="yanis@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip


def enter(client):
    return client.post(
        "/c/clamart/connexion/",
        {"login": "yanis@exemple.fr", "password": PHRASE},
        headers={"User-Agent": FIREFOX},
    )


def change(client, **valeurs):
    session = client.session
    session.update(valeurs)
    session.save()


@pytest.fixture
def connecte(client, usager):
    enter(client)
    return client


def test_page_of_a_person_is_not_kept_by_the_browser(connecte):
    """Sur un poste partagé, « Retour » après la déconnexion ne doit rien montrer."""
    assert "no-store" in connecte.get(COMPTE)["Cache-Control"]


# Durées -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "ouverte"), [(59, True), (61, False)])
def test_citizen_session_ends_after_an_hour_idle(connecte, minutes, ouverte):
    change(connecte, vue_le=timezone.now().timestamp() - minutes * 60)
    assert (connecte.get(COMPTE).status_code == 200) is ouverte


@pytest.mark.parametrize(("minutes", "ouverte"), [(29, True), (31, False)])
def test_agent_session_ends_after_half_an_hour_idle(client, agent, minutes, ouverte):
    client.force_login(agent)
    change(client, vue_le=timezone.now().timestamp() - minutes * 60)
    page = client.get("/c/clamart/agent/compte/")
    assert (page.status_code == 200) is ouverte


def test_session_ends_after_twelve_hours_whatever_happens(connecte):
    instant = timezone.now().timestamp()
    change(connecte, ouverte_le=instant - 12 * 3600 - 1, vue_le=instant)
    assert connecte.get(COMPTE).status_code == 302


def test_ended_session_is_said_at_the_door(connecte):
    change(connecte, vue_le=1.0)
    porte = connecte.get(COMPTE)["Location"]
    assert "Votre session est fermée" in connecte.get(porte).text
    assert "Votre session est fermée" not in connecte.get(porte).text


def test_activity_prolongs_but_writes_once_a_minute(connecte, django_assert_num_queries):
    instant = timezone.now().timestamp()
    change(connecte, vue_le=instant - 120)
    connecte.get(COMPTE)
    vue_le = connecte.session["vue_le"]
    assert vue_le > instant - 1
    connecte.get(COMPTE)
    assert connecte.session["vue_le"] == vue_le


def test_polling_is_not_an_activity(connecte):
    instant = timezone.now().timestamp()
    change(connecte, vue_le=instant - 1800)
    reste = connecte.get("/c/clamart/session/", headers={"X-Sans-Prolonger": "1"}).json()
    assert 1790 <= reste["secondes"] <= 1800
    assert connecte.session["vue_le"] == instant - 1800


def test_session_can_be_extended_up_to_its_maximum(connecte):
    instant = timezone.now().timestamp()
    change(connecte, vue_le=instant - 3000, ouverte_le=instant - 11.5 * 3600)
    reste = connecte.post("/c/clamart/session/").json()["secondes"]
    assert 1790 <= reste <= 1800  # douze heures depuis la connexion, pas une minute de plus


def test_extension_needs_csrf(usager, client):
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(usager)
    assert strict.post("/c/clamart/session/").status_code == 403


def test_page_knows_the_time_left(connecte):
    page = connecte.get(COMPTE)
    assert 3595 <= int(page.context["session_secondes"]) <= 3600
    assert 'data-prolonger="/c/clamart/session/"' in page.text


def test_rules_cost_no_sql(connecte, count_sql, client):
    """Une page publique sans session ne demande pas qui est là."""
    with count_sql() as anonyme:
        type(client)().get("/c/clamart/plan-absent/")
    assert [i for i in anonyme.instructions if "django_session" in i or "comptes_compte" in i] == []


# Liste et fermeture -----------------------------------------------------------------------------
def test_sessions_are_listed_with_plain_words(connecte, usager, client):
    autre = type(client)()
    enter(autre)
    page = connecte.get(COMPTE)
    assert page.text.count("Firefox sur Linux") == 3  # deux sessions, un libellé de bouton
    assert page.text.count("(celle-ci)") == 1
    assert "127.0.0.1" not in page.text


def test_other_session_can_be_closed(connecte, usager, client):
    autre = type(client)()
    enter(autre)
    [pk] = [s.pk for s in list_sessions(usager, courante=connecte.session.session_key,
                                        maintenant=timezone.now()) if not s.courante]  # fmt: skip
    connecte.post(f"/c/clamart/compte/sessions/{pk}/fermer/")
    assert autre.get(COMPTE).status_code == 302
    assert connecte.get(COMPTE).status_code == 200


def test_session_of_somebody_else_cannot_be_closed(connecte, client):
    autre = create_compte_local(
        genre="usager", courriel="autre@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip
    voisin = type(client)()
    voisin.post("/c/clamart/connexion/", {"login": "autre@exemple.fr", "password": PHRASE})
    pk = UserSession.objects.get(user=autre).pk
    connecte.post(f"/c/clamart/compte/sessions/{pk}/fermer/")
    assert voisin.get(COMPTE).status_code == 200


def test_all_others_can_be_closed_at_once(connecte, client):
    autres = [type(client)() for _ in range(2)]
    for autre in autres:
        enter(autre)
    connecte.post("/c/clamart/compte/sessions/fermer/")
    assert [autre.get(COMPTE).status_code for autre in autres] == [302, 302]
    assert connecte.get(COMPTE).status_code == 200


def test_expired_sessions_are_not_shown(connecte, usager):
    demain = timezone.now() + timedelta(days=1)
    assert list_sessions(usager, courante="", maintenant=demain) == []


def test_end_sessions_throws_out_at_once(connecte, usager):
    assert end_sessions(usager) == 1
    assert connecte.get(COMPTE).status_code == 302


def test_finished_sessions_are_purged_with_what_we_kept_of_them(connecte, usager):
    from socle.fondations.comptes.tasks import purge_sessions

    purge_sessions(timestamp=int(timezone.now().timestamp()))
    assert UserSession.objects.count() == 1
    purge_sessions(timestamp=int((timezone.now() + timedelta(days=1)).timestamp()))
    assert UserSession.objects.count() == 0
    assert connecte.get(COMPTE).status_code == 302


@pytest.mark.parametrize(
    ("chaine", "appareil"),
    [
        (FIREFOX, "Firefox sur Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18 Mobile Safari/604",
            "Safari sur iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130", "Edge sur Windows"),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_devices_are_said_in_two_words(chaine, appareil):
    from socle.fondations.comptes.services.sessions import describe_appareil

    assert describe_appareil(chaine) == appareil


# Cookies et en-têtes ----------------------------------------------------------------------------
def test_cookies_are_strict(connecte):
    cookie = connecte.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["domain"] == ""
    assert cookie["max-age"] == ""  # disparaît avec le navigateur


def test_cookies_are_host_only_and_secure_in_https():
    """Réglages d’une installation en https, lus dans un processus à part."""
    import os
    import subprocess
    import sys

    lu = subprocess.run(
        [sys.executable, "-c", "import config.settings as s; print(s.SESSION_COOKIE_NAME,"
         " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE,"
         " s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"],
        env=os.environ | {"SOCLE_ADRESSE": "https://demarches.example", "SOCLE_SECRET_KEY": "x",
                          "PYTHONPATH": f".{os.pathsep}src"},
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert lu == ["__Host-session", "True", "__Host-csrf", "True", "False"]


def test_authenticated_pages_are_never_stored(connecte):
    assert "no-store" in connecte.get("/c/clamart/aide/")["Cache-Control"]


def test_login_rotates_the_key_and_logout_empties_the_session(client, usager):
    client.get("/c/clamart/connexion/")
    change(client, visite=1)
    avant = client.session.session_key
    enter(client)
    assert client.session.session_key != avant
    client.post("/c/clamart/deconnexion/")
    assert "visite" not in client.session


def test_force_login_of_tests_counts_as_a_complete_login(client):
    client.force_login(CompteFactory(agent=True))
    assert client.session[memoire.MFA] is True


# Coût -------------------------------------------------------------------------------------------
def test_login_page_asks_for_providers_only(client, franceconnect, count_sql):
    with count_sql() as comptees:
        client.get("/c/clamart/connexion/")
    assert len(comptees.instructions) <= 2  # la collectivité, ses fournisseurs


def test_open_session_costs_two_statements(connecte, count_sql):
    with count_sql() as comptees:
        connecte.get("/c/clamart/session/")
    assert len(comptees.instructions) == 2  # la session, le compte


def test_own_account_page_stays_light(connecte, count_sql):
    with count_sql() as comptees:
        connecte.get(COMPTE)
    assert len(comptees.instructions) <= 7
