"""Connecteur Recherche d’entreprises : succès, absence, pannes, et vrai simulateur."""

import httpx
import pytest
import respx

from socle.connecteurs.recherche_entreprises.connecteur import RechercheEntreprises
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.formulaires.ports import (
    AnnuaireEtablissements,
    Etablissement,
    etablissements,
)

ADRESSE = "https://recherche-entreprises.api.gouv.fr/search"
SIRET = "00000100800028"
TROUVE = {
    "siret": SIRET,
    "adresse": "3 PLACE DU MARCHE 92140 CLAMART",
    "commune": "92023",
    "etat_administratif": "A",
}
SIEGE = {**TROUVE, "siret": "00000100800010"}


def create_corps(**changements) -> dict:
    unite = {
        "siren": SIRET[:9],
        "nom_complet": "BOULANGERIE DU PUITS",
        "siege": SIEGE,
        "matching_etablissements": [TROUVE],
        **changements,
    }
    return {"results": [unite], "total_results": 1, "page": 1, "per_page": 1, "total_pages": 1}


@pytest.fixture
def api():
    with respx.mock(assert_all_called=False) as bouchon:
        yield bouchon


@pytest.fixture
def annuaire() -> RechercheEntreprises:
    return RechercheEntreprises()


def test_annuaire_is_registered_and_follows_the_port():
    assert isinstance(etablissements["recherche_entreprises"], AnnuaireEtablissements)


def test_siret_trouve(api, annuaire):
    route = api.get(ADRESSE).respond(json=create_corps())

    assert annuaire.find_etablissement(SIRET) == Etablissement(
        siret=SIRET,
        nom="BOULANGERIE DU PUITS",
        adresse="3 PLACE DU MARCHE 92140 CLAMART",
        code_commune="92023",
        actif=True,
        libelle_source="Annuaire des entreprises (base Sirene de l’Insee)",
    )
    envoyee = route.calls.last.request
    assert dict(envoyee.url.params) == {"q": SIRET, "per_page": "1"}
    assert envoyee.headers["User-Agent"].startswith("Socle/")


def test_siege_is_found_without_matching_list(api, annuaire):
    api.get(ADRESSE).respond(json=create_corps(matching_etablissements=[]))

    assert annuaire.find_etablissement("00000100800010").nom == "BOULANGERIE DU PUITS"


def test_siret_absent_or_neighbour_is_none(api, annuaire):
    api.get(ADRESSE).respond(json={"results": []})
    assert annuaire.find_etablissement(SIRET) is None

    api.get(ADRESSE).respond(json=create_corps())
    assert annuaire.find_etablissement("00000100800036") is None


def test_ferme_and_masque(api, annuaire):
    masque = "[NON-DIFFUSIBLE]"
    ferme = {**TROUVE, "etat_administratif": "F", "adresse": masque, "commune": None}
    api.get(ADRESSE).respond(json=create_corps(nom_complet=masque, matching_etablissements=[ferme]))

    trouve = annuaire.find_etablissement(SIRET)
    assert (trouve.nom, trouve.adresse, trouve.code_commune, trouve.actif) == ("", "", "", False)


@pytest.mark.parametrize(
    ("statut", "classe"),
    [(400, ErreurConnecteur), (429, SystemeIndisponible), (503, SystemeIndisponible)],
)
def test_refus(api, annuaire, statut, classe):
    api.get(ADRESSE).respond(statut, json={"erreur": "non"})

    with pytest.raises(ErreurConnecteur) as refus:
        annuaire.find_etablissement(SIRET)
    assert type(refus.value) is classe


def test_delai_depasse(api, annuaire):
    api.get(ADRESSE).mock(side_effect=httpx.ReadTimeout("long"))

    with pytest.raises(SystemeIndisponible):
        annuaire.find_etablissement(SIRET)


@pytest.mark.parametrize(
    "contenu",
    [
        b"<html></html>",
        b"[]",
        b"{}",
        b'{"results": null}',
        b'{"results": [3]}',
        b'{"results": [{}]}',
        b'{"results": [{"matching_etablissements": [], "siege": null}]}',
        b'{"results": [{"matching_etablissements": [{"siret": "00000100800028"}], "siege": {}}]}',
    ],
)
def test_corps_illisible_or_champ_absent(api, annuaire, contenu):
    api.get(ADRESSE).respond(200, content=contenu)

    with pytest.raises(ErreurConnecteur) as refus:
        annuaire.find_etablissement(SIRET)
    assert not isinstance(refus.value, SystemeIndisponible)


def test_simulateur_nominal(simulateurs, annuaire):
    assert annuaire.find_etablissement(SIRET).adresse == "3 PLACE DU MARCHE 92140 CLAMART"
    assert annuaire.find_etablissement("00000300400017").actif is False
    assert annuaire.find_etablissement("00000400200010").nom == ""
    assert annuaire.find_etablissement("00001100700010") is None
    assert annuaire.check() == "L’annuaire des entreprises répond."


@pytest.mark.parametrize(
    ("siret", "classe"),
    [
        ("00000600700017", SystemeIndisponible),
        ("00000700500010", SystemeIndisponible),
        ("00000900100017", ErreurConnecteur),
        ("00001000900017", ErreurConnecteur),
    ],
)
def test_simulateur_pannes(simulateurs, annuaire, siret, classe):
    with pytest.raises(ErreurConnecteur) as refus:
        annuaire.find_etablissement(siret)
    assert type(refus.value) is classe


@pytest.mark.lent
def test_simulateur_lent_stops_after_five_seconds(simulateurs, annuaire):
    with pytest.raises(SystemeIndisponible):
        annuaire.find_etablissement("00000800300014")


def test_adresse_may_be_given(api):
    api.get("https://annuaire.example/search").respond(json={"results": []})

    assert RechercheEntreprises("https://annuaire.example").find_etablissement(SIRET) is None
