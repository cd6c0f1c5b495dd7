"""Connexion d’un usager par FranceConnect, contre le vrai simulateur."""

from datetime import timedelta

import pytest
from django.urls import reverse

from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.mesures import mesures
from socle.fondations.commun.oidc.depart import CLE_SESSION
from socle.fondations.comptes.models import Compte, CompteurConnexion, IdentiteFederee
from tests.fondations.comptes.conftest import read_pivot

pytestmark = pytest.mark.django_db


def test_first_login_creates_an_account_with_the_certified_identity(navigateur, franceconnect):
    reponse = navigateur.connecte("belkacem")

    assert (reponse.status_code, reponse["Location"]) == (302, "/c/clamart/espace/")
    [compte] = Compte.objects.all()
    assert (compte.genre, compte.prenom, compte.nom) == ("usager", "Nadia", "BELKACEM")
    assert (compte.courriel, compte.courriel_contact) == ("", "belkacem@example.org")
    assert compte.has_usable_password() is False
    [identite] = compte.identites.all()
    assert read_pivot(identite)["birthplace"] == "92023"
    assert identite.acr == "eidas1"
    assert navigateur.client.session["_auth_user_id"] == str(compte.pk)


def test_identity_is_encrypted_at_rest(navigateur, franceconnect, django_db_blocker):
    from django.db import connection

    navigateur.connecte("belkacem")
    with connection.cursor() as curseur:
        curseur.execute("SELECT pivot FROM comptes_identitefederee")
        [(octets,)] = curseur.fetchall()
    assert b"BELKACEM" not in bytes(octets)


def test_second_login_finds_the_same_account(navigateur, autre_navigateur, franceconnect):
    navigateur.connecte("belkacem")
    autre_navigateur.connecte("belkacem")

    assert Compte.objects.count() == 1
    assert IdentiteFederee.objects.count() == 1


def test_login_comes_back_where_it_began(navigateur, franceconnect):
    reponse = navigateur.connecte("belkacem", depart={"suite": "/c/clamart/demarches/cantine/"})
    assert reponse["Location"] == "/c/clamart/demarches/cantine/"


@pytest.mark.parametrize(
    "suite",
    ["//evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)",
     "https://evil.example/", "\\\\evil.example", "/\tevil", "///evil.example", "evil.example"],
)  # fmt: skip
def test_suite_never_leaves_the_site(navigateur, franceconnect, suite):
    reponse = navigateur.connecte("belkacem", depart={"suite": suite})
    assert reponse["Location"] == "/c/clamart/espace/"


def test_session_key_changes_at_login(navigateur, franceconnect):
    depart = navigateur.part("/c/clamart/connexion/franceconnect/")
    avant = navigateur.client.session.session_key
    navigateur.revient(navigateur.choisit(depart, "belkacem"))

    assert navigateur.client.session.session_key != avant


def test_tokens_are_never_kept_except_the_logout_hint(navigateur, franceconnect, clamart):
    navigateur.connecte("belkacem")

    session = dict(navigateur.client.session.items())
    assert session["federation"]["id_token"].count(".") == 2
    assert session[CLE_SESSION] == {}
    assert "access" not in str(session)


def test_connexions_are_counted_without_a_name(
    navigateur, autre_navigateur, franceconnect, clamart
):
    navigateur.connecte("belkacem")
    autre_navigateur.connecte("belkacem")

    with locataire(clamart.pk):
        [compteur] = CompteurConnexion.objects.all()
        assert (compteur.profil, compteur.connexions, compteur.nouveaux) == ("franceconnect", 2, 1)
    relies = mesures["comptes.relies_franceconnect"].compute
    assert (relies(compteur.mois), relies(compteur.mois - timedelta(days=1))) == (1, 0)
    assert mesures["comptes.relies_proconnect"].compute(compteur.mois) == 0


# Attaques sur le retour ---------------------------------------------------------------------------
def test_retour_in_another_browser_is_refused(navigateur, autre_navigateur, franceconnect):
    """Connexion forcée : la victime reçoit le retour de l’attaquant."""
    retour = navigateur.choisit(navigateur.part("/c/clamart/connexion/franceconnect/"), "belkacem")
    reponse = autre_navigateur.revient(retour)

    assert reponse.status_code == 400
    assert Compte.objects.count() == 0
    assert "_auth_user_id" not in autre_navigateur.client.session


def test_retour_serves_once(navigateur, franceconnect):
    retour = navigateur.choisit(navigateur.part("/c/clamart/connexion/franceconnect/"), "belkacem")
    navigateur.revient(retour)
    assert navigateur.revient(retour).status_code == 400


def test_retour_by_post_is_refused(client, franceconnect):
    assert (
        client.post("/c/clamart/connexion/franceconnect/retour/", {"code": "x"}).status_code == 405
    )


def test_error_description_is_never_shown(client, navigateur, franceconnect):
    depart = navigateur.part("/c/clamart/connexion/franceconnect/")
    etat = depart.split("state=")[1].split("&")[0]
    page = client.get(
        "/c/clamart/connexion/franceconnect/retour/",
        {"state": etat, "error": "server_error", "iss": franceconnect.emetteur,
         "error_description": "<script>alert(1)</script>"},
    )  # fmt: skip
    assert page.status_code == 403
    assert "alert(1)" not in page.text
    assert "FranceConnect rencontre une difficulté technique" in page.text


def test_two_tabs_can_both_come_back(navigateur, franceconnect):
    premier = navigateur.part("/c/clamart/connexion/franceconnect/")
    second = navigateur.part("/c/clamart/connexion/franceconnect/")

    assert navigateur.revient(navigateur.choisit(second, "belkacem")).status_code == 302
    assert navigateur.revient(navigateur.choisit(premier, "belkacem")).status_code == 302


@pytest.mark.parametrize(
    ("defaillance", "statut", "phrase"),
    [
        ("access_denied", 403, "n’a pas abouti"),
        ("server_error", 403, "difficulté technique"),
        ("temporarily_unavailable", 403, "difficulté technique"),
        ("iss_etranger", 403, "n’est pas sûre"),
        ("iss_absent", 403, "n’est pas sûre"),
        ("state_altere", 400, "a expiré"),
        ("token_500", 503, "ne répond pas"),
        ("id_absent", 403, "n’est pas sûre"),
        ("id_nonce", 403, "n’est pas sûre"),
        ("id_signature", 403, "n’est pas sûre"),
        ("id_alg_none", 403, "n’est pas sûre"),
        ("id_expire", 403, "n’est pas sûre"),
        ("id_acr_bas", 403, "n’est pas sûre"),
        ("id_iss", 403, "n’est pas sûre"),
        ("id_aud", 403, "n’est pas sûre"),
        ("userinfo_non_signe", 403, "n’est pas sûre"),
        ("userinfo_signature", 403, "n’est pas sûre"),
        ("userinfo_sub", 403, "n’est pas sûre"),
        ("userinfo_500", 503, "ne répond pas"),
    ],
)
def test_every_failure_is_refused_and_leaves_a_way(
    navigateur, franceconnect, defaillance, statut, phrase
):
    page = navigateur.connecte("belkacem", defaillance=defaillance)

    assert page.status_code == statut
    assert phrase in page.text
    assert "choisir un autre moyen de connexion" in page.text
    assert Compte.objects.count() == 0


def test_renouncing_at_franceconnect(navigateur, franceconnect):
    page = navigateur.connecte("belkacem", action="annuler")
    assert (page.status_code, "n’a pas abouti" in page.text) == (403, True)


def test_key_rotation_is_followed(navigateur, autre_navigateur, franceconnect):
    navigateur.connecte("belkacem")
    assert autre_navigateur.connecte("belkacem", defaillance="rotation").status_code == 302


# Comptes ------------------------------------------------------------------------------------------
def test_same_courriel_other_person_is_another_account(navigateur, franceconnect):
    """Un courriel n’identifie personne : un compte local du même courriel reste à part."""
    local = Compte.objects.create_compte(genre="usager", courriel="belkacem@example.org")
    navigateur.connecte("belkacem")

    assert Compte.objects.exclude(pk=local.pk).get().courriel == ""
    assert local.identites.count() == 0


def test_disabled_account_cannot_enter(navigateur, autre_navigateur, franceconnect):
    navigateur.connecte("belkacem")
    Compte.objects.update(is_active=False)

    page = autre_navigateur.connecte("belkacem")
    assert (page.status_code, "désactivé" in page.text) == (403, True)
    assert navigateur.client.get("/c/clamart/espace/compte/").status_code == 302


def test_pivot_is_refreshed_and_history_kept(navigateur, autre_navigateur, franceconnect):
    navigateur.connecte("belkacem")
    identite = IdentiteFederee.objects.get()
    identite.pivot = '{"family_name": "ANCIENNE"}'
    identite.save()

    autre_navigateur.connecte("belkacem")

    identite.refresh_from_db()
    assert read_pivot(identite)["family_name"] == "BELKACEM"
    [avant] = identite.historique.all()
    assert "ANCIENNE" in avant.pivot


def test_usual_name_is_shown_and_birth_name_certified(navigateur, franceconnect):
    navigateur.connecte("moreau")
    compte = Compte.objects.get()
    assert compte.nom == "DELACROIX"
    assert read_pivot(compte.identites.get())["family_name"] == "MOREAU"


def test_provider_of_another_collectivite_is_unknown(client, branche, clamart):
    from tests.factories import CollectiviteFactory

    branche("franceconnect", collectivite=CollectiviteFactory(), code="chez-eux")
    assert client.post("/c/clamart/connexion/chez-eux/").status_code == 404
    assert "chez-eux" not in client.get("/c/clamart/connexion/").text


def test_same_sub_in_another_sector_is_another_person(
    navigateur, autre_navigateur, branche, clamart
):
    """Un fournisseur d’une collectivité ne peut pas ouvrir les comptes de l’installation."""
    branche("franceconnect")
    navigateur.connecte("belkacem")
    branche("franceconnect", collectivite=clamart, code="local")

    autre_navigateur.connecte("belkacem", code="local")

    assert Compte.objects.count() == 2
    assert len(set(IdentiteFederee.objects.values_list("sub", flat=True))) == 1


def test_session_of_a_local_provider_is_worth_nothing_elsewhere(navigateur, branche, clamart):
    from tests.factories import CollectiviteFactory

    CollectiviteFactory(slug="ailleurs", nom="Ailleurs")
    branche("franceconnect", collectivite=clamart, code="local")
    navigateur.connecte("belkacem", code="local")

    assert navigateur.client.get("/c/clamart/espace/compte/").status_code == 200
    for chemin in ("/c/ailleurs/espace/compte/", "/espace/compte/"):
        assert navigateur.client.get(chemin)["Location"].startswith(
            chemin.replace("espace/compte/", "connexion/")
        )


# Page de connexion --------------------------------------------------------------------------------
def test_login_page_puts_franceconnect_first_and_allows_it_in_the_policy(
    client, franceconnect, simulateurs
):
    page = client.get("/c/clamart/connexion/")

    assert (
        page.text.index("FranceConnect")
        < page.text.index("<b>OU</b>")
        < page.text.index("Courriel")
    )
    origine = simulateurs.removesuffix("/simulateurs")
    assert f"form-action 'self' {origine}" in page["Content-Security-Policy"]
    assert "https://franceconnect.gouv.fr/" in page.text


def test_login_page_without_provider_allows_only_itself(client, clamart):
    politique = client.get("/c/clamart/connexion/")["Content-Security-Policy"]
    assert "form-action 'self';" in politique or politique.endswith("form-action 'self'")


def test_installation_level_login(navigateur, franceconnect):
    reponse = navigateur.connecte("belkacem", racine="/")
    assert reponse["Location"] == "/espace/"


def test_own_host_gets_back_its_browser(client, branche, settings, clamart):
    """Adresse de retour inscrite sur l’installation : l’hôte d’origine reprend la main."""
    from tests.navigateur import Navigateur

    clamart.hote = "clamart.example"
    clamart.save()
    branche("franceconnect")
    navigateur = Navigateur(client)
    client.defaults["SERVER_NAME"], client.defaults["SERVER_PORT"] = "clamart.example", "8000"
    retour = navigateur.choisit(navigateur.part("/connexion/franceconnect/"), "belkacem")
    assert retour.startswith("http://localhost:8000/connexion/franceconnect/retour/?")

    etranger = type(client)(SERVER_NAME="localhost", SERVER_PORT="8000")
    relais = etranger.get(navigateur._chemin(retour))
    assert relais["Location"].startswith(
        "http://clamart.example:8000/connexion/franceconnect/retour/?"
    )
    assert client.get(navigateur._chemin(relais["Location"]))["Location"] == "/espace/"


def test_jwks_of_franceconnect_plus_is_public(client, branche, clamart):
    branche("franceconnect_plus", chemin="franceconnect-plus")
    cles = client.get("/connexion/franceconnect-plus/jwks.json").json()["keys"]

    assert [cle["use"] for cle in cles] == ["enc"]
    assert "d" not in cles[0]
    assert reverse("comptes:jwks", args=["x"]) == "/connexion/x/jwks.json"
