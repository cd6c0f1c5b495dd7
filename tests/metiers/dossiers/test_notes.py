"""Notes internes : à leur auteur, entre agents, absentes de tout ce qui sort."""

import pytest

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.comptes.enums import Role
from socle.fondations.documents.queries import list_documents
from socle.fondations.documents.services import open_document
from socle.fondations.journal.models import Entree
from socle.metiers.dossiers.enums import Transition
from socle.metiers.dossiers.errors import NoteFermee
from socle.metiers.dossiers.exports import lettres, listes
from socle.metiers.dossiers.exports.archive import describe_pour_archive
from socle.metiers.dossiers.models import Dossier, NoteInterne
from socle.metiers.dossiers.services import instruction, notes
from socle.metiers.dossiers.tasks import emettre_accuse
from tests.deux_pages import check_deux_pages
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.conftest import MAINTENANT
from tests.pdf import read_texte

SECRET = "Girafe-confidentielle-7421"
TEXTE = "Ce que l’agent écrivait"
FICHE = "/c/clamart/agent/dossiers/{}/"


@pytest.fixture
def note(depose, agent) -> NoteInterne:
    return notes.write_note(dossier=depose, auteur=agent, corps=SECRET, maintenant=MAINTENANT)


@pytest.fixture
def collegue(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.INSTRUCTEUR).compte


def decide(dossier, agent) -> Dossier:
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        instruction.apply_transition(
            dossier=dossier, transition=transition, agent=agent, maintenant=MAINTENANT
        )
    return Dossier.objects.select_related("collectivite", "demarche__service").get(pk=dossier.pk)


def list_actions(dossier) -> list[str]:
    lignes = Entree.objects.filter(objet=dossier.objet, action__contains="note_").order_by("pk")
    return sorted(lignes.values_list("action", flat=True))


def test_author_writes_changes_and_deletes_under_the_journal(depose, agent, note):
    change = notes.change_note(note=note, auteur=agent, corps="Autre", maintenant=MAINTENANT)
    assert (change.corps, change.changee_le) == ("Autre", MAINTENANT)
    notes.delete_note(note=change, auteur=agent, maintenant=MAINTENANT)

    assert not NoteInterne.objects.exists()
    attendues = ["dossier.note_changee", "dossier.note_ecrite", "dossier.note_effacee"]
    assert list_actions(depose) == attendues


def test_saving_the_same_text_writes_nothing(depose, agent, note):
    notes.change_note(note=note, auteur=agent, corps=f" {SECRET}\n", maintenant=MAINTENANT)
    assert list_actions(depose) == ["dossier.note_ecrite"]


def test_journal_never_holds_the_text(depose, agent, note):
    notes.change_note(note=note, auteur=agent, corps=SECRET + "!", maintenant=MAINTENANT)
    for entree in Entree.objects.filter(objet=depose.objet).order_by("pk"):
        assert SECRET not in str(entree.donnees) + str(entree.engagements)


@pytest.mark.parametrize("corps", ["", "   ", "x" * 4001])
def test_empty_or_endless_note_is_refused(depose, agent, corps):
    with pytest.raises(ErreurMetier):
        notes.write_note(dossier=depose, auteur=agent, corps=corps, maintenant=MAINTENANT)


def test_only_the_author_touches_a_note(note, collegue):
    with pytest.raises(NoteFermee):
        notes.change_note(note=note, auteur=collegue, corps="Non", maintenant=MAINTENANT)
    with pytest.raises(NoteFermee):
        notes.delete_note(note=note, auteur=collegue, maintenant=MAINTENANT)


def test_finished_case_closes_its_notes(depose, agent, note):
    decide(depose, agent)
    with pytest.raises(NoteFermee):
        notes.change_note(note=note, auteur=agent, corps="Non", maintenant=MAINTENANT)


@pytest.mark.parametrize("role", [Role.ADMINISTRATEUR, Role.DPO, Role.ARCHIVISTE])
def test_readers_write_no_note(depose, collectivite, role):
    lecteur = AdhesionFactory(collectivite=collectivite, role=role).compte
    with pytest.raises(AccesRefuse):
        notes.write_note(dossier=depose, auteur=lecteur, corps="Non", maintenant=MAINTENANT)


def test_another_authority_sees_no_note(note):
    autre = CollectiviteFactory()
    with locataire(autre.pk):
        assert not NoteInterne.objects.exists()


def test_agents_read_it_and_its_author_alone_gets_the_link(client, depose, agent, collegue, note):
    fiche = FICHE.format(depose.numero)
    client.force_login(agent)
    page = client.get(fiche).text
    assert SECRET in page
    assert f"notes/{note.pk}/" in page
    client.force_login(collegue)
    page = client.get(fiche).text
    assert SECRET in page
    assert f"notes/{note.pk}/" not in page
    assert client.get(f"{fiche}notes/{note.pk}/").status_code == 404


def test_pages_write_change_and_delete(client, depose, agent):
    client.force_login(agent)
    notes_url = FICHE.format(depose.numero) + "notes/"
    client.post(notes_url, {"note": "Première"})
    ecrite = NoteInterne.objects.get()
    assert "Première" in client.get(f"{notes_url}{ecrite.pk}/").text
    client.post(f"{notes_url}{ecrite.pk}/", {"note": "Seconde"})
    assert NoteInterne.objects.get().corps == "Seconde"
    client.post(f"{notes_url}{ecrite.pk}/effacer/")
    assert not NoteInterne.objects.exists()


def test_two_tabs_of_a_note_never_overwrite_in_silence(client, depose, agent, note):
    client.force_login(agent)
    page = f"{FICHE.format(depose.numero)}notes/{note.pk}/"
    check_deux_pages(
        client, page, "note", autre="Un onglet", mienne="L’autre",
        auteur="L’autre version est enregistrée le",
    )  # fmt: skip


def test_late_change_gets_its_text_back(client, depose, agent, note):
    """Le dossier s’est terminé pendant que l’agent écrivait : son texte lui est rendu."""
    decide(depose, agent)
    client.force_login(agent)
    page = client.post(f"{FICHE.format(depose.numero)}notes/{note.pk}/", {"note": TEXTE})
    assert page.status_code == 409
    assert TEXTE in page.text


def test_too_long_note_keeps_what_was_typed(client, depose, agent):
    client.force_login(agent)
    page = client.post(FICHE.format(depose.numero) + "notes/", {"note": "é" * 4001})
    assert page.status_code == 422
    assert "é" * 4001 in page.text


# Jamais hors de la page des agents ---------------------------------------------------------------
def test_citizen_page_never_shows_it(client, depose, usager, note):
    client.force_login(usager)
    for adresse in (f"dossiers/{depose.numero}/", "espace/", f"dossiers/{depose.numero}/resume/"):
        page = client.get(f"/c/clamart/{adresse}", follow=True).text
        assert SECRET not in page, adresse
        assert "Notes internes" not in page, adresse


def test_lists_given_as_files_never_hold_it(depose, note):
    lignes = listes.iter_lignes(depose.demarche)
    assert SECRET not in b"".join(iter_csv(lignes)).decode()


def test_letters_never_hold_it(depose, agent, note):
    termine = decide(depose, agent)
    for contenu in (lettres.build_accuse(termine), lettres.build_decision(termine)):
        assert "Girafe" not in read_texte(contenu)


def test_what_makes_the_evidence_bundle_never_holds_it(depose, note):
    """Le dossier de preuve réunit les entrées du journal et les documents, rien d’autre."""
    emettre_accuse(collectivite_id=depose.collectivite_id, numero=depose.numero)
    entrees = list(Entree.objects.filter(objet=depose.objet).order_by("pk"))
    documents = list(list_documents(depose.objet))
    assert (len(entrees) > 2, len(documents)) == (True, 1)
    assert all(SECRET.encode() not in entree.contenu for entree in entrees)
    assert all(SECRET not in piece.nom for piece in documents)
    with open_document(documents[0]) as fichier:
        assert "Girafe" not in read_texte(fichier.read())


def test_archive_never_holds_it(depose, agent, note):
    decide(depose, agent)
    description = describe_pour_archive(depose.numero)
    assert SECRET not in str(description)
    for _, ouvrir, _, _ in description["pieces"]:
        with ouvrir() as fichier:
            assert SECRET.encode() not in fichier.read()


def test_search_never_finds_a_case_by_its_note(client, depose, agent, note):
    client.force_login(agent)
    page = client.get("/c/clamart/agent/dossiers/", {"q": SECRET, "file": "tous"}).text
    assert f"/dossiers/{depose.numero}/" not in page
