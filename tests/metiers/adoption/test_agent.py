"""L’administrateur d’une collectivité déclare, annule, écrit, signe ; personne d’autre."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.adoption.models import Brique, Fait, Signature
from socle.metiers.adoption.services.agregats import rebuild_tout
from socle.metiers.adoption.services.contact import PAR_DESTINATAIRE
from tests.factories import AdhesionFactory
from tests.metiers.adoption.fabrique import CLAMART, create_charte, create_fait

RACINE = "/c/clamart/agent"


@pytest.fixture
def connecte(client, administrateur):
    client.force_login(administrateur)
    return client


@pytest.fixture
def tchap(db):
    return Brique.objects.create(solution="tchap")


def test_declaring_takes_two_clicks_and_one_to_undo(connecte, tchap, count_sql):
    with count_sql() as compte:
        page = connecte.get(f"{RACINE}/adoption/")
    assert len(compte.instructions) <= 10, compte.instructions
    bouton = BeautifulSoup(page.text, "html.parser").select_one("button[value=utilise]")
    formulaire = bouton.find_parent("form")

    fait = connecte.post(
        formulaire["action"], {"solution": "tchap", "usage": "utilise"}, follow=True
    )

    assert "vous utilisez « Tchap »" in fait.text
    annuler = BeautifulSoup(fait.text, "html.parser").select_one("form.annuler")
    suite = connecte.post(
        annuler["action"], {"cle": annuler.select_one("[name=cle]")["value"]}, follow=True
    )
    assert "La déclaration est annulée" in suite.text
    assert Fait.objects.get().annule_le is not None


@pytest.mark.parametrize(
    "envoi",
    [{}, {"solution": "tchap"}, {"solution": "inconnue", "usage": "utilise"},
     {"solution": "tchap", "usage": "fictive"}, {"solution": "tchap' OR 1=1", "usage": "utilise"}],
)  # fmt: skip
def test_wrong_declaration_is_refused_and_writes_nothing(connecte, tchap, envoi):
    assert connecte.post(f"{RACINE}/adoption/declarer/", envoi).status_code == 422
    assert not Fait.objects.exists()


@pytest.mark.parametrize("cle", ["", "x", "0", "9" * 30, "-1"])
def test_undo_of_nothing_says_so(connecte, tchap, cle):
    page = connecte.post(f"{RACINE}/adoption/annuler/", {"cle": cle}, follow=True)

    assert "rien à annuler" in page.text


@pytest.mark.parametrize("role", [Role.INSTRUCTEUR, Role.VALIDEUR, Role.DPO, Role.ARCHIVISTE])
def test_other_roles_neither_read_nor_write(client, collectivite, tchap, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    assert client.get(f"{RACINE}/adoption/").status_code == 403
    envoi = {"solution": "tchap", "usage": "utilise"}
    assert client.post(f"{RACINE}/adoption/declarer/", envoi).status_code == 403
    assert not Fait.objects.exists()


# Écrire à une voisine -----------------------------------------------------------------------------
@pytest.fixture
def voisine(antony, tchap, maintenant):
    create_fait("commune-92002")
    rebuild_tout(maintenant=maintenant)
    return f"{RACINE}/adoption/tchap/ecrire/commune-92002/"


def test_message_goes_to_the_public_address_and_is_in_the_journal(
    connecte, voisine, collectivite, antony
):
    liste = connecte.get(f"{RACINE}/adoption/tchap/voisins/")
    assert voisine in liste.text
    assert antony.courriel not in liste.text

    page = connecte.post(voisine, {"message": "Bonjour, comment avez-vous fait ?"}, follow=True)

    assert "Le message est parti à Antony" in page.text
    with locataire(antony.pk):
        envoi = Envoi.objects.get()
        assert envoi.destinataire == antony.courriel
        assert "comment avez-vous fait" in envoi.corps
        assert collectivite.courriel in envoi.corps
    with locataire(collectivite.pk):
        entree = Entree.objects.get(action="adoption.contact_envoye")
    assert "comment" not in str(entree.donnees)


def test_messages_to_the_same_authority_are_limited(connecte, voisine, antony):
    for _ in range(PAR_DESTINATAIRE):
        assert connecte.post(voisine, {"message": "Bonjour."}).status_code == 302

    page = connecte.post(voisine, {"message": "Encore moi."})

    assert page.status_code == 422
    assert "Trop de demandes" in page.text
    assert "Encore moi." in page.text  # ce qui est écrit est gardé


def test_authority_out_of_the_installation_is_sent_to_the_directory(connecte, tchap, maintenant):
    create_fait("commune-92004")
    rebuild_tout(maintenant=maintenant)
    adresse = f"{RACINE}/adoption/tchap/ecrire/commune-92004/"

    assert "annuaire de l’administration" in connecte.get(adresse).text
    assert connecte.post(adresse, {"message": "Bonjour."}).status_code == 422
    assert not Envoi.objects.exists()


def test_neighbours_of_an_unknown_solution_are_not_found(connecte, tchap):
    assert connecte.get(f"{RACINE}/adoption/inconnue/voisins/").status_code == 404
    assert connecte.get(f"{RACINE}/adoption/tchap/ecrire/commune-0/").status_code == 404


# Conventions --------------------------------------------------------------------------------------
def test_signing_from_the_page_then_withdrawing(connecte, collectivite):
    create_charte()
    assert "Pas signée" in connecte.get(f"{RACINE}/conventions/").text
    envoi = {"version": "1", "fonction": "Maire", "engagement": "on"}

    signee = connecte.post(f"{RACINE}/conventions/charte/signer/", envoi, follow=True)

    assert "Votre collectivité adhère" in signee.text
    signature = Signature.objects.get()
    assert str(signature.preuve) in signee.text
    retiree = connecte.post(
        f"{RACINE}/conventions/charte/retirer/", {"motif": "Trop tôt."}, follow=True
    )
    assert "L’adhésion est retirée" in retiree.text
    assert "Trop tôt." in retiree.text
    assert "Trop tôt." not in connecte.get("/conventions/charte/").text


@pytest.mark.parametrize(
    "envoi",
    [{}, {"version": "1", "fonction": "Maire"}, {"version": "x", "fonction": "Maire",
     "engagement": "on"}, {"version": "1", "engagement": "on", "fonction": " "}],
)  # fmt: skip
def test_incomplete_signature_is_refused(connecte, envoi):
    create_charte()

    assert connecte.post(f"{RACINE}/conventions/charte/signer/", envoi).status_code == 422
    assert not Signature.objects.exists()


def test_text_changed_since_it_was_read_signs_nothing(connecte, maintenant):
    from socle.metiers.adoption.services.conventions import publish_version

    charte = create_charte()
    publish_version(
        convention=charte, texte="Autre texte.", changement="Tout.", acteur="agent:1",
        maintenant=maintenant,
    )  # fmt: skip
    envoi = {"version": "1", "fonction": "Maire", "engagement": "on"}

    page = connecte.post(f"{RACINE}/conventions/charte/signer/", envoi, follow=True)

    assert "Le texte a changé" in page.text
    assert not Signature.objects.exists()


def test_draft_convention_is_not_found_by_agents(connecte):
    create_charte("cachee", ouverte=False)

    assert connecte.get(f"{RACINE}/conventions/cachee/").status_code == 404


def test_settings_lead_to_both_pages(connecte):
    page = connecte.get(f"{RACINE}/reglages/").text

    assert "Ce que nous utilisons" in page
    assert "Conventions et chartes" in page


def test_page_links_to_the_public_page_of_the_installation(connecte, tchap):
    assert f'href="/collectivites/{CLAMART}/"' in connecte.get(f"{RACINE}/adoption/").text
