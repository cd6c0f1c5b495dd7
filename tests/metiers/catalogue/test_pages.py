"""Pages et fichiers publics : lus par tous, en nombre constant d’instructions, rien d’actif."""

import csv
import io
import itertools
import json
from dataclasses import asdict
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from lxml import etree

from socle.metiers.catalogue.enums import EtatSolution
from socle.metiers.catalogue.models import (
    Api,
    CasUsage,
    Clause,
    Editeur,
    EssaiProduit,
    EtapeSolution,
    Solution,
)
from socle.metiers.catalogue.services.bancs import run_franceconnect
from tests.metiers.catalogue.conftest import MAINTENANT

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.lent
def test_every_sheet_of_the_seed_opens(client, catalogue, count_sql):
    for nom, modele in (("solution", Solution), ("editeur", Editeur), ("api", Api),
                        ("cas", CasUsage), ("clause", Clause)):  # fmt: skip
        for slug in modele.objects.order_by("id").values_list("slug", flat=True):
            adresse = reverse(f"catalogue:{nom}", args=[slug])
            client.get(adresse)
            with count_sql() as compte:
                assert client.get(adresse).status_code == 200
            assert len(compte.instructions) <= 8


def test_six_parts_of_recommendation_1_are_read_on_the_sheet_and_compared(
    client, publik, count_sql
):
    EtapeSolution.objects.create(
        solution=publik, titre="Version 9", etat="reportee", date_initiale=date(2030, 9, 1),
        date_prevue=date(2031, 3, 1),
    )  # fmt: skip
    fiche = BeautifulSoup(client.get("/catalogue/publik/").text, "html.parser")
    with count_sql() as compte:
        page = client.get("/catalogue/comparer/?s=publik&s=tchap")
    lignes = {
        ligne.th.contents[0].strip(): [case.get_text(" ") for case in ligne.select("td")]
        for ligne in BeautifulSoup(page.text, "html.parser").select(".comparaison tbody tr")
    }

    for titre, comparee, texte in (
        ("Modèle économique", "Modèle économique", publik.modele_economique),
        ("Caractéristiques techniques", "Caractéristiques", publik.technique),
        ("Gouvernance", "Gouvernance", publik.gouvernance),
        ("Options de pérennité", "Options de pérennité", publik.perennite),
        ("Les étapes du déploiement", "Étapes de déploiement", "Composer et essayer"),
        ("Feuille de route", "Feuille de route", "Version 9"),
    ):
        assert texte in find_suite(fiche, titre), titre
        assert texte in lignes[comparee][0], comparee
    mars, septembre = "1er\N{NO-BREAK SPACE}mars 2031", "1er\N{NO-BREAK SPACE}sept. 2030"
    assert lignes["Feuille de route"] == [
        f"{mars}, Version 9 (reportée, annoncée d’abord pour le {septembre})",
        "1er\N{NO-BREAK SPACE}mars 2020, Ouverture aux collectivités, en expérimentation (faite)",
    ]
    assert len(compte.instructions) <= 8


def find_suite(page, titre: str) -> str:
    """Ce qui suit un titre, jusqu’au titre suivant."""
    debut = next(h for h in page.select("h2, h3") if h.get_text() == titre)
    suite = itertools.takewhile(lambda e: e.name not in ("h2", "h3"), debut.find_next_siblings())
    return " ".join(element.get_text(" ") for element in suite)


def test_pages_say_what_nobody_knows_and_what_nobody_measured(client, publik):
    cree = {"version": publik.versions.create(numero="9"), "banc": "franceconnect"}
    constats = run_franceconnect(
        json.dumps({"autorisation": "https://fc.example/?nonce=a"}).encode()
    ).constats
    EssaiProduit.objects.create(
        **cree, banc_titre="FranceConnect", banc_version="1", statut="non_conforme",
        constats=[asdict(constat) for constat in constats], joue_le=MAINTENANT,
    )  # fmt: skip
    api = Api.objects.order_by("pk").first()
    annoncee = f"/catalogue/api/{api.slug}/"

    assert (
        "10 règles mesurées par nous, 17 relevées par l’éditeur"
        in client.get("/catalogue/publik/").text
    )
    editeur = client.get(reverse("catalogue:editeur", args=[publik.editeur.slug])).text
    assert editeur.index("Mesuré par nous") < editeur.index("sans mesure de notre part")
    assert "Aucune source lue ne donne ces dates" in client.get(annoncee).text
    Api.objects.filter(pk=api.pk).update(annoncee_le=date(2020, 1, 1))
    assert "Aucune source lue ne donne la date qui manque" in client.get(annoncee).text
    Api.objects.filter(pk=api.pk).update(operable_le=date(2020, 1, 31))
    assert "Aucune source" not in client.get(annoncee).text


def test_open_data_say_what_the_base_says_and_name_nobody(client, publik, representant):
    Solution.objects.filter(pk=publik.pk).update(
        phrase="=1+1", contact="Ada Martin, 06 00 00 00 00"
    )
    Solution.objects.filter(slug="tchap").update(etat=EtatSolution.BROUILLON)
    publiees = {s.slug: s for s in Solution.objects.filter(etat="publiee").order_by("id")}
    fichiers = {nom: client.get(f"/catalogue/{nom}").content.decode("utf-8-sig") for nom in (
        "solutions.json", "solutions.csv", "api/api.json", "nouveautes.atom")}  # fmt: skip

    for nom, texte in fichiers.items():
        assert not any(mot in texte for mot in ("Ada Martin", representant.courriel)), nom
    lues = json.loads(fichiers["solutions.json"])
    assert lues["licence"] == "Licence Ouverte 2.0"
    assert {ligne["identifiant"] for ligne in lues["solutions"]} == set(publiees)
    lignes = {s["identifiant"]: s for s in lues["solutions"]}
    tableur = list(csv.DictReader(io.StringIO(fichiers["solutions.csv"]), delimiter=";"))
    assert [t["identifiant"] for t in tableur] == [s["identifiant"] for s in lues["solutions"]]
    for ligne in tableur:
        solution, complete = publiees[ligne["identifiant"]], lignes[ligne["identifiant"]]
        dits = {champ: getattr(solution, champ) for champ in (
            "nom", "besoins", "tailles", "moyens", "licence", "depot", "site", "version",
            "modele_economique")}  # fmt: skip
        dits |= {"editeur": solution.editeur.nom,
                 "adresse": f"{settings.ADRESSE}/catalogue/{solution.slug}/"}  # fmt: skip
        assert {champ: complete[champ] for champ in dits} == dits
        plats = {c: "|".join(v) if isinstance(v, list) else v for c, v in dits.items()}
        assert {champ: ligne[champ] for champ in dits} == plats
        assert (ligne["labellisee"], complete["labellisee"]) == ("non", False)
        assert (complete["gouvernance"], complete["sources"]) == (
            solution.gouvernance, solution.sources,
        )  # fmt: skip
    assert lignes["publik"]["phrase"] == "=1+1"  # en JSON, rien n’est une formule
    assert next(t for t in tableur if t["identifiant"] == "publik")["phrase"] == "'=1+1"
    apis = {api["identifiant"]: api for api in json.loads(fichiers["api/api.json"])["api"]}
    assert {slug: api["donnees"] for slug, api in apis.items()} == dict(
        Api.objects.values_list("slug", "donnees")
    )
    entrees = etree.fromstring(fichiers["nouveautes.atom"].encode()).iter(f"{ATOM}entry")
    assert {e.findtext(f"{ATOM}title") for e in entrees} == {s.nom for s in publiees.values()}
