"""Pages et fichiers publics : lus par tous, en nombre constant d’instructions, rien d’actif."""

import csv
import io
import json

import pytest
from django.conf import settings
from django.urls import reverse
from lxml import etree

from socle.metiers.catalogue.enums import EtatSolution
from socle.metiers.catalogue.models import Api, CasUsage, Clause, Editeur, Solution

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
