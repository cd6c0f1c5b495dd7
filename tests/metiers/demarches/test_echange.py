"""Copier une démarche, l’emporter, l’apporter ; modèles à remplir ; aperçu."""

import json
from copy import deepcopy
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.documents.models import Document
from socle.fondations.formulaires.definition import Formulaire
from socle.metiers.demarches import services
from socle.metiers.demarches.errors import FichierIllisible
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.demarches.queries import get_brouillon
from socle.metiers.demarches.services.modele import iter_modeles, list_utiles
from tests.factories import RegleFactory
from tests.metiers.conftest import DEFINITION, MAINTENANT
from tests.metiers.demarches.conftest import build_tous_types

LISTE = "/c/clamart/agent/demarches/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def make_fichier(contenu, nom="demarche.json"):
    return SimpleUploadedFile(nom, contenu, "application/json")


def add_piece(definition):
    definition["pages"][0]["champs"].append(
        {"type": "piece_justificative", "id": "piece", "libelle": "Attestation", "aide": "Signée."}
    )
    return definition


@pytest.fixture
def avec_piece(brouillon, set_definition):
    set_definition(brouillon, add_piece(deepcopy(DEFINITION)))
    return brouillon


@pytest.fixture
def joindre(editeur, avec_piece):
    """Joint un fichier comme modèle de la pièce, et rend le document inscrit."""

    def send(contenu=PDF, nom="modèle.pdf", revision=1):
        return editeur.post(
            f"{LISTE}{avec_piece.pk}/formulaire/champs/piece/modele/",
            {"fichier": SimpleUploadedFile(nom, contenu), "revision": revision},
        )

    return send


def get_modele(demarche) -> dict | None:
    [champ] = iter_modeles(get_brouillon(demarche).definition) or [{}]
    return champ.get("modele")


def test_export_then_import_gives_the_same_formulaire(editeur, demarche):
    fichier = editeur.get(f"{LISTE}{demarche.pk}/demarche.json")
    assert fichier["Content-Disposition"] == 'attachment; filename="cantine-scolaire.json"'

    reponse = editeur.post(f"{LISTE}importer/", {"fichier": make_fichier(fichier.content)})

    copie = Demarche.objects.get(chemin="cantine-scolaire-2")
    assert reponse["Location"] == f"{LISTE}{copie.pk}/formulaire/"
    formulaire = Formulaire.model_validate(get_brouillon(copie).definition)
    assert formulaire == Formulaire.model_validate(DEFINITION)
    assert (copie.etat, copie.resume, copie.service) == ("brouillon", demarche.resume, None)
    assert copie.regle == demarche.regle


def test_export_holds_every_type_of_champ(collectivite, brouillon, administrateur, set_definition):
    set_definition(brouillon, build_tous_types())
    contenu = services.export_demarche(brouillon).encode()

    copie, manques = services.import_demarche(
        collectivite=collectivite, contenu=contenu, agent=administrateur, maintenant=MAINTENANT
    )

    assert manques == []
    formulaire = Formulaire.model_validate(get_brouillon(copie).definition)
    assert formulaire == Formulaire.model_validate(build_tous_types())


def test_export_holds_no_identifier_of_this_collectivite(demarche):
    contenu = json.loads(services.export_demarche(demarche))

    assert sorted(contenu) == ["fiche", "format", "formulaire", "regle", "version"]
    assert {"service", "id", "collectivite", "chemin", "etat"}.isdisjoint(contenu["fiche"])


def test_import_says_what_remains_to_be_chosen(editeur, demarche):
    contenu = json.loads(services.export_demarche(demarche)) | {"regle": "AILLEURS-1"}
    add_piece(contenu["formulaire"])["pages"][0]["champs"][-1]["modele"] = {
        "document": "0190a5e0-0000-7000-8000-000000000000", "nom": "ailleurs.pdf",
    }  # fmt: skip

    page = editeur.post(
        f"{LISTE}importer/", {"fichier": make_fichier(json.dumps(contenu).encode())}, follow=True
    )

    texte = page.text.replace("\xa0", " ")
    assert "« AILLEURS-1 » n’existe pas ici" in texte
    assert "Joignez à nouveau le modèle de « Attestation »" in texte


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b"[" * 50_000,
        b'{"format": "autre"}',
        b'{"format": "socle.demarche", "fiche": {"titre": ""}, "formulaire": {}}',
        b'{"format": "socle.demarche", "fiche": {"titre": "A", "id": 3}, "formulaire": {}}',
        b'{"format": "socle.demarche", "fiche": {"titre": "A"}, "formulaire": {"pages": 3}}',
        b'{"format": "socle.demarche", "fiche": {"titre": "A", "silence_mois": 99},'
        b' "formulaire": {}}',
        b" " * 2_000_001,
    ],
)  # fmt: skip
def test_import_refuses_a_hostile_file(editeur, collectivite, administrateur, contenu):
    with pytest.raises(FichierIllisible):
        services.import_demarche(
            collectivite=collectivite, contenu=contenu, agent=administrateur, maintenant=MAINTENANT
        )
    reponse = editeur.post(f"{LISTE}importer/", {"fichier": make_fichier(contenu)})

    assert reponse.status_code == 422
    assert Demarche.objects.count() == 0


def test_import_cleans_characters_that_the_base_refuses(collectivite, administrateur):
    contenu = {"format": "socle.demarche", "formulaire": {"pages": [
        {"id": "p", "titre": "A\x00B", "champs": []}]},
        "fiche": {"titre": "Une\x00 démarche", "description": "a\x00b"}}  # fmt: skip

    demarche, _ = services.import_demarche(
        collectivite=collectivite,
        contenu=json.dumps(contenu).encode(),
        agent=administrateur,
        maintenant=MAINTENANT,
    )

    assert (demarche.titre, demarche.description) == ("Une démarche", "ab")


def test_duplicate_is_a_whole_brouillon(editeur, demarche):
    reponse = editeur.post(f"{LISTE}{demarche.pk}/dupliquer/")

    copie = Demarche.objects.get(titre="Cantine scolaire (copie)")
    assert reponse["Location"] == f"{LISTE}{copie.pk}/formulaire/"
    assert (copie.etat, copie.publiee_le) == ("brouillon", None)
    assert (copie.service, copie.regle) == (demarche.service, demarche.regle)
    assert get_brouillon(copie).definition == DEFINITION
    assert services.check_publication(copie, get_brouillon(copie)) == []


def test_modele_is_joined_then_removed(editeur, avec_piece, joindre):
    reponse = joindre()

    assert reponse["Location"].endswith("formulaire/champs/piece/#modele")
    document = Document.objects.get()
    assert get_modele(avec_piece) == {"document": str(document.pk), "nom": "modèle.pdf"}
    assert document.objet == f"demarche:{avec_piece.pk}"

    url = f"{LISTE}{avec_piece.pk}/formulaire/champs/piece/modele/"
    editeur.post(url, {"oter": "1", "revision": 2})
    assert list(iter_modeles(get_brouillon(avec_piece).definition)) == []


def test_settings_keep_the_modele(editeur, avec_piece, joindre):
    joindre()

    editeur.post(
        f"{LISTE}{avec_piece.pk}/formulaire/champs/piece/",
        {"libelle": "Attestation signée", "formats": ["pdf"], "taille_max": "5", "nombre": "1",
         "revision": 2},
    )  # fmt: skip

    assert get_modele(avec_piece)["nom"] == "modèle.pdf"


@pytest.mark.parametrize(
    ("contenu", "nom"), [(b"", "vide.pdf"), (b"MZ\x90\x00programme", "modele.pdf")]
)
def test_modele_of_a_wrong_type_is_refused(joindre, avec_piece, contenu, nom):
    joindre(contenu, nom)

    assert get_brouillon(avec_piece).revision == 1
    assert Document.objects.count() == 0


def test_modele_goes_only_on_a_piece_of_mine(client, agent, editeur, avec_piece):
    racine = f"{LISTE}{avec_piece.pk}/formulaire/champs"
    fichier = {"fichier": SimpleUploadedFile("m.pdf", PDF), "revision": 1}

    assert editeur.post(f"{racine}/nom/modele/", fichier).status_code == 404
    client.force_login(agent)
    assert client.post(f"{racine}/piece/modele/", fichier).status_code == 403
    assert Document.objects.count() == 0


def test_modele_of_a_brouillon_is_for_agents_then_for_all(client, agent, avec_piece, joindre):
    joindre()
    url = f"/c/clamart/documents/{Document.objects.get().pk}/"
    client.logout()
    assert client.get(url).status_code == 404
    client.force_login(agent)
    assert client.get(url).status_code == 200

    Version.objects.filter(demarche=avec_piece).update(etat="publiee", publiee_le=MAINTENANT)

    client.logout()
    reponse = client.get(url)
    assert b"".join(reponse.streaming_content) == PDF


def test_modele_stays_while_undo_can_bring_it_back(editeur, avec_piece, joindre, administrateur):
    joindre()
    document = Document.objects.get()
    oublie = Document(pk=UUID(int=7), collectivite=document.collectivite)
    editeur.post(
        f"{LISTE}{avec_piece.pk}/formulaire/champs/piece/modele/", {"oter": "1", "revision": 2}
    )

    assert list_utiles(document.objet, [document, oublie]) == {document.pk}
    services.undo_modification(demarche=avec_piece, agent=administrateur, maintenant=MAINTENANT)
    assert list_utiles(document.objet, [document]) == {document.pk}


def test_duplicate_copies_its_modeles(avec_piece, joindre, administrateur):
    joindre()

    copie = services.duplicate_demarche(
        demarche=avec_piece, agent=administrateur, maintenant=MAINTENANT
    )

    original, double = Document.objects.order_by("pk")
    assert double.objet == f"demarche:{copie.pk}"
    assert double.sha256 == original.sha256
    assert get_modele(copie)["document"] == str(double.pk)


def test_apercu_plays_the_formulaire_and_keeps_nothing(editeur, brouillon, adresse):
    url = f"{adresse}apercu/1/"
    assert editeur.post(url, {"prenom": "", "nom": ""}).status_code == 422

    suite = editeur.post(url, {"prenom": "Ada", "nom": "Fournel"})
    assert suite["Location"] == f"{adresse}apercu/2/"
    fin = editeur.post(suite["Location"], {"revenu": "24000", "parts": "2"})
    assert fin["Location"] == f"{adresse}apercu/3/"
    page = editeur.get(fin["Location"], follow=True)

    assert "rien n’a été déposé" in page.text
    assert f"apercu_{brouillon.pk}" not in editeur.session


def test_apercu_calculates_live_with_htmx(editeur, adresse):
    editeur.post(f"{adresse}apercu/1/", {"prenom": "Ada", "nom": "Fournel"})

    zone = editeur.post(
        f"{adresse}apercu/2/",
        {"revenu": "24000", "parts": "2"},
        headers={"HX-Request": "true"},
    )

    page = BeautifulSoup(zone.text, "html.parser")
    assert page.select_one("html") is None
    assert "1 000" in page.select_one("output").get_text().replace("\u202f", " ")


def test_apercu_goes_back_and_passes(editeur, adresse):
    assert editeur.post(f"{adresse}apercu/1/", {"passer": "1"})["Location"].endswith("apercu/2/")
    retour = editeur.post(f"{adresse}apercu/2/", {"_action": "retour"})
    assert retour["Location"].endswith("apercu/1/")


def test_apercu_takes_a_file_for_show_only(editeur, avec_piece):
    url = f"{LISTE}{avec_piece.pk}/apercu/1/"
    saisie = {"prenom": "Ada", "nom": "F", "piece": SimpleUploadedFile("a.pdf", PDF)}

    assert editeur.post(url, saisie)["Location"].endswith("apercu/2/")
    assert Document.objects.count() == 0


def test_apercu_of_an_empty_formulaire_says_so(editeur, brouillon, adresse, set_definition):
    set_definition(brouillon, {"pages": []})

    page = editeur.get(f"{adresse}apercu/1/", follow=True)

    assert "Ajoutez d’abord une page" in page.text


def test_apercu_of_a_wrong_brouillon_still_opens(editeur, brouillon, adresse, set_definition):
    definition = deepcopy(DEFINITION)
    definition["pages"][0]["champs"][0]["condition"] = ["=", ["champ", "absent"], "oui"]
    definition["pages"][1]["champs"][2]["formule"] = "SI("
    set_definition(brouillon, definition)

    assert editeur.get(f"{adresse}apercu/1/").status_code == 200
    assert editeur.get(f"{adresse}apercu/2/").status_code == 200


def test_import_keeps_a_known_regle(collectivite, administrateur, demarche):
    RegleFactory(collectivite=collectivite, code="R-CANTINE")
    contenu = json.loads(services.export_demarche(demarche)) | {"regle": "R-CANTINE"}

    importee, manques = services.import_demarche(
        collectivite=collectivite,
        contenu=json.dumps(contenu).encode(),
        agent=administrateur,
        maintenant=MAINTENANT,
    )

    assert (importee.regle.code, manques) == ("R-CANTINE", [])
