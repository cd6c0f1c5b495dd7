"""Pages de la réponse des archives : envoyer le fichier, noter à la main, retirer."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.metiers.archivage import services
from socle.metiers.archivage.models import ReponseDesArchives
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.archivage.conftest import REFERENCE
from tests.metiers.archivage.test_reponse import make_accuse, make_atr, note

DETAIL = f"/c/clamart/agent/archives/{REFERENCE}/"
JOUR = "2026-11-21"


@pytest.fixture
def transmis(versement, maintenant):
    return services.mark_transmis(versement=versement, acteur="agent:1", maintenant=maintenant)


@pytest.fixture
def page(client, archiviste, transmis):
    client.force_login(archiviste)
    return client


def send(client, octets: bytes, **autres: str):
    fichier = SimpleUploadedFile("ATR.xml", octets, content_type="text/xml")
    return client.post(f"{DETAIL}joindre/", {"fichier-fichier": fichier} | autres, follow=True)


def read(reponse) -> BeautifulSoup:
    return BeautifulSoup(reponse.text, "html.parser")


def fill(client, **saisie: str):
    valeurs = {"main-message": REFERENCE, "main-date": JOUR} | {
        f"main-{nom}": valeur for nom, valeur in saisie.items()
    }
    return client.post(f"{DETAIL}repondre/", valeurs, follow=True)


def test_next_action_is_obvious_once_transmitted(page):
    section = read(page.get(DETAIL)).select_one("section[aria-labelledby=t-reponse]")
    [plein] = section.select("button.btn-primary")
    assert plein.get_text() == "Lire ce fichier et le garder"
    assert section.select_one("input[type=file]")["accept"].startswith(".xml")
    assert section.select_one("input[type=checkbox]") is None
    assert read(page.get(DETAIL)).select("main .btn-primary") == [plein]


def test_file_is_read_kept_and_shown(page):
    suite = read(send(page, make_atr("WARNING")))
    assert "a pris le dossier en charge" in suite.get_text()
    section = suite.select_one("section[aria-labelledby=t-reponse]")
    assert "référence guid-0" in " ".join(section.get_text().split())
    assert "Service producteur inconnu." in section.get_text()
    [lien] = section.select("a[href*=documents]")
    fichier = page.get(lien["href"])
    assert b"".join(fichier.streaming_content) == make_atr("WARNING")


def test_acknowledgement_still_asks_for_the_verdict(page):
    suite = read(send(page, make_accuse()))
    assert "Il a reçu le paquet ; il reste à savoir s’il l’accepte." in suite.get_text()
    assert suite.select_one("input[type=file]")


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (make_atr(repond_a="autre"), "répond au versement « autre »"),
        (b"PK\x03\x04", "pas un XML bien formé"),
        (b" " * 4_300_000, "dépasse 4 Mo"),
        (b"", "vide"),
    ],
)
def test_wrong_file_is_refused_next_to_its_field(page, octets, attendu):
    suite = send(page, octets)
    assert suite.status_code == 422
    soupe = read(suite)
    assert soupe.title.get_text().startswith("Erreur")
    assert attendu in soupe.select_one("#id_fichier-fichier_error").get_text()
    assert ReponseDesArchives.objects.count() == 0


def test_nameless_refusal_is_confirmed_by_a_person(page):
    demande = send(page, make_atr("KO", repond_a=""))
    assert demande.status_code == 422
    case = read(demande).select_one("input[name=fichier-confirme]")
    assert case is not None
    suite = send(page, make_atr("KO", repond_a=""), **{"fichier-confirme": "on"})
    assert "a refusé ce paquet" in suite.text
    assert read(suite).select_one("form[action$='/refaire/'] .btn-primary")


def test_answer_is_noted_by_hand_then_withdrawn(page):
    suite = read(fill(page, sens="accepte", reference="1042 W 7"))
    assert "Sa référence : 1042 W 7." in suite.get_text()

    sans = page.post(f"{DETAIL}retirer/", {"motif": " "}, follow=True)
    assert "Dites pourquoi vous retirez" in sans.text
    retire = read(page.post(f"{DETAIL}retirer/", {"motif": "Pas la bonne ligne"}, follow=True))
    assert "La réponse est retirée." in retire.get_text()
    histoire = retire.select_one("section[aria-labelledby=t-reponse] ul")
    assert "Pas la bonne ligne" in histoire.get_text()
    assert retire.select_one("input[type=file]")


@pytest.mark.parametrize(
    ("saisie", "champ"),
    [
        ({"sens": "accepte"}, "reference"),
        ({"sens": "refuse"}, "motif"),
        ({"sens": "accepte", "reference": "x", "date": "2999-01-01"}, "date"),
        ({"sens": "accepte", "reference": "x", "date": "2001-01-01"}, "date"),
        ({}, "sens"),
    ],
)
def test_wrong_typing_is_told_next_to_its_field(page, saisie, champ):
    suite = fill(page, **saisie)
    assert suite.status_code == 422
    soupe = read(suite)
    assert soupe.select_one(f"#id_main-{champ}_error")
    assert soupe.select_one("details[open] #id_main-date")
    assert soupe.select_one("#id_fichier-fichier_error") is None


def test_stale_page_is_told_so(page, transmis, maintenant):
    note(transmis, maintenant)
    suite = fill(page, sens="refuse", motif="Trop tard")
    assert suite.status_code == 409
    assert "n’attend pas cette réponse" in suite.text
    assert send(page, make_atr()).status_code == 422


def test_detail_of_an_answered_transfer_costs_few_statements(
    client, archiviste, transmis, maintenant, count_sql
):
    note(transmis, maintenant)
    client.force_login(archiviste)
    with count_sql() as compte:
        assert client.get(DETAIL).status_code == 200
    assert len(compte.instructions) <= 8, compte.instructions


def test_list_is_filtered_by_the_new_states(page, transmis, maintenant):
    note(transmis, maintenant)
    for etat, nombre in (("accepte", 1), ("transmis", 0), ("refuse", 0), ("accuse", 0)):
        lignes = read(page.get(f"/c/clamart/agent/archives/?etat={etat}")).select("tr[data-ligne]")
        assert len(lignes) == nombre


@pytest.mark.parametrize("geste", ["joindre", "repondre", "retirer"])
def test_only_the_archivist_of_this_place_answers(client, collectivite, transmis, geste):
    voisine = CollectiviteFactory(slug="sceaux")
    with locataire(voisine.pk):
        etranger = AdhesionFactory(collectivite=voisine, role=Role.ARCHIVISTE).compte
    for role in (Role.ADMINISTRATEUR, Role.INSTRUCTEUR, Role.DPO):
        client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)
        assert client.post(f"{DETAIL}{geste}/").status_code == 403
    client.force_login(etranger)
    assert client.post(f"{DETAIL}{geste}/").status_code == 403
    ailleurs = DETAIL.replace("clamart", "sceaux")
    assert client.post(f"{ailleurs}{geste}/").status_code == 404
    client.force_login(AdhesionFactory(collectivite=collectivite, role=Role.ARCHIVISTE).compte)
    assert client.get(f"{DETAIL}{geste}/").status_code == 405
