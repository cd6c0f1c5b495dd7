"""Liste des agents : le plus pressé d’abord, des nombres qui sont ceux des files."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier
from tests.metiers.conftest import REPONSES

LISTE = "/c/clamart/agent/dossiers/"


@pytest.fixture
def trente(demarche):
    """Trente demandes ouvertes : échéances mêlées, deux sans échéance, une qui attend l’usager."""
    maintenant = timezone.now()
    for rang in range(30):
        Dossier.objects.create(
            collectivite_id=demarche.collectivite_id,
            demarche=demarche,
            version=demarche.versions.get(),
            etat=EtatDossier.EN_CONSTRUCTION,
            reference=f"R-{rang}",
            demandeur=f"Personne {rang}",
            depose_le=maintenant - timedelta(hours=rang),
            echeance=None if rang < 2 else maintenant.date() + timedelta(days=(rang * 7) % 31),
            attend_correction=rang == 5,
            sel=b"0" * 32,
        )


def read_lignes(page: str) -> list[int]:
    soupe = BeautifulSoup(page, "html.parser")
    return [int(lien["href"].split("/")[-2]) for lien in soupe.select("tr[data-ligne] th a")]


def test_open_files_go_from_the_most_to_the_least_pressing(client, agent, trente):
    client.force_login(agent)
    page = client.get(LISTE).text
    suite = BeautifulSoup(page, "html.parser").select_one("a[rel=next]")["href"]

    numeros = read_lignes(page) + read_lignes(client.get(LISTE + suite).text)

    dossiers = Dossier.objects.in_bulk(numeros)
    echeances = [dossiers[n].echeance for n in numeros]
    assert len(set(numeros)) == 29
    assert echeances[-2:] == [None, None]
    assert echeances[:-2] == sorted(echeances[:-2])


def test_compteurs_are_those_of_the_files(client, agent, trente):
    client.force_login(agent)
    compteurs = BeautifulSoup(client.get(LISTE).text, "html.parser").select(".compteurs a")

    for lien in compteurs:
        page = client.get(f"{LISTE}{lien['href']}&taille=100").text
        assert len(read_lignes(page)) == int(lien.b.text), lien["href"]
    assert int(compteurs[0].b.text) == 29


def follow(client, page: str, rel: str) -> str:
    lien = BeautifulSoup(page, "html.parser").select_one(f"a[rel={rel}]")
    return client.get(LISTE + lien["href"]).text


def test_pages_go_both_ways(client, agent, trente):
    client.force_login(agent)
    premiere = client.get(LISTE).text
    seconde = follow(client, premiere, "next")

    assert read_lignes(follow(client, seconde, "prev")) == read_lignes(premiere)
    assert "Page précédente" not in premiere
    assert "Revenir au début" in seconde


@pytest.mark.parametrize(("tri", "sens"), [("recent", -1), ("ancien", 1)])
def test_agent_chooses_the_order(client, agent, trente, tri, sens):
    client.force_login(agent)
    numeros = read_lignes(client.get(LISTE, {"tri": tri, "taille": "100"}).text)

    depots = [Dossier.objects.get(pk=n).depose_le for n in numeros]
    assert depots == sorted(depots, reverse=sens < 0)
    assert len(numeros) == 29


@pytest.fixture
def melange(demarche, trente):
    """Un dossier du guichet, et un d’il y a un an, parmi les trente."""
    ancien, guichet = Dossier.objects.order_by("numero")[:2]
    ancien.depose_le = timezone.now() - timedelta(days=365)
    ancien.save(update_fields=["depose_le"])
    guichet.canal = "guichet"
    guichet.save(update_fields=["canal"])
    return ancien, guichet


def list_numeros(client, **filtres: str) -> list[int]:
    return read_lignes(client.get(LISTE, {"taille": "100"} | filtres).text)


def test_filters_combine(client, agent, demarche, melange):
    ancien, guichet = melange
    client.force_login(agent)
    jour = (timezone.now() - timedelta(days=300)).date().isoformat()

    assert list_numeros(client, canal="guichet") == [guichet.numero]
    assert list_numeros(client, au=jour) == [ancien.numero]
    assert ancien.numero not in list_numeros(client, du=jour)
    assert list_numeros(client, canal="guichet", au=jour) == []
    assert len(list_numeros(client, service=str(demarche.service_id))) == 29


def test_days_of_the_period_are_those_of_paris(client, agent, demarche, trente):
    """Un dépôt à 23 h 30, heure universelle, est du lendemain à Paris."""
    depose = Dossier.objects.order_by("numero").first()
    depose.depose_le = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    depose.save(update_fields=["depose_le"])
    client.force_login(agent)

    assert depose.numero in list_numeros(client, du="2026-06-02", au="2026-06-02")
    assert depose.numero not in list_numeros(client, du="2026-06-01", au="2026-06-01")


@pytest.mark.parametrize(
    "filtres",
    [{"canal": "pigeon"}, {"du": "hier"}, {"du": "0001-01-01"}, {"au": "9999-12-31"},
     {"demarche": "9" * 30}, {"service": "x"}, {"tri": "x"}, {"file": "x"}, {"taille": "-1"},
     {"apres": "x"}, {"avant": "\0"}],
)  # fmt: skip
def test_unreadable_filter_is_set_aside(client, agent, trente, filtres):
    client.force_login(agent)
    assert len(list_numeros(client, **filtres)) == (29 if "taille" not in filtres else 25)


def test_period_that_ends_before_it_begins_says_so(client, agent, trente):
    client.force_login(agent)
    page = client.get(LISTE, {"du": "2026-05-01", "au": "2026-04-01"}).text
    assert "Cette date précède la première" in page


def test_each_chip_removes_its_filter(client, agent, demarche, melange):
    client.force_login(agent)
    adresse = f"{LISTE}?canal=guichet&demarche={demarche.pk}&q=personne&file=tous"
    page = BeautifulSoup(client.get(adresse).text, "html.parser")
    jetons = page.select(".jeton")

    assert [" ".join(j.text.split()) for j in jetons] == [
        "Retirer le filtre « personne » ×",
        "Retirer le filtre Cantine scolaire ×",
        "Retirer le filtre Au guichet ×",
    ]
    sans_canal = jetons[2]["href"]
    assert "canal" not in sans_canal
    assert f"demarche={demarche.pk}" in sans_canal
    tout = page.select_one(".jetons .btn-link")["href"]
    assert tout == "?file=tous"


def test_fragment_is_the_page_part(client, agent, demarche, trente):
    client.force_login(agent)
    adresse = f"{LISTE}?demarche={demarche.pk}&canal=en_ligne"
    page = client.get(adresse).text
    fragment = client.get(adresse, headers={"HX-Request": "true"}).text
    [obtenu] = BeautifulSoup(fragment, "html.parser").select("#resultats")
    assert obtenu == BeautifulSoup(page, "html.parser").select_one("#resultats")
    assert "<html" not in fragment


def test_cells_are_escaped(client, agent, demarche, trente):
    mechant = "<img src=x> %(adresse)s & \"'"
    Dossier.objects.update(demandeur=mechant)
    type(demarche).objects.update(titre="<b>100 % à %(numero)s</b>")
    client.force_login(agent)

    page = client.get(LISTE).text

    ligne = BeautifulSoup(page, "html.parser").select_one("tr[data-ligne]")
    assert ligne.select_one("th a").text == mechant
    assert ligne.select_one("td[data-nom=Démarche]").text == "<b>100 % à %(numero)s</b>"
    assert ligne.select("img, td > b > b") == []


def open_voisins(client, page: str) -> dict[str, str]:
    liens = BeautifulSoup(page, "html.parser").select("nav.voisins a")
    return {lien["rel"][0]: lien["href"] for lien in liens}


def test_next_case_follows_the_same_list(client, agent, trente):
    """De proche en proche, « Dossier suivant » parcourt toute la liste filtrée."""
    client.force_login(agent)
    liste = client.get(f"{LISTE}?file=a_traiter&tri=ancien&taille=100").text
    attendus = read_lignes(liste)
    lien = BeautifulSoup(liste, "html.parser").select_one("tr[data-ligne] th a")["href"]

    vus = []
    for _ in attendus:
        vus.append(int(lien.split("/")[-2]))
        voisins = open_voisins(client, client.get(lien).text)
        lien = voisins.get("next", "")

    assert vus == attendus
    assert lien == ""
    precedent = client.get(voisins["prev"])
    assert int(voisins["prev"].split("/")[-2]) == attendus[-2]
    assert precedent.status_code == 200


def test_case_opened_alone_has_no_neighbour(client, agent, depose):
    client.force_login(agent)
    page = client.get(f"{LISTE}{depose.numero}/").text
    assert open_voisins(client, page) == {}


def test_gesture_keeps_the_list(client, agent, depose):
    client.force_login(agent)
    adresse = f"{LISTE}{depose.numero}/"
    vue = f"http://testserver{adresse}?file=a_traiter&tri=ancien"
    transition = {"transition": "passer_en_instruction"}

    reponse = client.post(f"{adresse}avancer/", transition, headers={"Referer": vue})
    assert reponse["Location"] == f"{adresse}?file=a_traiter&tri=ancien"

    for referer in (f"https://ailleurs.example{adresse}?file=tous", "://", "x" * 5_000):
        reponse = client.post(f"{adresse}avancer/", transition, headers={"Referer": referer})
        assert reponse["Location"] == adresse


def test_demande_filed_at_the_guichet_returns_to_the_agent(client, agent, demarche):
    """L’agent n’est pas l’usager : la page de suivi lui répondrait 404."""
    client.force_login(agent)
    depart = {"canal": "guichet", "prenom": "Raymond", "nom": "Vasseur"}
    etape = client.post(f"/c/clamart/agent/guichet/{demarche.chemin}/", depart)["Location"]
    dossier = Dossier.objects.get(demarche=demarche)
    Dossier.objects.filter(pk=dossier.pk).update(reponses=REPONSES)

    reponse = client.post(etape.replace("etape/1", "deposer"))

    assert reponse["Location"] == f"/c/clamart/agent/dossiers/{dossier.numero}/"
