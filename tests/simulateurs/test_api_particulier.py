"""API Particulier simulée : enveloppe, erreurs, quota, cache, masque des périmètres."""

import json
import threading
from urllib.parse import urlencode

import pytest
from werkzeug.test import Client

from socle.simulateurs.application import create_application
from socle.simulateurs.configuration import create_configuration
from tests.simulateurs.parcours import SCOPES_FC, Service

BASE = "/simulateurs/api-particulier/v3/dss/quotient_familial"
RECIPIENT = "21920023500014"
ETAT_CIVIL = (
    ("nomNaissance", "Belkacem"),
    ("prenoms[]", "Nadia"),
    ("anneeDateNaissance", "1986"),
    ("moisDateNaissance", "4"),
    ("jourDateNaissance", "11"),
    ("sexeEtatCivil", "F"),
    ("codeCogInseePaysNaissance", "99100"),
    ("codeCogInseeCommuneNaissance", "92023"),
)
SCOPES_CAF = "cnaf_quotient_familial cnaf_allocataires cnaf_enfants cnaf_adresse"


@pytest.fixture
def web(simulateurs) -> Client:
    return Client(simulateurs)


def call_identite(web, *, jeton="jeton-de-demonstration", entetes=None, **changements):
    parametres = [
        (nom, changements.pop(nom.rstrip("[]"), valeur))
        for nom, valeur in (("recipient", RECIPIENT), *ETAT_CIVIL)
    ]
    parametres += changements.items()
    suite = urlencode([(nom, valeur) for nom, valeur in parametres if valeur is not None])
    return web.get(
        f"{BASE}/identite?{suite}", headers={"Authorization": f"Bearer {jeton}", **(entetes or {})}
    )


def call_france_connect(service: Service, acces: str, **changements: str):
    suite = urlencode({"recipient": RECIPIENT, **changements})
    return service.web.get(
        f"{BASE}/france_connect?{suite}", headers={"Authorization": f"Bearer {acces}"}
    )


def get_code(reponse) -> tuple[int, str]:
    [erreur] = reponse.json["errors"]
    assert set(erreur) == {"code", "title", "detail", "source", "meta"}
    return reponse.status_code, erreur["code"]


def test_identite_answers_the_envelope(web):
    reponse = call_identite(web)

    assert reponse.status_code == 200
    assert set(reponse.json) == {"data", "links", "meta"}
    assert reponse.json["data"]["quotient_familial"] == {
        "fournisseur": "CNAF",
        "valeur": 468,
        "annee": 2026,
        "mois": 11,
        "annee_calcul": 2026,
        "mois_calcul": 11,
    }
    assert reponse.json["data"]["enfants"][0] == {
        "nom_naissance": "BELKACEM",
        "nom_usage": None,
        "prenoms": "YANIS",
        "date_naissance": "2017-05-23",
        "sexe": "M",
    }
    assert reponse.headers["X-Request-ID"]


def read_shape(valeur):
    """Forme d’un JSON : noms et types, sans les valeurs ; null se confond avec un texte."""
    if isinstance(valeur, dict):
        return {nom: read_shape(contenu) for nom, contenu in sorted(valeur.items())}
    if isinstance(valeur, list):
        return [read_shape(valeur[0])] if valeur else []
    return "str" if valeur is None else type(valeur).__name__


def test_shape_is_the_official_one(web, donnees_officielles):
    adresses = json.loads((donnees_officielles / "dln1f" / "endpoints.json").read_text("utf-8"))
    officiel = dict(adresses)["api_particulier /v3/dss/quotient_familial/identite"]

    assert read_shape(call_identite(web).json) == read_shape(officiel["exemple_200"])


def test_errors_are_the_official_ones(donnees_officielles):
    from socle.simulateurs.api_particulier.erreurs import ERREURS

    adresses = json.loads((donnees_officielles / "dln1f" / "endpoints.json").read_text("utf-8"))
    officielles = dict(adresses)["api_particulier /v3/dss/quotient_familial/identite"]["erreurs"]
    connues = {
        (int(statut), erreur["code"], erreur["title"])
        for statut, exemples in officielles.items()
        for exemple in exemples
        for erreur in exemple["errors"]
    }

    absentes = {(statut, code, titre) for code, (statut, titre, _) in ERREURS.items()} - connues
    assert absentes == {(422, "00210", "Entité non traitable")}  # absente de la description


@pytest.mark.parametrize(
    ("jeton", "attendu"),
    [
        ("", (401, "00101")),
        ("inconnu", (401, "00101")),
        ("jeton-expire", (401, "00103")),
        ("jeton-liste-noire", (401, "00105")),
        ("jeton-sans-droit", (403, "00100")),
    ],
)
def test_jetons_refuses(web, jeton, attendu):
    assert get_code(call_identite(web, jeton=jeton)) == attendu


@pytest.mark.parametrize(
    ("changement", "attendu"),
    [
        ({"recipient": None}, (422, "00203")),
        ({"recipient": ""}, (422, "00203")),
        ({"recipient": "21920023500015"}, (422, "00210")),
        ({"recipient": "219200235"}, (422, "00210")),
        ({"nomNaissance": None}, (422, "00366")),
        ({"prenoms": None}, (422, "00366")),
        ({"sexeEtatCivil": "X"}, (422, "00366")),
        ({"codeCogInseePaysNaissance": "France"}, (422, "00366")),
        ({"codeCogInseeCommuneNaissance": None}, (422, "00366")),
        ({"codeCogInseeCommuneNaissance": "Clamart"}, (422, "00366")),
        ({"anneeDateNaissance": "mille"}, (422, "00366")),
        ({"annee": "2023"}, (422, "00366")),
        ({"annee": "hier"}, (422, "00366")),
        ({"mois": "13"}, (422, "00366")),
        ({"nomNaissance": "Inconnu"}, (404, "35003")),
        ({"prenoms": "Soumaya"}, (404, "35003")),
        ({"jourDateNaissance": "12"}, (404, "35003")),
        ({"nomNaissance": "Saturée"}, (429, "00429")),
        ({"nomNaissance": "Invalide"}, (502, "37999")),
        ({"nomNaissance": "Panne"}, (504, "37002")),
    ],
)
def test_parametres_refuses(web, changement, attendu):
    assert get_code(call_identite(web, **changement)) == attendu


def test_absence_tells_which_fund(web):
    moreau = {
        "nomNaissance": "MOREAU",
        "prenoms": "Hélène",
        "anneeDateNaissance": "1979",
        "moisDateNaissance": "1",
        "jourDateNaissance": "27",
        "codeCogInseeCommuneNaissance": "75115",
    }

    assert get_code(call_identite(web, **moreau)) == (404, "23003")


@pytest.mark.parametrize(
    "changement",
    [
        {"nomNaissance": "bélkacem"},
        {"prenoms": "NADIA SOUMAYA"},
        {"moisDateNaissance": "04"},
        {"moisDateNaissance": None, "jourDateNaissance": None},
    ],
)
def test_recherche_tolerates_case_accents_and_missing_parts(web, changement):
    assert call_identite(web, **changement).status_code == 200


def test_nee_a_l_etranger_needs_no_commune(web):
    diallo = {
        "nomNaissance": "DIALLO",
        "prenoms": "Aminata",
        "anneeDateNaissance": "1990",
        "moisDateNaissance": "12",
        "jourDateNaissance": "5",
        "codeCogInseePaysNaissance": "99330",
        "codeCogInseeCommuneNaissance": None,
    }

    assert call_identite(web, **diallo).json["data"]["quotient_familial"]["valeur"] == 212


def test_periode_passee_is_echoed_up_to_two_years(web):
    reponse = call_identite(web, annee="2024", mois="12")

    quotient = reponse.json["data"]["quotient_familial"]
    assert (quotient["annee"], quotient["mois"]) == (2024, 12)


def test_jeton_masque_hides_what_is_not_granted(web):
    assert set(call_identite(web, jeton="jeton-quotient-seul").json["data"]) == {
        "quotient_familial"
    }


def test_ratelimit_counts_down_to_429(create_simulateurs, horloge):
    web = Client(create_simulateurs(quota=2))
    restes = [call_identite(web).headers["RateLimit-Remaining"] for _ in range(2)]
    trop = call_identite(web)

    assert restes == ["1", "0"]
    assert get_code(trop) == (429, "00429")
    assert 0 < int(trop.headers["Retry-After"]) <= 60
    assert int(trop.headers["RateLimit-Reset"]) > horloge()

    horloge.advance(60)
    assert call_identite(web).status_code == 200


def test_cache_lasts_24_hours_and_no_cache_forces(web, horloge):
    def read(**options):
        entetes = call_identite(web, **options).headers
        return entetes["X-Response-Cached"], entetes["X-Cache-Expires-in"]

    assert read() == ("false", "")
    horloge.advance(100)
    assert read() == ("true", "86300")
    assert read(entetes={"Cache-Control": "no-cache"}) == ("false", "")
    assert read(jeton="jeton-quotient-seul") == ("false", "")
    horloge.advance(86_400)
    assert read() == ("false", "")


def test_conflit_while_the_same_call_is_running(horloge):
    """Le 409 est réel : deux appels identiques en même temps, le premier étant lent."""
    entre, sort = threading.Event(), threading.Event()

    def sleep(_: float) -> None:
        entre.set()
        sort.wait(60)

    configuration = create_configuration("http://localhost:8000/simulateurs")
    application = create_application(configuration, horloge=horloge, dormir=sleep)
    fil = threading.Thread(
        target=lambda: call_identite(Client(application), nomNaissance="Lenteur")
    )
    fil.start()
    assert entre.wait(60)

    meme = call_identite(Client(application), nomNaissance="Lenteur")
    autre = call_identite(Client(application))
    sort.set()
    fil.join(5)

    assert get_code(meme) == (409, "00015")
    assert autre.status_code == 200


@pytest.fixture
def service(franceconnect) -> Service:
    franceconnect.scope = f"{SCOPES_FC} {SCOPES_CAF}"
    return franceconnect


def test_france_connect_uses_the_access_token(service):
    acces = service.connect("le_goff")["access_token"]
    reponse = call_france_connect(service, acces)

    assert reponse.json["data"]["quotient_familial"]["valeur"] == 871
    assert set(reponse.json["data"]) == {
        "allocataires",
        "enfants",
        "adresse",
        "quotient_familial",
    }


@pytest.mark.parametrize(
    ("scope", "attendu"),
    [
        ("openid cnaf_quotient_familial", {"quotient_familial"}),
        ("openid cnaf_enfants cnaf_adresse", {"enfants", "adresse"}),
    ],
)
def test_france_connect_is_masked_by_scopes(service, scope, attendu):
    acces = service.connect("le_goff", demande={"scope": scope})["access_token"]

    assert set(call_france_connect(service, acces).json["data"]) == attendu


def test_france_connect_without_scope_is_403(service):
    acces = service.connect("le_goff", demande={"scope": "openid"})["access_token"]

    assert get_code(call_france_connect(service, acces)) == (403, "00100")


def test_france_connect_token_dies_after_60_seconds(service, horloge):
    acces = service.connect("le_goff")["access_token"]
    horloge.advance(60)

    assert get_code(call_france_connect(service, acces)) == (401, "00101")


def test_france_connect_refuses_the_api_token_and_the_proconnect_one(service, proconnect):
    agent = proconnect.connect("instructrice")["access_token"]

    assert get_code(call_france_connect(service, "jeton-de-demonstration")) == (401, "00101")
    assert get_code(call_france_connect(service, agent)) == (401, "00101")


def test_france_connect_needs_the_recipient(service):
    acces = service.connect("le_goff")["access_token"]

    assert get_code(call_france_connect(service, acces, recipient="")) == (422, "00203")


@pytest.mark.parametrize(
    ("panne", "attendu"),
    [
        ("404", (404, "35003")),
        ("409", (409, "00015")),
        ("429", (429, "00429")),
        ("502", (502, "37999")),
        ("504", (504, "37002")),
    ],
)
def test_pannes_chosen_on_the_page(service, panne, attendu):
    acces = service.connect("le_goff", particulier=panne)["access_token"]

    assert get_code(call_france_connect(service, acces)) == attendu


def test_pannes_silencieuses(service, horloge):
    def call(panne: str):
        return call_france_connect(
            service, service.connect("le_goff", particulier=panne)["access_token"]
        )

    assert call("non_json").text.startswith("<html>")
    assert "quotient_familial" not in call("incomplet").json["data"]
    assert call("lent").status_code == 200
    assert horloge.attendu == 8.0
