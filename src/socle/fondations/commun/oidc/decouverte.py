"""Découverte : lire chez le fournisseur ses adresses, une fois, au réglage (OIDC Discovery 1.0)."""

from dataclasses import dataclass
from typing import Any

from socle.fondations.commun import http
from socle.fondations.commun.oidc.errors import FournisseurMalRegle

TAILLE_MAX = 256 * 1024
CHEMIN = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Adresses:
    """Adresses annoncées par un fournisseur ; vides s’il ne les annonce pas."""

    emetteur: str
    autorisation: str
    jeton: str
    jwks: str
    userinfo: str
    fin_session: str
    iss_annonce: bool


def discover(emetteur: str, *, delai: float = 8.0) -> Adresses:
    """Lit le document de découverte.

    Raises:
        FournisseurMalRegle: l’émetteur annoncé n’est pas celui qu’on a demandé.
        SystemeIndisponible, ErreurConnecteur: document injoignable ou illisible.
    """
    adresse = emetteur.rstrip("/") + CHEMIN
    with (
        http.translate_errors("Le fournisseur d’identité"),
        http.client(adresse, delai=delai, taille_max=TAILLE_MAX) as client,
    ):
        document = http.read_objet(client.get(adresse))
    if document.get("issuer") != emetteur:
        raise FournisseurMalRegle("l’émetteur annoncé n’est pas celui demandé")
    return Adresses(
        emetteur=emetteur,
        autorisation=_read(document, "authorization_endpoint"),
        jeton=_read(document, "token_endpoint"),
        jwks=_read(document, "jwks_uri"),
        userinfo=_read(document, "userinfo_endpoint"),
        fin_session=_read(document, "end_session_endpoint"),
        iss_annonce=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _read(document: dict[str, Any], nom: str) -> str:
    valeur = document.get(nom, "")
    return valeur if isinstance(valeur, str) else ""
