"""Connecteurs essayés pour de vrai : bons réglages, port fermé, service muet, mauvais secret."""

import json
import socket
from io import StringIO
from threading import Event

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult
from django.core.cache import cache
from django.core.management import call_command

from socle.fondations.administration import services
from socle.fondations.administration.enums import Niveau
from socle.fondations.administration.ports import emplois_de_sources
from socle.fondations.administration.services import connecteurs, voisins
from socle.fondations.administration.services.connecteurs import (
    EtatConnecteur,
    Sonde,
    list_sondes,
    list_sondes_ici,
    run_sondes,
)
from socle.fondations.collectivites.services import set_branchement
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import FournisseurIdentite
from tests.factories import AdhesionFactory, CollectiviteFactory

pytestmark = pytest.mark.django_db
ETAT = "/operateur/etat/"
ICI = "/c/clamart/agent/reglages/connecteurs/"
IMPOTS = "API Impôt particulier"
QUOTIENT = "API Particulier"


@pytest.fixture(autouse=True)
def _rien_de_garde(db):
    cache.clear()


@pytest.fixture
def employees(clamart, monkeypatch):
    """Une démarche publiée de Clamart appelle les impôts et la Caf."""
    emplois = {"impots_revenu": {clamart.pk}, "cnaf_quotient": {clamart.pk}}
    monkeypatch.setitem(emplois_de_sources._par_code, "demarche", lambda: emplois)
    return emplois


def run(sondes: list[Sonde], delai: float = 60.0) -> dict[str, EtatConnecteur]:
    return {etat.nom: etat for etat in run_sondes(sondes, delai=delai)}


def make_sonde(essai, nom="essai", **autres) -> Sonde:
    return Sonde(code=nom, nom=nom, essai=essai, remede="Changez le réglage.", **autres)


def refuse(erreur: Exception):
    def essai() -> str:
        raise erreur

    return essai


# Lancer les essais ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("essai", "niveau", "message", "suite"),
    [
        (lambda: "Tout va bien.", Niveau.BIEN, "Tout va bien.", ""),
        (
            refuse(ErreurConnecteur("Secret faux.")),
            Niveau.PANNE,
            "Secret faux.",
            "Changez le réglage.",
        ),
        (refuse(SystemeIndisponible("Muet.")), Niveau.PANNE, "Muet.", connecteurs.PATIENCE),
        (
            refuse(voisins.VoisinAbsent("Rien.", "Réglez.")),
            Niveau.ATTENTION,
            "Rien.",
            "Réglez.",
        ),
    ],
)
def test_each_outcome_has_its_level_and_what_to_do(essai, niveau, message, suite):
    [etat] = run_sondes([make_sonde(essai)], delai=60)

    assert (etat.etat, etat.message, etat.suite) == (niveau, message, suite)


def test_a_defect_hides_nothing_of_the_others():
    etats = run([make_sonde(refuse(KeyError("secret-42")), "faux"), make_sonde(lambda: "Oui.")])

    assert etats["faux"].etat == Niveau.PANNE
    assert "secret-42" not in etats["faux"].message
    assert etats["essai"].etat == Niveau.BIEN


def test_time_is_bounded_for_all_and_says_who_was_late():
    libere = Event()

    def hold() -> str:
        libere.wait(120)
        return "Trop tard."

    lents = [make_sonde(hold, f"lent-{rang}") for rang in range(connecteurs.FILS)]

    etats = run([make_sonde(lambda: "Oui.", "vif"), *lents, make_sonde(hold, "jamais")], delai=2.0)
    libere.set()  # ils tenaient encore quand la réponse est venue

    assert etats["vif"].etat == Niveau.BIEN
    assert {etats[f"lent-{rang}"].etat for rang in range(connecteurs.FILS - 1)} == {Niveau.PANNE}
    assert etats["jamais"].etat == Niveau.ATTENTION
    assert "faute de temps" in etats["jamais"].message


def test_unused_connector_is_not_called():
    [etat] = run_sondes([make_sonde(refuse(KeyError()), employe=False)], delai=1)

    assert etat.etat == Niveau.INACTIF


# Fournisseurs d’identité ------------------------------------------------------------------------
@pytest.mark.parametrize("profil", ["franceconnect", "franceconnect_plus", "proconnect"])
def test_good_identity_provider(branche, clamart, profil):
    branche(profil, chemin=profil.replace("_", "-"))

    etats = run(list_sondes())

    nom = {"proconnect": "ProConnect", "franceconnect": "FranceConnect"}.get(
        profil, "FranceConnect+"
    )
    assert etats[nom].message == f"{nom} répond et reconnaît ce site."
    assert (etats[nom].etat, etats[nom].portee) == (Niveau.BIEN, "Toute l’installation")


@pytest.mark.parametrize("profil", ["franceconnect", "proconnect"])
def test_wrong_secret_is_named(branche, clamart, profil):
    ligne = branche(profil, collectivite=clamart)
    with locataire(clamart.pk):
        ligne.secret = "un-autre-secret"
        ligne.save()

    etat = run(list_sondes_ici(clamart))[ligne.nom]

    assert etat.etat == Niveau.PANNE
    assert "son secret est refusé" in etat.message
    assert "un-autre-secret" not in etat.message + etat.suite
    assert "identifiant, secret" in etat.suite
    assert etat.collectivites == ("Clamart",)


def test_refused_request_is_named(branche, clamart):
    branche("franceconnect", pkce=True)  # FranceConnect refuse ces paramètres

    etat = run(list_sondes())["FranceConnect"]

    assert "la demande est refusée" in etat.message
    assert etat.suite == connecteurs.REMEDE_IDENTITE


def test_closed_port_is_an_outage_to_wait_for(branche, clamart, settings, ferme):
    settings.SIMULATEURS_URL = ferme
    with operateur():
        FournisseurIdentite.objects.create(
            code="fc", nom="FranceConnect", profil="franceconnect", genre="usager", secret="x" * 32,
            emetteur=f"{ferme}/fc", autorisation=f"{ferme}/fc/a", jeton=f"{ferme}/fc/t",
            userinfo=f"{ferme}/fc/u", jwks=f"{ferme}/fc/jwks", client_id="c",
        )  # fmt: skip

    etat = run(list_sondes())["FranceConnect"]

    assert (etat.etat, etat.suite) == (Niveau.PANNE, connecteurs.PATIENCE)
    assert "ne répond pas" in etat.message


def test_silent_service_does_not_hold_the_page(muet, clamart, employees):
    etats = run(list_sondes_ici(clamart), delai=1.0)

    assert etats[IMPOTS].message == "Aucune réponse en 1 secondes."
    assert etats[QUOTIENT].etat == Niveau.PANNE


def test_broken_row_is_told_not_a_crash(branche, clamart):
    ligne = branche("franceconnect")
    with operateur():
        FournisseurIdentite.objects.filter(pk=ligne.pk).update(algorithme="HS256")

    etat = run(list_sondes())["FranceConnect"]

    assert "algorithme HS256" in etat.message


# Données de l’État ------------------------------------------------------------------------------
def test_state_services_answer_with_the_settings_of_each(simulateurs, clamart, employees):
    etats = run(list_sondes())

    assert etats[IMPOTS].message == "API Impôt particulier répond et reconnaît le téléservice."
    assert etats[QUOTIENT].etat == Niveau.BIEN
    assert etats["Annuaire des entreprises"].etat == Niveau.BIEN
    assert etats[IMPOTS].collectivites == ("Clamart",)


@pytest.mark.parametrize(
    ("code", "nom", "parametres", "mots"),
    [
        ("impots_revenu", IMPOTS, {"secret": "faux"}, "ne reconnaît pas votre collectivité"),
        ("cnaf_quotient", QUOTIENT, {"jeton": "jeton-expire"}, "faux ou périmé"),
        ("cnaf_quotient", QUOTIENT, {"jeton": "jeton-sans-droit"}, "ne donne pas droit"),
        ("cnaf_quotient", QUOTIENT, {"url": "https://10.0.0.1"}, "réseau interne"),
    ],
)
def test_wrong_settings_of_one_authority_touch_only_it(
    simulateurs, clamart, employees, code, nom, parametres, mots
):
    sceaux = CollectiviteFactory(nom="Sceaux", slug="sceaux")
    employees[code].add(sceaux.pk)
    with locataire(sceaux.pk):
        set_branchement(
            collectivite=sceaux, port="source_donnees", code=code, parametres=parametres
        )

    etats = [etat for etat in run_sondes(list_sondes(), delai=10) if etat.nom == nom]

    par_ville = {etat.collectivites: etat for etat in etats}
    assert par_ville[("Clamart",)].etat == Niveau.BIEN
    assert mots in par_ville[("Sceaux",)].message
    assert par_ville[("Sceaux",)].suite.startswith("Vérifiez")
    assert not [e for e in run_sondes(list_sondes_ici(clamart), delai=10) if "Sceaux" in e.portee]


def test_service_not_branched_is_told_when_a_procedure_needs_it(clamart, employees):
    etat = run([s for s in list_sondes_ici(clamart) if s.nom == IMPOTS])[IMPOTS]

    assert etat.etat == Niveau.PANNE
    assert "n’est pas réglé" in etat.message


def test_service_that_nobody_uses_is_quiet(clamart):
    etats = run([s for s in list_sondes() if s.nom in (IMPOTS, QUOTIENT)])

    assert {etat.etat for etat in etats.values()} == {Niveau.INACTIF}


def test_a_long_list_of_users_is_cut():
    noms = tuple(f"Ville {rang}" for rang in range(8))
    [etat] = run_sondes([make_sonde(lambda: "Oui.", collectivites=noms)], delai=1)

    assert etat.portee == "Ville 0, Ville 1, Ville 2, Ville 3, Ville 4 et 3 de plus"


# Services voisins -------------------------------------------------------------------------------
def test_closed_neighbours_are_told(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.CLAMAV = "unix:/nulle/part"
    settings.HORODATAGE_URL = "https://10.0.0.1/tsa"
    settings.S3_ADRESSE, settings.S3_SEAU = "http://127.0.0.1:9", "pieces"
    settings.S3_CLE, settings.S3_SECRET = "cle", "secret"

    etats = run([connecteurs._build_voisin(code) for code in voisins.ESSAIS_VOISINS])

    assert {etat.etat for etat in etats.values()} == {Niveau.PANNE}
    assert all(etat.suite for etat in etats.values())


def test_neighbours_not_set_are_only_to_note(settings):
    settings.EMAIL_HOST = settings.CLAMAV = settings.HORODATAGE_URL = settings.S3_ADRESSE = ""

    etats = run([connecteurs._build_voisin(code) for code in voisins.ESSAIS_VOISINS])

    assert etats.pop("Stockage des pièces").etat == Niveau.BIEN
    assert {etat.etat for etat in etats.values()} == {Niveau.ATTENTION}


class Identification:
    """Serveur d’envoi qui n’admet qu’un compte."""

    def __call__(self, server, session, envelope, mechanism, auth_data):
        return AuthResult(success=auth_data.password == b"juste", handled=False)


@pytest.mark.parametrize(("secret", "bon"), [("juste", True), ("faux", False)])
def test_mail_server_judges_the_secret(settings, secret, bon):
    guichet = Controller(
        Sink(), hostname="127.0.0.1", port=0, authenticator=Identification(),
        auth_require_tls=False,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as libre:
        guichet.port = libre.getsockname()[1]
    guichet.start()
    try:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", guichet.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "socle", secret
        etat = run([connecteurs._build_voisin("courriel")])["Courriel"]
    finally:
        guichet.stop()

    assert (etat.etat == Niveau.BIEN) is bon
    assert bon or "refuse le compte ou son secret" in etat.message


# Commande et pages ------------------------------------------------------------------------------
def test_command_writes_one_line_per_connector(branche, clamart, employees):
    branche("franceconnect")
    sortie = StringIO()

    call_command("diagnostiquer_connecteurs", stdout=sortie)

    lignes = [json.loads(ligne) for ligne in sortie.getvalue().splitlines()]
    par_nom = {ligne["nom"]: ligne for ligne in lignes}
    assert par_nom["FranceConnect"]["niveau"] == "bien"
    assert par_nom[IMPOTS]["portee"] == "Clamart"
    assert {"Courriel", "Antivirus", "Stockage des pièces", "Horodatage"} <= par_nom.keys()


def test_operator_sees_the_state_and_tries_again(client, operatrice, branche, clamart, employees):
    branche("proconnect")
    client.force_login(operatrice)

    page = client.get(ETAT)
    assert page.status_code == 200
    assert "ProConnect répond et reconnaît ce site." in page.text
    assert "Place sur le disque" in page.text
    with operateur():
        FournisseurIdentite.objects.update(client_id="un-autre")
    assert "ProConnect répond et reconnaît ce site." in client.get(ETAT).text  # gardé

    assert client.post(ETAT).status_code == 302
    assert "En panne" in client.get(ETAT).text


def test_administrator_sees_only_what_the_authority_uses(
    client, administratrice, collectivite, branche
):
    sceaux = CollectiviteFactory(nom="Sceaux", slug="sceaux")
    branche("proconnect", collectivite=sceaux, nom="Connexion de Sceaux")
    branche("franceconnect")
    client.force_login(administratrice)

    texte = client.get(ICI).text

    assert "FranceConnect répond et reconnaît ce site." in texte
    assert "Sceaux" not in texte
    assert "Antivirus" not in texte


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATEUR])
def test_other_roles_never_reach_the_network(client, collectivite, role, monkeypatch):
    monkeypatch.setattr(services, "run_sondes", refuse(AssertionError("réseau")))
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    assert client.get(ICI).status_code == 403
    assert client.post(ICI).status_code == 403
    assert client.get(ETAT).status_code == 403
