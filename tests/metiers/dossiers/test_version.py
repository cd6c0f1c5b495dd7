"""Un brouillon commencé sur un ancien formulaire : il reste, et peut passer au nouveau."""

from copy import deepcopy

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.documents.queries import list_documents
from socle.fondations.documents.services import store_bytes
from socle.fondations.journal.models import Entree
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.errors import DemarcheFermee
from socle.metiers.demarches.queries import get_brouillon, get_version_publiee
from socle.metiers.dossiers.errors import DossierModifieAilleurs, VersionPerimee
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import find_dossier
from socle.metiers.dossiers.services import depot
from socle.metiers.dossiers.services import version as services
from tests.factories import CompteFactory
from tests.metiers.conftest import DEFINITION, MAINTENANT, REPONSES

BASE = "/c/clamart"


def publish(demarche, administrateur, definition):
    """Publie une nouvelle version du formulaire."""
    brouillon = get_brouillon(demarche)
    demarches.update_brouillon(
        demarche=demarche,
        definition=definition,
        revision=brouillon.revision if brouillon else 0,
        libelle="Essai",
        agent=administrateur,
        maintenant=MAINTENANT,
    )
    return demarches.publish_version(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)


def build_definition() -> dict:
    """Version 2 : « Parts » ôtée avec son calcul, « Régime » ajoutée, « Revenu » renommée."""
    definition = deepcopy(DEFINITION)
    foyer = definition["pages"][1]["champs"]
    definition["pages"][1]["champs"] = [
        foyer[0] | {"libelle": "Revenu fiscal"},
        {"type": "texte_court", "id": "regime", "libelle": "Régime", "obligatoire": False},
    ]
    return definition


@pytest.fixture
def version_2(brouillon, demarche, administrateur):
    return publish(demarche, administrateur, build_definition())


@pytest.fixture
def page(client, usager, brouillon):
    client.force_login(usager)
    return f"{BASE}/dossiers/{brouillon.numero}/"


def relire(dossier: Dossier) -> Dossier:
    return find_dossier(dossier.collectivite, dossier.numero)


def change(dossier, version, usager, **autres):
    valeurs = {"revision": dossier.revision, "acces": Acces(compte=usager)} | autres
    return services.change_version(
        dossier=dossier, version_id=version.pk, maintenant=MAINTENANT, **valeurs
    )


def test_draft_stays_on_its_version_and_is_offered_the_new_one(brouillon, version_2):
    lu = relire(brouillon)
    assert lu.version_id != version_2.pk
    assert (lu.version_plus_recente, lu.is_version_a_proposer) == (version_2.pk, True)


def test_differences_say_what_is_added_removed_changed_lost_and_kept(brouillon, version_2):
    passage = services.prepare_passage(brouillon, version_2.pk, maintenant=MAINTENANT)

    assert [c.champ.libelle for c in passage.ajoutees] == ["Régime"]
    assert passage.retirees == ["Parts"]
    assert passage.modifications == ["La question « Revenu fiscal » : le libellé était « Revenu »."]
    assert [(p.libelle, p.avant) for p in passage.perdues] == [("Parts", "1,5")]
    assert [ligne.libelle for ligne in passage.gardees] == [
        "Prénom", "Nom", "Courriel", "Revenu fiscal",
    ]  # fmt: skip


def test_moving_keeps_the_answers_still_asked_and_tells_the_journal(brouillon, version_2, usager):
    change(brouillon, version_2, usager)

    lu = relire(brouillon)
    assert lu.version_id == version_2.pk
    assert lu.reponses == {c: v for c, v in REPONSES.items() if c != "parts"}
    assert lu.revision == brouillon.revision + 1
    [entree] = Entree.objects.filter(action="dossier.version_changee").order_by("pk")
    assert entree.donnees == {"de": 1, "vers": 2, "reponses_perdues": 1}
    assert entree.acteur == usager.acteur


def test_moving_twice_changes_nothing_more(brouillon, version_2, usager):
    change(brouillon, version_2, usager)
    change(brouillon, version_2, usager)
    assert Entree.objects.filter(action="dossier.version_changee").count() == 1


def test_files_of_a_removed_question_are_withdrawn(demarche, administrateur, usager):
    piece = {"type": "piece_justificative", "id": "avis", "libelle": "Avis", "nombre": 2}
    definition = deepcopy(DEFINITION)
    definition["pages"][0]["champs"].append(piece)
    avec = publish(demarche, administrateur, definition)
    dossier, _ = depot.start_dossier(
        demarche=demarche, version=avec, compte=usager, maintenant=MAINTENANT
    )
    document = store_bytes(
        collectivite=demarche.collectivite,
        contenu=b"%PDF-1.4 essai",
        nom="avis.pdf",
        objet=dossier.objet,
        type_mime="application/pdf",
        maintenant=MAINTENANT,
    )
    cite = {"document": str(document.pk), "nom": "avis.pdf", "taille": 1, "type_mime": "x"}
    depot.save_reponses(dossier=dossier, reponses={"avis": [cite]}, revision=0)
    sans = publish(demarche, administrateur, DEFINITION)

    change(relire(dossier), sans, usager)

    assert list(list_documents(dossier.objet)) == []


def test_someone_else_moves_nothing(brouillon, version_2):
    with pytest.raises(AccesRefuse):
        change(brouillon, version_2, CompteFactory())


def test_moving_waits_for_what_changed_meanwhile(brouillon, version_2, usager):
    depot.save_reponses(dossier=brouillon, reponses={"nom": "A"}, revision=brouillon.revision)
    with pytest.raises(DossierModifieAilleurs):
        change(brouillon, version_2, usager, revision=0)


def test_version_published_meanwhile_is_shown_first(
    brouillon, version_2, usager, demarche, administrateur
):
    publish(demarche, administrateur, DEFINITION)
    with pytest.raises(VersionPerimee):
        change(brouillon, version_2, usager)


def test_closed_procedure_offers_nothing(brouillon, version_2, usager, demarche, administrateur):
    demarches.close_demarche(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)
    assert relire(brouillon).version_plus_recente is None
    with pytest.raises(DemarcheFermee):
        change(brouillon, version_2, usager)


def test_both_versions_can_be_filed(brouillon, version_2, usager, demarche):
    ancien = depot.file_dossier(
        numero=brouillon.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )
    assert ancien.version_id != version_2.pk
    nouveau, _ = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        compte=usager,
        maintenant=MAINTENANT,
        reponses={c: v for c, v in REPONSES.items() if c != "parts"},
    )
    depose = depot.file_dossier(
        numero=nouveau.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )
    assert (depose.version_id, relire(ancien).version_plus_recente) == (version_2.pk, None)


@pytest.mark.parametrize("suite", ["", "etape/1/", "resume/"])
def test_pages_of_the_draft_offer_to_move(client, page, suite, version_2):
    soupe = BeautifulSoup(client.get(f"{page}{suite}").text, "html.parser")
    assert soupe.find("a", href=f"{page}version/").text == "Voir ce qui change"


def test_person_sees_the_differences_and_moves(client, page, brouillon, version_2):
    vue = client.get(f"{page}version/")
    texte = " ".join(BeautifulSoup(vue.text, "html.parser").main.get_text(" ").split())
    for attendu in ("Régime (facultatif)", "Parts 1,5", "Yanis", "Questions retirées"):
        assert attendu in texte

    champs = {"choix": "passer", "version": version_2.pk, "revision": brouillon.revision}
    suite = client.post(f"{page}version/", champs)

    assert suite["Location"] == f"{page}etape/1/"
    assert relire(brouillon).version_id == version_2.pk


def test_person_stays_and_is_not_asked_again(client, page, brouillon, version_2):
    client.post(f"{page}version/", {"choix": "rester"})

    assert "Voir ce qui change" not in client.get(f"{page}etape/1/").text
    assert "Revoir ce que le nouveau change" in client.get(page).text
    assert relire(brouillon).version_id != version_2.pk


def test_page_shown_again_when_answers_changed_meanwhile(client, page, brouillon, version_2):
    depot.save_reponses(dossier=brouillon, reponses={"nom": "Ada"}, revision=brouillon.revision)
    champs = {"choix": "passer", "version": version_2.pk, "revision": 0}
    reponse = client.post(f"{page}version/", champs)
    assert reponse.status_code == 409
    assert "Quelque chose a changé" in reponse.text
    assert "Ada" in reponse.text


def test_tab_left_on_the_old_form_overwrites_nothing(client, page, brouillon, usager, version_2):
    ancienne = client.get(f"{page}etape/2/")
    soupe = BeautifulSoup(ancienne.text, "html.parser")
    caches = {c["name"]: c.get("value", "") for c in soupe.select("form[data-saisie] input")}
    change(relire(brouillon), version_2, usager)

    reponse = client.post(f"{page}etape/2/", caches | {"revenu": "1", "_action": "continuer"})

    assert reponse.status_code == 409
    assert relire(brouillon).reponses["revenu"] == REPONSES["revenu"]


def test_draft_on_the_current_form_has_nothing_to_choose(client, page, demarche):
    assert client.get(f"{page}version/")["Location"] == page


def test_offer_costs_no_statement(client, page, count_sql, version_2):
    client.get(f"{page}etape/1/")
    with count_sql() as compte:
        client.get(f"{page}etape/1/")
    assert len(compte.instructions) <= 8, "\n".join(compte.instructions)
    assert [sql for sql in compte.instructions if sql.startswith("SELECT v.id")] == []
