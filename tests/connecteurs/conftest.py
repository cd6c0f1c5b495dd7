"""Contexte d’appel, et un vrai processus de simulateurs pour les connecteurs."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from socle.fondations.formulaires.ports import ContexteAppel

RACINE = Path(__file__).resolve().parents[2]
SIRET = "21920023500014"
IDENTITE = {
    "given_name": "Nadia Soumaya",
    "family_name": "BELKACEM",
    "birthdate": "1986-04-11",
    "gender": "female",
    "birthplace": "92023",
    "birthcountry": "99100",
}


@pytest.fixture
def create_contexte(maintenant) -> Callable[..., ContexteAppel]:
    def create(**changements) -> ContexteAppel:
        valeurs = {
            "identite": IDENTITE,
            "jeton_franceconnect": "jeton-fc",
            "siret_destinataire": SIRET,
            "reference": "brouillon:1",
            "parametres": {},
            "maintenant": maintenant,
        }
        return ContexteAppel(**{**valeurs, **changements})

    return create


@pytest.fixture(scope="session")
def adresse_simulateurs() -> Iterator[str]:
    """Adresse d’un processus de simulateurs dont les pannes « lent » durent sept secondes."""
    processus = subprocess.Popen(
        [sys.executable, "-m", "socle.simulateurs", "--port", "0", "--lenteur", "7"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(RACINE / "src")},
    )
    [port] = re.findall(r"port (\d+)", processus.stdout.readline())
    yield f"http://127.0.0.1:{port}"
    processus.terminate()
    processus.communicate(timeout=60)


@pytest.fixture
def simulateurs(settings, adresse_simulateurs) -> str:
    """Bac à sable ouvert sur le processus de simulateurs."""
    settings.BAC_A_SABLE = True
    settings.SIMULATEURS_URL = adresse_simulateurs
    return adresse_simulateurs


@pytest.fixture
def connect(simulateurs) -> Callable[..., str]:
    """Fait passer une personne par le FranceConnect simulé ; rend son jeton d’accès."""

    def get_jeton(identite: str, scopes: tuple[str, ...], **pannes: str) -> str:
        base = f"{simulateurs}/franceconnect/api/v2"
        # Le port est choisi par le système : l’adresse publique annoncée porte le port 0.
        retour = "http://127.0.0.1:0/retour"
        demande = {
            "client_id": "socle-demo",
            "redirect_uri": retour,
            "response_type": "code",
            "scope": " ".join(("openid", *scopes)),
            "state": "e" * 32,
            "nonce": "n" * 32,
            "acr_values": "eidas1",
        }
        with httpx.Client(timeout=60) as web:
            page = web.get(f"{base}/authorize", params=demande)
            page = web.get(f"{simulateurs}{page.headers['Location']}")
            [sceau] = set(re.findall(r'name="demande" value="([^"]+)"', page.text))
            donnees = {"demande": sceau, "identite": identite, **pannes}
            fin = web.post(f"{base}/interaction", data=donnees)
            code = httpx.URL(fin.headers["Location"]).params["code"]
            echange = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": retour,
                "client_id": "socle-demo",
                "client_secret": "secret-de-demonstration",
            }
            return web.post(f"{base}/token", data=echange).json()["access_token"]

    return get_jeton
