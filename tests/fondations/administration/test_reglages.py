"""Réglages d’une collectivité : coordonnées, apparence, services."""

import io

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from socle.fondations.administration import services
from socle.fondations.administration.permissions import SOMMAIRE
from socle.fondations.administration.ports import pages_de_reglages
from socle.fondations.administration.queries import GROUPES
from socle.fondations.collectivites.models import Collectivite, Logo, Service
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from tests.deux_pages import check_deux_pages, read_saisie, read_versions
from tests.factories import AdhesionFactory, CollectiviteFactory, ServiceFactory

pytestmark = pytest.mark.django_db
REGLAGES = "/c/clamart/agent/reglages/"
PAGES = ("identite/", "apparence/", "services/", "services/nouveau/")


@pytest.fixture
def visite(client, administratrice):
    client.force_login(administratrice)
    return client


def build_logo(format_="PNG", taille=(40, 20)) -> SimpleUploadedFile:
    tampon = io.BytesIO()
    Image.effect_noise(taille, 60).convert("RGB").save(tampon, format_)
    return SimpleUploadedFile("logo.png", tampon.getvalue())


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATEUR])
def test_other_roles_are_refused(client, collectivite, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    assert {client.get(REGLAGES + suite).status_code for suite in PAGES} == {403}


def test_administrator_of_another_collectivite_is_refused(client, collectivite):
    from socle.fondations.commun.locataire import locataire

    autre = CollectiviteFactory()
    with locataire(autre.pk):
        compte = AdhesionFactory(collectivite=autre, role=Role.ADMINISTRATEUR).compte
    client.force_login(compte)

    assert client.get(REGLAGES).status_code == 403


def read_sommaire(reponse) -> dict[str, str]:
    """Titres du sommaire et leur adresse."""
    page = BeautifulSoup(reponse.text, "html.parser")
    return {a.text: a["href"] for a in page.select("main .evenements h3 a")}


@pytest.mark.parametrize(
    ("role", "titres"),
    [
        (
            Role.ARCHIVISTE,
            {"Règles de conservation", "Archivage", "Clés publiques du journal"},
        ),
        (Role.DPO, {"Règles de conservation", "Journal de preuve", "Clés publiques du journal"}),
    ],
)
def test_home_shows_to_each_only_what_opens(client, collectivite, role, titres):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    liens = read_sommaire(client.get(REGLAGES))

    assert titres <= liens.keys()
    assert "Agents et rôles" not in liens
    assert {client.get(adresse).status_code for adresse in liens.values()} == {200}


def test_home_of_the_administrator_leads_everywhere(visite, count_sql, monkeypatch):
    monkeypatch.setattr(services, "run_sondes", lambda sondes, delai: [])

    with count_sql() as compte:
        liens = read_sommaire(visite.get(REGLAGES))

    assert len(compte.instructions) <= 4
    assert {"Nom et coordonnées", "Services", "Messages envoyés", "Connecteurs"} <= liens.keys()
    assert {visite.get(adresse).status_code for adresse in liens.values()} == {200}


@pytest.mark.parametrize("role", [r for r in Role if r not in SOMMAIRE])
def test_home_is_closed_to_who_sets_nothing(client, collectivite, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    assert client.get(REGLAGES).status_code == 403


def test_every_page_of_the_home_belongs_to_a_group():
    groupes = {pages_de_reglages[code].groupe for code in pages_de_reglages}

    assert groupes <= GROUPES.keys()


@pytest.mark.parametrize("suite", PAGES)
def test_pages_open(visite, suite):
    assert visite.get(REGLAGES + suite).status_code == 200


def test_contact_details_are_saved_and_journaled(visite, collectivite, administratrice):
    donnees = {
        "nom": "Ville de Clamart",
        "courriel": "mairie@clamart.example",
        "telephone": "01 46 62 35 35",
        "adresse": "1 place Maurice-Gunsbourg\n92140 Clamart",
        "site": "clamart.example",
    }

    assert visite.post(REGLAGES + "identite/", donnees).headers["Location"] == REGLAGES

    collectivite.refresh_from_db()
    assert (collectivite.nom, collectivite.site) == ("Ville de Clamart", "https://clamart.example")
    assert "Ville de Clamart" in visite.get(REGLAGES).text
    entree = Entree.objects.get(action="collectivite.fiche_changee")
    assert entree.acteur == administratrice.acteur
    assert entree.donnees == {"champs": ["adresse", "courriel", "nom", "site", "telephone"]}


def test_pale_colour_is_darkened_and_said(visite, collectivite):
    texte = visite.post(REGLAGES + "apparence/", {"couleur": "#FFE680"}, follow=True).text

    collectivite.refresh_from_db()
    assert collectivite.couleur != "#ffe680"
    assert "ne se lit pas assez" in texte
    assert collectivite.couleur in texte


def test_unreadable_colour_is_refused(visite, collectivite):
    texte = visite.post(REGLAGES + "apparence/", {"couleur": "rouge"}).text

    assert "pas écrite comme il faut" in texte
    collectivite.refresh_from_db()
    assert collectivite.couleur == "#14532d"


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_logo_is_saved_shown_and_removed(visite, client, collectivite, format_):
    donnees = {"couleur": "#14532d", "logo": build_logo(format_)}
    visite.post(REGLAGES + "apparence/", donnees)

    collectivite = Collectivite.objects.get(pk=collectivite.pk)
    adresse = f"/c/clamart/logo/{collectivite.logo_empreinte}/"
    assert adresse in visite.get(REGLAGES).text
    image = client.get(adresse)
    assert image.headers["Content-Type"] == f"image/{format_.lower()}"
    assert "immutable" in image.headers["Cache-Control"]
    assert image.headers["Content-Security-Policy"].startswith("sandbox")
    assert Image.open(io.BytesIO(image.content)).size == (40, 20)
    assert collectivite.logo == image.content
    assert client.get("/c/clamart/logo/0123456789abcdef/").status_code == 404

    visite.post(REGLAGES + "apparence/", {"couleur": "#14532d", "oter_logo": "on"})
    assert Logo.objects.count() == 0
    assert Collectivite.objects.get(pk=collectivite.pk).logo is None


@pytest.mark.parametrize(
    ("fichier", "mots"),
    [
        (SimpleUploadedFile("logo.svg", b"<svg onload='x'/>"), "pas une image"),
        (SimpleUploadedFile("logo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 300_000), "200 ko"),
    ],
)
def test_wrong_logo_is_refused(visite, fichier, mots):
    fichier.seek(0)

    texte = visite.post(REGLAGES + "apparence/", {"couleur": "#14532d", "logo": fichier}).text

    assert mots in texte
    assert Logo.objects.count() == 0


def test_logo_of_another_collectivite_is_not_served_here(client, visite, collectivite):
    visite.post(REGLAGES + "apparence/", {"couleur": "#14532d", "logo": build_logo()})
    empreinte = Collectivite.objects.get(pk=collectivite.pk).logo_empreinte
    autre = CollectiviteFactory()

    assert client.get(f"/c/{autre.slug}/logo/{empreinte}/").status_code == 404


def test_service_is_created_then_changed(visite, collectivite):
    donnees = {"nom": "Enfance", "courriel": "enfance@clamart.example", "actif": "on"}
    donnees["telephone"] = "01 41 00 00 00"

    visite.post(REGLAGES + "services/nouveau/", donnees)
    service = Service.objects.get(nom="Enfance")
    visite.post(f"{REGLAGES}services/{service.pk}/", donnees | {"nom": "Enfance et écoles"})

    service.refresh_from_db()
    assert (service.nom, service.collectivite_id) == ("Enfance et écoles", collectivite.pk)


@pytest.mark.parametrize(
    ("donnees", "mots"),
    [
        (
            {"nom": "Écoles", "courriel": "a@b.fr", "telephone": "01", "actif": "on"},
            "déjà ce nom",
        ),
        ({"nom": "Autre", "telephone": "01", "actif": "on"}, "un courriel ou une adresse"),
        ({"nom": "Autre", "courriel": "a@b.fr", "actif": "on"}, "permettre d’appeler le service"),
        ({"nom": "Autre", "adresse": "1 rue", "actif": "on"}, "permettre d’appeler le service"),
    ],
)
def test_wrong_service_is_refused(visite, collectivite, donnees, mots):
    ServiceFactory(collectivite=collectivite, nom="Écoles")

    texte = visite.post(REGLAGES + "services/nouveau/", donnees).text

    assert mots in texte
    assert Service.objects.filter(nom=donnees["nom"]).count() == (donnees["nom"] == "Écoles")


def test_closed_service_needs_no_address(visite):
    visite.post(REGLAGES + "services/nouveau/", {"nom": "Ancien", "actif": ""})

    assert Service.objects.get(nom="Ancien").actif is False


def test_two_pages_of_a_setting_never_overwrite_in_silence(visite, collectivite):
    service = ServiceFactory(collectivite=collectivite, nom="Écoles")
    for suite, champ, autre, mienne in (
        ("identite/", "telephone", "01 46 62 35 35", "01 46 62 35 00"),
        ("apparence/", "couleur", "#12694f", "#7a1f3d"),
        (f"services/{service.pk}/", "horaires", "Du lundi\nau jeudi", "Le matin"),
    ):
        check_deux_pages(visite, REGLAGES + suite, champ, autre=autre, mienne=mienne)


def test_conflict_names_the_other_agent_and_survives_a_wrong_answer(
    visite, client, collectivite, administratrice
):
    """Une saisie fausse revient sans faire oublier ce qu’une autre a enregistré."""
    autre = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte
    page = REGLAGES + "identite/"
    saisie = read_saisie(BeautifulSoup(visite.get(page).text, "html.parser"))
    services.change_fiche(
        collectivite=collectivite, par=autre, maintenant=timezone.now(), telephone="01"
    )

    faux = visite.post(page, saisie | {"courriel": "faux", "telephone": "02"})
    saisie = read_saisie(BeautifulSoup(faux.text, "html.parser"))
    refus = visite.post(page, saisie | {"courriel": collectivite.courriel})

    conflit = BeautifulSoup(refus.text, "html.parser").select_one(".conflit")
    assert (faux.status_code, refus.status_code) == (200, 409)
    assert autre.nom_affiche in conflit.get_text()
    assert Collectivite.objects.get(pk=collectivite.pk).telephone == "01"
    meme = {"courriel": collectivite.courriel, "telephone": "01"}  # rien n’est à écraser
    assert visite.post(page, saisie | meme).status_code == 302


def test_late_logo_is_named_to_be_chosen_again(visite, collectivite):
    page = REGLAGES + "apparence/"
    saisie = read_saisie(BeautifulSoup(visite.get(page).text, "html.parser"))
    visite.post(page, saisie | {"logo": build_logo()})
    empreinte = Collectivite.objects.get(pk=collectivite.pk).logo_empreinte

    refus = visite.post(page, saisie | {"logo": build_logo()})

    versions = read_versions(BeautifulSoup(refus.text, "html.parser"))
    assert (refus.status_code, versions.keys()) == (409, {"Logo"})
    assert "logo.png" in versions["Logo"][1]
    assert Collectivite.objects.get(pk=collectivite.pk).logo_empreinte == empreinte
