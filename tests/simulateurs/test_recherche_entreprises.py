"""Recherche d’entreprises simulée."""

import pytest
import yaml
from werkzeug.test import Client

from socle.simulateurs.commun.siret import is_siret
from socle.simulateurs.recherche_entreprises.etablissements import ETABLISSEMENTS, PANNES

ADRESSE = "/simulateurs/recherche-entreprises/search"


@pytest.fixture
def web(simulateurs) -> Client:
    return Client(simulateurs)


def search(web, q: str, **parametres):
    return web.get(ADRESSE, query_string={"q": q, **parametres})


def test_siret_gives_its_establishment(web):
    reponse = search(web, "000 001 008 00028").json

    assert (reponse["total_results"], reponse["total_pages"]) == (1, 1)
    [resultat] = reponse["results"]
    assert (resultat["siren"], resultat["nom_complet"]) == ("000001008", "BOULANGERIE DU PUITS")
    [trouve] = resultat["matching_etablissements"]
    assert (trouve["siret"], trouve["est_siege"]) == ("00000100800028", False)
    assert resultat["siege"]["siret"] == "00000100800010"


@pytest.mark.parametrize(
    ("q", "sirens"),
    [
        ("boulangerie", ["000001008"]),
        ("petits lecteurs", ["000002006"]),
        ("00000999900010", []),
        ("rien de tel", []),
    ],
)
def test_recherche_by_name_or_number(web, q, sirens):
    assert [resultat["siren"] for resultat in search(web, q).json["results"]] == sirens


def test_etats_and_diffusion(web):
    [ferme] = search(web, "00000300400017").json["results"]
    [masque] = search(web, "00000400200010").json["results"]

    assert ferme["matching_etablissements"][0]["etat_administratif"] == "F"
    assert (masque["nom_complet"], masque["statut_diffusion"]) == ("[NON-DIFFUSIBLE]", "P")


@pytest.mark.parametrize("parametres", [{"q": ""}, {"q": "ab"}, {"q": "abc", "per_page": "26"}])
def test_demande_fausse_is_400(web, parametres):
    reponse = web.get(ADRESSE, query_string=parametres)

    assert reponse.status_code == 400
    assert list(reponse.json) == ["erreur"]


def test_pages(web):
    suite = search(web, "des", per_page="1", page="2").json

    assert (suite["page"], suite["per_page"]) == (2, 1)
    assert suite["total_results"] == suite["total_pages"]


def test_pannes(web, horloge):
    par_panne = {panne: siret for siret, panne in PANNES.items()}

    trop = search(web, par_panne["429"])
    assert (trop.status_code, trop.headers["Retry-After"]) == (429, "2")
    assert search(web, par_panne["503"]).status_code == 503
    assert search(web, par_panne["non_json"]).text.startswith("<html>")
    assert "results" not in search(web, par_panne["incomplet"]).json
    assert search(web, par_panne["lent"]).json["results"] == []
    assert horloge.attendu == 8.0


def test_every_siret_is_well_formed_and_fictional():
    sirets = [*(etablissement.siret for etablissement in ETABLISSEMENTS), *PANNES]

    assert [siret for siret in sirets if not is_siret(siret) or siret[:4] != "0000"] == []


def test_fields_exist_in_the_official_description(web, donnees_officielles):
    fichier = donnees_officielles / "entreprise" / "recherche-entreprises-openapi.yml"
    schemas = yaml.safe_load(fichier.read_text("utf-8"))["components"]["schemas"]
    [resultat] = search(web, "00000100800028").json["results"]

    assert set(resultat) <= set(schemas["result"]["properties"])
    assert set(resultat["siege"]) <= set(schemas["siege"]["properties"])
    [trouve] = resultat["matching_etablissements"]
    assert set(trouve) <= set(schemas["etablissement"]["properties"])
