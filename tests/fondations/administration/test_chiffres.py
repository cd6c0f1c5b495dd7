"""Chiffres d’usage de l’installation : comptés dès le premier jour, sans une donnée personnelle."""

import csv
import io
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.utils import timezone

from socle.fondations.administration.models import MesureInstallation
from socle.fondations.administration.ports import Chiffre
from socle.fondations.administration.services.chiffres import build_tableau, list_chiffres
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import CompteurConnexion
from socle.metiers.demarches import services as demarches
from socle.metiers.dossiers.enums import Canal, EtatDossier
from socle.metiers.dossiers.models import Mesure
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.conftest import create_cantine

pytestmark = pytest.mark.django_db
PAGE, FICHIER = "/operateur/chiffres/", "/operateur/chiffres.csv"


def read_nombres(fait: str) -> int:
    return sum(MesureInstallation.objects.filter(fait=fait).values_list("nombre", flat=True))


@pytest.fixture
def activite():
    """Deux collectivités, deux mois : dépôts, décisions, connexions."""
    lieux = [CollectiviteFactory(), CollectiviteFactory()]
    mesures = [
        (0, date(2026, 9, 3), "depose", Canal.EN_LIGNE, 4),
        (0, date(2026, 9, 30), "depose", Canal.GUICHET, 1),
        (1, date(2026, 10, 1), "depose", Canal.EN_LIGNE, 2),
        (1, date(2026, 10, 8), EtatDossier.ACCEPTE, Canal.EN_LIGNE, 1),
        (0, date(2026, 10, 9), EtatDossier.REFUSE, Canal.GUICHET, 1),
        (0, date(2026, 10, 9), EtatDossier.EN_INSTRUCTION, Canal.GUICHET, 9),
    ]
    for rang, lieu in enumerate(lieux):
        with locataire(lieu.pk):
            for autre, jour, fait, canal, nombre in mesures:
                if autre == rang:
                    Mesure.objects.create(
                        collectivite=lieu, demarche_id=1, jour=jour, fait=fait, canal=canal,
                        nombre=nombre,
                    )  # fmt: skip
            CompteurConnexion.objects.create(
                collectivite=lieu, mois=date(2026, 10, 1), profil="franceconnect", connexions=5,
                nouveaux=3,
            )  # fmt: skip


def test_open_authorities_are_counted_from_the_first_day(db):
    avant = read_nombres("collectivite")
    premiere, _ = CollectiviteFactory(), CollectiviteFactory()
    assert read_nombres("collectivite") == avant + 2
    premiere.active = False
    premiere.save()
    premiere.nom = "Autre nom"
    premiere.save()
    assert read_nombres("collectivite") == avant + 1
    assert MesureInstallation.objects.filter(jour=timezone.localdate()).exists()


def test_published_procedures_are_counted_in_the_same_transaction(collectivite):
    agent = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte
    avant = read_nombres("demarche")
    cantine = create_cantine(collectivite, agent)
    assert read_nombres("demarche") == avant + 1
    demarches.close_demarche(demarche=cantine, agent=agent, maintenant=timezone.now())
    assert read_nombres("demarche") == avant


def test_nothing_ties_the_numbers_to_what_they_count():
    """Ni collectivité, ni démarche, ni personne : aucune purge ne les emporte."""
    champs = {champ.name for champ in MesureInstallation._meta.get_fields()}
    assert champs == {"id", "jour", "fait", "nombre"}


def test_months_carry_the_stock_and_the_flow(activite):
    MesureInstallation.objects.all().delete()
    for jour, nombre in ((date(2026, 8, 30), 3), (date(2026, 10, 2), -1)):
        MesureInstallation.objects.create(jour=jour, fait="collectivite", nombre=nombre)

    lus = list_chiffres(date(2026, 10, 31))
    par_cle = {(c.mois.month, c.mesure, c.detail): c.nombre for c in lus}
    assert {m: par_cle[m, "Collectivités ouvertes", ""] for m in (8, 9, 10)} == {8: 3, 9: 3, 10: 2}
    assert par_cle[9, "Demandes déposées", "En ligne"] == 4
    assert par_cle[9, "Demandes déposées", "Au guichet"] == 1
    assert par_cle[9, "Collectivités avec une demande", ""] == 1
    assert par_cle[10, "Demandes décidées", "Accepté"] == 1
    assert par_cle[10, "Demandes décidées", "Refusé"] == 1
    assert (par_cle[10, "Connexions", "FranceConnect"],
            par_cle[10, "Comptes reliés", "FranceConnect"]) == (10, 6)  # fmt: skip
    assert not any("instruction" in detail for _, _, detail in par_cle)


def test_totals_keep_what_is_older_than_a_year():
    lus = [
        Chiffre(mois=date(2025, 11, 1), mesure="Demandes déposées", detail="En ligne", nombre=7),
        Chiffre(mois=date(2026, 11, 1), mesure="Demandes déposées", detail="En ligne", nombre=2),
    ]
    tableau = build_tableau(lus, date(2026, 11, 21))
    [total] = tableau.totaux["Demandes déposées"]
    assert (total.libelle, total.annee, total.total) == ("En ligne", 2, 9)
    assert [mois for mois, _ in tableau.mois] == [date(2026, 11, 1)]


def test_page_and_file_say_the_same(client, operatrice, activite):
    client.force_login(operatrice)
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")
    assert page.h1.get_text() == "Chiffres d’usage"
    reponse = client.get(FICHIER)
    assert reponse["Content-Disposition"].startswith('attachment; filename="chiffres-2')
    lignes = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    assert lignes[0] == ["Mois", "Mesure", "Détail", "Nombre"]
    assert ["2026-09", "Demandes déposées", "En ligne", "4"] in lignes
    totaux = page.find("caption", string="Demandes déposées").find_parent("table")
    montre = totaux.find("th", string="En ligne").find_parent("tr").select("td")[-1].get_text()
    assert int(montre) == sum(
        int(x[3]) for x in lignes if x[1:3] == ["Demandes déposées", "En ligne"]
    )


@pytest.mark.parametrize("adresse", [PAGE, FICHIER])
def test_numbers_are_for_the_operator_only(client, collectivite, adresse):
    assert client.get(adresse).status_code == 302
    role = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR)
    client.force_login(role.compte)
    assert client.get(adresse).status_code == 403


def test_cancelled_transaction_counts_nothing(db):
    avant = read_nombres("collectivite")
    reprise = transaction.savepoint()
    CollectiviteFactory()
    assert read_nombres("collectivite") == avant + 1
    transaction.savepoint_rollback(reprise)
    assert read_nombres("collectivite") == avant
