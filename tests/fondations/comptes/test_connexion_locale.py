"""Comptes locaux : une porte par genre, réponses qui ne disent rien, courriel prouvé."""

import re

import pytest
from django.utils import timezone

from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.services import create_compte_local
from tests.factories import CompteFactory

pytestmark = pytest.mark.django_db
PHRASE = "des vagues et du sel"
PORTE = "/c/clamart/connexion/"
PORTE_AGENT = "/c/clamart/agent/connexion/"
INSCRIPTION = "/c/clamart/inscription/"
OUBLI = "/c/clamart/connexion/mot-de-passe/"


@pytest.fixture
def usager(clamart):
    return create_compte_local(
        genre=GenreCompte.USAGER, courriel="yanis@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip


def enter(client, courriel="yanis@exemple.fr", mot_de_passe=PHRASE, porte=PORTE, **donnees):
    return client.post(porte, {"login": courriel, "password": mot_de_passe, **donnees})


def read_lien(message) -> str:
    [lien] = re.findall(r"http://localhost:8000(/\S+/)", message.body)
    return lien


@pytest.mark.parametrize("racine", ["/c/clamart/", "/"])
@pytest.mark.parametrize(
    "chemin", ["connexion/", "agent/connexion/", "inscription/", "connexion/mot-de-passe/"]
)
def test_public_pages_open(client, clamart, racine, chemin):
    assert client.get(racine + chemin).status_code == 200


def test_login(client, usager):
    reponse = enter(client, " Yanis@Exemple.fr ")
    assert reponse["Location"] == "/c/clamart/espace/"
    assert client.session["_auth_user_id"] == str(usager.pk)


def test_login_goes_back_where_it_began(client, usager):
    assert enter(client, suite="/c/clamart/demarches/")["Location"] == "/c/clamart/demarches/"


@pytest.mark.parametrize("suite", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_login_never_leaves_the_site(client, usager, suite):
    assert enter(client, suite=suite)["Location"] == "/c/clamart/espace/"


def test_required_page_leads_to_the_right_door(client, usager):
    porte = client.get("/c/clamart/espace/compte/")["Location"]
    assert porte == f"{PORTE}?suite=%2Fc%2Fclamart%2Fespace%2Fcompte%2F"
    assert 'name="suite" value="/c/clamart/espace/compte/"' in client.get(porte).text
    assert client.get("/c/clamart/agent/compte/")["Location"].startswith(PORTE_AGENT)


def test_genres_are_apart(client, usager):
    """Même courriel, deux comptes : chaque porte n’ouvre que le sien."""
    agent = CompteFactory(agent=True, courriel="yanis@exemple.fr")
    agent.set_password("un autre mot de passe")
    agent.save()

    assert "n’est pas le bon" in enter(client, porte=PORTE_AGENT).text
    enter(client, mot_de_passe="un autre mot de passe", porte=PORTE_AGENT)
    assert client.session["_auth_user_id"] == str(agent.pk)


def test_two_accounts_of_one_genre_cannot_share_a_courriel(usager):
    from socle.fondations.comptes.errors import CourrielDejaPris

    with pytest.raises(CourrielDejaPris):
        create_compte_local(
            genre=GenreCompte.USAGER, courriel="YANIS@exemple.fr", mot_de_passe=PHRASE,
            verifie=True, maintenant=timezone.now(),
        )  # fmt: skip


# Ce qu’une réponse dit --------------------------------------------------------------------------
def test_login_says_the_same_for_unknown_wrong_or_disabled(client, usager):
    desactive = CompteFactory(courriel="parti@exemple.fr", is_active=False)
    desactive.set_password(PHRASE)
    desactive.save()

    pages = [
        enter(client, mot_de_passe="faux").text,
        enter(client, "inconnu@exemple.fr").text,
        enter(client, "parti@exemple.fr").text,
    ]
    normales = {re.sub(r'value="[^"]*"', "", page) for page in pages}
    assert len({re.sub(r"[a-z]+@exemple.fr|[0-9a-f-]{36}", "", page) for page in normales}) == 1


def test_unknown_login_costs_the_same_hashing(client, usager, monkeypatch):
    comptees = []
    monkeypatch.setattr(Compte, "set_password", lambda self, mot: comptees.append(mot))
    enter(client, "inconnu@exemple.fr")
    assert comptees == [PHRASE]


def test_signup_and_reset_say_the_same_for_known_and_unknown(client, usager, courriels):
    for chemin, donnees in (
        (INSCRIPTION, {"password1": "quatre mots bien choisis"}),
        (OUBLI, {}),
    ):
        connu = client.post(chemin, {"email": "yanis@exemple.fr", **donnees})
        inconnu = client.post(chemin, {"email": "neuve@exemple.fr", **donnees})
        assert connu.status_code == inconnu.status_code == 302
        assert connu["Location"] == inconnu["Location"]


def test_known_signup_costs_the_same_hashing(client, usager, monkeypatch):
    comptees = []
    monkeypatch.setattr(Compte, "set_password", lambda self, mot: comptees.append(mot))
    client.post(INSCRIPTION, {"email": "yanis@exemple.fr", "password1": "quatre mots choisis"})
    assert comptees == ["quatre mots choisis"]


def test_owner_is_told_when_somebody_signs_up_with_their_address(client, usager, courriels):
    client.post(INSCRIPTION, {"email": "yanis@exemple.fr", "password1": "quatre mots choisis"})

    [message] = courriels()
    assert message.to == ["yanis@exemple.fr"]
    assert message.subject == "Clamart : Vous avez déjà un compte"
    assert Compte.objects.count() == 1


# Force brute ------------------------------------------------------------------------------------
def test_wrong_passwords_are_limited_across_hosts(client, usager):
    for _ in range(5):
        assert "n’est pas le bon" in enter(client, mot_de_passe="faux").text
    assert "Trop d’essais" in enter(client).text
    assert "Trop d’essais" in enter(client, porte="/connexion/").text


def test_limit_is_shared_between_processes(client, usager):
    """Les essais sont comptés dans une table, pas dans la mémoire d’un processus."""
    from django.db import connection

    enter(client, mot_de_passe="faux")
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM commun_cache WHERE cle LIKE '%login_failed%'")
        assert curseur.fetchone()[0] >= 2


def test_spoofed_forwarded_for_does_not_move_the_limit(client, clamart, settings):
    for i in range(10):
        enter(client, f"a{i}@exemple.fr", "faux", HTTP_X_FORWARDED_FOR=f"203.0.113.{i}")
    reponse = client.post(
        PORTE, {"login": "z@exemple.fr", "password": "faux"}, headers={"X-Forwarded-For": "9.9.9.9"}
    )
    assert "Trop d’essais" in reponse.text


def test_declared_proxy_is_believed(rf, settings):
    from socle.fondations.comptes.adapters import read_ip

    settings.MANDATAIRES = ["10.0.0.1"]
    requete = rf.get(
        "/", headers={"X-Forwarded-For": "1.1.1.1, 198.51.100.7"}, REMOTE_ADDR="10.0.0.1"
    )
    assert read_ip(requete) == "198.51.100.7"
    assert read_ip(rf.get("/", headers={"X-Forwarded-For": "1.1.1.1"})) == "127.0.0.1"
    assert read_ip(rf.get("/", REMOTE_ADDR="")) == "0.0.0.0"


# Inscription ------------------------------------------------------------------------------------
def sign_up(client, courriel="neuve@exemple.fr"):
    return client.post(INSCRIPTION, {"email": courriel, "password1": PHRASE})


def test_signup_needs_the_link_and_a_button(client, clamart, courriels):
    sign_up(client)
    assert "_auth_user_id" not in client.session
    [compte] = Compte.objects.all()
    assert compte.courriel == ""

    [message] = courriels()
    lien = read_lien(message)
    assert "neuve@exemple.fr" in client.get(lien).text
    compte.refresh_from_db()
    assert compte.courriel == ""  # ouvrir le lien ne confirme pas : un antivirus le fait aussi

    client.post(lien)
    compte.refresh_from_db()
    assert (compte.courriel, compte.courriel_verifie_le is not None) == ("neuve@exemple.fr", True)
    assert enter(client, "neuve@exemple.fr")["Location"] == "/c/clamart/espace/"


def test_unconfirmed_account_cannot_enter_and_is_sent_a_link_again(client, clamart, courriels):
    sign_up(client)
    courriels().clear()
    from django.core.cache import cache

    cache.clear()
    reponse = enter(type(client)(), "neuve@exemple.fr")

    assert reponse["Location"] == "/c/clamart/inscription/courriel-envoye/"
    assert [m.to for m in courriels()] == [["neuve@exemple.fr"]]


def test_link_serves_once(client, clamart, courriels):
    sign_up(client)
    lien = read_lien(courriels()[0])
    client.post(lien)
    assert client.get(lien).status_code == 410
    assert client.post(lien).status_code == 410
    assert client.get("/c/clamart/inscription/confirmer/faux:lien/").status_code == 410


def test_squatting_an_address_is_worth_nothing(client, clamart, courriels):
    """Inscription d’avance avec le courriel d’autrui : la vraie personne l’emporte."""
    sign_up(client)
    pirate = Compte.objects.get()
    from django.core.cache import cache

    cache.clear()
    vraie = type(client)()
    vraie.post(INSCRIPTION, {"email": "neuve@exemple.fr", "password1": "un autre mot de passe"})
    lien = read_lien(courriels()[-1])
    vraie.post(lien)

    assert not Compte.objects.filter(pk=pirate.pk).exists()
    assert enter(vraie, "neuve@exemple.fr", "un autre mot de passe").status_code == 302
    assert "n’est pas le bon" in enter(client, "neuve@exemple.fr").text


def test_later_link_of_a_taken_address_is_refused(client, clamart, courriels):
    sign_up(client)
    lien = read_lien(courriels()[0])
    create_compte_local(
        genre=GenreCompte.USAGER, courriel="neuve@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip
    assert client.post(lien).status_code == 409


@pytest.mark.parametrize(
    "faible",
    ["court", "motdepasse12345", "Motdepasse!2026", "aaaaaaaaaaaaaaa", "123456789012",
     "azertyuiop12", "987654321098", "mairie20262026"],
)  # fmt: skip
def test_weak_passwords_are_refused(client, clamart, faible):
    page = client.post(INSCRIPTION, {"email": "neuve@exemple.fr", "password1": faible})
    assert page.status_code == 200
    assert Compte.objects.count() == 0


@pytest.mark.parametrize(
    "bon", ["des vagues et du sel", "xkcdxkcdabcd", "éléphant à vélo", "9f$Kq2!zR#7w"]
)
def test_no_composition_rule(client, clamart, bon):
    client.post(INSCRIPTION, {"email": "neuve@exemple.fr", "password1": bon})
    assert Compte.objects.count() == 1


def test_paste_is_allowed_and_managers_are_helped(client, clamart):
    page = client.get(INSCRIPTION).text
    assert 'autocomplete="new-password"' in page
    assert 'autocomplete="email"' in page
    assert "onpaste" not in page


# Oubli ------------------------------------------------------------------------------------------
def reset(client, courriels, porte=OUBLI, courriel="yanis@exemple.fr") -> str:
    client.post(porte, {"email": courriel})
    return read_lien(courriels()[-1])


def test_reset_changes_the_password_and_closes_every_session(client, usager, courriels):
    ailleurs = type(client)()
    enter(ailleurs)
    formulaire = client.get(reset(client, courriels))["Location"]
    assert usager.password not in formulaire
    client.post(formulaire, {"password1": "tout neuf et solide"})

    assert "_auth_user_id" not in client.session  # ne connecte pas : le second facteur reste dû
    assert ailleurs.get("/c/clamart/espace/compte/").status_code == 302
    assert enter(client, mot_de_passe="tout neuf et solide").status_code == 302
    assert "Votre mot de passe est changé" in courriels()[-1].subject


def test_reset_link_serves_once(client, usager, courriels):
    lien = reset(client, courriels)
    client.post(client.get(lien)["Location"], {"password1": "tout neuf et solide"})
    assert "Ce lien ne sert plus" in type(client)().get(lien).text


def test_reset_link_ignores_the_host_header(client, usager, courriels):
    client.post(OUBLI, {"email": "yanis@exemple.fr"}, headers={"Host": "evil.example"})
    assert "evil.example" not in courriels()[-1].body
    assert "http://localhost:8000/" in courriels()[-1].body


def test_reset_of_an_unknown_address_says_so_by_mail_only(client, clamart, courriels):
    client.post(OUBLI, {"email": "inconnue@exemple.fr"})
    assert courriels()[-1].subject == "Clamart : Aucun compte sous cette adresse"


def test_reset_keeps_genres_apart(client, usager, courriels):
    client.post("/c/clamart/agent/connexion/mot-de-passe/", {"email": "yanis@exemple.fr"})
    assert "Aucun compte" in courriels()[-1].subject


def test_mailbox_cannot_be_bombed(client, usager, courriels):
    for _ in range(6):
        client.post(OUBLI, {"email": "yanis@exemple.fr"})
    assert len(courriels()) == 3


def test_secret_links_are_encrypted_in_the_queue(client, usager):
    from django.db import connection

    client.post(OUBLI, {"email": "yanis@exemple.fr"})
    with connection.cursor() as curseur:
        curseur.execute("SELECT args::text FROM procrastinate_jobs")
        contenu = str(curseur.fetchall())
    assert "yanis" not in contenu
    assert "mot-de-passe" not in contenu


# Changement de courriel -------------------------------------------------------------------------
@pytest.fixture
def connecte(client, usager):
    enter(client)
    client.post("/c/clamart/compte/confirmer/", {"password": PHRASE})
    return client


def test_courriel_change_needs_confirmation_of_who_you_are(client, usager):
    client.force_login(usager)
    reponse = client.get("/c/clamart/compte/courriel/")
    assert reponse["Location"].startswith("/c/clamart/compte/confirmer/?next=")


def test_courriel_change_needs_the_link_and_warns_the_old_address(connecte, usager, courriels):
    connecte.post("/c/clamart/compte/courriel/", {"email": "nouveau@exemple.fr"})
    usager.refresh_from_db()
    assert usager.courriel == "yanis@exemple.fr"

    connecte.post(read_lien(courriels()[-1]))
    usager.refresh_from_db()
    assert usager.courriel == "nouveau@exemple.fr"
    [prevenu] = courriels()[-1].to
    assert (prevenu, courriels()[-1].subject) == (
        "yanis@exemple.fr", "Clamart : Votre adresse est changée"
    )  # fmt: skip


def test_courriel_change_does_not_say_who_has_an_account(connecte, courriels):
    CompteFactory(courriel="prise@exemple.fr")
    reponse = connecte.post("/c/clamart/compte/courriel/", {"email": "prise@exemple.fr"})
    assert reponse.status_code == 302
    assert (courriels()[-1].to, courriels()[-1].subject) == (
        ["prise@exemple.fr"], "Clamart : Vous avez déjà un compte"
    )  # fmt: skip


def test_courriel_change_cannot_bomb_a_mailbox(connecte, courriels):
    statuts = [
        connecte.post("/c/clamart/compte/courriel/", {"email": "cible@exemple.fr"}).status_code
        for _ in range(5)
    ]
    assert statuts == [302, 302, 302, 429, 429]


def test_password_change_closes_other_sessions(connecte, usager, courriels):
    ailleurs = type(connecte)()
    enter(ailleurs)
    connecte.post(
        "/c/clamart/compte/mot-de-passe/",
        {"oldpassword": PHRASE, "password1": "tout neuf et solide"},
    )
    assert ailleurs.get("/c/clamart/espace/compte/").status_code == 302
    assert connecte.get("/c/clamart/espace/compte/").status_code == 200
    assert "mot de passe est changé" in courriels()[-1].subject


def test_old_signups_are_purged(client, clamart):
    from datetime import timedelta

    from socle.fondations.comptes.services.locaux import delete_inscriptions_anciennes

    sign_up(client)
    assert delete_inscriptions_anciennes(avant=timezone.now() - timedelta(days=7)) == 0
    delete_inscriptions_anciennes(avant=timezone.now() + timedelta(seconds=1))
    assert Compte.objects.count() == 0
