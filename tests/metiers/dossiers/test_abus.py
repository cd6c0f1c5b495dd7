"""Demandes sans compte : un robot est arrêté, une personne n’y perd rien."""

from copy import deepcopy
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.errors import DepotTropRapide, TropDeDeparts
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.services import abus
from tests.factories import CompteFactory
from tests.metiers.conftest import DEFINITION, MAINTENANT, REPONSES
from tests.metiers.dossiers.test_parcours import BASE, ETAPE_1, ETAPE_2, post_etape, read_form
from tests.metiers.dossiers.test_version import publish


@pytest.fixture
def commencer(demarche):
    return f"{BASE}/demarches/{demarche.chemin}/commencer/"


@pytest.fixture
def resume(client, commencer):
    """Adresse de la relecture d’une demande d’invité, toute remplie."""
    deux = post_etape(client, client.post(commencer)["Location"], ETAPE_1)["Location"]
    return post_etape(client, deux, ETAPE_2)["Location"]


def file_demande(client, resume, **champs):
    return client.post(resume.replace("resume", "deposer"), champs)


def test_trap_is_hidden_from_people_and_from_their_tools(client, commencer):
    soupe = BeautifulSoup(client.get(commencer).text, "html.parser")
    champ = soupe.find("input", {"name": abus.PIEGE})
    assert (champ["tabindex"], champ["autocomplete"], champ["value"]) == ("-1", "off", "")
    assert champ.parent["aria-hidden"] == "true"
    assert champ.parent["class"] == ["visually-hidden"]
    assert soupe.find("label", {"for": champ["id"]})


def test_robot_that_fills_the_trap_opens_nothing(client, commencer):
    reponse = client.post(commencer, {abus.PIEGE: "Buy now"})
    assert reponse.status_code == 400
    assert "un champ caché a été rempli" in reponse.text
    assert Dossier.objects.count() == 0


def test_robot_that_fills_the_trap_files_nothing_and_loses_nothing(client, resume):
    reponse = file_demande(client, resume, sujet="Buy now", accord_portail="oui")
    assert reponse.status_code == 400
    assert "Orbellec" in reponse.text
    soupe = BeautifulSoup(reponse.text, "html.parser")
    assert soupe.find("input", {"name": "accord_portail"}).has_attr("checked")
    assert Dossier.objects.get().etat == EtatDossier.BROUILLON


def test_person_with_an_account_is_not_concerned(client, commencer):
    client.force_login(CompteFactory())
    assert abus.PIEGE not in client.get(commencer).text
    assert client.post(commencer, {abus.PIEGE: "quoi que ce soit"}).status_code == 302


@pytest.mark.usefixtures("horloge_vraie")  # la base date le brouillon
def test_guest_who_files_at_once_waits_and_loses_nothing(client, resume, settings):
    settings.DELAI_INVITE = 60
    reponse = file_demande(client, resume, accord_portail="oui")

    assert reponse.status_code == 429
    assert 0 < int(reponse["Retry-After"]) <= 60
    assert "Tout ce que vous avez saisi est gardé" in reponse.text
    settings.DELAI_INVITE = 0
    assert file_demande(client, resume).status_code == 302
    assert Dossier.objects.get().etat == EtatDossier.EN_CONSTRUCTION


@pytest.mark.parametrize(("secondes", "permis"), [(4, False), (5, True), (3600, True)])
def test_delay_runs_from_the_first_page(brouillon, settings, secondes, permis):
    settings.DELAI_INVITE = 5
    depuis = {"dossier": brouillon, "maintenant": brouillon.cree_le + timedelta(seconds=secondes)}
    if permis:
        abus.check_delai(acces=Acces(compte=None, jeton="j"), **depuis)
    else:
        with pytest.raises(DepotTropRapide) as refus:
            abus.check_delai(acces=Acces(compte=None, jeton="j"), **depuis)
        assert (refus.value.secondes, "1 seconde," in refus.value.suite) == (2, False)
        abus.check_delai(acces=Acces(compte=CompteFactory()), **depuis)


def test_starts_are_limited_by_address_and_by_hour_and_day(db):
    for _ in range(60):
        abus.check_depart(adresse="198.51.100.7", maintenant=MAINTENANT)
    with pytest.raises(TropDeDeparts):
        abus.check_depart(adresse="198.51.100.7", maintenant=MAINTENANT)
    abus.check_depart(adresse="198.51.100.8", maintenant=MAINTENANT)
    abus.check_depart(adresse="198.51.100.7", maintenant=MAINTENANT + timedelta(hours=1))


def test_refused_start_says_why_and_what_to_do(client, commencer, monkeypatch):
    monkeypatch.setattr(abus, "DEPARTS", ((1, timedelta(hours=1)),))
    assert client.post(commencer).status_code == 302
    reponse = client.post(commencer)
    assert reponse.status_code == 429
    assert "connectez-vous" in reponse.text
    assert Dossier.objects.count() == 1


@pytest.fixture
def avec_piece(demarche, administrateur):
    definition = deepcopy(DEFINITION)
    piece = {"type": "piece_justificative", "id": "avis", "libelle": "Avis", "obligatoire": False}
    definition["pages"][0]["champs"].append(piece | {"nombre": 3})
    return publish(demarche, administrateur, definition)


def test_quota_counts_what_the_form_asks_and_twenty_more(demarche, avec_piece):
    assert abus.count_fichiers_permis(get_formulaire(avec_piece.pk)) == 23


def test_guest_cannot_pile_up_files(client, commencer, avec_piece, monkeypatch):
    monkeypatch.setattr(abus, "FICHIERS_EN_TROP", -2)
    etape = client.post(commencer)["Location"]

    def send(nom: str):
        caches = read_form(client.get(etape).text)
        fichier = SimpleUploadedFile(nom, b"%PDF-1.4 " + nom.encode(), "application/pdf")
        return client.post(etape, caches | ETAPE_1 | {"avis": fichier, "_action": "continuer"})

    assert send("un.pdf").status_code == 302
    refus = send("deux.pdf")

    assert refus.status_code == 422
    assert "Trop de fichiers ont été envoyés pour cette demande." in refus.text
    reponses = Dossier.objects.get().reponses
    assert [piece["nom"] for piece in reponses["avis"]] == ["un.pdf"]
    assert reponses["prenom"] == REPONSES["prenom"]
