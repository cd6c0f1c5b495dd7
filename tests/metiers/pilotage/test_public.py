"""Pages publiques : ce qu’elles montrent, ce qu’elles coûtent, ce qu’un cache en garde."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from socle.fondations.commun.fiches import map_fiches
from socle.fondations.commun.semences import semences
from socle.metiers.pilotage.models import (
    Action,
    Axe,
    Indicateur,
    Preuve,
    Programme,
    Recommandation,
)
from socle.metiers.pilotage.models.action import RUBRIQUES
from socle.metiers.pilotage.queries.fiches import (
    find_actions,
    find_indicateurs,
    list_citant,
    search_programme,
)
from socle.metiers.pilotage.services import record_releves
from socle.metiers.pilotage.services.preuves import load_preuves
from tests.architecture.adresses import INSTALLATION, list_adresses

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 21, 10, tzinfo=UTC)
PAGES = [
    "/",
    "/programme/",
    "/programme/2018-2020/",
    "/programme/2015-2017/",
    "/programme/axe/2018-2020-1/",
    "/programme/action/2018-2020-1-1/",
    "/programme/recommandation/2015-2017-3/",
    "/programme/echos/?cle=action:2018-2020-1-1",
    "/indicateurs/",
    "/indicateurs/franceconnect-collectivites/",
    "/indicateurs/franceconnect-collectivites/valeurs.csv",
    "/recherche/",
    "/recherche/?q=franceconnect",
]
# Pages sans en-tête, faites pour le site d’un autre.
SANS_PARTAGE = {"/actualites/integrer/", "/echeancier/integrer/"}


@pytest.fixture
def seme(programmes, db):
    record_releves(MAINTENANT.date())


def lire(reponse) -> str:
    return " ".join(BeautifulSoup(reponse.text, "html.parser").get_text(" ").split())


@pytest.mark.parametrize(
    "read",
    [
        lambda: search_programme("franceconnect portails"),
        lambda: list_citant("solution:franceconnect"),
        lambda: find_actions([f"action:2018-2020-1-{n}" for n in range(1, 7)]),
        lambda: find_indicateurs(["indicateur:cos", "indicateur:inp"]),
    ],
    ids=["recherche", "rappels", "actions", "indicateurs"],
)
def test_what_other_trades_ask_costs_one_query(seme, read, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert read().read()


def test_unchanged_pages_answer_304_and_may_be_cached(client, seme):
    for page in PAGES:
        premiere = client.get(page)
        suite = client.get(page, headers={"If-None-Match": premiere["ETag"]})
        assert suite.status_code == 304, page
        assert "public" in premiere["Cache-Control"], page


def test_page_of_a_person_is_kept_by_no_cache(client, seme, membre):
    client.force_login(membre)

    assert "no-store" in client.get("/programme/")["Cache-Control"]


def test_home_shows_every_axis_with_actions_and_figures(client, seme):
    texte = lire(client.get("/"))

    assert "4 axes, 20 actions" in texte
    for axe in Axe.objects.filter(programme__code="2018-2020"):
        assert axe.titre_court in texte
    assert "Un numéro, de la demande à l’archive" in texte
    assert "mesuré par Socle le" in texte


def test_choice_of_an_authority_has_its_own_page(client, seme):
    assert "Vos démarches, chez vous" in lire(client.get("/portails/"))
    assert 'href="/portails/"' in client.get("/").text


def test_programme_page_shows_all_its_parts(client, seme):
    texte = lire(client.get("/programme/2018-2020/"))

    assert "4 axes, 20 actions, 16 recommandations" in texte
    assert "Quatrième trimestre 2018" in texte
    assert "Cité en exemple par l’ONU" in texte
    assert "Les Interconnectés" in texte


@pytest.mark.parametrize("code", ["2018-2020-1-1", "2018-2020-2-4", "2018-2020-4-4"])
def test_action_leads_to_what_carries_it_out(client, seme, code):
    page = BeautifulSoup(client.get(f"/programme/action/{code}/").text, "html.parser")

    liens = [lien["href"] for lien in page.select("#contenu .liens-fiches a, #contenu .chiffres a")]
    assert liens


def test_sheet_shows_its_headings_its_leads_its_horizon_and_the_axis_its_ambition(client, seme):
    fiche = Recommandation.objects.get(code="2015-2017-3")
    page = BeautifulSoup(client.get("/programme/recommandation/2015-2017-3/").text, "html.parser")

    assert fiche.horizon == "moyen"
    assert "Moyen terme" in [mot.text.strip() for mot in page.select("#contenu .badge")]
    dits = {dt.text: dt.find_next_sibling("dd").get_text(" ", strip=True)
            for dt in page.select('[aria-labelledby="t-fiche"] dt')}  # fmt: skip
    assert list(dits) == [*RUBRIQUES.values(), "Qui pilote", "Avec qui"]
    assert (dits["Qui pilote"], dits["Avec qui"]) == (fiche.pilotes, fiche.partenaires)
    for axe in Axe.objects.filter(programme__code="2018-2020").order_by("numero"):
        assert axe.ambition
        assert axe.ambition in lire(client.get(f"/programme/axe/{axe.code}/"))


@pytest.mark.lent
def test_every_public_object_has_a_page(client, seme):
    adresses = [
        *(f"/programme/axe/{code}/" for code in Axe.objects.values_list("code", flat=True)),
        *(f"/programme/action/{c}/" for c in Action.objects.values_list("code", flat=True)),
        *(
            f"/programme/recommandation/{c}/"
            for c in Recommandation.objects.values_list("code", flat=True)
        ),
        *(f"/indicateurs/{c}/" for c in Indicateur.objects.values_list("code", flat=True)),
    ]
    assert [a for a in adresses if client.get(a).status_code != 200] == []


@pytest.mark.parametrize(
    ("modele", "code", "adresse"),
    [
        (Programme, "2018-2020", "/programme/action/2018-2020-1-1/"),
        (Axe, "2018-2020-1", "/programme/action/2018-2020-1-1/"),
        (Action, "2018-2020-1-1", "/programme/action/2018-2020-1-1/"),
        (Programme, "2015-2017", "/programme/recommandation/2015-2017-3/"),
        (Recommandation, "2015-2017-3", "/programme/recommandation/2015-2017-3/"),
        (Indicateur, "cos", "/indicateurs/cos/"),
        (Programme, "2018-2020", "/indicateurs/cos/"),
    ],
)
def test_withdrawn_object_has_no_public_page(client, seme, modele, code, adresse):
    modele.objects.filter(code=code).update(retire=True)

    assert client.get(adresse).status_code == 404


def test_echoes_of_nothing_are_not_found(client, seme):
    for cle in ("", "x", "action:", "action:absente", "a" * 500, "solution:'--"):
        assert client.get("/programme/echos/", {"cle": cle}).status_code == 404, cle


@pytest.mark.parametrize(
    ("texte", "trouve"),
    [
        ("franceconnect portails", "FranceConnect sur les portails"),
        ("ECHEANCIER", "Tenir l’échéancier"),
        ("archivage électronique", "archives"),
    ],
)
def test_search_ignores_accents_and_case(client, seme, texte, trouve):
    assert trouve in lire(client.get("/recherche/", {"q": texte}))


def test_hostile_search_answers_calmly(client, seme):
    for texte in ("a", "%", "'\"--", "\x00\x00", "x" * 5000, "<script>alert(1)</script>", "  "):
        reponse = client.get("/recherche/", {"q": texte})
        assert reponse.status_code == 200, texte
        assert "<script>alert" not in reponse.text


def test_search_takes_a_percent_as_a_percent(client, seme):
    assert "Rien pour ces mots" in lire(client.get("/recherche/", {"q": "zz%zz"}))


def test_what_is_said_done_is_proven_by_the_report_and_shown(client, seme):
    """Chaque fiche « faite » ou « en service » dit l’endroit, la date et le fait, une fois."""
    tenues = [
        fiche
        for modele in (Action, Recommandation)
        for fiche in modele.objects.filter(etat__in=["faite", "en_service"]).order_by("pk")
    ]
    preuves = {preuve.cible: preuve for preuve in Preuve.objects.order_by("pk")}
    assert len(tenues) > 15
    assert [f.cle for f in tenues if getattr(preuves.get(f.cle), "etat", "") != f.etat] == []
    actions = [preuves[action.cle] for action in Action.objects.order_by("pk")]
    sans_endroit = [p.cible for p in actions if not p.texte.startswith("Bilan 2018-2020, axe")]
    assert (sans_endroit, {p.date_constat.year for p in actions}) == ([], {2020})
    liens = {preuve.lien for preuve in preuves.values() if not preuve.lien.startswith("solution:")}
    assert sorted(liens - {""} - set(map_fiches(liens))) == []

    page = lire(client.get("/programme/action/2018-2020-2-4/"))
    assert "Un échéancier 2018-2023 a été construit avec les ministères et diffusé" in page
    assert "Constaté le 31 décembre 2020" in page
    assert "Aucune preuve" not in page

    assert load_preuves(MAINTENANT) == 0  # rejouée, la semence n’ajoute rien
    assert Preuve.objects.count() == len(preuves)


def test_every_axis_action_and_recommendation_leads_to_something_that_exists(seme):
    semences["20-catalogue"](MAINTENANT)
    objets = [
        objet for modele in (Axe, Action, Recommandation) for objet in modele.objects.order_by("pk")
    ]
    trouves = map_fiches({lien for objet in objets for lien in objet.liens})

    assert len(objets) > 50
    assert [o.cle for o in objets if not any(lien in trouves for lien in o.liens)] == []


def test_every_public_page_says_what_networks_show_of_its_link(client, seme):
    """Titre, phrase, adresse, genre et site (Open Graph) ; le titre est celui de la page."""
    fixes = {
        f"/{route}"
        for route, adresse in list_adresses(INSTALLATION).items()
        if adresse.vue.__module__.startswith("socle.metiers.")
        and adresse.est_publique
        and "<" not in route
    }
    phrases, sans = {}, set()
    for page in sorted(fixes | {adresse for adresse in PAGES if "?" not in adresse}):
        reponse = client.get(page)
        if reponse.status_code != 200 or not reponse["Content-Type"].startswith("text/html"):
            continue
        lu = BeautifulSoup(reponse.content, "html.parser")
        metas = {m["property"]: m["content"] for m in lu.select('meta[property^="og:"]')}
        if not metas:
            sans.add(page)
            continue
        phrases[page] = metas["og:description"]
        titre = lu.title.text.rpartition(" · ")[0]
        attendus = {"og:title": titre, "og:url": f"{settings.ADRESSE}{page}"}
        assert {nom: metas[nom] for nom in attendus} == attendus, page
        assert metas["og:site_name"] == settings.NOM_INSTALLATION, page
        assert metas["og:type"] in ("website", "article"), page
        assert lu.select_one('meta[name="description"]')["content"] == phrases[page] != "", page
    assert sans == SANS_PARTAGE
    propres = ["/", "/programme/2018-2020/", "/echeancier/", "/catalogue/", "/boite-a-outils/"]
    assert len({phrases[page] for page in propres}) == len(propres)
    assert phrases["/programme/axe/2018-2020-1/"].startswith("Construire un socle commun d’appl")
