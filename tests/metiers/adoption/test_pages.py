"""Pages publiques : ce qu’elles montrent, leur nombre de requêtes, leur ETag, leurs fichiers."""

import csv
import io
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.referentiels.models import Autorite
from socle.metiers.adoption.enums import Source, Usage
from socle.metiers.adoption.models import Brique, Fait
from socle.metiers.adoption.services import conventions
from socle.metiers.adoption.services.agregats import rebuild_tout
from socle.metiers.adoption.views.carte import PLACES, build_courbe
from tests.metiers.adoption.fabrique import CLAMART, create_charte, create_fait
from tests.metiers.espaces.fabrique import make_livrable, make_retour

SQL_MAX = 8


@pytest.fixture
def france(db, collectivite, maintenant):
    """Tchap dans le Nord, FranceConnect à Clamart, une charte signée."""
    for commune in Autorite.objects.filter(
        departement__in=("59", "33", "69"), genre="commune", tranche=3_500
    ).order_by("cle"):
        create_fait(commune.cle)
    create_fait(solution="franceconnect", source=Source.MESUREE)
    create_fait(solution="cloud-cercle-3", usage=Usage.PREVOIT, source=Source.DECLAREE)
    create_fait("commune-92002", "franceconnect", source=Source.FICTIVE)
    charte = create_charte()
    conventions.sign_convention(
        convention=charte, numero=1, collectivite=collectivite, fonction="Mairesse en titre",
        acteur="agent:7", maintenant=maintenant,
    )  # fmt: skip
    rebuild_tout(maintenant=maintenant)


PAGES = [
    "/collectivites/", "/collectivites/?q=clamart", "/collectivites/?q=92140",
    "/collectivites/?genre=epci", "/collectivites/?departement=59",
    f"/collectivites/{CLAMART}/", "/collectivites/departement-92/", "/collectivites/region-11/",
    "/collectivites/com-987/", "/collectivites/ecarts/", "/collectivites/ecarts/?solution=tchap",
    "/collectivites/ecarts/?solution=tchap&departement=92&tranche=3500",
    "/adoption/tchap/", "/adoption/tchap/?departement=59",
    f"/adoption/tchap/pres-de/{CLAMART}/", "/conventions/", "/conventions/charte/",
    "/collectivites/taux.csv", "/adoption/tchap/taux.csv", "/conventions/charte/adherentes.csv",
]  # fmt: skip


def test_public_pages_hold_their_budget_and_are_revalidated(client, france, count_sql):
    for adresse in PAGES:
        with count_sql() as compte:
            page = client.get(adresse)
        assert page.status_code == 200, adresse
        assert len(compte.instructions) <= SQL_MAX, (adresse, compte.instructions)
        assert "public" in page.headers["Cache-Control"]

        suite = client.get(adresse, headers={"If-None-Match": page.headers["ETag"]})

        assert suite.status_code == 304, adresse


INCONNUES = [
    "/collectivites/commune-00000/", "/collectivites/x/", "/collectivites/siren-219200235/",
    "/collectivites/siren-1/", "/adoption/inconnue/", "/adoption/inconnue/taux.csv",
    "/adoption/inconnue/collectivites.csv", "/adoption/tchap/pres-de/commune-0/",
    "/adoption/inconnue/pres-de/commune-92023/", "/conventions/inconnue/",
    "/conventions/inconnue/adherentes.csv",
]  # fmt: skip
HOSTILES = [
    "?genre=%27", "?departement=%00", "?departement=999&genre=x", "?solution=x&tranche=-1",
    "?tranche=99999999999999999999&departement=92", "?q=" + "%F0%9F%98%80" * 200, "?version=99",
    "?departement=92&tranche=%C2%B2",
]  # fmt: skip


def test_unknown_objects_are_not_found(client, france):
    assert {a: client.get(a).status_code for a in INCONNUES} == dict.fromkeys(INCONNUES, 404)


def test_hostile_choices_are_ignored(client, france):
    for suite in HOSTILES:
        for adresse in ("/collectivites/", "/collectivites/ecarts/", "/adoption/tchap/",
                        "/conventions/charte/"):  # fmt: skip
            assert client.get(f"{adresse}{suite}").status_code == 200, (adresse, suite)


def test_map_and_table_say_the_same(client, france):
    page = BeautifulSoup(client.get("/adoption/tchap/").text, "html.parser")

    carreaux = page.select(".carte-france a")
    assert len(carreaux) == len({c["href"] for c in carreaux}) >= 101
    nord = next(c for c in carreaux if c["aria-label"].startswith("Nord (59)"))
    ligne = next(
        tr for tr in page.select("#tableau-departements tbody tr")
        if tr.th.get_text(" ", strip=True) == "Nord 59"
    )  # fmt: skip
    utilisent, sur, taux, _prevus = (td.get_text(strip=True) for td in ligne.select("td"))
    assert f"{taux}, {utilisent} sur {sur} communes" in nord["aria-label"]
    assert nord.select("text")[-1].get_text() == taux
    assert "teinte-2" in nord["class"]


def test_rates_are_drawn_again_when_the_counts_change(client, france, count_sql, maintenant):
    avant = client.get("/adoption/tchap/").text
    with count_sql() as compte:
        assert client.get("/adoption/tchap/").text == avant
    assert len(compte.instructions) <= 4  # la carte et les tableaux sont gardés

    create_fait("commune-13055")
    rebuild_tout(maintenant=maintenant + timedelta(minutes=1))

    apres = BeautifulSoup(client.get("/adoption/tchap/").text, "html.parser")
    carreau = apres.select_one('.carte-france a[aria-label^="Bouches-du-Rhône"]')
    assert ", 1 sur " in carreau["aria-label"]


def test_curve_and_its_table_say_the_same_years(client, france, maintenant):
    create_fait("commune-13055", jour=date(2022, 7, 5))
    create_fait("commune-13001", jour=date(2022, 9, 5))
    rebuild_tout(maintenant=maintenant)

    page = BeautifulSoup(client.get("/adoption/tchap/").text, "html.parser")

    section = page.select_one('[aria-labelledby="t-temps"]')
    lignes = [(tr.time["datetime"], int(tr.td.text)) for tr in section.select("tbody tr")]
    total = Brique.objects.get(solution="tchap").utilisent
    assert lignes == [("2022-09", total), ("2020-04", total - 2)]
    trace = [tuple(map(int, p.split(","))) for p in section.polyline["points"].split()]
    assert [x for x, _ in trace] == sorted(x for x, _ in trace)
    haut = {texte.text: int(texte["y"]) - 4 for texte in section.select('text[text-anchor="end"]')}
    assert trace[-1][1] == haut[str(total)] < trace[0][1] == haut["0"]
    assert section.select_one('text[text-anchor="middle"]').text == "2021"


def test_grid_gives_each_department_its_own_tile():
    assert len(PLACES) == len(set(PLACES.values())) == 96 + 5 + 6


def test_page_of_an_authority_says_what_where_from_and_when(client, france):
    texte = " ".join(
        BeautifulSoup(client.get(f"/collectivites/{CLAMART}/").text, "html.parser")
        .get_text(" ", strip=True).split()
    )  # fmt: skip

    assert "Mesuré par Socle, le 1er avril 2020" in texte.replace("\N{NO-BREAK SPACE}", " ")
    assert "Déclaré par la collectivité" in texte
    assert "Ouvrir son portail de démarches" in texte
    assert "Charte d’essai" in texte
    assert "Mairesse" not in texte  # le signataire n’est pas publié


def test_fictitious_facts_are_called_so_on_every_page(client, france):
    for adresse in ("/collectivites/commune-92002/", "/adoption/franceconnect/",
                    "/collectivites/", "/collectivites/ecarts/?solution=franceconnect",
                    "/adoption/franceconnect/pres-de/commune-92023/"):  # fmt: skip
        assert "fictive" in client.get(adresse).text, adresse


def test_gap_view_leads_to_the_names(client, france):
    page = BeautifulSoup(client.get("/collectivites/ecarts/?solution=tchap").text, "html.parser")
    lien = next(a for a in page.select("a") if a["href"].endswith("#absentes"))

    absentes = BeautifulSoup(
        client.get("/collectivites/ecarts/" + lien["href"]).text, "html.parser"
    )

    assert len(absentes.select(".colonnes-liste a")) >= 5


def test_those_who_succeeded_are_read_on_the_gap_view(client, france, collectivite, maintenant):
    premieres = Autorite.objects.filter(departement="59", genre="commune", tranche=3_500)
    for commune in premieres.order_by("cle")[:6]:
        create_fait(commune.cle, usage=Usage.PREVOIT, jour=date(2020, 3, 2))
        create_fait(commune.cle, "franceconnect")
    create_charte("secrete", ouverte=False)
    commun = {"liens": ["solution:tchap"]}
    make_retour(collectivite, etat="publie", titre="Un mois d’essai", **commun)
    make_retour(collectivite, etat="propose", titre="Pas encore relu", **commun)
    make_livrable(titre="Guide de prise en main", **commun)
    rebuild_tout(maintenant=maintenant)
    adresse = "/collectivites/ecarts/?solution="

    page = BeautifulSoup(client.get(f"{adresse}tchap").text, "html.parser")

    section = page.select_one('[aria-labelledby="t-reussites"]')
    dites = {li.a["href"]: " ".join(li.get_text(" ", strip=True).split())
             for li in section.select("li")}  # fmt: skip
    assert sorted(dites) == ["/adoption/franceconnect/", "/conventions/charte/",
                             "/retours/un-mois-d-essai/"]  # fmt: skip
    utilisent = Brique.objects.get(solution="tchap").utilisent
    part = f"{600 / utilisent:.1f}".replace(".", ",") if utilisent > 60 else round(600 / utilisent)
    assert f"{part} % d’entre elles (6)" in dites["/adoption/franceconnect/"].replace("\xa0", " ")
    assert "Clamart" in dites["/retours/un-mois-d-essai/"]
    assert "1 adhérente" in dites["/conventions/charte/"]
    assert "en 30 jours au plus" in section.get_text(" ")
    assert "Choisissez une solution" in client.get(adresse).text


def test_csv_of_users_gives_the_source_and_neutralises_formulas(client, france, maintenant):
    Autorite.objects.filter(cle=CLAMART).update(nom='=cmd|"/c calc"!A1')
    reponse = client.get("/adoption/franceconnect/collectivites.csv")
    contenu = b"".join(reponse.streaming_content).decode("utf-8-sig")

    lignes = list(csv.DictReader(io.StringIO(contenu), delimiter=";"))

    assert {ligne["cle"] for ligne in lignes} == {CLAMART, "commune-92002"}
    [clamart] = [ligne for ligne in lignes if ligne["cle"] == CLAMART]
    assert clamart["nom"].startswith("'=")
    assert clamart["source"] == "mesuré par Socle"


def test_csv_of_rates_adds_up_to_the_page(client, france):
    def read(adresse):
        texte = client.get(adresse).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(texte), delimiter=";"))

    lignes = read("/adoption/tchap/taux.csv")
    assert sum(int(ligne["collectivites"]) for ligne in lignes) == Autorite.objects.count()
    assert sum(int(ligne["utilisent"]) for ligne in lignes) == Brique.objects.get(
        solution="tchap").utilisent  # fmt: skip
    assert {ligne["nom"] for ligne in lignes if int(ligne["importe"])} == {
        "Nord", "Gironde", "Rhône"}  # fmt: skip
    [clamart] = [ligne for ligne in read("/adoption/franceconnect/taux.csv")
                 if int(ligne["mesure"])]  # fmt: skip
    assert [clamart[n] for n in ("departement", "genre", "utilisent", "mesure", "fictif")] == [
        "92", "Commune", "2", "1", "1"]  # fmt: skip
    toutes = sum(int(ligne["utilisent"]) for ligne in read("/collectivites/taux.csv"))
    assert toutes == Fait.objects.filter(usage="utilise").values("autorite").distinct().count()


def test_csv_of_adherents_never_names_a_person(client, france):
    contenu = client.get("/conventions/charte/adherentes.csv").text

    assert "Clamart" in contenu
    assert "Mairesse" not in contenu
    assert "agent:" not in contenu


def test_search_finds_by_postal_code(client, france):
    assert f'href="/collectivites/{CLAMART}/"' in client.get("/collectivites/?q=92140").text
    assert "Aucune collectivité" in client.get("/collectivites/?q=zzzzzz").text


def test_hostile_text_of_a_convention_is_escaped(client, db, maintenant):
    charte = create_charte("piege")
    conventions.publish_version(
        convention=charte, texte='<img src=x onerror=alert(1)> [a](javascript:alert(1))',
        changement="<b>", acteur="agent:1", maintenant=maintenant,
    )  # fmt: skip

    page = client.get("/conventions/piege/").text

    assert "<img" not in page
    assert 'href="javascript' not in page


def test_empty_installation_still_shows_its_pages(client, db):
    for adresse in ("/collectivites/", "/collectivites/ecarts/", "/conventions/",
                    f"/collectivites/{CLAMART}/"):  # fmt: skip
        assert client.get(adresse).status_code == 200
    assert "Aucun fait connu" in client.get("/collectivites/").text


def test_solution_of_the_catalogue_nobody_uses_yet_has_its_page(client, db, monkeypatch):
    from socle.metiers.adoption.ports import solutions

    monkeypatch.setattr(solutions, "_par_code", {"essai": lambda: ["neuve"]})

    assert "0 collectivité" in client.get("/adoption/neuve/").text
    assert "Personne de connu" in client.get(f"/adoption/neuve/pres-de/{CLAMART}/").text
    assert client.get("/adoption/autre/").status_code == 404


def test_curve_of_no_history_is_none(maintenant):
    assert build_courbe([], maintenant.date()) is None
