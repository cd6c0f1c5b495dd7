"""L’échéancier public : la frise, son tableau, les filtres, la fiche, le papier."""

import statistics
import time
from datetime import date

import pytest
from bs4 import BeautifulSoup

from socle.metiers.echeancier.enums import Surete
from socle.metiers.echeancier.services.obligations import Public, cancel_obligation
from tests.factories import CompteFactory
from tests.metiers.echeancier.fabrique import create, create_beaucoup

pytestmark = pytest.mark.django_db
LISTE = "/echeancier/"


def soup(page) -> BeautifulSoup:
    assert page.status_code == 200
    return BeautifulSoup(page.text, "html.parser")


def list_titres(page) -> list[str]:
    return [lien.text for lien in soup(page).select("#tableau-echeances tbody th a")]


@pytest.mark.parametrize("dessin", [".gantt-large", ".gantt-etroite"])
def test_drawing_and_table_say_the_same_thing(client, semee, dessin):
    page = soup(client.get(LISTE))

    lignes = page.select("#tableau-echeances tbody tr")
    rangs = page.select(f"{dessin} a.rang")
    assert len(rangs) == len(lignes) == 25
    for rang, ligne in zip(rangs, lignes, strict=True):
        assert rang["href"] == ligne.select_one("th a")["href"]
        assert ligne.select_one("td[data-nom=Date]").contents[0].text in rang.text
        sure = ligne.select_one("td[data-nom=Sûreté]").text.strip().lower()
        assert sure in rang["aria-label"]
        assert rang.title.text == rang["aria-label"]


def test_drawing_has_a_title_a_description_and_unique_identifiers(client, semee):
    page = soup(client.get(LISTE))

    for dessin in page.select("svg.gantt"):
        assert page.find(id=dessin["aria-labelledby"]).name == "title"
        assert page.find(id=dessin["aria-describedby"]).name == "desc"
    identifiants = [balise["id"] for balise in page.select("[id]")]
    assert len(identifiants) == len(set(identifiants))


@pytest.mark.parametrize("nombre", [3, 60])
def test_number_of_queries_does_not_grow(client, count_sql, nombre):
    create_beaucoup(nombre)

    with count_sql() as compte:
        client.get(LISTE)

    assert len(compte.instructions) <= 5


def test_page_for_one_authority_stays_within_eight_queries(client, count_sql):
    create_beaucoup(200)

    with count_sql() as par_cle:
        client.get(f"{LISTE}?autorite=commune-92023&theme=actes&dates=a_venir&q=mesure")
    with count_sql() as par_nom:
        client.get(f"{LISTE}?c=saint")

    assert len(par_cle.instructions) <= 8
    assert len(par_nom.instructions) <= 8


def test_name_of_an_authority_leads_to_its_own_address(client, semee):
    reponse = client.get(f"{LISTE}?c=Clamart")

    assert reponse.status_code == 302
    assert reponse["Location"] == f"{LISTE}?autorite=commune-92023"
    page = client.get(reponse["Location"])
    assert "concernent Clamart" in page.text
    assert 'value="Clamart (92)"' in page.text


def test_several_authorities_of_one_name_are_offered(client, semee):
    page = soup(client.get(f"{LISTE}?c=saint-denis"))

    choix = page.select("section[aria-labelledby=choix-titre] a")
    assert len(choix) >= 2
    assert all("autorite=" in lien["href"] for lien in choix)


def test_unknown_authority_says_so_and_shows_everything(client, semee):
    page = client.get(f"{LISTE}?c=zzzzzzzz")

    assert "Collectivité introuvable" in page.text
    assert len(list_titres(page)) == 25


def test_authority_sees_only_what_concerns_it(client):
    create(slug="petites", titre="Petites", publics=(Public(genre="commune", population_max=3499),))
    create(slug="grandes", titre="Grandes", publics=(Public(genre="commune", population_min=3500),))
    create(slug="regions", titre="Régions", publics=(Public(genre="region"),))
    create(slug="toutes", titre="Toutes")

    assert list_titres(client.get(f"{LISTE}?autorite=commune-92023")) == ["Grandes", "Toutes"]


@pytest.mark.parametrize(
    ("filtre", "attendus"),
    [
        ("ministere=Justice", ["Estimée"]),
        ("theme=archives", ["Permanente"]),
        ("dates=a_venir", ["Future", "Estimée"]),
        ("dates=en_vigueur", ["Passée", "Permanente"]),
        ("dates=estimees", ["Estimée"]),
        ("dates=permanentes", ["Permanente"]),
        ("dates=reportees", []),
        ("genre=region", ["Future"]),
        ("taille=400", ["Future"]),
        ("territoire=reg-53", ["Future", "Passée", "Permanente"]),
        ("territoire=reg-11&theme=achats", ["Future", "Estimée", "Passée"]),
        ("q=DÉCRÈT+2026-9", ["Passée"]),
        ("q=rien+du+tout", []),
        ("theme=inconnu&dates=hier&taille=-1&annee=abc&genre=x&ministere=Z&territoire=dep-0", None),
    ],
)
def test_each_filter_keeps_what_it_says(client, filtre, attendus):
    etroit = (Public(genre="commune", population_min=10_000),)
    create(slug="a", titre="Future", jour=date(2099, 1, 1))
    create(slug="b", titre="Estimée", jour=date(2099, 2, 1), surete=Surete.ESTIMEE,
           ministere="Justice", publics=etroit, territoires=["dep-92"])  # fmt: skip
    create(slug="c", titre="Passée", jour=date(2020, 1, 1), reference="Décret n° 2026-9",
           publics=etroit)  # fmt: skip
    create(slug="d", titre="Permanente", jour=None, surete=Surete.PERMANENTE, theme="archives",
           publics=etroit)  # fmt: skip

    titres = list_titres(client.get(f"{LISTE}?{filtre}"))

    assert titres == (
        ["Future", "Estimée", "Passée", "Permanente"] if attendus is None else attendus
    )


def test_pages_follow_one_another_without_loss(client):
    create_beaucoup(60)
    vus, adresse = [], LISTE
    for _ in range(5):
        page = soup(client.get(adresse))
        vus += [lien["href"] for lien in page.select("#tableau-echeances tbody th a")]
        suite = page.select_one(".pagination a[rel=next]")
        if suite is None:
            break
        adresse = LISTE + suite["href"]

    assert len(vus) == len(set(vus)) == 60


@pytest.mark.parametrize("jeton", ["faux", "W10", "WyJhIiwgImIiXQ", "a" * 500])
def test_forged_page_token_goes_back_to_the_start(client, jeton):
    create_beaucoup(30)

    assert len(list_titres(client.get(f"{LISTE}?apres={jeton}"))) == 25


@pytest.mark.parametrize(
    "suite",
    [
        "autorite=%00", "c=%00", "q=%00%00", "ministere=%00", "annee=%00", "apres=%00", "genre=%00",
        "annee=99999999999999999999", "annee=-5", "taille=99999999999", "c=" + "a" * 5_000,
        "q=" + "%27%3B--" * 50, "autorite=../../etc", "q=%F0%9F%98%80", "c=%E2%80%AE",
    ],
)  # fmt: skip
def test_hostile_address_shows_the_page(client, obligation, suite):
    for chemin in ("/", ".ics", ".atom", ".json", "/integrer/", "/partager/", "/imprimer/"):
        assert client.get(f"/echeancier{chemin}?{suite}").status_code == 200


def test_hostile_event_is_not_found(client):
    assert client.get("/echeancier.ics?echeance=%00x").status_code == 404


def test_drawing_can_start_another_year(client, semee):
    page = soup(client.get(f"{LISTE}?annee=2030&theme=actes"))

    annees = [texte.text for texte in page.select(".gantt-large .an")]
    assert annees == ["2030", "2031", "2032"]
    assert page.select_one(".annees a[rel=next]")["href"] == "?theme=actes&annee=2031#frise"


def test_hostile_text_stays_text(client):
    texte = "<script>alert(2)</script> [x](javascript:a())"
    create(slug="hostile", titre="<script>alert(1)</script>", court='"><script>x</script>',
           ministere="<img src=x>", texte=texte)  # fmt: skip

    for adresse in (
        LISTE,
        "/echeancier/hostile/",
        "/echeancier/imprimer/",
        "/echeancier/integrer/",
    ):
        page = client.get(adresse).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page


def test_sheet_tells_text_steps_public_and_history(client, semee):
    page = client.get("/echeancier/factures-petites-entreprises/").text

    assert "art.\N{NO-BREAK SPACE}26" in page
    assert "Toutes les collectivités" in page
    assert "<del>1er\N{NO-BREAK SPACE}janv. 2026</del>" in page
    assert "La loi de finances pour 2024 a reporté la réforme" in page


def test_cancelled_sheet_stays_and_says_why(client, obligation, maintenant):
    cancel_obligation(
        obligation=obligation, motif="Le texte est abrogé.", acteur="agent:1", maintenant=maintenant
    )

    assert "Le texte est abrogé." in client.get(f"/echeancier/{obligation.slug}/").text
    assert "Aucune échéance ne répond" in client.get(LISTE).text


@pytest.mark.parametrize("slug", ["absente", "brouillon"])
def test_draft_or_unknown_sheet_is_not_found(client, slug):
    create(slug="brouillon", publiee=False)

    assert client.get(f"/echeancier/{slug}/").status_code == 404


def test_unchanged_page_is_not_sent_again(client, obligation, maintenant):
    premiere = client.get(LISTE)
    rappel = client.get(LISTE, headers={"If-None-Match": premiere["ETag"]})
    cancel_obligation(
        obligation=obligation, motif="Abrogé.", acteur="agent:1", maintenant=maintenant
    )
    change = client.get(LISTE, headers={"If-None-Match": premiere["ETag"]})

    assert (premiere.status_code, rappel.status_code, change.status_code) == (200, 304, 200)
    assert premiere["Cache-Control"] == "public, max-age=60"


def test_page_of_a_connected_person_is_not_shared(client, obligation):
    client.force_login(CompteFactory(agent=True))

    page = client.get(LISTE)

    assert "public" not in page["Cache-Control"]


def test_paper_has_every_line_in_sheets(client):
    create_beaucoup(40)

    page = soup(client.get("/echeancier/imprimer/"))

    assert [len(f.select("a.rang")) for f in page.select(".feuille")] == [12, 12, 12, 4]
    assert "feuille-a3" in page.body["class"]
    identifiants = [balise["id"] for balise in page.select("[id]")]
    assert len(identifiants) == len(set(identifiants))


@pytest.mark.lent
def test_every_public_page_answers_fast_with_three_thousand_lines(client):
    """La moitié du budget du banc, sur une machine partagée : médiane de vingt."""
    create_beaucoup(3_000)
    for adresse in (LISTE, f"{LISTE}?autorite=commune-92023", "/echeancier/echeance-12/"):
        client.get(adresse)
        durees = []
        for _ in range(20):
            debut = time.process_time()
            client.get(adresse)
            durees.append(time.process_time() - debut)
        assert statistics.median(durees) < 0.1
