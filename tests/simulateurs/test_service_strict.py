"""Le service strict de Socle face aux vrais simulateurs : chaque défaillance a sa réponse."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.commun.oidc import cles, deconnexion, depart, retour
from socle.fondations.commun.oidc.errors import (
    JetonRefuse,
    NiveauInsuffisant,
    ParcoursInconnu,
    RefusDuFournisseur,
    RetourInvalide,
)
from socle.fondations.commun.oidc.fournisseur import Fournisseur, Identite
from socle.simulateurs.oidc.defaillances import CODES
from tests.simulateurs.conftest import open_serveur

REDIRECTION = "/connexion/franceconnect/retour/"
CLE = RSAKey.generate_key(2048, {"use": "enc", "kid": "service-1"})

ATTENDUS: dict[str, type[ErreurConnecteur]] = {
    "access_denied": RefusDuFournisseur,
    "server_error": RefusDuFournisseur,
    "temporarily_unavailable": RefusDuFournisseur,
    "iss_etranger": RetourInvalide,
    "iss_absent": RetourInvalide,
    "state_altere": ParcoursInconnu,
    "token_500": SystemeIndisponible,
    "token_lent": SystemeIndisponible,
    "id_absent": JetonRefuse,
    "id_nonce": JetonRefuse,
    "id_signature": JetonRefuse,
    "id_alg_none": JetonRefuse,
    "id_expire": JetonRefuse,
    "id_acr_bas": NiveauInsuffisant,
    "id_iss": JetonRefuse,
    "id_aud": JetonRefuse,
    "userinfo_non_signe": JetonRefuse,
    "userinfo_signature": JetonRefuse,
    "userinfo_sub": JetonRefuse,
    "userinfo_500": SystemeIndisponible,
    "userinfo_lent": SystemeIndisponible,
}
PERMIS = {"", "rotation", "sub_change"}


@pytest.fixture(scope="module")
def adresse(tmp_path_factory) -> Iterator[str]:
    fichier = tmp_path_factory.mktemp("simulateurs") / "clients.json"
    client = {
        "client_id": "chiffre",
        "secret": "s",
        "prefixes": ["http://127.0.0.1:1/"],
        "chiffrement": "RSA-OAEP-256",
        "jwks": {"keys": [CLE.as_dict(private=False)]},
    }
    fichier.write_text(json.dumps({"clients": {"franceconnect-plus": [client]}}), "utf-8")
    with open_serveur(fichier, lenteur=1.0) as adresse:
        yield adresse


@pytest.fixture
def bac_a_sable(settings, adresse) -> str:
    cles.clear_cles()  # un service ne relit les clés qu’une fois par dix secondes
    settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, adresse
    return adresse


def create_fournisseur(adresse: str, code: str = "franceconnect", **reste: Any) -> Fournisseur:
    base = f"{adresse}/{code}/api/v2"
    valeurs = {
        "cle": code,
        "emetteur": base,
        "autorisation": f"{base}/authorize",
        "jeton": f"{base}/token",
        "jwks": f"{base}/jwks",
        "userinfo": f"{base}/userinfo",
        "fin_session": f"{base}/session/end",
        "client_id": "socle-demo",
        "secret": "secret-de-demonstration",
        "redirection": f"{adresse}{REDIRECTION}",
        "scopes": ("openid", "identite_pivot", "email"),
        "acr_demandes": ("eidas1",),
        "acr_acceptes": ("eidas1",),
        "delai": 30.0,
        **reste,
    }
    return Fournisseur(**valeurs)


def connect(
    fournisseur: Fournisseur, identite: str = "belkacem", defaillance: str = "", **parametres: str
) -> Identite:
    """Parcours entier : départ du service, page du simulateur, retour au service."""
    session: dict[str, Any] = {}
    maintenant = time.time()
    depart_url = depart.open_parcours(session, fournisseur, maintenant=maintenant, **parametres)
    with httpx.Client(base_url=fournisseur.emetteur, timeout=60) as web:
        reponse = web.get(depart_url)
        assert reponse.status_code == 303, reponse.text
        page = web.get(httpx.URL(depart_url).join(reponse.headers["Location"]))
        [sceau] = set(re.findall(r'name="demande" value="([^"]+)"', page.text))
        donnees = {"demande": sceau, "identite": identite, "defaillance": defaillance}
        fin = web.post(f"{fournisseur.emetteur}/interaction", data=donnees)
    recus = parse_qs(urlsplit(fin.headers["Location"]).query)
    parcours, code = retour.take_parcours(session, fournisseur, recus, maintenant=maintenant)
    return retour.redeem_code(fournisseur, parcours, code, maintenant=maintenant)


def test_table_covers_every_defaillance():
    assert set(ATTENDUS) | PERMIS == CODES


@pytest.mark.parametrize("defaillance", sorted(ATTENDUS))
def test_service_refuses_each_fault(bac_a_sable, defaillance):
    delai = 0.6 if defaillance.endswith("_lent") else 30.0
    with pytest.raises(ErreurConnecteur) as refus:
        connect(create_fournisseur(bac_a_sable, delai=delai), defaillance=defaillance)

    assert type(refus.value) is ATTENDUS[defaillance]


@pytest.mark.parametrize("defaillance", sorted(PERMIS))
def test_service_accepts_what_is_allowed(bac_a_sable, defaillance):
    identite = connect(create_fournisseur(bac_a_sable), defaillance=defaillance)

    assert (identite.acr, identite.read("family_name")) == ("eidas1", "BELKACEM")


def test_service_reads_encrypted_answers(bac_a_sable):
    fournisseur = create_fournisseur(
        bac_a_sable,
        "franceconnect-plus",
        client_id="chiffre",
        secret="s",
        redirection=f"http://127.0.0.1:1{REDIRECTION}",
        acr_demandes=("eidas2",),
        acr_acceptes=("eidas2", "eidas3"),
        chiffrement="RSA-OAEP-256",
        cles_chiffrement=(CLE.as_dict(private=True),),
    )

    assert connect(fournisseur).read("given_name") == "Nadia Soumaya"


def test_service_refuses_clear_answers_when_encryption_is_registered(bac_a_sable):
    fournisseur = create_fournisseur(
        bac_a_sable,
        "franceconnect-plus",
        acr_demandes=("eidas2",),
        acr_acceptes=("eidas2",),
        chiffrement="RSA-OAEP-256",
        cles_chiffrement=(CLE.as_dict(private=True),),
    )

    with pytest.raises(JetonRefuse):
        connect(fournisseur)


AGENTS = {
    "code": "proconnect",
    "pkce": True,
    "scopes": ("openid", "given_name", "usual_name", "email", "siret", "roles"),
    "acr_demandes": (),
    "acr_acceptes": ("eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3"),
}


def test_agent_with_mfa_connects_with_pkce(bac_a_sable):
    claims = {"id_token": {"amr": {"essential": True}}}
    identite = connect(
        create_fournisseur(bac_a_sable, **AGENTS, claims=claims), "valideur", siret_hint="1" * 14
    )

    assert (identite.acr, identite.amr) == ("eidas1-mfa", ("pwd", "otp", "mfa"))
    assert identite.read("siret") == "21920023500014"


def test_agent_without_mfa_is_refused_by_the_service_itself(bac_a_sable):
    with pytest.raises(NiveauInsuffisant):
        connect(create_fournisseur(bac_a_sable, **AGENTS), "sans_mfa")


def test_logout_at_the_provider_and_back(bac_a_sable):
    fournisseur = create_fournisseur(bac_a_sable)
    session: dict[str, Any] = {}
    adresse = deconnexion.open_deconnexion(
        session,
        fournisseur,
        id_token=connect(fournisseur).id_token,
        retour=f"{bac_a_sable}/au-revoir/",
    )

    fin = httpx.get(adresse, timeout=60)
    assert fin.status_code == 303
    [etat] = parse_qs(urlsplit(fin.headers["Location"]).query)["state"]
    deconnexion.close_deconnexion(session, etat)
