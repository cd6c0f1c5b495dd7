"""Un dossier déposé passe au nouveau formulaire par un administrateur, et rien ne s’en perd."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Barrier

import pytest
from bs4 import BeautifulSoup
from django.db import connection

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.documents.queries import list_documents
from socle.fondations.documents.services import store_bytes
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.demarches import services as demarches
from socle.metiers.dossiers.enums import EtatDossier, Fait, Transition
from socle.metiers.dossiers.errors import (
    CorrectionCommencee,
    DossierModifieAilleurs,
    RienADeplacer,
    VersionPerimee,
)
from socle.metiers.dossiers.exports.archive import describe_pour_archive
from socle.metiers.dossiers.exports.lettres import build_accuse
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import (
    list_changements,
    list_consultations,
    list_evenements,
)
from socle.metiers.dossiers.services import correction, depot, instruction, rebase
from socle.metiers.dossiers.services.pieces import list_utiles
from socle.normes.preuve.engagements import engage
from socle.normes.preuve.json_canonique import encode_json
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.metiers.conftest import (
    DEFINITION,
    MAINTENANT,
    REPONSES,
    create_cantine,
    start_brouillon,
)
from tests.metiers.dossiers.test_preuve import base_remise, base_vive, proprietaire
from tests.metiers.dossiers.test_version import build_definition, publish, relire
from tests.pdf import read_texte

__all__ = ["base_remise", "base_vive", "proprietaire"]
BASE = "/c/clamart"
MOTIF = "Le barème de 2027 s’applique."


def require_regime() -> dict:
    """Version 2, où la question ajoutée est obligatoire."""
    definition = build_definition()
    definition["pages"][1]["champs"][1]["obligatoire"] = True
    return definition


@pytest.fixture
def version_2(depose, demarche, administrateur):
    return publish(demarche, administrateur, build_definition())


@pytest.fixture
def version_exigeante(depose, demarche, administrateur):
    return publish(demarche, administrateur, require_regime())


def move(dossier, version, agent, **autres):
    valeurs = {"motif": MOTIF, "revision": dossier.revision, "maintenant": MAINTENANT} | autres
    return rebase.rebase_dossier(dossier=dossier, version_id=version.pk, agent=agent, **valeurs)


def read(client, adresse: str) -> str:
    return " ".join(
        BeautifulSoup(client.get(adresse).text, "html.parser").main.get_text(" ").split()
    )


# Le service --------------------------------------------------------------------------------------
def test_differences_say_what_leaves_what_stays_and_what_would_be_missing(
    depose, version_exigeante
):
    passage = rebase.prepare_rebase(depose, version_exigeante.pk)

    assert [(p.libelle, p.avant) for p in passage.perdues] == [
        ("Parts", "1,5"), ("Quotient", "1\u202f200\u00a0€"),
    ]  # fmt: skip
    assert passage.manquantes == ("Régime",)
    assert [ligne.libelle for ligne in passage.gardees] == [
        "Prénom", "Nom", "Courriel", "Revenu fiscal",
    ]  # fmt: skip


def test_case_follows_the_new_form_with_its_list_and_search(depose, version_2, administrateur):
    assert depose.projection["quotient"] == "1200"
    move(depose, version_2, administrateur)

    lu = relire(depose)
    assert (lu.version_id, lu.revision) == (version_2.pk, depose.revision + 1)
    assert lu.reponses == {c: v for c, v in REPONSES.items() if c != "parts"}
    assert "quotient" not in lu.projection
    assert (lu.etat, lu.echeance, lu.depose_le) == (depose.etat, depose.echeance, depose.depose_le)
    assert lu.version_en_vigueur is None


def test_words_of_a_lost_answer_are_no_longer_searched(depose, demarche, administrateur):
    sans_prenom = deepcopy(DEFINITION)
    del sans_prenom["pages"][0]["champs"][:3:2]  # ni prénom, ni courriel
    move(depose, publish(demarche, administrateur, sans_prenom), administrateur)

    lu = Dossier.objects.get(pk=depose.pk)
    assert lu.demandeur == "Orbellec"
    assert "'orbellec'" in lu.recherche


def test_version_and_answers_as_filed_are_kept_through_two_moves(
    depose, version_2, demarche, administrateur
):
    premiere = depose.version_id
    deplace = move(depose, version_2, administrateur)
    version_3 = publish(demarche, administrateur, require_regime())
    move(relire(deplace), version_3, administrateur)

    lu = relire(depose)
    assert (lu.version_id, lu.version_deposee_id) == (version_3.pk, premiere)
    assert lu.reponses_deposees == depose.reponses
    assert lu.reponses_deposees["parts"] == "1.5"


def test_answers_that_leave_enter_the_history(depose, version_2, administrateur):
    move(depose, version_2, administrateur)

    gardees = {c.champ: (c.avant, c.apres, c.valeur) for c in list_changements(depose)}
    assert gardees == {
        "parts": ("1,5", "", {"valeur": "1.5"}),
        "quotient": ("1\u202f200\u00a0€", "", {"valeur": "1200"}),
    }
    assert {c.auteur_nom for c in list_changements(depose)} == {administrateur.nom_affiche}


def test_lost_answers_of_a_block_are_kept_line_by_line(demarche, administrateur, usager):
    prenom = {"type": "texte_court", "id": "enfant", "libelle": "Enfant"}
    ecole = {"type": "texte_court", "id": "ecole", "libelle": "École"}
    bloc = {"type": "bloc_repetable", "id": "enfants", "libelle": "Enfants"}
    definition = deepcopy(DEFINITION)
    definition["pages"][0]["champs"].append(bloc | {"champs": [prenom, ecole]})
    avec = publish(demarche, administrateur, definition)
    ligne, valeurs = "01JD5ZQ0000000000000000001", {"enfant": "Lou", "ecole": "Jaurès"}
    dossier, _ = depot.start_dossier(
        demarche=demarche,
        version=avec,
        compte=usager,
        maintenant=MAINTENANT,
        reponses=REPONSES | {"enfants": [{"ligne": ligne, "valeurs": valeurs}]},
    )
    depose = depot.file_dossier(
        numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )
    definition["pages"][0]["champs"][-1] = bloc | {"champs": [prenom]}
    move(depose, publish(demarche, administrateur, definition), administrateur)

    [gardee] = list_changements(depose)
    assert (gardee.avant, gardee.valeur) == ("Jaurès", {"valeur": "Jaurès"})
    assert relire(depose).reponses["enfants"] == [{"ligne": ligne, "valeurs": {"enfant": "Lou"}}]


def test_thread_and_journal_tell_the_move(depose, version_2, administrateur):
    deplace = move(depose, version_2, administrateur)

    fait = list_evenements(depose).last()
    assert (fait.fait, fait.auteur) == (Fait.VERSION_CHANGEE, administrateur)
    assert fait.detail == f"De la version 1 à la version 2. Motif\u00a0: {MOTIF}"
    entree = Entree.objects.get(action="dossier.deplace")
    assert entree.donnees == {"de": 1, "vers": 2, "reponses_perdues": 2}
    assert entree.acteur == administrateur.acteur
    attendu = engage(bytes(deplace.sel), "reponses", encode_json(relire(depose).reponses))
    assert entree.engagements == {"reponses": attendu}


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATEUR])
def test_other_roles_move_nothing(depose, version_2, collectivite, role):
    agent = AdhesionFactory(collectivite=collectivite, role=role).compte
    with pytest.raises(AccesRefuse):
        move(depose, version_2, agent)
    assert relire(depose).version_deposee_id is None


def test_administrator_of_another_authority_moves_nothing(depose, version_2, collectivite):
    autre = CollectiviteFactory(slug="autre", nom="Autre")
    with locataire(autre.pk):
        chef = AdhesionFactory(collectivite=autre, role=Role.ADMINISTRATEUR).compte
        with pytest.raises(AccesRefuse):
            move(depose, version_2, chef)
    with locataire(collectivite.pk), pytest.raises(AccesRefuse):
        move(depose, version_2, chef)


def test_draft_and_decided_case_stay(brouillon, demarche, administrateur, agent, usager):
    autre = start_brouillon(demarche, CompteFactory())
    depot.file_dossier(numero=brouillon.numero, acces=Acces(compte=usager), maintenant=MAINTENANT)
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        decide = instruction.apply_transition(
            dossier=brouillon, transition=transition, agent=agent, maintenant=MAINTENANT
        )
    version = publish(demarche, administrateur, build_definition())
    for dossier in (autre, decide):
        with pytest.raises(RienADeplacer):
            move(relire(dossier), version, administrateur)


def test_case_in_instruction_moves_and_stays_there(depose, version_2, administrateur, agent):
    en_cours = instruction.apply_transition(
        dossier=depose,
        transition=Transition.PASSER_EN_INSTRUCTION,
        agent=agent,
        maintenant=MAINTENANT,
    )
    move(en_cours, version_2, administrateur)
    assert relire(depose).etat == EtatDossier.EN_INSTRUCTION
    assert relire(depose).version_id == version_2.pk


def test_correction_asked_or_begun_stops_the_move(depose, version_2, administrateur, agent):
    demande = correction.request_correction(
        dossier=depose, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )
    with pytest.raises(CorrectionCommencee):
        move(demande, version_2, administrateur)
    correction.save_correction(dossier=demande, reponses=REPONSES, revision=demande.revision)
    correction.cancel_correction(dossier=demande, agent=agent, maintenant=MAINTENANT)
    with pytest.raises(CorrectionCommencee):
        move(relire(demande), version_2, administrateur)


def test_second_move_to_the_same_version_is_refused(depose, version_2, administrateur):
    move(depose, version_2, administrateur)
    with pytest.raises(RienADeplacer):
        move(relire(depose), version_2, administrateur)
    assert Entree.objects.filter(action="dossier.deplace").count() == 1


def test_move_waits_for_what_changed_meanwhile(depose, version_2, administrateur, agent):
    instruction.apply_transition(
        dossier=depose,
        transition=Transition.PASSER_EN_INSTRUCTION,
        agent=agent,
        maintenant=MAINTENANT,
    )
    with pytest.raises(DossierModifieAilleurs):
        move(depose, version_2, administrateur)


def test_version_published_meanwhile_is_shown_first(depose, version_2, demarche, administrateur):
    publish(demarche, administrateur, require_regime())
    with pytest.raises(VersionPerimee):
        move(depose, version_2, administrateur)


@pytest.mark.parametrize("motif", ["", "  ", "x" * (rebase.MOTIF_MAX + 1)])
def test_move_without_a_bounded_reason_is_refused(depose, version_2, administrateur, motif):
    with pytest.raises(ErreurMetier):
        move(depose, version_2, administrateur, motif=motif)


def test_closed_procedure_still_lets_its_cases_move(depose, version_2, demarche, administrateur):
    demarches.close_demarche(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)
    move(depose, version_2, administrateur)
    assert relire(depose).version_id == version_2.pk


def test_files_of_a_removed_question_are_kept(demarche, administrateur, usager):
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
    depot.save_reponses(dossier=dossier, reponses=REPONSES | {"avis": [cite]}, revision=0)
    depose = depot.file_dossier(
        numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )
    move(depose, publish(demarche, administrateur, DEFINITION), administrateur)

    assert "avis" not in relire(depose).reponses
    assert list_utiles(depose.objet, list_documents(depose.objet)) == {document.pk}


def test_person_is_written_to_only_if_questions_wait_for_them(
    depose, version_2, demarche, administrateur
):
    courriels = Envoi.objects.filter(code="dossier_message")
    deplace = move(depose, version_2, administrateur)
    assert (deplace.messages.count(), courriels.count()) == (0, 0)

    exigeante = publish(demarche, administrateur, require_regime())
    move(relire(deplace), exigeante, administrateur)
    message = depose.messages.get()
    assert "- Régime" in message.corps
    assert "Corriger mes réponses" in message.corps
    assert courriels.count() == 1


def test_correction_after_the_move_follows_the_new_form(
    depose, version_exigeante, administrateur, agent, usager
):
    deplace = move(depose, version_exigeante, administrateur)
    demande = correction.request_correction(
        dossier=deplace, agent=agent, texte="Le régime ?", maintenant=MAINTENANT
    )
    correction.save_correction(
        dossier=demande,
        reponses=demande.reponses | {"regime": "Sans gluten"},
        revision=demande.revision,
    )
    corrige = correction.submit_correction(
        numero=depose.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )
    assert corrige.reponses["regime"] == "Sans gluten"
    assert corrige.reponses_deposees == depose.reponses


def test_receipt_made_late_still_says_what_was_filed(depose, version_2, administrateur):
    avant = build_accuse(depose)
    move(depose, version_2, administrateur)
    deplace = Dossier.objects.select_related("demarche__service").get(pk=depose.pk)
    assert build_accuse(deplace) == avant


def test_archive_holds_both_the_answers_filed_and_the_version(
    depose, version_2, administrateur, agent
):
    move(depose, version_2, administrateur)
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        instruction.apply_transition(
            dossier=depose, transition=transition, agent=agent, maintenant=MAINTENANT
        )
    paquet = describe_pour_archive(depose.numero)

    pieces = {nom: ouvrir().read() for nom, ouvrir, *_ in paquet["pieces"]}
    reference = depose.reference
    assert b'"parts":"1.5"' in pieces[f"reponses-au-depot-{reference}.json"]
    assert b"parts" not in pieces[f"reponses-{reference}.json"]
    assert "Passé au nouveau formulaire" in [e[2] for e in paquet["evenements"]]
    texte = " ".join(read_texte(pieces[f"demande-{reference}.pdf"]).split())
    assert "version 1 du formulaire" in texte
    assert MOTIF in texte


def test_two_administrators_at_once_move_it_once(base_remise):
    ville = CollectiviteFactory(slug="clamart", nom="Clamart")
    with locataire(ville.pk):
        chefs = [
            AdhesionFactory(collectivite=ville, role=Role.ADMINISTRATEUR).compte for _ in range(2)
        ]
        usager = CompteFactory()
        cantine = create_cantine(ville, chefs[0])
        dossier = start_brouillon(cantine, usager)
        depose = depot.file_dossier(
            numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
        )
        version = publish(cantine, chefs[0], build_definition())
    depart = Barrier(2, timeout=60)

    def play(chef) -> str:
        try:
            with locataire(ville.pk):
                depart.wait()
                move(depose, version, chef)
        except RienADeplacer:
            return "refusé"
        finally:
            connection.close()
        return "fait"

    with ThreadPoolExecutor(2) as fils:
        assert sorted(fils.map(play, chefs)) == ["fait", "refusé"]
    with locataire(ville.pk):
        assert Entree.objects.filter(action="dossier.deplace").count() == 1
        assert list_changements(depose).count() == 2


# La page -----------------------------------------------------------------------------------------
@pytest.fixture
def page(client, administrateur, depose):
    client.force_login(administrateur)
    return f"{BASE}/agent/dossiers/{depose.numero}/"


def test_administrator_sees_the_differences_then_moves(client, page, depose, version_exigeante):
    texte = read(client, f"{page}version/")
    for attendu in ("Questions ajoutées Régime", "Questions retirées Parts", "Parts 1,5", "Yanis",
                    "Ce qui manquerait", "une correction"):  # fmt: skip
        assert attendu in texte

    champs = {"version": version_exigeante.pk, "revision": depose.revision, "motif": MOTIF}
    suite = client.post(f"{page}version/", champs)

    assert suite["Location"] == page
    assert relire(depose).version_id == version_exigeante.pk
    texte = read(client, page)
    assert "Réponses à l’ancien formulaire" in texte
    assert f"De la version 1 à la version 2. Motif : {MOTIF}" in texte


def test_reading_the_page_is_a_consultation(client, page, depose, version_2, administrateur):
    client.get(f"{page}version/")
    assert [c.agent for c in list_consultations(depose)] == [administrateur]


def test_reason_is_asked_for(client, page, depose, version_2):
    champs = {"version": version_2.pk, "revision": depose.revision, "motif": " "}
    reponse = client.post(f"{page}version/", champs)
    assert reponse.status_code == 422
    assert relire(depose).version_id != version_2.pk


def test_page_is_shown_again_with_the_reason_when_the_case_changed(client, page, depose, version_2):
    champs = {"version": version_2.pk, "revision": depose.revision + 1, "motif": MOTIF}
    reponse = client.post(f"{page}version/", champs)
    assert reponse.status_code == 409
    assert "Quelque chose a changé" in reponse.text
    assert MOTIF in reponse.text
    assert relire(depose).version_id != version_2.pk


@pytest.mark.parametrize("version", ["", "-1", "9" * 40, "²"])
def test_unreadable_version_moves_nothing(client, page, depose, version_2, version):
    champs = {"version": version, "revision": depose.revision, "motif": MOTIF}
    assert client.post(f"{page}version/", champs).status_code == 409
    assert relire(depose).version_id != version_2.pk


def test_nothing_to_move_leads_back_to_the_case(client, page, demarche):
    assert client.get(f"{page}version/")["Location"] == page
    assert "suit déjà le formulaire en vigueur" in client.get(page).text
    assert f"{page}version/" not in client.get(page).text


def test_correction_in_progress_leads_back_to_the_case(client, page, depose, version_2, agent):
    correction.request_correction(
        dossier=depose, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )
    assert client.get(f"{page}version/")["Location"] == page
    assert "Une correction est attendue, ou commencée" in client.get(page).text


def test_only_an_administrator_is_offered_the_page(client, page, agent, version_2):
    assert f"{page}version/" in client.get(page).text
    client.force_login(agent)
    assert f"{page}version/" not in client.get(page).text
    assert client.get(f"{page}version/").status_code == 403


def test_citizen_reads_what_happened_and_what_left(
    client, depose, version_2, administrateur, usager
):
    client.force_login(usager)
    suivi = f"{BASE}/dossiers/{depose.numero}/"
    assert "Réponses à l’ancien formulaire" not in client.get(suivi).text
    move(depose, version_2, administrateur)
    texte = read(client, suivi)
    assert "Nouveau formulaire" in texte
    assert "Le dépôt est gardé tel quel" in texte
    assert "Réponses à l’ancien formulaire" in texte
    assert "Parts 1,5" in texte


def test_tab_left_on_the_old_form_overwrites_nothing(
    client, depose, usager, administrateur, version_2
):
    client.force_login(usager)
    etape = f"{BASE}/dossiers/{depose.numero}/etape/2/"
    soupe = BeautifulSoup(client.get(etape).text, "html.parser")
    caches = {c["name"]: c.get("value", "") for c in soupe.select("form[data-saisie] input")}
    move(depose, version_2, administrateur)

    reponse = client.post(etape, caches | {"revenu": "1", "_action": "continuer"})

    assert reponse.status_code == 409
    assert relire(depose).correction is None


def test_pages_stay_under_their_sql_budget(client, page, usager, version_2, count_sql):
    for adresse in (f"{page}version/", page):
        client.get(adresse)
    with count_sql() as compte:
        assert client.get(f"{page}version/").status_code == 200
    assert len(compte.instructions) <= 8, "\n".join(compte.instructions)


def test_offer_costs_the_case_page_no_statement(
    client, page, depose, demarche, administrateur, count_sql
):
    client.get(page)
    with count_sql() as sans:
        client.get(page)
    publish(demarche, administrateur, build_definition())
    with count_sql() as avec:
        assert f"{page}version/" in client.get(page).text
    assert len(avec.instructions) == len(sans.instructions)
