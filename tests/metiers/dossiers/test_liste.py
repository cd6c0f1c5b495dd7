"""Liste des agents : le plus pressé d’abord, des nombres qui sont ceux des files."""

from datetime import timedelta

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


def test_demande_filed_at_the_guichet_returns_to_the_agent(client, agent, demarche):
    """L’agent n’est pas l’usager : la page de suivi lui répondrait 404."""
    client.force_login(agent)
    depart = {"canal": "guichet", "demandeur": "Raymond Vasseur"}
    etape = client.post(f"/c/clamart/agent/guichet/{demarche.chemin}/", depart)["Location"]
    dossier = Dossier.objects.get(demarche=demarche)
    Dossier.objects.filter(pk=dossier.pk).update(reponses=REPONSES)

    reponse = client.post(etape.replace("etape/1", "deposer"))

    assert reponse["Location"] == f"/c/clamart/agent/dossiers/{dossier.numero}/"
