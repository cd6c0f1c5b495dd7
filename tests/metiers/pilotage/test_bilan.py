"""Le bilan, refait des données : chaque nombre du document avec son origine, la page, le PDF."""

import re
import time
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import outloud
import pdfua
import pikepdf
import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext

from socle.metiers.pilotage.exports.bilan import build_pdf_bilan
from socle.metiers.pilotage.models import (
    Action,
    EvenementCle,
    Indicateur,
    Preuve,
    Programme,
    Releve,
    Temoignage,
    Valeur,
)
from socle.metiers.pilotage.queries.bilan import Periode, draw_series, read_bilan
from tests.metiers.pilotage.chiffres_000 import CHIFFRES, EN_LETTRES, HORS_COMPTE, Chiffre
from tests.pdf import read_texte

pytestmark = pytest.mark.django_db
SOURCES = Path(__file__).parents[4] / "shared" / "sources"
MAINTENANT = datetime(2026, 11, 21, 10, tzinfo=UTC)
PAGE = "/programme/2018-2020/bilan/"
PDF = "/programme/2018-2020/bilan.pdf"
DOCUMENT = "Bilan 2018-2020"
PARTIES = (  # éditorial ou contexte, chiffres, faits, axes et témoignages, partenaires
    "Le programme est l’une des mesures de la conférence nationale",
    "Ce qui se contredit",
    "Cité en exemple par l’ONU",
    "Le président de Déclic",
    "Les Interconnectés",
)


@pytest.fixture
def seme(programmes, db):
    """Les deux programmes."""


def squeeze(texte: str) -> str:
    return " ".join(texte.replace("\xa0", " ").replace("\u202f", " ").split())


def list_lignes(page: Tag, place: str) -> set[tuple[str, str]]:
    """Nombre avec son unité, et endroit, de chaque ligne des tableaux d’une section."""
    return {
        (
            squeeze(ligne.select_one('[data-nom="Nombre"]').get_text(" ")).removesuffix(
                " Se contredit"
            ),
            squeeze(ligne.select_one('[data-nom="Où c’est écrit"]').get_text(" ")),
        )
        for ligne in page.select(f"{place} tbody tr")
        if ligne.select_one('[data-nom="Où c’est écrit"]')
    }


def test_page_carries_every_figure_of_the_document_with_its_place(client, seme):
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")
    lus = {axe: list_lignes(page, f"#axe-{axe}") for axe in (1, 2, 3, 4)}
    lus[0] = list_lignes(page, 'section[aria-labelledby="t-autres"]')

    absents = [
        c
        for c in CHIFFRES
        if (f"{c.nombre} {c.unite}", f"{DOCUMENT}, {c.endroit}") not in lus[c.axe]
    ]

    assert absents == []
    assert len(set(CHIFFRES)) == len(CHIFFRES) == 118


def test_hand_list_misses_no_number_of_the_document():
    """Compte les nombres du document un à un : ce qui n’est pas relevé est écarté par son nom."""
    try:
        [document] = SOURCES.glob("000_*.txt")
    except ValueError:
        pytest.skip(f"document 000 absent de {SOURCES}")
    texte = re.sub(r"\(https?://[^)]*\)", "", document.read_text())
    ecrits = Counter(n.replace(" ", "") for n in re.findall(r"\d+(?: \d{3}\b)*(?:,\d+)?", texte))
    releves = Counter(re.search(r"\d.*", c.nombre)[0].replace(" ", "") for c in CHIFFRES)

    assert dict(ecrits - releves) == HORS_COMPTE
    assert dict(releves - ecrits) == EN_LETTRES


def test_page_shows_no_read_figure_that_the_document_does_not_write(client, seme):
    """À l’inverse : chaque valeur lue du bilan est dans la liste faite à la main."""
    bilan = read_bilan("2018-2020", Periode())
    lues = [
        valeur
        for serie in bilan.series
        for jour in serie.jours
        for valeur in jour.valeurs
        if not valeur.calculee
    ]

    assert len(lues) == len(CHIFFRES)


def test_pdf_carries_every_figure_of_the_document_with_its_place(client, seme):
    texte = read_texte(client.get(PDF).content, par_cases=True)

    absents = [c for c in CHIFFRES if not build_motif(c).search(texte)]

    assert absents == []
    places = [texte.rindex(mot) for mot in PARTIES]
    assert places == sorted(places)
    objets = [
        *Action.objects.filter(axe__programme__code="2018-2020").order_by("pk"),
        *Temoignage.objects.filter(programme__code="2018-2020").order_by("pk"),
    ]
    assert len(objets) > 20
    for dit in objets:  # le début : la suite peut passer la page
        assert squeeze(getattr(dit, "titre", "") or dit.texte)[:40] in texte, dit


def build_motif(chiffre: Chiffre) -> re.Pattern[str]:
    """Le nombre, son unité, sa date, puis l’endroit : les cases d’une même ligne."""
    nombre = re.escape(f"{chiffre.nombre} {chiffre.unite}")
    quand = r"(?:(?:\d+ )?\S+ )?\d{4}"
    place = re.escape(f"{DOCUMENT}, {chiffre.endroit}")
    return re.compile(rf" {nombre}(?:, se contredit)? {quand} {place}")


def test_contradictions_come_first_with_both_origins(client, seme):
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")

    lignes = list_lignes(page, "#chiffres")

    assert ("699 collectivités", f"{DOCUMENT}, Socle commun, principales réalisations") in lignes
    assert ("plus de 700 collectivités", f"{DOCUMENT}, Éditorial") in lignes
    assert ("215 démarches", f"{DOCUMENT}, Socle commun, principales réalisations") not in lignes


def test_page_has_every_part_in_order(client, seme):
    texte = squeeze(BeautifulSoup(client.get(PAGE).text, "html.parser").get_text(" "))
    places = [texte.rindex(mot) for mot in (*PARTIES, "Recommandations de l’axe 4")]
    assert places[:-1] == sorted(places[:-1])
    assert texte.rindex("Recommandations de l’axe 1") < places[-1] < places[-2]
    for action in Action.objects.filter(axe__programme__code="2018-2020"):
        assert squeeze(f"{action.numero}. {action.titre}") in texte
    for temoignage in Temoignage.objects.filter(programme__code="2018-2020"):
        assert squeeze(temoignage.texte) in texte


@pytest.mark.parametrize("code", ["2018-2020", "2015-2017"])
def test_page_costs_eight_queries_at_most(client, seme, code):
    adresse = f"/programme/{code}/bilan/"
    client.get(adresse)  # gabarits lus

    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(adresse)

    assert reponse.status_code == 200
    assert len(requetes) <= 8, [r["sql"][:200] for r in requetes]


@pytest.mark.parametrize("adresse", [PAGE, PDF])
def test_unchanged_bilan_answers_304(client, seme, adresse):
    premiere = client.get(adresse)

    suite = client.get(adresse, headers={"If-None-Match": premiere["ETag"]})
    Valeur.objects.filter(indicateur__code="cos").update(nombre=7)
    changee = client.get(adresse, headers={"If-None-Match": premiere["ETag"]})

    assert suite.status_code == 304
    assert changee.status_code == 200
    assert "public" in premiere["Cache-Control"]


@pytest.mark.lent
def test_pdf_is_accessible_and_structured(client, seme, tmp_path):
    fichier = tmp_path / "bilan.pdf"
    fichier.write_bytes(client.get(PDF).content)

    assert [str(constat) for constat in outloud.check(str(fichier)).findings] == []
    assert [str(faute) for faute in pdfua.validate(str(fichier)).findings] == []
    with pikepdf.open(fichier) as pdf:
        assert str(pdf.Root.Lang).startswith("fr")
        assert "Bilan 2018-2020" in str(pdf.docinfo["/Title"])
        genres = list_genres(pdf.Root.StructTreeRoot)
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/L"} <= genres


def list_genres(noeud) -> set[str]:
    genres, reste = set(), [noeud]
    while reste:
        courant = reste.pop()
        if isinstance(courant, pikepdf.Array):
            reste += list(courant)
        elif isinstance(courant, pikepdf.Dictionary):
            genres.add(str(courant.get("/S", "")))
            reste += [courant.K] if "/K" in courant else []
    return genres


def test_pdf_of_a_programme_is_made_within_two_seconds(seme):
    bilan = read_bilan("2018-2020", Periode())
    build_pdf_bilan(bilan, {})  # polices et gabarit lus

    debut = time.process_time()
    build_pdf_bilan(read_bilan("2018-2020", Periode()), {})

    assert time.process_time() - debut <= 2


def test_period_keeps_only_what_is_dated_in_it(seme):
    bilan = read_bilan("2018-2020", Periode(date(2019, 1, 1), date(2019, 12, 31)))

    annees = {jour.jour.year for serie in bilan.series for jour in serie.jours}
    assert annees == {2019}
    assert {annee for annee, _ in bilan.evenements} == {2019}
    assert bilan.nombre_actions == 20


def test_period_is_said_by_the_page_and_the_pdf(client, seme):
    page = client.get(PAGE, {"debut": "2019-01-01", "fin": "2019-12-31"}).text
    texte = read_texte(client.get(PDF, {"debut": "2019-01-01", "fin": "2019-12-31"}).content)

    assert "bilan.pdf?debut=2019-01-01&amp;fin=2019-12-31" in page
    assert "du 1er janvier 2019 au 31 décembre 2019" in texte
    assert "Premier forum" in page
    assert "Cité en exemple par l’ONU" not in page


@pytest.mark.parametrize(
    ("jour", "dedans"),
    [
        (date(2018, 9, 30), False),
        (date(2018, 10, 1), True),
        (date(2018, 12, 31), True),
        (date(2019, 1, 1), False),
    ],
)
def test_quarter_is_in_a_period_of_one_of_its_days(jour, dedans):
    assert Periode(jour, jour).has_trimestre(2018, 4) is dedans


@pytest.mark.parametrize(
    "periode",
    [
        {"debut": "demain"},
        {"debut": "2019-12-31", "fin": "2019-01-01"},
        {"debut": "\x00", "fin": "'--"},
        {"fin": "9" * 300},
        {"debut": "0001-01-01", "fin": "9999-12-31"},
    ],
)
def test_hostile_period_answers_calmly(client, seme, periode):
    assert client.get(PAGE, periode).status_code == 200
    assert client.get(PDF, periode).status_code == 200


def test_reversed_period_says_why(client, seme):
    page = client.get(PAGE, {"debut": "2019-12-31", "fin": "2019-01-01"}).text

    assert "La fin vient avant le début" in page


def test_empty_period_says_that_nothing_is_dated(client, seme):
    page = client.get(PAGE, {"debut": "1999-01-01", "fin": "1999-12-31"}).text

    assert "Aucun nombre n’est daté de cette période" in page
    assert client.get(PDF, {"debut": "1999-01-01", "fin": "1999-12-31"}).status_code == 200


def test_measured_figure_of_the_period_is_its_last_one(seme):
    mesure = Indicateur.objects.exclude(mesure="").first()
    for jour, nombre in ((date(2019, 3, 1), 5), (date(2019, 9, 1), 8), (date(2021, 1, 1), 9)):
        Releve.objects.create(mesure=mesure.mesure, jour=jour, nombre=nombre)

    bilan = read_bilan("2018-2020", Periode())
    serie = next(s for s in bilan.series if s.indicateur.pk == mesure.pk)

    assert serie.dernier.principale.nombre == 8


def test_evidence_and_withdrawn_things(client, seme):
    Preuve.objects.create(
        cible="action:2018-2020-1-4", etat_avant="en_cours", etat="faite", texte="Campagne finie",
        date_constat=date(2020, 12, 1), par_nom="Claire Delmas",
    )  # fmt: skip
    EvenementCle.objects.filter(titre__startswith="Cité").update(retire=True)
    Indicateur.objects.filter(code="cos").update(retire=True)

    page = client.get(PAGE).text

    assert "Campagne finie" in page
    assert "Cité en exemple par l’ONU" not in page
    assert "Commissions d’orientation stratégique tenues" not in page


@pytest.mark.parametrize("adresse", [PAGE, PDF])
def test_withdrawn_or_unknown_programme_has_no_bilan(client, seme, adresse):
    Programme.objects.filter(code="2018-2020").update(retire=True)

    assert client.get(adresse).status_code == 404
    assert client.get(adresse.replace("2018-2020", "inconnu")).status_code == 404


def test_empty_programme_has_a_bilan(client, db):
    Programme.objects.create(
        code="vide", titre="Vide", date_debut=date(2030, 1, 1), date_fin=date(2030, 12, 31)
    )

    assert "L’équipe n’en a pas encore noté" in client.get("/programme/vide/bilan/").text
    assert client.get("/programme/vide/bilan.pdf").status_code == 200


def test_longest_bar_is_the_greatest_number_and_its_table_says_it(client, seme):
    bilan = read_bilan("2018-2020", Periode())

    graphe = bilan.axes[0].graphe

    assert graphe.titre == "En collectivités"
    parts = [Decimal(barre.largeur) for barre in graphe.barres]
    assert parts[0] == 100
    assert parts == sorted(parts, reverse=True)
    assert graphe.barres[0].contredit
    assert draw_series([]) is None
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")
    for place in page.select('section[id^="axe-"]:has(figure.barres)'):
        lignes = {nombre.rpartition(" ")[0] for nombre, _ in list_lignes(place, "")}
        for barre in place.select("figure.barres dd"):
            nombre = squeeze(barre.b.text)
            assert barre.svg.rect["height"] == "4"
            assert any(ligne.startswith(nombre) for ligne in lignes), nombre
    dessinees = [barre["width"] for barre in page.select("#axe-1 figure.barres rect")]
    assert dessinees == [barre.largeur for barre in graphe.barres]


def test_programme_leads_to_its_bilan(client, seme):
    assert f'href="{PAGE}"' in client.get("/programme/2018-2020/").text
