"""Ce que sème l’adoption : rejouable, et rien d’inventé hors du bac à sable."""

import pytest
from django.template.loader import render_to_string

from socle.fondations.commun.fiches import encarts_accueil, map_fiches, search_partout
from socle.metiers.adoption.enums import Source
from socle.metiers.adoption.models import Convention, Fait, Signature, Situation
from socle.metiers.adoption.queries.taux import list_mailles, sum_tout
from socle.metiers.adoption.services.semence import seed


def test_seed_outside_the_sandbox_invents_no_fact(db, maintenant, settings):
    settings.BAC_A_SABLE = False

    seed(maintenant)

    assert Convention.objects.count() == 4
    assert all(Convention.objects.order_by("pk").values_list("est_modele", flat=True))
    assert not Fait.objects.filter(source__in=(Source.FICTIVE, Source.DECLAREE)).exists()
    assert not Signature.objects.exists()


@pytest.fixture
def seme(collectivite, maintenant, settings):
    settings.BAC_A_SABLE = True
    seed(maintenant)


def test_seed_of_the_sandbox_says_what_is_fictitious(seme, maintenant):
    fictifs = Fait.objects.filter(source=Source.FICTIVE)
    assert 2_000 < fictifs.values("autorite").distinct().count() < 15_000
    assert {fait.get_source_display() for fait in fictifs.order_by("pk")[:9]} == {
        "donnée fictive de démonstration"
    }
    assert not fictifs.filter(date_fait__gt=maintenant.date()).exists()
    assert not fictifs.filter(autorite="commune-92023").exists()  # installée : rien d’inventé
    declarees = Fait.objects.filter(source=Source.DECLAREE).order_by("pk")
    assert {fait.precision for fait in declarees} == {"Fait de démonstration, bac à sable"}


def test_seed_is_replayable_and_changes_nothing(seme, maintenant):
    avant = list(Fait.objects.order_by("pk").values_list())
    Convention.objects.filter(slug="dpo-mutualise").update(titre="Changé par une personne")

    seed(maintenant)

    assert list(Fait.objects.order_by("pk").values_list()) == avant
    assert Convention.objects.get(slug="dpo-mutualise").titre == "Changé par une personne"


def test_home_says_how_many_and_the_part_of_small_ones(seme, client, rf):
    encart = encarts_accueil["adoption"].build(rf.get("/"), None).read()

    actives = Situation.objects.filter(solution="")
    assert encart["actives"] == actives.count() == sum_tout(list_mailles("")).utilisent
    assert "3\N{NO-BREAK SPACE}500 habitants" in encart["phrase"]


def test_keys_are_resolved_for_the_other_trades(seme):
    fiches = map_fiches(["convention:dpo-mutualise", "autorite:commune-92023", "convention:rien"])

    assert [fiche.url for fiche in fiches.values()] == [
        "/conventions/dpo-mutualise/", "/collectivites/commune-92023/",
    ]  # fmt: skip
    titres = {groupe.titre for groupe in search_partout("clamart")}
    assert "Collectivités" in titres
    assert "Conventions et chartes" in {g.titre for g in search_partout("délégué")}


def test_encart_of_the_home_is_drawn_with_its_sources(seme, rf):
    encart = encarts_accueil["adoption"]
    contexte = encart.build(rf.get("/"), None).read()

    page = render_to_string(encart.gabarit, contexte)

    assert "Où en est la mienne" in page
    assert "fictives de démonstration" in page
    assert "ont moins de 3" in page  # « 59 % d’entre elles »
