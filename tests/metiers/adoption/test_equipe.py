"""L’équipe du programme importe, corrige et tient les conventions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.adoption.enums import EtatConvention, EtatImport
from socle.metiers.adoption.models import Brique, Convention, Fait, ImportDeFaits
from tests.deux_pages import check_deux_pages
from tests.factories import CompteFactory
from tests.metiers.adoption.fabrique import CLAMART, create_charte, create_fait

RACINE = "/equipe/adoption"


@pytest.fixture
def connecte(client, equipe):
    client.force_login(equipe)
    Brique.objects.create(solution="tchap")
    return client


def send(client, contenu, origine="Relevé d’essai"):
    fichier = SimpleUploadedFile("faits.csv", contenu.encode(), content_type="text/csv")
    return client.post(f"{RACINE}/importer/", {"origine": origine, "fichier": fichier}, follow=True)


def test_file_is_read_shown_then_applied_then_undone(connecte):
    page = send(connecte, "siren;solution;date\n219200235;tchap;2020-04-01\n1;tchap;2020-04-01\n")

    assert "Ligne 3\xa0: collectivité inconnue" in page.text
    assert not Fait.objects.exists()
    lot = ImportDeFaits.objects.get()
    fait = connecte.post(f"{RACINE}/imports/{lot.pk}/appliquer/", follow=True)
    assert "L’import est appliqué" in fait.text
    assert Fait.objects.get().autorite == CLAMART
    sans = connecte.post(f"{RACINE}/imports/{lot.pk}/annuler/", {"motif": ""}, follow=True)
    assert "demande sa raison" in sans.text
    connecte.post(f"{RACINE}/imports/{lot.pk}/annuler/", {"motif": "Faux."}, follow=True)
    lot.refresh_from_db()
    assert lot.etat == EtatImport.ANNULE


def test_import_abandoned_from_its_page(connecte):
    send(connecte, "siren;solution;date\n219200235;tchap;2020-04-01\n")
    lot = ImportDeFaits.objects.get()

    page = connecte.post(f"{RACINE}/imports/{lot.pk}/abandonner/", follow=True)

    assert "abandonné, rien n’a changé" in page.text
    assert connecte.get(f"{RACINE}/imports/999999/").status_code == 404
    assert connecte.post(f"{RACINE}/imports/999999/appliquer/").status_code == 404


@pytest.mark.parametrize("contenu", ["", "n’importe quoi", "siren;solution;date\n", "\0\0\0"])
def test_unreadable_file_is_told_on_the_form(connecte, contenu):
    page = send(connecte, contenu)

    assert page.status_code == 422
    assert not ImportDeFaits.objects.exists()


def test_hostile_name_and_lines_are_escaped(connecte):
    page = send(
        connecte,
        "siren;solution;date\n219200235;tchap;2020-04-01\n<script>x</script>;tchap;2020-01-01\n",
        origine="<script>alert(1)</script>",
    )

    assert "&lt;script&gt;x" in page.text
    assert "<script>alert" not in page.text


def test_fact_is_withdrawn_with_a_reason_then_put_back(connecte):
    fait = create_fait()
    page = connecte.get(f"{RACINE}/corrections/?cle=219200235")
    assert "Clamart" in page.text

    connecte.post(f"{RACINE}/faits/{fait.pk}/ecarter/", {"motif": "Mauvais SIREN."})
    fait.refresh_from_db()
    assert fait.motif == "Mauvais SIREN."
    assert "Mauvais SIREN." in connecte.get(f"{RACINE}/corrections/?cle={CLAMART}").text
    connecte.post(f"{RACINE}/faits/{fait.pk}/retablir/")

    fait.refresh_from_db()
    assert fait.annule_le is None
    assert connecte.post(f"{RACINE}/faits/999999/ecarter/", {"motif": "x"}).status_code == 404


def test_fact_is_added_by_hand_with_its_origin(connecte):
    envoi = {
        "autorite": "92023", "solution": "tchap", "usage": "utilise", "jour": "2021-01-05",
        "precision": "Rapport annuel 2021, page 12",
    }  # fmt: skip

    page = connecte.post(f"{RACINE}/corrections/", envoi, follow=True)

    assert "Le fait est ajouté" in page.text
    assert Fait.objects.get().precision == "Rapport annuel 2021, page 12"
    faux = connecte.post(f"{RACINE}/corrections/", envoi | {"autorite": "00000"})
    assert "Aucune collectivité n’a ce SIREN" in faux.text


def test_convention_is_prepared_opened_and_given_a_new_text(connecte):
    envoi = {
        "slug": "neuve", "titre": "Neuve", "genre": "charte", "resume": "Essai.", "porteur": "Nous",
        "pour_qui": "Tous", "texte": "## 1\nTexte.", "liens": "solution:tchap", "est_modele": "on",
    }  # fmt: skip
    page = connecte.post(f"{RACINE}/conventions/", envoi, follow=True)
    assert "La convention est préparée" in page.text
    assert connecte.get("/conventions/neuve/").status_code == 404
    assert connecte.post(f"{RACINE}/conventions/", envoi).status_code == 422  # adresse prise

    connecte.post(f"{RACINE}/conventions/neuve/etat/", {"etat": "ouverte"})
    assert connecte.get("/conventions/neuve/").status_code == 200
    connecte.post(
        f"{RACINE}/conventions/neuve/version/", {"texte": "## 1\nMieux.", "changement": "Mieux."}
    )
    page = connecte.post(
        f"{RACINE}/conventions/neuve/version/", {"texte": "## 1\nMieux.", "changement": "Rien."}
    )
    assert page.status_code == 422

    neuve = Convention.objects.get(slug="neuve")
    assert neuve.versions.count() == 2
    assert (neuve.etat, neuve.liens) == (EtatConvention.OUVERTE, ["solution:tchap"])


def test_presentation_of_a_convention_changes(connecte):
    create_charte()
    envoi = {"titre": "Autre", "genre": "charte", "resume": "r", "porteur": "p", "pour_qui": "q",
             "liens": "javascript:x"}  # fmt: skip
    assert connecte.post(f"{RACINE}/conventions/charte/", envoi).status_code == 302
    assert (
        connecte.post(f"{RACINE}/conventions/charte/", envoi | {"liens": "<b>"}).status_code == 422
    )

    assert Convention.objects.get().titre == "Autre"
    assert connecte.get(f"{RACINE}/conventions/inconnue/").status_code == 404
    check_deux_pages(
        connecte, f"{RACINE}/conventions/charte/", "pour_qui", autre="Une.", mienne="Deux."
    )


@pytest.mark.parametrize("role", [RoleProgramme.EDITEUR, RoleProgramme.PARTENAIRE, None])
def test_pages_of_the_team_are_closed_to_others(client, db, role):
    compte = CompteFactory(agent=True)
    if role:
        MembreProgramme.objects.create(compte=compte, role=role)
    client.force_login(compte)

    for page in ("", "importer/", "corrections/", "conventions/"):
        assert client.get(f"{RACINE}/{page}").status_code == 403


def test_home_of_the_team_keeps_its_number_of_queries(connecte, count_sql):
    nombres = []
    for rang in range(3):
        create_charte(f"charte-{rang}")
        ImportDeFaits.objects.create(
            nom="f.csv", origine="x", recu_le="2026-11-21T09:00Z", acteur="agent:1",
            empreinte="0" * 64,
        )  # fmt: skip
        with count_sql() as compte:
            assert connecte.get(f"{RACINE}/").status_code == 200
        nombres.append(len(compte.instructions))
    assert len(set(nombres)) == 1
    assert nombres[0] <= 8
