"""Connecteur API Particulier : succès, absence, pannes, et vrai simulateur."""

from datetime import date, timedelta

import httpx
import pytest
import respx

from socle.connecteurs.api_particulier.connecteur import (
    FOYER,
    QUOTIENT,
    AllocataireInconnu,
    ConnexionExpiree,
    SourceQuotient,
)
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.formulaires.ports import SourceDonnees, sources

BASE = "https://particulier.api.gouv.fr/v3/dss/quotient_familial"
FC = f"{BASE}/france_connect"


def create_corps(**changements) -> dict:
    quotient = {
        "fournisseur": "CNAF",
        "valeur": 468,
        "annee": 2026,
        "mois": 11,
        "annee_calcul": 2026,
        "mois_calcul": 11,
        **changements,
    }
    return {"data": {"quotient_familial": quotient}, "links": {}, "meta": {}}


@pytest.fixture
def api():
    with respx.mock(assert_all_called=False) as bouchon:
        yield bouchon


@pytest.fixture
def source() -> SourceQuotient:
    return SourceQuotient()


def test_sources_are_registered_and_follow_the_port():
    for code in ("cnaf_quotient", "cnaf_foyer"):
        assert isinstance(sources[code], SourceDonnees)
        assert sources[code].code == code


def test_fetch_reads_the_quotient_and_traces_the_call(api, source, create_contexte):
    route = api.get(FC).respond(
        json=create_corps(), headers={"X-Request-ID": "abc", "X-Response-Cached": "true"}
    )

    reponse = source.fetch(create_contexte())

    assert dict(reponse.valeurs) == {
        "quotient_familial": 468,
        "quotient_mois": "novembre 2026",
        "quotient_caisse": "Caisse d’allocations familiales",
    }
    assert reponse.date_donnee == date(2026, 11, 1)
    assert reponse.libelle_source == "Caisse d’allocations familiales, quotient de novembre 2026"
    trace = reponse.trace
    assert (trace.endpoint, trace.statut_http) == ("/v3/dss/quotient_familial/france_connect", 200)
    assert (trace.identifiant_requete, trace.depuis_cache) == ("abc", True)
    envoyee = route.calls.last.request
    assert envoyee.headers["Authorization"] == "Bearer jeton-fc"
    assert dict(envoyee.url.params) == {"recipient": "21920023500014"}


def test_source_foyer_reads_children_and_address(api, create_contexte):
    corps = create_corps()
    corps["data"]["enfants"] = [{"prenoms": "YANIS"}, {"prenoms": "LINA"}]
    corps["data"]["adresse"] = {
        "complement_information": "Bâtiment C",
        "numero_libelle_voie": "14 RUE DES CHÂTAIGNIERS",
        "lieu_dit": None,
        "code_postal_ville": "92140 CLAMART",
    }
    api.get(FC).respond(json=corps)

    valeurs = SourceQuotient(FOYER).fetch(create_contexte()).valeurs

    assert valeurs["nombre_enfants"] == 2
    assert valeurs["adresse"] == "Bâtiment C\n14 RUE DES CHÂTAIGNIERS\n92140 CLAMART"


def test_source_keeps_only_what_it_announced(api, source, create_contexte):
    corps = create_corps()
    corps["data"]["enfants"] = [{"prenoms": "YANIS"}]
    api.get(FC).respond(json=corps)

    valeurs = source.fetch(create_contexte()).valeurs
    assert set(valeurs) == {donnee.code for donnee in QUOTIENT.donnees}


def test_zero_is_a_value(api, source, create_contexte):
    api.get(FC).respond(json=create_corps(valeur=0, fournisseur="MSA"))

    valeurs = source.fetch(create_contexte()).valeurs
    assert (valeurs["quotient_familial"], valeurs["quotient_caisse"]) == (
        0,
        "Mutualité sociale agricole",
    )


@pytest.mark.parametrize(
    ("statut", "classe"),
    [
        (400, ErreurConnecteur),
        (401, ConnexionExpiree),
        (403, ErreurConnecteur),
        (404, AllocataireInconnu),
        (409, SystemeIndisponible),
        (422, ErreurConnecteur),
        (429, SystemeIndisponible),
        (500, SystemeIndisponible),
        (502, SystemeIndisponible),
        (503, SystemeIndisponible),
        (504, SystemeIndisponible),
        (302, ErreurConnecteur),
    ],
)
def test_refus_have_their_class_and_a_trace(api, source, create_contexte, statut, classe):
    api.get(FC).respond(statut, json={"errors": []}, headers={"X-Request-ID": "r"})

    with pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte())

    assert type(refus.value) is classe
    assert (refus.value.trace.statut_http, refus.value.trace.identifiant_requete) == (statut, "r")


def test_delai_depasse_is_unavailable_with_a_trace(api, source, create_contexte):
    api.get(FC).mock(side_effect=httpx.ReadTimeout("long"))

    with pytest.raises(SystemeIndisponible) as panne:
        source.fetch(create_contexte())
    assert panne.value.trace.statut_http == 0


@pytest.mark.parametrize(
    "contenu",
    [
        b"<html>maintenance</html>",
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"data": null}',
        b'{"data": {}}',
        b'{"data": []}',
        b'{"data": {"quotient_familial": null}}',
        b'{"data": {"quotient_familial": []}}',
        b'{"data": {"quotient_familial": {"valeur": 468}}}',
        b"\xff\xfe",
    ],
)
def test_corps_illisible_is_an_error(api, source, create_contexte, contenu):
    api.get(FC).respond(200, content=contenu)

    with pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte())
    assert not isinstance(refus.value, SystemeIndisponible)
    assert refus.value.trace.statut_http == 200


@pytest.mark.parametrize(
    "changement",
    [
        {"valeur": "468"},
        {"valeur": 468.5},
        {"valeur": True},
        {"valeur": -1},
        {"valeur": 10**9},
        {"mois": 0},
        {"mois": 13},
        {"annee": 1900},
        {"fournisseur": "AUTRE"},
        {"fournisseur": None},
        {"fournisseur": ["CNAF"]},
    ],
)
def test_valeur_hors_bornes_is_an_error(api, source, create_contexte, changement):
    api.get(FC).respond(json=create_corps(**changement))

    with pytest.raises(ErreurConnecteur):
        source.fetch(create_contexte())


def test_429_is_obeyed_before_calling_again(api, source, create_contexte, maintenant):
    route = api.get(FC).respond(429, headers={"Retry-After": "30"})
    with pytest.raises(SystemeIndisponible):
        source.fetch(create_contexte())

    with pytest.raises(SystemeIndisponible):
        source.fetch(create_contexte(maintenant=maintenant + timedelta(seconds=29)))
    assert route.call_count == 1

    route.respond(json=create_corps())
    source.fetch(create_contexte(maintenant=maintenant + timedelta(seconds=30)))
    assert route.call_count == 2


def test_identite_mode_sends_the_civil_status(api, source, create_contexte):
    route = api.get(f"{BASE}/identite").respond(json=create_corps())
    contexte = create_contexte(jeton_franceconnect="", parametres={"jeton": "habilitation"})

    reponse = source.fetch(contexte)

    assert reponse.trace.endpoint == "/v3/dss/quotient_familial/identite"
    envoyee = route.calls.last.request
    assert envoyee.headers["Authorization"] == "Bearer habilitation"
    assert envoyee.url.params.multi_items() == [
        ("recipient", "21920023500014"),
        ("nomNaissance", "BELKACEM"),
        ("sexeEtatCivil", "F"),
        ("prenoms[]", "Nadia"),
        ("prenoms[]", "Soumaya"),
        ("codeCogInseePaysNaissance", "99100"),
        ("codeCogInseeCommuneNaissance", "92023"),
        ("anneeDateNaissance", "1986"),
        ("moisDateNaissance", "4"),
        ("jourDateNaissance", "11"),
    ]


@pytest.mark.parametrize(
    ("changement", "attendus"),
    [
        ({"birthdate": "1992-11-00"}, ["1992", "11"]),
        ({"birthdate": "1992-00-00"}, ["1992"]),
        ({"birthdate": ""}, []),
    ],
)
def test_identite_mode_drops_unknown_birth_parts(
    api, source, create_contexte, changement, attendus
):
    route = api.get(f"{BASE}/identite").respond(json=create_corps())
    contexte = create_contexte(jeton_franceconnect="", parametres={"jeton": "h"})
    source.fetch(
        create_contexte(
            jeton_franceconnect="",
            parametres={"jeton": "h"},
            identite={**contexte.identite, **changement},
        )
    )

    envoyes = route.calls.last.request.url.params.multi_items()
    assert [valeur for nom, valeur in envoyes if nom.endswith("DateNaissance")] == attendus


@pytest.mark.parametrize(
    "changement",
    [
        {"family_name": ""},
        {"given_name": None},
        {"gender": "unspecified"},
        {"birthcountry": ""},
        {"birthplace": ""},
    ],
)
def test_identite_incomplete_is_refused_without_a_call(api, source, create_contexte, changement):
    contexte = create_contexte()
    with pytest.raises(ErreurConnecteur):
        source.fetch(
            create_contexte(
                jeton_franceconnect="",
                parametres={"jeton": "h"},
                identite={**contexte.identite, **changement},
            )
        )
    assert api.calls.call_count == 0


def test_nee_a_l_etranger_needs_no_commune(api, source, create_contexte):
    route = api.get(f"{BASE}/identite").respond(json=create_corps())
    identite = {**create_contexte().identite, "birthcountry": "99330", "birthplace": ""}
    source.fetch(
        create_contexte(jeton_franceconnect="", parametres={"jeton": "h"}, identite=identite)
    )

    assert "codeCogInseeCommuneNaissance" not in route.calls.last.request.url.params


def test_without_any_token_the_person_must_connect(source, create_contexte):
    with pytest.raises(ConnexionExpiree):
        source.fetch(create_contexte(jeton_franceconnect=""))


def test_parametres_faux_are_refused(source, create_contexte):
    with pytest.raises(ErreurConnecteur, match="mal réglé"):
        source.fetch(create_contexte(parametres={"url": 3}))


@pytest.mark.parametrize("url", ["http://particulier.api.gouv.fr", "https://127.0.0.1"])
def test_adresse_en_clair_or_interne_is_refused(source, create_contexte, url):
    with pytest.raises(ErreurConnecteur):
        source.fetch(create_contexte(parametres={"url": url}))


def test_token_is_never_logged(api, source, create_contexte, caplog):
    api.get(FC).respond(401)
    with caplog.at_level("DEBUG"), pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte(jeton_franceconnect="tres-secret"))

    assert "tres-secret" not in caplog.text + str(refus.value) + repr(create_contexte())


def test_check_accepts_the_expected_refusal(api, source):
    api.get(FC).respond(401)
    assert source.check() == "API Particulier répond."

    api.get(FC).respond(503)
    with pytest.raises(SystemeIndisponible):
        source.check()

    api.get(FC).respond(200)
    with pytest.raises(ErreurConnecteur):
        source.check()


def test_simulateur_nominal(source, create_contexte, connect):
    jeton = connect("nom_composé", source.scopes)
    premier = source.fetch(create_contexte(jeton_franceconnect=jeton))

    assert premier.valeurs["quotient_familial"] == 745
    assert premier.trace.identifiant_requete
    assert premier.trace.depuis_cache is False
    assert source.fetch(create_contexte(jeton_franceconnect=jeton)).trace.depuis_cache is True


def test_simulateur_foyer(create_contexte, connect):
    source = SourceQuotient(FOYER)
    jeton = connect("belkacem", source.scopes)
    valeurs = source.fetch(create_contexte(jeton_franceconnect=jeton)).valeurs

    assert (valeurs["quotient_familial"], valeurs["nombre_enfants"]) == (468, 2)
    assert valeurs["adresse"].splitlines() == [
        "Bâtiment C",
        "14 RUE DES CHÂTAIGNIERS",
        "92140 CLAMART",
    ]


def test_simulateur_identite(simulateurs, source, create_contexte):
    reponse = source.fetch(create_contexte(jeton_franceconnect=""))

    assert reponse.valeurs["quotient_familial"] == 468


@pytest.mark.parametrize(
    ("panne", "classe"),
    [
        ("404", AllocataireInconnu),
        ("409", SystemeIndisponible),
        ("429", SystemeIndisponible),
        ("502", SystemeIndisponible),
        ("504", SystemeIndisponible),
        ("non_json", ErreurConnecteur),
        ("incomplet", ErreurConnecteur),
    ],
)
def test_simulateur_pannes(create_contexte, connect, panne, classe):
    source = SourceQuotient()
    jeton = connect("le_goff", source.scopes, particulier=panne)

    with pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte(jeton_franceconnect=jeton))
    assert type(refus.value) is classe


@pytest.mark.lent
def test_simulateur_lent_stops_after_five_seconds(create_contexte, connect):
    source = SourceQuotient()
    jeton = connect("diallo", source.scopes, particulier="lent")

    with pytest.raises(SystemeIndisponible):
        source.fetch(create_contexte(jeton_franceconnect=jeton))


def test_simulateur_refuses_a_false_token_and_recipient(source, create_contexte, connect):
    with pytest.raises(ConnexionExpiree):
        source.fetch(create_contexte())

    jeton = connect("le_goff", source.scopes)
    with pytest.raises(ErreurConnecteur) as refus:
        source.fetch(create_contexte(jeton_franceconnect=jeton, siret_destinataire="123"))
    assert refus.value.trace.statut_http == 422


@pytest.mark.parametrize(
    ("statut", "mots"),
    [(401, "faux ou périmé"), (403, "ne donne pas droit"), (503, "ne répond pas en ce moment")],
)
def test_check_names_a_bad_token(api, source, statut, mots):
    api.get(FC).respond(401)
    api.get(FC.replace("france_connect", "identite")).respond(statut)

    with pytest.raises(ErreurConnecteur, match=mots):
        source.check({"jeton": "un-jeton"})


def test_simulateur_check(simulateurs, source):
    assert source.check() == "API Particulier répond et reconnaît le jeton d’habilitation."
    with pytest.raises(ErreurConnecteur, match="faux ou périmé"):
        source.check({"jeton": "jeton-expire"})


def test_nom_d_usage_is_sent_when_it_differs(api, source, create_contexte):
    route = api.get(f"{BASE}/identite").respond(json=create_corps())

    def get_usage(usage: str) -> str | None:
        identite = {**create_contexte().identite, "preferred_username": usage}
        source.fetch(
            create_contexte(jeton_franceconnect="", parametres={"jeton": "h"}, identite=identite)
        )
        return route.calls.last.request.url.params.get("nomUsage")

    assert get_usage("MARTIN") == "MARTIN"
    assert get_usage("BELKACEM") is None
