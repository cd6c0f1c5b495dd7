"""Connecteur API Impôt particulier : succès, absence, pannes, et vrai simulateur."""

import base64
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import httpx
import pytest
import respx

from socle.connecteurs.api_impot_particulier.connecteur import (
    ConnexionExpiree,
    ContribuableInconnu,
    SourceImpots,
    read_nombre,
)
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.formulaires.ports import SourceDonnees, sources

URL = "https://gw.dgfip.example/api"
PARAMETRES = {
    "url": URL,
    "client_id": "identifiant",
    "secret": "mot-de-passe",
    "id_teleservice": "TELE-1",
}
SITUATION = f"{URL}/impotparticulier/1.0/situations/ir/assiettes/annrev"
NOMINAL = {"rfr": 14820, "nbPart": 2.5}


@pytest.fixture
def api():
    with respx.mock(assert_all_called=False) as bouchon:
        bouchon.post(f"{URL}/token").respond(json={"access_token": "jeton-dgfip"})
        yield bouchon


@pytest.fixture
def source() -> SourceImpots:
    return SourceImpots(PARAMETRES)


def test_source_is_registered_and_follows_the_port():
    assert isinstance(sources["impots_revenu"], SourceDonnees)


def test_fetch_reads_income_and_parts(api, source, create_contexte):
    route = api.get(f"{SITUATION}/2025").respond(json=NOMINAL)

    reponse = source.fetch(create_contexte())

    assert dict(reponse.valeurs) == {
        "revenu_fiscal_reference": 14820,
        "nombre_parts": Decimal("2.5"),
        "annee_revenus": 2025,
    }
    assert reponse.date_donnee == date(2025, 12, 31)
    assert reponse.libelle_source == (
        "Direction générale des finances publiques, avis d’impôt 2026 sur les revenus 2025"
    )
    entetes = route.calls.last.request.headers
    assert entetes["Authorization"] == "Bearer jeton-dgfip"
    assert entetes["X-FranceConnect-OAuth"] == "jeton-fc"
    assert entetes["ID_Teleservice"] == "TELE-1"
    assert uuid.UUID(entetes["X-Correlation-ID"]).version == 4
    assert reponse.trace.identifiant_requete == entetes["X-Correlation-ID"]
    assert reponse.trace.endpoint == "/impotparticulier/1.0/situations/ir/assiettes/annrev/2025"
    assert reponse.trace.statut_http == 200


def test_token_is_asked_with_basic_credentials(api, source, create_contexte):
    api.get(f"{SITUATION}/2025").respond(json=NOMINAL)
    source.fetch(create_contexte())

    demande = api.calls[0].request
    attendu = base64.b64encode(b"identifiant:mot-de-passe").decode()
    assert demande.headers["Authorization"] == f"Basic {attendu}"
    assert demande.content == b"grant_type=client_credentials&scope=RessourceIR"
    assert "X-FranceConnect-OAuth" not in demande.headers


def test_missing_year_falls_back_on_the_one_before(api, source, create_contexte):
    api.get(f"{SITUATION}/2025").respond(404, json={"erreur": {"code": 1}})
    api.get(f"{SITUATION}/2024").respond(json=NOMINAL)

    reponse = source.fetch(create_contexte())

    assert reponse.valeurs["annee_revenus"] == 2024
    assert reponse.trace.endpoint.endswith("/2024")


def test_year_is_counted_in_paris(api, source, create_contexte):
    route = api.get(f"{SITUATION}/2026").respond(json=NOMINAL)
    source.fetch(create_contexte(maintenant=datetime(2026, 12, 31, 23, 30, tzinfo=UTC)))

    assert route.call_count == 1


def test_year_may_be_set(api, source, create_contexte):
    api.get(f"{SITUATION}/2023").respond(404)

    with pytest.raises(ContribuableInconnu):
        source.fetch(create_contexte(parametres={"annee": 2023}))
    assert [appel.request.url.path[-5:] for appel in api.calls] == ["token", "/2023"]


def test_personne_inconnue(api, source, create_contexte):
    api.get(url__startswith=SITUATION).respond(404, json={"erreur": {}})

    with pytest.raises(ContribuableInconnu) as refus:
        source.fetch(create_contexte())
    assert refus.value.trace.statut_http == 404


@pytest.mark.parametrize(
    ("statut", "classe"),
    [
        (400, ErreurConnecteur),
        (401, ConnexionExpiree),
        (403, ErreurConnecteur),
        (418, ErreurConnecteur),
        (429, SystemeIndisponible),
        (500, SystemeIndisponible),
        (503, SystemeIndisponible),
    ],
)
def test_refus_have_their_class_and_a_trace(api, source, create_contexte, statut, classe):
    api.get(f"{SITUATION}/2025").respond(statut, json={"erreur": {}})

    with pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte())
    assert type(refus.value) is classe
    assert refus.value.trace.statut_http == statut


@pytest.mark.parametrize(
    ("statut", "classe"),
    [(400, ErreurConnecteur), (401, ErreurConnecteur), (503, SystemeIndisponible)],
)
def test_token_refused(api, source, create_contexte, statut, classe):
    api.post(f"{URL}/token").respond(statut, json={"error": "invalid_client"})

    with pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte())
    assert type(refus.value) is classe
    assert (refus.value.trace.endpoint, refus.value.trace.statut_http) == ("/token", statut)


@pytest.mark.parametrize("corps", [{}, {"access_token": ""}, {"access_token": 3}])
def test_token_absent_is_an_error(api, source, create_contexte, corps):
    api.post(f"{URL}/token").respond(json=corps)

    with pytest.raises(ErreurConnecteur, match="inattendue"):
        source.fetch(create_contexte())


@pytest.mark.parametrize("etape", ["/token", "/impotparticulier"])
def test_delai_depasse_is_unavailable(api, source, create_contexte, etape):
    adresse = {"/token": f"{URL}/token", "/impotparticulier": f"{SITUATION}/2025"}[etape]
    methode = "POST" if etape == "/token" else "GET"
    api.request(methode, adresse).mock(side_effect=httpx.ConnectTimeout("long"))

    with pytest.raises(SystemeIndisponible) as panne:
        source.fetch(create_contexte())
    assert panne.value.trace.statut_http == 0
    assert panne.value.trace.endpoint.startswith(etape)


@pytest.mark.parametrize("contenu", [b"<html></html>", b"", b"[]", b"\xff"])
def test_corps_illisible_is_an_error(api, source, create_contexte, contenu):
    api.get(f"{SITUATION}/2025").respond(200, content=contenu)

    with pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte())
    assert not isinstance(refus.value, SystemeIndisponible)


@pytest.mark.parametrize(
    "changement",
    [
        {"rfr": None},
        {"rfr": "beaucoup"},
        {"rfr": -1},
        {"rfr": 14820.5},
        {"rfr": 10**10},
        {"rfr": True},
        {"rfr": [14820]},
        {"nbPart": 0},
        {"nbPart": 100},
        {"nbPart": "NaN"},
        {"nbPart": "Infinity"},
        {"nbPart": None},
        {"nbPart": "9" * 400},
    ],
)
def test_champ_absent_or_hors_bornes_is_an_error(api, source, create_contexte, changement):
    api.get(f"{SITUATION}/2025").respond(json={**NOMINAL, **changement})

    with pytest.raises(ErreurConnecteur, match="inattendue"):
        source.fetch(create_contexte())


@pytest.mark.parametrize("absent", ["rfr", "nbPart"])
def test_champ_absent_is_an_error(api, source, create_contexte, absent):
    corps = {nom: valeur for nom, valeur in NOMINAL.items() if nom != absent}
    api.get(f"{SITUATION}/2025").respond(json=corps)

    with pytest.raises(ErreurConnecteur, match="inattendue"):
        source.fetch(create_contexte())


@pytest.mark.parametrize(
    ("valeur", "lue"),
    [
        (36705, "36705"),
        ("36 705", "36705"),
        ("36\u202f705", "36705"),
        ("2,50", "2.50"),
        (2.25, "2.25"),
        ("0", "0"),
    ],
)
def test_nombre_is_read_exactly(valeur, lue):
    assert read_nombre(valeur) == Decimal(lue)


def test_field_names_may_be_set(api, source, create_contexte):
    api.get(f"{SITUATION}/2025").respond(json={"rfr": 0, "parts": "10"})
    contexte = create_contexte(parametres={"champs": {"nombre_parts": "parts"}})

    valeurs = source.fetch(contexte).valeurs
    assert (valeurs["revenu_fiscal_reference"], str(valeurs["nombre_parts"])) == (0, "10")


def test_without_franceconnect_nothing_is_called(api, source, create_contexte):
    with pytest.raises(ConnexionExpiree):
        source.fetch(create_contexte(jeton_franceconnect=""))
    assert api.calls.call_count == 0


@pytest.mark.parametrize(
    "parametres", [{}, {"url": ""}, {"client_id": ""}, {"id_teleservice": ""}, {"annee": 99}]
)
def test_branchement_incomplet_is_refused(create_contexte, parametres):
    reglages = {**PARAMETRES, **parametres} if parametres else {}

    with pytest.raises(ErreurConnecteur, match="n’est pas réglé"):
        SourceImpots().fetch(create_contexte(parametres=reglages))


def test_secrets_are_never_logged(api, source, create_contexte, caplog):
    api.get(f"{SITUATION}/2025").respond(401)
    with caplog.at_level("DEBUG"), pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte(jeton_franceconnect="tres-secret"))

    ecrit = caplog.text + str(refus.value) + repr(source.read_parametres({}))
    assert [mot for mot in ("tres-secret", "mot-de-passe", "jeton-dgfip") if mot in ecrit] == []


def test_check_asks_a_token_only(api, source):
    assert source.check() == "API Impôt particulier répond et reconnaît le téléservice."
    assert [appel.request.url.path for appel in api.calls] == ["/api/token"]


@pytest.mark.parametrize(
    ("identite", "revenu", "parts", "annee"),
    [
        ("belkacem", 14820, "2.5", 2025),
        ("le_goff", 46200, "4", 2025),
        ("moreau", 98400, "2.5", 2025),
        ("diallo", 0, "3", 2025),
        ("ferreira", 27900, "2.5", 2024),
    ],
)
def test_simulateur_nominal(create_contexte, connect, identite, revenu, parts, annee):
    source = SourceImpots()
    jeton = connect(identite, source.scopes)

    valeurs = source.fetch(create_contexte(jeton_franceconnect=jeton)).valeurs

    assert valeurs["revenu_fiscal_reference"] == revenu
    assert str(valeurs["nombre_parts"]) == parts
    # Le simulateur vit à la vraie date : les avis peuvent avoir vieilli depuis l’écriture.
    assert valeurs["annee_revenus"] <= annee


@pytest.mark.parametrize(
    ("panne", "classe"),
    [
        ("404", ContribuableInconnu),
        ("401", ConnexionExpiree),
        ("503", SystemeIndisponible),
        ("non_json", ErreurConnecteur),
        ("incomplet", ErreurConnecteur),
    ],
)
def test_simulateur_pannes(create_contexte, connect, panne, classe):
    source = SourceImpots()
    jeton = connect("le_goff", source.scopes, impot=panne)

    with pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte(jeton_franceconnect=jeton))
    assert type(refus.value) is classe


@pytest.mark.lent
def test_simulateur_lent_stops_after_five_seconds(create_contexte, connect):
    source = SourceImpots()
    jeton = connect("le_goff", source.scopes, impot="lent")

    with pytest.raises(SystemeIndisponible):
        source.fetch(create_contexte(jeton_franceconnect=jeton))


def test_simulateur_personne_inconnue(create_contexte, connect):
    source = SourceImpots()
    jeton = connect("nguyen", source.scopes)

    with pytest.raises(ContribuableInconnu):
        source.fetch(create_contexte(jeton_franceconnect=jeton))


def test_simulateur_check(simulateurs):
    assert SourceImpots().check() == "API Impôt particulier répond et reconnaît le téléservice."
