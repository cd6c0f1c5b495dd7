"""« Ce qui tombe sur ma collectivité, et quand » : les pages des agents."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.fiches import (
    Fiche,
    build_encarts,
    encarts_accueil,
    encarts_autorite,
    list_rappels,
    map_fiches,
    search_partout,
)
from socle.fondations.commun.mesures import mesures
from socle.fondations.comptes.enums import Role
from socle.fondations.referentiels.queries import get_autorite
from socle.metiers.echeancier.enums import EtatSuivi, Surete
from socle.metiers.echeancier.models import SuiviEcheance
from socle.metiers.echeancier.permissions import SUIVEURS
from socle.metiers.echeancier.queries.suivis import ReglageAlertes, get_reglage_alertes
from socle.metiers.echeancier.services.obligations import Public
from tests.deux_pages import check_deux_pages
from tests.factories import AdhesionFactory
from tests.metiers.echeancier.fabrique import create, create_beaucoup

pytestmark = pytest.mark.django_db
LISTE = "/c/clamart/agent/echeancier/"


@pytest.fixture
def connecte(client, agent):
    client.force_login(agent)
    return client


def list_titres(page) -> list[str]:
    soupe = BeautifulSoup(page.text, "html.parser")
    return [lien.text for lien in soupe.select("tbody th a")]


def test_list_shows_only_what_falls_on_the_authority(connecte, collectivite):
    create(slug="petites", titre="Petites", publics=(Public(genre="commune", population_max=10),))
    create(slug="toutes", titre="Toutes")
    create(slug="regions", titre="Régions", publics=(Public(genre="region"),))

    assert list_titres(connecte.get(LISTE)) == ["Toutes"]


@pytest.mark.parametrize("nombre", [3, 40])
def test_list_keeps_a_constant_number_of_queries(connecte, count_sql, nombre):
    create_beaucoup(nombre)
    connecte.get(LISTE)

    with count_sql() as compte:
        connecte.get(LISTE)

    assert len(compte.instructions) <= 8, compte.instructions


@pytest.mark.parametrize("role", SUIVEURS)
def test_any_agent_says_where_the_authority_stands(client, collectivite, obligation, role):
    compte = AdhesionFactory(collectivite=collectivite, role=role).compte
    client.force_login(compte)

    reponse = client.post(f"{LISTE}seuil-demo/", {"etat": "en_cours", "note": "Devis demandé."})

    assert reponse["Location"] == LISTE
    suivi = SuiviEcheance.objects.get()
    assert (suivi.etat, suivi.note, suivi.par) == (EtatSuivi.EN_COURS, "Devis demandé.", compte)
    page = client.get(LISTE).text
    assert "Devis demandé." in page
    assert "Ada Fournel" in page


def test_not_concerned_asks_why(connecte, collectivite, obligation):
    sans = connecte.post(f"{LISTE}seuil-demo/", {"etat": "non_concerne"})
    avec = connecte.post(f"{LISTE}seuil-demo/", {"etat": "non_concerne", "note": "Pas de régie."})

    assert (sans.status_code, avec.status_code) == (422, 302)
    assert "Dites pourquoi" in sans.text


def test_list_filters_by_state(connecte, collectivite, agent):
    create(slug="une", titre="Une")
    create(slug="autre", titre="Autre")
    connecte.post(f"{LISTE}une/", {"etat": "fait"})

    assert list_titres(connecte.get(f"{LISTE}?etat=fait")) == ["Une"]
    assert list_titres(connecte.get(f"{LISTE}?etat=a_faire")) == ["Autre"]
    assert list_titres(connecte.get(f"{LISTE}?etat=en_cours")) == []
    assert len(list_titres(connecte.get(f"{LISTE}?etat=inconnu"))) == 2
    compteurs = BeautifulSoup(connecte.get(LISTE).text, "html.parser").select(".compteurs b")
    assert [c.text for c in compteurs] == ["2", "1", "0", "1", "0"]


def test_only_the_administrator_sets_reminders(client, collectivite, agent, administrateur):
    client.force_login(agent)
    refuse = client.post(f"{LISTE}rappels/", {"delais": "10"})
    client.force_login(administrateur)
    faux = client.post(f"{LISTE}rappels/", {"delais": "demain", "roles": ["dpo"]})
    sans_role = client.post(f"{LISTE}rappels/", {"delais": "10"})
    bon = client.post(f"{LISTE}rappels/", {"delais": "15, 60,15", "roles": ["dpo"]})

    statuts = [r.status_code for r in (refuse, faux, sans_role, bon)]
    assert statuts == [403, 422, 422, 302]
    assert get_reglage_alertes(collectivite) == ReglageAlertes((60, 15), (Role.DPO.value,))


def test_two_agents_never_overwrite_in_silence(client, collectivite, administrateur):
    create(slug="proche")
    client.force_login(administrateur)

    check_deux_pages(client, f"{LISTE}proche/", "note", autre="C’est fait", mienne="En cours")
    check_deux_pages(client, f"{LISTE}rappels/", "delais", autre="30", mienne="60")


@pytest.mark.parametrize("slug", ["absente", "brouillon"])
def test_unknown_or_draft_is_not_found(connecte, collectivite, slug):
    create(slug="brouillon", publiee=False)

    assert connecte.get(f"{LISTE}{slug}/").status_code == 404


def test_obligation_of_others_says_so(connecte, collectivite):
    create(slug="regions", publics=(Public(genre="region"),))

    assert "n’est pas concernée" in connecte.get(f"{LISTE}regions/").text


# Chez les autres métiers ------------------------------------------------------------------------
def test_keys_of_the_timeline_resolve_in_one_query(count_sql):
    create(slug="une", titre="Une", liens=["solution:socle"])
    create(slug="brouillon", publiee=False)

    with count_sql() as compte:
        trouvees = map_fiches(["echeance:une", "echeance:brouillon", "echeance:absente"])

    attendue = Fiche("echeance:une", "Une", "/echeancier/une/", "28\N{NO-BREAK SPACE}févr. 2028")
    assert trouvees == {"echeance:une": attendue}
    assert len(compte.instructions) == 1
    [groupe] = [g for g in list_rappels("solution:socle") if g.titre == "Échéances"]
    assert groupe.fiches == (attendue,)
    [trouve] = [g for g in search_partout("loi 2026") if g.titre == "Échéances"]
    assert trouve.fiches == (attendue,)


def test_measure_counts_what_is_published():
    create(slug="une")
    create(slug="brouillon", publiee=False)

    mesure = mesures["echeancier.obligations"]

    assert mesure.compute(date(2100, 1, 1)) == 1
    assert mesure.compute(date(2000, 1, 1)) == 0


def find_encart(registre, rf, sujet=None):
    encarts = build_encarts(registre, rf.get("/"), sujet)
    return next((e for e in encarts if e["gabarit"].startswith("echeancier/")), None)


def test_home_shows_the_next_four_dates(rf):
    for rang in range(6):
        create(slug=f"e-{rang}", court=f"E {rang}", jour=date(2090 - rang, 1, 1))
    create(slug="vieille", jour=date(2020, 1, 1))
    create(slug="permanente", surete=Surete.PERMANENTE)

    encart = find_encart(encarts_accueil, rf)

    assert [ligne.slug for ligne in encart["lignes"]] == ["e-5", "e-4", "e-3", "e-2"]


def test_home_and_authority_show_nothing_when_there_is_nothing(rf):
    assert find_encart(encarts_accueil, rf) is None
    assert find_encart(encarts_autorite, rf, sujet=object()) is None


def test_page_of_an_authority_shows_its_dates(rf):
    create(slug="toutes")
    create(slug="regions", publics=(Public(genre="region"),))

    encart = find_encart(encarts_autorite, rf, sujet=get_autorite("commune-92023"))

    assert [ligne.slug for ligne in encart["lignes"]] == ["toutes"]
    assert encart["total"] == 1
