"""Le banc des API : les appels de notre propre connecteur, puis les mêmes, faussés un à un."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from socle.connecteurs.api_particulier.connecteur import Parametres, build_appel
from socle.fondations.formulaires.ports import ContexteAppel
from socle.metiers.catalogue.ports import Piece, Rapport
from socle.metiers.catalogue.services.banc_api import ECHANGES_MAX, run_api

DEBUT = datetime(2026, 11, 21, 10, tzinfo=UTC)
IDENTITE = {
    "family_name": "MARTIN", "given_name": "Ana Lou", "gender": "female",
    "birthdate": "1990-05-00", "birthcountry": "99100", "birthplace": "92023",
}  # fmt: skip
SIRET = "21920023500014"


def build_echange(
    secondes: float = 0, statut: int = 200, *, franceconnect: str = "", **entetes: str
) -> dict[str, Any]:
    """L’appel que ferait notre connecteur, tel qu’un navigateur ou un mandataire l’enregistre."""
    contexte = ContexteAppel(
        identite=IDENTITE, jeton_franceconnect=franceconnect, siret_destinataire=SIRET,
        reference="d", maintenant=DEBUT,
    )  # fmt: skip
    chemin, jeton, recherche = build_appel(contexte, Parametres(jeton="secret-jeton"))
    return {
        "startedDateTime": (DEBUT + timedelta(seconds=secondes)).isoformat(),
        "request": {
            "method": "GET",
            "url": f"https://staging.particulier.api.gouv.fr{chemin}?{httpx.QueryParams(recherche)}",
            "headers": [{"name": "Authorization", "value": f"Bearer {jeton}"}],
        },
        "response": {
            "status": statut,
            "headers": [{"name": n.replace("_", "-"), "value": v} for n, v in entetes.items()],
        },
    }


def judge(*echanges: Any) -> Rapport:
    octets = json.dumps({"log": {"version": "1.2", "entries": echanges}}).encode()
    return run_api(Piece(octets, "a.har", "quotient-familial"))


def list_fautes(rapport: Rapport) -> list[str]:
    return [constat.regle for constat in rapport.constats if constat.respectee is False]


def build_complet() -> list[dict[str, Any]]:
    """Les deux modes, un inconnu, une saturation respectée."""
    return [
        build_echange(0),
        build_echange(1, franceconnect="jeton-fc"),
        build_echange(2, 404, franceconnect="autre-fc"),
        build_echange(3, 429, Retry_After="30"),
        build_echange(40),
    ]


def change(avant: str, apres: str) -> dict[str, Any]:
    return json.loads(json.dumps(build_echange()).replace(avant, apres))


def test_calls_of_our_own_connector_conform_and_silence_is_not_judged():
    assert judge(*build_complet()).statut == "conforme"

    partiel = judge(build_echange(), {**build_echange(), "request": {
        "method": "GET", "url": "https://exemple.fr/autre", "headers": []}})  # fmt: skip

    assert partiel.statut == "a_ameliorer"
    muets = [c.detail for c in partiel.constats if c.respectee is None]
    assert muets == ["L’enregistrement n’en montre pas : ce n’est pas jugé."] * 2


def test_each_departure_from_the_notice_is_named_and_no_secret_is_repeated():
    cas = {
        "La méthode est GET": change('"GET"', '"POST"'),
        "Le chemin est celui": change("/v3/dss/quotient_familial", "/api/v2/composition-familiale"),
        "L’adresse est en https": change("https://", "http://"),
        "Le jeton est dans l’en-tête": change("Bearer ", ""),
        "Le jeton n’est ni": change("Authorization", "X-Api-Key"),
        "Le destinataire": change(SIRET, "21920023500015"),
        "Tous les paramètres": change("sexeEtatCivil=F&", ""),
        "Aucun paramètre hors": change("recipient=", "numero_dossier=1&recipient="),
        "L’état civil": change("sexeEtatCivil=F", "sexeEtatCivil=femme"),
    }
    for regle, echange in cas.items():
        rapport = judge(build_echange(), echange)
        fausses = [c for c in rapport.constats if c.respectee is False]
        assert regle in " ".join(c.regle for c in fausses), regle
        assert all("échange 2" in c.detail for c in fausses), regle
        ecrit = str(rapport)
        assert not [mot for mot in ("secret-jeton", "MARTIN", SIRET) if mot in ecrit], regle
    commune = judge(change("&codeCogInseeCommuneNaissance=92023", ""))
    assert list_fautes(commune) == ["L’état civil, s’il est envoyé, est bien formé."]
    cache = judge(change("recipient=", "access_token=secret-jeton&recipient="))
    assert "access_token" in str(cache)
    assert "secret-jeton" not in str(cache)


def test_conduct_after_a_refusal_and_rate_are_read_in_the_times():
    sature = build_echange(1, 429, Retry_After="30")
    assert list_fautes(judge(build_echange(0), sature, build_echange(30))) == [
        "Après un 429, aucun appel avant la fin du délai (Retry-After)."
    ]
    assert not list_fautes(judge(build_echange(0), sature, build_echange(31)))
    assert not list_fautes(judge(build_echange(0), sature, build_echange(2, franceconnect="fc")))
    assert list_fautes(judge(build_echange(0), build_echange(1, 403), build_echange(9))) == [
        "Un refus (401, 403, 404, 422) n’est pas redemandé à l’identique."
    ]
    rafale = [build_echange(rang / 30, franceconnect="fc") for rang in range(21)]
    assert list_fautes(judge(*rafale)) == [
        "Le débit reste sous 20 appels par seconde et par jeton."
    ]
    assert not list_fautes(judge(*rafale[:20]))
    assert list_fautes(judge(build_echange(0, 500))) == [
        "Un appel au moins reçoit une réponse 200."
    ]


def test_hostile_recordings_are_refused_by_a_sentence():
    nu = build_echange()
    for rang, octets in enumerate([
        b"", b"\xff", b"[" * 100_000, b"[]", b"{}", b'{"log": {"entries": 3}}', b'{"log": []}',
    ]):  # fmt: skip
        rapport = run_api(Piece(octets, "a.har", "quotient-familial"))
        assert (rapport.statut, len(rapport.constats)) == ("non_conforme", 1), rang
    for entree in (
        3, None, {}, {**nu, "request": []}, {**nu, "response": {"status": "x"}},
        {**nu, "startedDateTime": "2026-11-21T10:00:00"}, {**nu, "startedDateTime": "hier"},
        {**nu, "request": nu["request"] | {"url": 3}},
        {**nu, "request": nu["request"] | {"url": "https://[/v3"}},
        {**nu, "request": nu["request"] | {"url": "https://a.fr/?" + "a&" * 3000}},
        {**nu, "request": nu["request"] | {"headers": [{"nom": "x"}]}},
    ):  # fmt: skip
        rapport = judge(nu, entree)
        assert "échange 2 ne se lit pas" in rapport.constats[0].detail, entree
    assert "gardez ceux" in judge(*[nu] * (ECHANGES_MAX + 1)).constats[0].detail
    assert "Enregistrez des appels" in judge().constats[0].detail
