"""Les deux programmes des sources : tout y est, rien n’écrase ce qu’une personne a changé."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.metiers import pilotage
from socle.metiers.pilotage.models import (
    Action,
    Axe,
    EvenementCle,
    Indicateur,
    Principe,
    Programme,
    Recommandation,
    Valeur,
)
from socle.metiers.pilotage.models.action import RUBRIQUES
from socle.metiers.pilotage.services import save_objet, seed_programmes

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 21, 10, tzinfo=UTC)
SOURCES = Path(__file__).parents[4] / "shared" / "sources"
DONNEES = Path(pilotage.__file__).parent / "donnees"


@pytest.fixture
def seme(programmes, db):
    """Les deux programmes."""


def test_both_programmes_are_whole(seme):
    assert set(Programme.objects.values_list("code", flat=True)) == {"2015-2017", "2018-2020"}
    assert Principe.objects.filter(programme__code="2015-2017").count() == 4
    assert Axe.objects.count() == 8
    assert [
        Action.objects.filter(axe__code=f"2018-2020-{axe}").count() for axe in (1, 2, 3, 4)
    ] == [6, 5, 5, 4]
    numeros = Recommandation.objects.filter(programme__code="2015-2017").order_by("numero")
    assert list(numeros.values_list("numero", flat=True)) == list(range(11))
    assert [
        Recommandation.objects.filter(axe__code=f"2018-2020-{axe}").count() for axe in (1, 2, 3, 4)
    ] == [5, 3, 3, 5]
    assert EvenementCle.objects.filter(programme__code="2018-2020").count() == 16


# Ce que 004 écrit de chaque recommandation qu’il détaille.
ECRITES = ["objectifs", "resultats", "fait", "a_faire"]
DE_004 = {
    "0": ECRITES,
    "1": ECRITES,
    "3": list(RUBRIQUES),
    "8": ["objectifs", "resultats", "a_faire"],
}


def test_detailed_sheets_of_2015_have_each_heading_of_the_document(seme):
    fiches = {f.code: f for f in Recommandation.objects.filter(programme__code="2015-2017")}
    vides = [
        (code, nom)
        for code, noms in DE_004.items()
        for nom in noms
        if len(getattr(fiches[f"2015-2017-{code}"], nom)) < 20
    ]
    assert vides == []
    assert len(RUBRIQUES) == 15


def test_every_figure_says_its_document_its_place_and_its_date(seme):
    valeurs = Valeur.objects.all()

    assert valeurs.count() > 90
    assert not valeurs.filter(document="").exists()
    assert not valeurs.filter(endroit="").exists()
    assert not valeurs.filter(date_document=None).exists()


SUITE_MAX = 18  # mots : un titre d’organisme ou une liste de noms en compte moins


def list_suites(texte: str) -> set[tuple[str, ...]]:
    mots = re.findall(r"\w+", texte.lower())
    return {tuple(mots[i : i + SUITE_MAX]) for i in range(len(mots) - SUITE_MAX + 1)}


def test_facts_are_told_in_our_words():
    """Aucun texte de la semence ne recopie un passage des documents."""
    documents = sorted(SOURCES.glob("00*.txt"))
    if len(documents) < 3:
        pytest.skip(f"documents absents de {SOURCES}")
    ecrites = set().union(*(list_suites(document.read_text("utf-8")) for document in documents))
    fichiers = sorted(DONNEES.glob("programme-*.toml"))
    assert len(fichiers) == 2
    reprises = [
        " ".join(suite)
        for fichier in fichiers
        for suite in list_suites(fichier.read_text("utf-8")) & ecrites
    ]
    assert reprises == []


def test_everything_written_says_its_source(seme):
    muets = [
        objet.cle
        for modele in (Programme, Principe, Axe, Action, Recommandation, EvenementCle)
        for objet in modele.objects.filter(source="").order_by("pk")
    ]
    assert muets == []


def test_seed_again_writes_nothing(seme):
    assert seed_programmes(MAINTENANT) == "Programme : 0 objets nouveaux ou mis à jour"


def test_seed_corrects_what_nobody_touched(seme):
    Action.objects.filter(code="2018-2020-1-1").update(titre="Vieux titre")

    assert seed_programmes(MAINTENANT) == "Programme : 1 objets nouveaux ou mis à jour"
    assert Action.objects.get(code="2018-2020-1-1").titre.startswith("Accompagner FranceConnect")


def test_seed_keeps_what_a_person_changed(seme, membre):
    action = Action.objects.get(code="2018-2020-1-1")
    save_objet(
        objet=action, champs={"titre": "Notre titre"}, revision=0, par=membre, maintenant=MAINTENANT
    )

    seed_programmes(MAINTENANT)

    assert Action.objects.get(pk=action.pk).titre == "Notre titre"


def test_seed_does_not_bring_back_what_a_person_withdrew(seme, membre):
    from socle.metiers.pilotage.services import set_retrait

    valeur = Valeur.objects.get(indicateur__code="franceconnect-services")
    set_retrait(objet=valeur, retire=True, revision=0, par=membre, maintenant=MAINTENANT)

    seed_programmes(MAINTENANT)

    [seule] = Valeur.objects.filter(indicateur__code="franceconnect-services")
    assert seule.retire


def test_load_is_written_in_the_journal(seme):
    with operateur():
        objets = Entree.objects.filter(action="programme.charge").order_by("objet")
        assert {entree.objet for entree in objets} >= {"programme:2015-2017", "programme:2018-2020"}


def test_links_of_the_programme_to_itself_all_exist(seme):
    from socle.fondations.commun.fiches import map_fiches

    liens = {
        lien
        for modele in (Axe, Action, Recommandation, Indicateur)
        for objet in modele.objects.order_by("pk")
        for lien in objet.liens
    }
    miens = {
        lien
        for lien in liens
        if lien.split(":")[0] in ("programme", "axe", "action", "recommandation", "indicateur")
    }
    assert len(miens) > 30
    assert sorted(miens - set(map_fiches(miens))) == []
