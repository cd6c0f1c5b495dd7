"""Les obligations d’exemple : réelles, chacune avec son texte, rejouables."""

from datetime import date

import pytest

from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.services.semence import FICHIER, load_obligations, seed

pytestmark = pytest.mark.django_db


def test_there_are_at_least_twenty_five_each_with_its_text(semee):
    publiees = Obligation.objects.filter(etat=EtatObligation.PUBLIEE)

    assert publiees.count() >= 25
    assert publiees.filter(reference="").count() == 0
    assert publiees.filter(resume="").count() == 0
    assert publiees.filter(lien="").count() == 0
    assert publiees.filter(etapes=[]).count() == 0


def test_every_line_says_which_reference_it_comes_from():
    texte = FICHIER.read_text("utf-8")

    assert texte.count("\n# Référence : ") == texte.count("[[obligation]]")


def test_a_date_that_is_not_sure_says_what_remains_to_check():
    """Estimée avec un jour : la réserve dit pourquoi."""
    estimees = [o for o in load_obligations() if o["surete"] == Surete.ESTIMEE]

    assert len(estimees) >= 3
    assert [o["slug"] for o in estimees if not o.get("reserve")] == []


def test_postponed_ones_keep_their_history(semee):
    reportees = Obligation.objects.filter(ancien_jour__isnull=False).order_by("slug")

    assert [o.slug for o in reportees] == [
        "factures-grandes-entreprises",
        "factures-petites-entreprises",
        "nis-2",
    ]
    facture = reportees.get(slug="factures-petites-entreprises")
    assert (facture.ancien_jour, facture.jour) == (date(2026, 1, 1), date(2027, 9, 1))


def test_known_calendar_of_the_references(semee):
    jours = dict(Obligation.objects.values_list("slug", "jour").order_by("slug"))

    assert jours["publication-des-actes"] == date(2022, 7, 1)
    assert jours["seuil-fournitures-60000"] == date(2026, 4, 1)
    assert jours["proconnect-double-authentification"] == date(2027, 2, 28)
    assert jours["proconnect-tous-les-services"] == date(2028, 2, 28)
    assert jours["recours-gracieux-urbanisme"] == date(2025, 11, 28)


# Les sujets que la demande nomme, chacun avec les mots que son texte et sa fiche doivent porter.
NOMMES = {
    "publication-des-actes": ("actes", "site"),
    "teletransmission-des-actes": ("@CTES", "2015-991"),
    "factures-petites-entreprises": ("factures électroniques",),
    "factures-grandes-entreprises": ("factures électroniques",),
    "donnees-essentielles-marches": ("DECP", "R. 2196-1", "22 décembre 2022"),
    "base-adresse-locale": ("2022-217", "Base adresse nationale"),
    "accessibilite": ("RGAA", "2005-102"),
    "proconnect-double-authentification": ("ProConnect",),
}


def test_every_subject_of_the_demand_is_there_with_its_text(semee):
    lues = Obligation.objects.in_bulk(list(NOMMES), field_name="slug")
    assert set(lues) == set(NOMMES)
    for slug, mots in NOMMES.items():
        lue = lues[slug]
        dit = " ".join([lue.titre, lue.court, lue.reference, lue.resume, lue.texte, *lue.etapes])
        assert [mot for mot in mots if mot not in dit.replace("\xa0", " ")] == [], slug
        assert (lue.etat, bool(lue.ministere), bool(lue.lien)) == ("publiee", True, True), slug


def test_sowing_again_changes_nothing_that_a_person_changed(semee, maintenant):
    Obligation.objects.filter(slug="nis-2").update(titre="Corrigé par l’équipe")
    avant = Obligation.objects.count()

    assert seed(maintenant).startswith("Échéancier : 0 ")
    assert Obligation.objects.count() == avant
    assert Obligation.objects.get(slug="nis-2").titre == "Corrigé par l’équipe"
