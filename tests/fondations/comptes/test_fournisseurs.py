"""Fournisseurs : commande, sécurité par ligne, FranceConnect+ et OIDC de bout en bout."""

import json
from contextlib import ExitStack
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from joserfc.jwk import import_key

from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.commun.oidc.client import create_cle
from socle.fondations.commun.oidc.errors import FournisseurMalRegle
from socle.fondations.comptes.models import Compte, FournisseurIdentite, IdentiteFederee
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.queries import find_fournisseur, list_fournisseurs
from socle.fondations.comptes.services import create_fournisseur, rotate_cles_chiffrement
from socle.simulateurs.application import create_application
from socle.simulateurs.configuration import create_configuration
from tests.factories import CollectiviteFactory
from tests.fondations.comptes.conftest import Differee
from tests.navigateur import Navigateur
from tests.oidc_faux import serve_application

pytestmark = pytest.mark.django_db


def manage(*mots: str) -> str:
    sortie = StringIO()
    call_command("fournisseur", *mots, stdout=sortie)
    return sortie.getvalue()


@pytest.fixture
def ajoute(simulateurs, clamart, tmp_path, monkeypatch):
    secret = tmp_path / "secret"
    secret.write_text("secret-de-demonstration\n")

    def ajoute(profil="franceconnect", *mots: str) -> str:
        chemin = profil.replace("_", "-")
        return manage(
            "ajouter", "--profil", profil, "--base-url", f"{simulateurs}/{chemin}/api/v2",
            "--client-id", "socle-demo", "--secret-fichier", str(secret), *mots,
        )  # fmt: skip

    return ajoute


# Commande ---------------------------------------------------------------------------------------
def test_add_says_what_to_register(ajoute):
    sortie = ajoute()
    assert "http://localhost:8000/connexion/franceconnect/retour/" in sortie
    assert "http://localhost:8000/deconnexion/retour/" in sortie
    assert "secret-de-demonstration" not in sortie


def test_add_for_a_collectivite(ajoute, clamart):
    sortie = ajoute("proconnect", "--collectivite", "clamart")
    assert "http://localhost:8000/c/clamart/connexion/proconnect/retour/" in sortie
    with locataire(clamart.pk):
        ligne = FournisseurIdentite.objects.get(collectivite=clamart)
    assert (ligne.secteur, ligne.genre, ligne.mfa_exigee, ligne.pkce) == (
        f"c{clamart.pk}", "agent", True, True
    )  # fmt: skip


def test_add_with_every_setting(ajoute, clamart):
    ajoute(
        "franceconnect", "--code", "fc", "--sans-iss", "--pkce", "--acr-acceptes", "eidas2",
        "--scopes", "openid email", "--secteur", "opsn", "--nom", "FC", "--algorithme", "RS256",
        "--hote-retour", "https://opsn.example",
    )  # fmt: skip
    ligne = find_fournisseur(None, "fc")
    assert (ligne.iss_exige, ligne.pkce, ligne.acr_acceptes) == (False, True, "eidas2")
    assert (ligne.scopes, ligne.secteur, ligne.nom) == ("openid email", "opsn", "FC")


def test_secret_from_the_environment(simulateurs, clamart, monkeypatch):
    monkeypatch.setenv("UN_SECRET", "secret-de-demonstration")
    manage(
        "ajouter", "--profil", "franceconnect", "--client-id", "c", "--secret-env", "UN_SECRET",
        "--base-url", f"{simulateurs}/franceconnect/api/v2",
    )  # fmt: skip
    assert find_fournisseur(None, "franceconnect").secret == "secret-de-demonstration"


@pytest.mark.parametrize(
    ("mots", "phrase"),
    [
        (["--profil", "inconnu"], "Profil inconnu"),
        (["--secret-env", "ABSENTE"], "vide"),
        (["--collectivite", "absente"], "Aucune collectivité"),
        (["--code", "mot-de-passe"], "réservé"),
        (["--algorithme", "HS256"], "algorithme HS256"),
        (["--jeton", "http://10.0.0.1/token"], "adresse refusée"),
    ],
)
def test_faulty_add_is_explained_and_writes_nothing(ajoute, mots, phrase, monkeypatch):
    base = {"--profil": "franceconnect", "--base-url": "https://fc.example", "--client-id": "c"}
    base |= {"--secret-env": "UN_SECRET"}
    monkeypatch.setenv("UN_SECRET", "x")
    base |= dict([mots])
    with pytest.raises(CommandError, match=phrase):
        manage("ajouter", *[mot for paire in base.items() for mot in paire])
    assert find_fournisseur(None, "franceconnect") is None


def test_same_code_twice_is_refused(ajoute):
    ajoute()
    with pytest.raises(CommandError, match="existe déjà"), transaction.atomic():
        ajoute()


def test_provider_without_secret_is_refused(simulateurs, clamart):
    with pytest.raises(CommandError, match=r"^Refusé : secret absent"):
        manage("ajouter", "--profil", "franceconnect", "--base-url",
               f"{simulateurs}/franceconnect/api/v2", "--client-id", "c")  # fmt: skip


def test_tester_really_asks(ajoute):
    ajoute()
    sortie = manage("tester", "--code", "franceconnect")
    assert "bon   clés" in sortie
    assert "bon   autorisation : la demande est acceptée" in sortie


def test_tester_names_the_fault(ajoute):
    ajoute("franceconnect", "--pkce")  # FranceConnect refuse ces paramètres
    with pytest.raises(CommandError, match="Un essai est en échec"):
        manage("tester", "--code", "franceconnect")


def test_tester_of_an_unreachable_provider(ajoute, settings):
    ajoute()
    with operateur():
        FournisseurIdentite.objects.update(jwks="https://localhost:9/jwks")
    with pytest.raises(CommandError):
        manage("tester", "--code", "franceconnect")


def test_lister_and_desactiver(ajoute, clamart):
    assert manage("lister") == "Aucun fournisseur.\n"
    ajoute()
    ajoute("proconnect", "--collectivite", "clamart")
    assert "proconnect" not in manage("lister")
    assert "proconnect" in manage("lister", "--collectivite", "clamart")
    manage("desactiver", "--code", "franceconnect")
    assert "désactivé" in manage("lister")
    with pytest.raises(CommandError, match="Aucun fournisseur actif"):
        manage("tester", "--code", "franceconnect")


def test_desactiver_of_the_installation_from_a_collectivite_is_refused(ajoute):
    ajoute()
    with pytest.raises(CommandError, match="installation"):
        manage("desactiver", "--code", "franceconnect", "--collectivite", "clamart")


# Lignes -----------------------------------------------------------------------------------------
def test_secret_is_encrypted_at_rest(ajoute):
    ajoute()
    with connection.cursor() as curseur:
        curseur.execute("SELECT secret FROM comptes_fournisseuridentite")
        [(octets,)] = curseur.fetchall()
    assert b"secret-de" not in bytes(octets)


def test_own_provider_hides_the_common_one(branche, clamart):
    commun, propre = branche(), branche(collectivite=clamart)
    ailleurs = CollectiviteFactory()
    with locataire(clamart.pk):
        assert list_fournisseurs(clamart, "usager") == [propre]
        assert find_fournisseur(clamart, "franceconnect") == propre
        assert list_fournisseurs(clamart, "agent") == []
    with locataire(ailleurs.pk):
        assert list_fournisseurs(ailleurs, "usager") == [commun]


def test_collectivite_cannot_touch_the_common_provider(branche, clamart):
    """Sécurité par ligne : lisible partout, écrit par l’opérateur seul."""
    ligne = branche()
    with locataire(clamart.pk):
        assert FournisseurIdentite.objects.filter(pk=ligne.pk).update(client_id="vole") == 0
        assert FournisseurIdentite.objects.filter(pk=ligne.pk).delete()[0] == 0
        ligne.pk, ligne.code = None, "neuf"
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            ligne.save(force_insert=True)


def test_collectivite_sees_nothing_of_another(branche, clamart):
    branche(collectivite=clamart, code="propre")
    ailleurs = CollectiviteFactory()
    with locataire(ailleurs.pk):
        assert FournisseurIdentite.objects.count() == 0


# FranceConnect+, et clé plutôt que secret -------------------------------------------------------
@pytest.fixture
def inscrit(clamart, settings, tmp_path):
    """Simulateurs chez qui Socle est inscrit avec ses propres clés publiques."""
    with ExitStack() as pile:

        def inscrit(profil: str, chemin: str, cles: list[dict], client=None, **reglages):
            differee = Differee()
            origine = pile.enter_context(serve_application(differee))
            settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, f"{origine}/simulateurs"
            publiques = [import_key(cle).as_dict(private=False) for cle in cles]
            fiche = {"client_id": "a-cles", "jwks": {"keys": publiques}} | (client or {})
            fiche["prefixes"] = ["http://localhost:8000/"]
            fichier = tmp_path / "clients.json"
            fichier.write_text(json.dumps({"clients": {chemin: [fiche]}}))
            configuration = create_configuration(f"{origine}/simulateurs", fichier=fichier)
            differee.application = create_application(configuration)
            return create_fournisseur(
                profil=profils[profil], code="a-cles", client_id="a-cles",
                base_url=f"{origine}/simulateurs/{chemin}/api/v2", **reglages,
            )  # fmt: skip

        yield inscrit


@pytest.fixture(params=["ECDH-ES", "RSA-OAEP-256"])
def plus(request, inscrit):
    notre = create_cle("enc", request.param)
    return inscrit(
        "franceconnect_plus", "franceconnect-plus", [notre],
        {"secret": "s" * 20, "chiffrement": request.param},
        secret="s" * 20, chiffrement=request.param, cles_chiffrement=json.dumps([notre]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("profil", "identite", "arrivee"),
    [("franceconnect", "belkacem", 302), ("proconnect", "instructrice", 403)],
)
def test_signature_by_key_is_accepted(client, inscrit, profil, identite, arrivee):
    """`private_key_jwt` : le code est échangé ; l’agent non invité est refusé par nous, après."""
    cle = create_cle("sig", "ES256")
    inscrit(profil, profil, [cle], authentification="private_key_jwt", cle_client=json.dumps(cle))
    page = Navigateur(client).connecte(identite, code="a-cles")
    assert page.status_code == arrivee
    assert arrivee == 302 or "pas encore d’accès" in page.text


def test_franceconnect_plus_answers_are_decrypted(client, plus):
    navigateur = Navigateur(client)
    reponse = navigateur.connecte("belkacem", code="a-cles")

    assert reponse["Location"] == "/c/clamart/espace/"
    assert IdentiteFederee.objects.get().acr == "eidas2"


def test_franceconnect_plus_keys_rotate(client, plus):
    rotate_cles_chiffrement(plus)
    cles = client.get("/connexion/a-cles/jwks.json").json()["keys"]
    assert len({cle["kid"] for cle in cles}) == 2
    assert Navigateur(client).connecte("belkacem", code="a-cles").status_code == 302


# OpenID Connect générique -----------------------------------------------------------------------
@pytest.fixture
def faux(settings, clamart):
    from socle.fondations.commun.oidc.cles import clear_cles
    from tests.oidc_faux import send_json, serve_faux_idp

    clear_cles()
    with serve_faux_idp() as idp:
        settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, idp.origine
        idp.repond_infos = lambda jeton: send_json(idp.infos())
        yield idp
    clear_cles()


def test_generic_provider_is_discovered_and_used(client, faux, clamart, monkeypatch):
    from tests.oidc_faux import read_parametres

    monkeypatch.setenv("UN_SECRET", "un-secret-de-client-assez-long")
    manage("ajouter", "--profil", "oidc", "--base-url", faux.origine, "--client-id", "socle",
           "--secret-env", "UN_SECRET", "--code", "annuaire", "--nom", "Compte Clamart",
           "--genre", "usager", "--algorithme", "ES256", "--collectivite", "clamart")  # fmt: skip
    assert "Se connecter avec Compte Clamart" in client.get("/c/clamart/connexion/").text

    depart = read_parametres(client.post("/c/clamart/connexion/annuaire/")["Location"])
    faux.nonce = depart["nonce"]
    reponse = client.get(
        "/c/clamart/connexion/annuaire/retour/",
        {"code": "c", "state": depart["state"], "iss": faux.origine},
    )
    assert reponse["Location"] == "/c/clamart/espace/"
    compte = Compte.objects.get()
    assert (compte.nom, compte.identites.get().pivot) == ("DUBOIS", None)


def test_discovery_of_somebody_else_is_refused(faux, clamart, monkeypatch):
    monkeypatch.setenv("UN_SECRET", "x")
    faux.repond_decouverte = lambda document: document | {"issuer": "https://mechant.example"}
    with pytest.raises(CommandError, match="Refusé"):
        manage("ajouter", "--profil", "oidc", "--base-url", faux.origine, "--client-id", "c",
               "--secret-env", "UN_SECRET")  # fmt: skip


def test_dangerous_row_is_refused_before_writing(branche):
    with pytest.raises(FournisseurMalRegle):
        branche(algorithme="none")
    assert FournisseurIdentite.objects.count() == 0


def test_broken_row_is_a_clear_refusal_not_a_crash(client, branche, clamart, caplog):
    branche()
    with operateur():
        FournisseurIdentite.objects.update(jeton="http://10.0.0.1/token")
    page = client.post("/c/clamart/connexion/franceconnect/")
    assert (page.status_code, "n’existe pas ici" in page.text) == (404, True)
    assert "fournisseur.mal_regle" in caplog.messages


# Commande « agent » -----------------------------------------------------------------------------
def test_agent_command_invites_names_and_closes(client, agent, clamart):
    sortie = StringIO()
    call_command("agent", "inviter", "--collectivite", "clamart", "--courriel", "p@exemple.fr",
                 stdout=sortie)  # fmt: skip
    lien = sortie.getvalue().strip().removeprefix("http://localhost:8000")
    assert "Administrateur" in client.get(lien).text

    call_command("agent", "operateur", "--courriel", agent.courriel, stdout=sortie)
    assert "membre de l’opérateur" in sortie.getvalue()
    call_command("agent", "desactiver", "--courriel", agent.courriel, stdout=sortie)
    agent.refresh_from_db()
    assert agent.is_active is False
    with pytest.raises(CommandError):
        call_command("agent", "operateur", "--courriel", "absent@exemple.fr")
