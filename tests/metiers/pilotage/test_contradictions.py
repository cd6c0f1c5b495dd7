"""Ce qui se contredit dans le bilan, ce qui n’est qu’arrondi, et ce qui ne se compare pas."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from socle.metiers.pilotage.enums import Ecart, Qualificatif
from socle.metiers.pilotage.models import Indicateur, Valeur
from socle.metiers.pilotage.queries.indicateurs import list_publics, list_series, read_serie
from socle.metiers.pilotage.queries.valeurs import compare_valeurs, judge_jour

MAINTENANT = datetime(2026, 11, 21, 10, tzinfo=UTC)
# Chaque cas du bilan où un même indicateur porte plusieurs nombres : ce qu’il faut en dire.
CAS = {
    "franceconnect-collectivites": Ecart.CONTRADICTION,  # plus de 700, 699 ; plus de 650 s’accorde
    "osmose-participants": Ecart.CONTRADICTION,  # 170, plus de 200
    "twitter-abonnes": Ecart.CONTRADICTION,  # 1 917, 2 000
    "page-web-vues": Ecart.CONTRADICTION,  # 14 500, 15 000
    "webinaires-moyenne": Ecart.CONTRADICTION,  # 540, et 15 500 / 28 = 554
    "inp": Ecart.CONTRADICTION,  # 24, et une par mois pendant trois ans
    "newsletters": Ecart.CONTRADICTION,  # une vingtaine, et « mensuelles »
    "tchap-collectivites": Ecart.NUANCE,  # 26, plus de 26
    "actions-menees": Ecart.NUANCE,  # 150, plus de 150
    "newsletters-abonnes": Ecart.NUANCE,  # 800, plus de 800
    "ds-collectivites": Ecart.ACCORD,  # 112, plus de 100
    "ds-demarches": Ecart.ACCORD,  # 215 deux fois
    "tchap-agents": Ecart.ACCORD,  # 3 239, plus de 3 200
    "dln1f-collectivites": Ecart.ACCORD,  # 20, une vingtaine
    "dln1f-reunions": Ecart.ACCORD,  # 4 deux fois
    "webinaires": Ecart.ACCORD,  # 28 deux fois
    "ds-dossiers": Ecart.ACCORD,  # plus de 2 millions deux fois
    "wifi4eu-communes": Ecart.ACCORD,  # 762 deux fois
    "wifi4eu-bon": Ecart.ACCORD,  # 15 000 € deux fois
    "opsn-dpo": Ecart.ACCORD,  # 34 deux fois
    "duree": Ecart.ACCORD,  # 3 ans, six fois
    "axes": Ecart.ACCORD,  # 4, trois fois, dont une fois « thématiques »
    "cyber-campagne-volet": Ecart.ACCORD,  # premier volet, première étape
}
# Ce qui se ressemble sans se comparer : deux indicateurs, chacun avec sa définition.
DIFFERENTS = [
    ("franceconnect-collectivites", "franceconnect-services"),  # collectivités, services
    ("partenaires-nouveaux", "partenaires-actifs"),  # arrivés, présents
    ("clamart-familles", "clamart-guichet"),  # après, avant 2017
    ("clamart-calcul-en-ligne", "clamart-primo-accueil"),  # résultat, objectif
    ("forums-collectivites", "forums-participants"),  # collectivités, personnes
    ("opsn-declic", "opsn-dpo"),  # membres, membres qui ont ce service
]


def value(nombre, qualificatif=Qualificatif.EXACT) -> Valeur:
    return Valeur(nombre=Decimal(str(nombre)), qualificatif=qualificatif)


@pytest.mark.parametrize(
    ("un", "autre", "attendu"),
    [
        (value(112), value(100, Qualificatif.PLUS_DE), Ecart.ACCORD),
        (value(699), value(700, Qualificatif.PLUS_DE), Ecart.CONTRADICTION),
        (value(26), value(26, Qualificatif.PLUS_DE), Ecart.NUANCE),
        (value(26), value(26, Qualificatif.MOINS_DE), Ecart.NUANCE),
        (value(20), value(20, Qualificatif.ENVIRON), Ecart.ACCORD),
        (value(21), value(20, Qualificatif.ENVIRON), Ecart.ACCORD),
        (value(22), value(20, Qualificatif.ENVIRON), Ecart.CONTRADICTION),
        (value(20, Qualificatif.ENVIRON), value(20, Qualificatif.PLUS_DE), Ecart.ACCORD),
        (value(5, Qualificatif.MOINS_DE), value(5, Qualificatif.PLUS_DE), Ecart.NUANCE),
        (value(5, Qualificatif.MOINS_DE), value(6, Qualificatif.PLUS_DE), Ecart.CONTRADICTION),
        (value(5, Qualificatif.MOINS_DE), value(4, Qualificatif.PLUS_DE), Ecart.ACCORD),
        (value(650, Qualificatif.PLUS_DE), value(700, Qualificatif.PLUS_DE), Ecart.ACCORD),
        (value(0), value(0), Ecart.ACCORD),
        (value(0, Qualificatif.ENVIRON), value(1), Ecart.CONTRADICTION),
        (value(-10, Qualificatif.ENVIRON), value("-10.4"), Ecart.ACCORD),
    ],
)
def test_two_values_of_one_day_agree_or_not_both_ways(un, autre, attendu):
    assert compare_valeurs(un, autre) == attendu
    assert compare_valeurs(autre, un) == attendu


def test_one_value_alone_agrees_with_itself():
    assert judge_jour([value(3)]) == Ecart.ACCORD


def test_worst_gap_wins():
    valeurs = [value(26), value(26, Qualificatif.PLUS_DE), value(40)]

    assert judge_jour(valeurs) == Ecart.CONTRADICTION


@pytest.fixture
def seme(programmes, db):
    """Les deux programmes."""


def test_every_case_of_the_report_is_judged_as_it_should(seme):
    derniers = {code: read_serie(Indicateur.objects.get(code=code)).dernier for code in CAS}

    assert {code: dernier.ecart for code, dernier in derniers.items()} == CAS
    assert [code for code, dernier in derniers.items() if len(dernier.valeurs) < 2] == []


def test_no_case_of_the_report_is_forgotten(seme):
    series = list_series(list_publics().filter(programme__code="2018-2020"))
    plusieurs = {
        serie.indicateur.code for serie in series for jour in serie.jours if len(jour.valeurs) > 1
    }

    assert plusieurs == set(CAS)


def test_things_that_differ_are_two_indicators_that_say_so(seme):
    tous = {i.code: i for i in Indicateur.objects.all()}

    for un, autre in DIFFERENTS:
        assert tous[un].definition or tous[autre].definition, (un, autre, "en quoi diffèrent-ils ?")
        assert tous[un].titre != tous[autre].titre


def test_page_shows_both_numbers_and_where_each_one_is_read(client, seme):
    page = BeautifulSoup(
        client.get("/indicateurs/franceconnect-collectivites/").text, "html.parser"
    )
    texte = " ".join(page.get_text(" ").split())

    assert "Ces nombres se contredisent" in texte
    for nombre in ("699", "plus de 700", "plus de 650"):
        assert nombre in texte
    assert "Éditorial" in texte
    assert "Socle commun, principales réalisations" in texte


def test_page_of_a_nuance_does_not_cry_error(client, seme):
    texte = client.get("/indicateurs/tchap-collectivites/").text

    assert "Même nombre, dit de deux façons" in texte
    assert "Ces nombres se contredisent" not in texte


def test_page_of_an_agreement_says_nothing(client, seme):
    texte = client.get("/indicateurs/ds-collectivites/").text

    assert "se contredisent" not in texte
    assert "dit de deux façons" not in texte


def test_list_can_show_only_what_contradicts(client, seme):
    page = BeautifulSoup(client.get("/indicateurs/?contradictions=1").text, "html.parser")

    codes = {lien["href"].split("/")[2] for lien in page.select("tbody th a")}
    assert codes == {code for code, ecart in CAS.items() if ecart == Ecart.CONTRADICTION}


def test_computed_number_never_stands_for_the_one_that_is_written(seme):
    for code in ("newsletters", "webinaires-moyenne", "inp"):
        dernier = read_serie(Indicateur.objects.get(code=code)).dernier
        assert not dernier.principale.calculee, code


def test_two_dates_are_never_compared(seme):
    serie = read_serie(Indicateur.objects.get(code="forums-collectivites"))

    assert [jour.ecart for jour in serie.jours] == [Ecart.ACCORD, Ecart.ACCORD]
    assert serie.jours[0].jour < date(2020, 1, 1)
