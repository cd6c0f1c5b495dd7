"""API Impôt particulier simulée : jeton, en-têtes, années, périmètres."""

import uuid

import pytest
from werkzeug.test import Client

from tests.simulateurs.parcours import Service

BASE = "/simulateurs/impot-particulier"
SITUATION = f"{BASE}/impotparticulier/1.0/situations/ir/assiettes/annrev"
CORRELATION = str(uuid.UUID(int=1, version=4))
SCOPES = "openid identite_pivot dgfip_rfr dgfip_nbpart dgfip_sitfam dgfip_aft"


def create_token(web: Client, **changements) -> object:
    demande = {
        "auth": ("socle-demo", "secret-de-demonstration"),
        "data": {"grant_type": "client_credentials", "scope": "RessourceIR"},
        **changements,
    }
    return web.post(f"{BASE}/token", **demande)


@pytest.fixture
def service(franceconnect) -> Service:
    franceconnect.scope = SCOPES
    return franceconnect


def call(service: Service, acces: str = "", *, annee: int = 2025, chemin: str = "", **changements):
    entetes = {
        "Authorization": f"Bearer {create_token(service.web).json['access_token']}",
        "X-FranceConnect-OAuth": acces,
        "X-Correlation-ID": CORRELATION,
        "ID_Teleservice": "demo-quotient-familial",
        **{nom.replace("_", "-") if nom[0] == "X" else nom: v for nom, v in changements.items()},
    }
    entetes = {nom: valeur for nom, valeur in entetes.items() if valeur is not None}
    return service.web.get(chemin or f"{SITUATION}/{annee}", headers=entetes)


def connect(service: Service, identite: str = "belkacem", **champs) -> str:
    return service.connect(identite, **champs)["access_token"]


def get_erreur(reponse) -> tuple[int, str]:
    assert set(reponse.json["erreur"]) == {"code", "message"}
    return reponse.status_code, reponse.json["erreur"]["code"]


def test_token_is_given_for_basic_credentials(franceconnect):
    reponse = create_token(franceconnect.web)

    assert reponse.status_code == 200
    assert set(reponse.json) == {"access_token", "scope", "token_type", "expires_in"}


@pytest.mark.parametrize(
    ("changement", "statut", "erreur"),
    [
        ({"auth": ("socle-demo", "faux")}, 401, "invalid_client"),
        ({"auth": ("inconnu", "")}, 401, "invalid_client"),
        ({"auth": None}, 401, "invalid_client"),
        ({"auth": None, "headers": {"Authorization": "Basic é"}}, 401, "invalid_client"),
        ({"auth": None, "headers": {"Authorization": "Basic /w=="}}, 401, "invalid_client"),
        ({"data": {"grant_type": "password"}}, 400, "unsupported_grant_type"),
        ({"data": {"grant_type": "client_credentials", "scope": "X"}}, 400, "invalid_scope"),
    ],
)
def test_token_refuses(franceconnect, changement, statut, erreur):
    reponse = create_token(franceconnect.web, **changement)

    assert (reponse.status_code, reponse.json["error"]) == (statut, erreur)


def test_situation_gives_income_and_parts(service):
    reponse = call(service, connect(service))

    assert reponse.headers["X-Correlation-ID"] == CORRELATION
    assert reponse.json == {
        "rfr": 14820,
        "nbPart": 2.5,
        "sitFam": "D",
        "aft": "14 RUE DES CHATAIGNIERS 92140 CLAMART",
        "aftDetail": {
            "complementAdresse": None,
            "voie": "14 RUE DES CHATAIGNIERS",
            "commune": None,
            "codePostal": "92140 CLAMART",
        },
    }


def test_situation_may_come_as_text(service):
    corps = call(service, connect(service, "moreau")).json

    assert (corps["rfr"], corps["nbPart"]) == ("98400", "2.50")


def test_scopes_mask_the_answer(service):
    acces = connect(service, demande={"scope": "openid dgfip_rfr"})

    assert call(service, acces).json == {"rfr": 14820}


def test_spi_replaces_franceconnect(service):
    chemin = f"{BASE}/impotparticulier/1.0/spi/3000000000022/situations/ir/assiettes/annrev/2025"

    corps = call(service, chemin=chemin).json
    assert (corps["rfr"], corps["nbPart"], corps["nmNaiDec1"]) == (46200, 4, "LE GOFF")


@pytest.mark.parametrize(
    ("changement", "attendu"),
    [
        ({"Authorization": None}, (401, "40101")),
        ({"Authorization": "Bearer faux"}, (401, "40101")),
        ({"X_Correlation_ID": None}, (400, "40001")),
        ({"X_Correlation_ID": "pas un uuid"}, (400, "40001")),
        ({"ID_Teleservice": None}, (400, "40002")),
        ({"ID_Teleservice": "autre"}, (403, "40301")),
        ({"X_FranceConnect_OAuth": None}, (400, "40003")),
        ({"X_FranceConnect_OAuth": "faux"}, (401, "40102")),
    ],
)
def test_entetes_are_required(service, changement, attendu):
    assert get_erreur(call(service, connect(service), **changement)) == attendu


def test_jeton_franceconnect_dies_after_60_seconds(service, horloge):
    acces = connect(service)
    horloge.advance(60)

    assert get_erreur(call(service, acces)) == (401, "40102")


def test_jeton_without_tax_scope_is_refused(service):
    acces = connect(service, demande={"scope": "openid email"})

    assert get_erreur(call(service, acces)) == (403, "40302")


def test_personne_inconnue(service):
    assert get_erreur(call(service, connect(service, "nguyen"))) == (404, "40401")


@pytest.mark.parametrize(
    ("identite", "annee", "statut"),
    [
        ("belkacem", 2025, 200),
        ("belkacem", 2023, 200),
        ("belkacem", 2022, 404),
        ("belkacem", 2026, 404),
        ("ferreira", 2025, 404),
        ("ferreira", 2024, 200),
    ],
)
def test_annees_available_in_november_2026(service, identite, annee, statut):
    assert call(service, connect(service, identite), annee=annee).status_code == statut


def test_derniere_annee_appears_in_august(service, horloge):
    horloge.maintenant = 1_784_000_000.0  # 14 juillet 2026
    assert call(service, connect(service), annee=2025).status_code == 404
    assert call(service, connect(service), annee=2024).status_code == 200

    horloge.maintenant = 1_785_700_000.0  # 2 août 2026
    assert call(service, connect(service), annee=2025).status_code == 200


@pytest.mark.parametrize(
    ("panne", "attendu"),
    [
        ("404", (404, "40401")),
        ("annee", (404, "40402")),
        ("401", (401, "40101")),
        ("503", (503, "50301")),
    ],
)
def test_pannes_chosen_on_the_page(service, panne, attendu):
    assert get_erreur(call(service, connect(service, impot=panne))) == attendu


def test_panne_annee_leaves_the_year_before(service):
    acces = connect(service, impot="annee")

    assert call(service, acces, annee=2024).status_code == 200


def test_pannes_silencieuses(service, horloge):
    assert call(service, connect(service, impot="non_json")).text.startswith("<html>")
    assert "rfr" not in call(service, connect(service, impot="incomplet")).json
    assert call(service, connect(service, impot="lent")).status_code == 200
    assert horloge.attendu == 8.0
