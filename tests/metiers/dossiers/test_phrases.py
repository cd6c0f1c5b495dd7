"""Phrases prêtes : écrites une fois, balises sûres, insérées sans perdre ce qui est tapé."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.errors import BalisesInconnues
from socle.metiers.dossiers.errors import PhraseChangeeAilleurs
from socle.metiers.dossiers.models import Dossier, PhrasePrete
from socle.metiers.dossiers.services import phrases
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.conftest import MAINTENANT

PAGES = "/c/clamart/agent/phrases/"
CORPS = "Bonjour {demandeur}, la pièce de « {demarche} » n’est pas lisible. {agent}"


def create(collectivite, agent, titre="Illisible", corps=CORPS, demarche=None) -> PhrasePrete:
    return phrases.create_phrase(
        collectivite=collectivite, agent=agent, titre=titre, corps=corps, demarche=demarche,
        maintenant=MAINTENANT,
    )  # fmt: skip


@pytest.fixture
def phrase(collectivite, agent) -> PhrasePrete:
    return create(collectivite, agent)


def test_tags_are_replaced_once_and_never_run(phrase, depose, agent):
    depose.demandeur = "{lien} {{ x }} Yanis"
    texte = phrases.render_phrase(phrase=phrase, dossier=depose, agent=agent)
    assert texte == (
        "Bonjour {lien} {{ x }} Yanis, la pièce de « Cantine scolaire » n’est pas lisible."
        " Ada Fournel"
    )


def test_unknown_tag_is_refused(collectivite, agent):
    with pytest.raises(BalisesInconnues):
        create(collectivite, agent, corps="Bonjour {mot_de_passe}")


def test_two_phrases_never_share_a_name(collectivite, agent, demarche, phrase):
    with pytest.raises(ErreurMetier):
        create(collectivite, agent)
    create(collectivite, agent, demarche=demarche)
    assert PhrasePrete.objects.count() == 2


def test_two_agents_never_overwrite_each_other(phrase, agent):
    change = {"agent": agent, "titre": "A", "demarche": None, "maintenant": MAINTENANT}
    phrases.change_phrase(phrase=phrase, corps="Un", revision=0, **change)
    with pytest.raises(PhraseChangeeAilleurs):
        phrases.change_phrase(phrase=phrase, corps="Deux", revision=0, **change)
    assert PhrasePrete.objects.get().corps == "Un"


def test_each_gesture_is_in_the_journal_without_its_text(phrase, agent):
    phrases.delete_phrase(phrase=phrase, agent=agent, maintenant=MAINTENANT)
    lignes = Entree.objects.filter(action__startswith="phrase.")
    gestes = {e.action: e.donnees for e in lignes.order_by("pk")}
    assert gestes == {"phrase.creee": {"revision": 0}, "phrase.supprimee": {"revision": 0}}


@pytest.mark.parametrize("role", [Role.DPO, Role.ARCHIVISTE])
def test_readers_write_no_phrase(collectivite, role):
    with pytest.raises(AccesRefuse):
        create(collectivite, AdhesionFactory(collectivite=collectivite, role=role).compte)


def test_another_authority_sees_no_phrase(phrase):
    with locataire(CollectiviteFactory().pk):
        assert not PhrasePrete.objects.exists()


def test_number_of_phrases_is_bounded(collectivite, agent, monkeypatch):
    monkeypatch.setattr(phrases, "NOMBRE_MAX", 1)
    create(collectivite, agent)
    with pytest.raises(ErreurMetier):
        create(collectivite, agent, titre="Autre")


# Dans la page d’un dossier ----------------------------------------------------------------------
def insert(client, depose, phrase, cible, **saisie):
    adresse = f"/c/clamart/agent/dossiers/{depose.numero}/phrase/"
    envoi = {"inserer": cible, "phrase": phrase.pk if phrase else "", **saisie}
    entetes = {"HX-Request": "true"} if saisie.pop("htmx", False) else {}
    return client.post(adresse, envoi, headers=entetes)


def read_champ(page: str, identifiant: str) -> str:
    return BeautifulSoup(page, "html.parser").find(id=identifiant).text.strip("\n")


@pytest.mark.parametrize(
    ("cible", "champ", "identifiant"),
    [("message", "corps", "id_corps"), ("correction", "corps", "id_correction_corps")],
)
def test_phrase_goes_after_what_was_typed(client, depose, agent, phrase, cible, champ, identifiant):
    client.force_login(agent)
    page = insert(client, depose, phrase, cible, **{champ: "Déjà écrit."})
    assert page.status_code == 200
    assert (
        read_champ(page.text, identifiant)
        .replace("\r", "")
        .startswith("Déjà écrit.\n\nBonjour Yanis Orbellec")
    )
    assert not depose.messages.exists()


def test_decision_keeps_its_choice(client, depose, agent, phrase):
    Dossier.objects.filter(pk=depose.pk).update(etat="en_instruction")
    client.force_login(agent)
    page = insert(client, depose, phrase, "decision", transition="refuser", motif="Parce que")
    soupe = BeautifulSoup(page.text, "html.parser")
    assert soupe.find("input", {"name": "transition", "checked": True})["value"] == "refuser"
    assert read_champ(page.text, "id_motif").startswith("Parce que")


def test_htmx_gets_the_very_part_of_the_page(client, depose, agent, phrase):
    client.force_login(agent)
    page = insert(client, depose, phrase, "message", corps="Bonjour").text
    fragment = insert(client, depose, phrase, "message", corps="Bonjour", htmx=True).text
    extrait = BeautifulSoup(page, "html.parser").find(id="saisie-message")
    assert str(extrait) == str(BeautifulSoup(fragment, "html.parser").find(id="saisie-message"))
    assert "<html" not in fragment


def test_no_choice_or_a_foreign_phrase_adds_nothing(client, depose, agent, demarche, collectivite):
    autre = create(collectivite, agent, corps="Étrangère")
    autre_demarche = type(demarche).objects.create(
        collectivite=collectivite, titre="Autre", chemin="autre", service=demarche.service
    )
    PhrasePrete.objects.filter(pk=autre.pk).update(demarche=autre_demarche)
    client.force_login(agent)
    for choix in (None, autre):
        page = insert(client, depose, choix, "message", corps="Seul").text
        assert read_champ(page, "id_corps") == "Seul"


# Les pages des phrases --------------------------------------------------------------------------
def test_pages_write_change_and_delete(client, collectivite, administrateur, demarche):
    client.force_login(administrateur)
    nouvelle = {"titre": "Délai", "corps": "Sous {depot}", "demarche": demarche.pk}
    assert client.post(f"{PAGES}nouvelle/", nouvelle).status_code == 302
    phrase = PhrasePrete.objects.get()
    create(collectivite, administrateur)
    liste = client.get(PAGES).text
    assert all(mot in liste for mot in ("Délai", "Cantine scolaire", "Illisible", "Toutes"))
    change = nouvelle | {"titre": "Délais", "revision": 0}
    assert client.post(f"{PAGES}{phrase.pk}/", change).status_code == 302
    perime = client.post(f"{PAGES}{phrase.pk}/", change | {"corps": "Ma version"})
    page = BeautifulSoup(perime.text, "html.parser")
    lignes = page.select(".conflit tbody tr")
    cotes = {tr.th.text: [td.text for td in tr.select("td")] for tr in lignes}
    assert perime.status_code == 409
    assert (cotes["Texte"][0][:12], cotes["Texte"][1]) == ("Sous {depot}", "Ma version")
    assert page.select_one("textarea").text.strip() == "Ma version"
    assert "vous, dans une autre page" in page.select_one(".conflit").text
    client.post(f"{PAGES}{phrase.pk}/supprimer/")
    assert PhrasePrete.objects.get().titre == "Illisible"


def test_unknown_tag_keeps_what_was_typed(client, agent):
    client.force_login(agent)
    page = client.post(f"{PAGES}nouvelle/", {"titre": "T", "corps": "Bonjour {inconnue}"})
    assert page.status_code == 422
    assert "Bonjour {inconnue}" in page.text


@pytest.mark.parametrize("geste", ["correction", "ecrire"])
def test_refused_gesture_gives_the_text_back(client, depose, agent, geste):
    """L’état a changé pendant que l’agent écrivait : rien de ce qu’il a tapé n’est perdu."""
    Dossier.objects.filter(pk=depose.pk).update(attend_correction=True)
    client.force_login(agent)
    adresse = f"/c/clamart/agent/dossiers/{depose.numero}/{geste}/"
    page = client.post(adresse, {"corps": "Mon texte déjà écrit"})
    if geste == "correction":
        assert (page.status_code, "Mon texte déjà écrit" in page.text) == (409, True)
    else:
        assert page.status_code == 302


def test_return_from_reading_again_keeps_the_motif(client, depose, agent):
    Dossier.objects.filter(pk=depose.pk).update(etat="en_instruction")
    client.force_login(agent)
    envoi = {"transition": "refuser", "motif": "Mon motif", "revenir": "oui"}
    page = client.post(f"/c/clamart/agent/dossiers/{depose.numero}/decider/", envoi)
    assert read_champ(page.text, "id_motif") == "Mon motif"
    depose.refresh_from_db()
    assert depose.etat == "en_instruction"
