"""Départ vers un fournisseur : `state`, `nonce` et PKCE, liés à la session et au fournisseur."""

import base64
import hashlib
import json
import secrets
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from socle.fondations.commun.oidc.fournisseur import Fournisseur

CLE_SESSION = "oidc_parcours"
ONGLETS_MAX = 10
DUREE = 1800.0  # secondes entre le départ et le retour
Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class Parcours:
    """Ce que la session garde d’un départ, jusqu’au retour.

    Attributes:
        debut: instant du départ (secondes depuis 1970).
        suite: chemin, sur le même hôte, où la personne voulait aller ; vérifié par l’appelant.
        intention: pourquoi l’on part : « connexion », « associer », ou un but inscrit ailleurs.
        collectivite: celle d’où l’on part ; l’adresse de retour peut être celle de l’installation.
    """

    fournisseur: str
    nonce: str
    debut: float
    verificateur: str = ""
    suite: str = ""
    intention: str = "connexion"
    scopes: tuple[str, ...] = field(default=())
    collectivite: int | None = None


def open_parcours(
    session: Session,
    fournisseur: Fournisseur,
    *,
    maintenant: float,
    suite: str = "",
    intention: str = "connexion",
    scopes: tuple[str, ...] = (),
    collectivite: int | None = None,
    etat: str = "",
    **parametres: str,
) -> str:
    """Garde un parcours en session et rend l’adresse où envoyer le navigateur.

    Args:
        maintenant: secondes depuis 1970.
        scopes: périmètres de données, en plus de ceux du fournisseur.
        etat: `state` tout fait (au moins 43 caractères tirés au sort) ; tiré ici sinon.
        parametres: paramètres propres au fournisseur (`prompt`, `login_hint`, `siret_hint`…).
    """
    etat = etat or draw_alea()
    verificateur = draw_alea(48) if fournisseur.pkce else ""
    parcours = Parcours(
        fournisseur=fournisseur.cle,
        nonce=draw_alea(),
        debut=maintenant,
        verificateur=verificateur,
        suite=suite,
        intention=intention,
        scopes=scopes,
        collectivite=collectivite,
    )
    _remember(session, etat, parcours, maintenant)
    demande = _build_demande(fournisseur, parcours, etat) | parametres
    separateur = "&" if "?" in fournisseur.autorisation else "?"
    return fournisseur.autorisation + separateur + urlencode(demande)


def draw_alea(octets: int = 32) -> str:
    """Tire une valeur impossible à deviner (32 octets donnent 43 caractères)."""
    return secrets.token_urlsafe(octets)


def list_parcours(session: Session, maintenant: float) -> dict[str, dict[str, Any]]:
    """Rend les parcours encore valables, par `state`."""
    gardes = session.get(CLE_SESSION, {})
    return {etat: p for etat, p in gardes.items() if 0 <= maintenant - p["debut"] <= DUREE}


def _remember(session: Session, etat: str, parcours: Parcours, maintenant: float) -> None:
    gardes = sorted(list_parcours(session, maintenant).items(), key=lambda p: p[1]["debut"])
    session[CLE_SESSION] = dict(gardes[-(ONGLETS_MAX - 1) :]) | {etat: asdict(parcours)}


def _build_demande(fournisseur: Fournisseur, parcours: Parcours, etat: str) -> dict[str, str]:
    demande = {
        "response_type": "code",
        "client_id": fournisseur.client_id,
        "redirect_uri": fournisseur.redirection,
        "scope": " ".join(dict.fromkeys((*fournisseur.scopes, *parcours.scopes))),
        "state": etat,
        "nonce": parcours.nonce,
    }
    if fournisseur.acr_demandes:
        demande["acr_values"] = " ".join(fournisseur.acr_demandes)
    if fournisseur.claims:
        demande["claims"] = json.dumps(fournisseur.claims, separators=(",", ":"))
    if parcours.verificateur:
        somme = hashlib.sha256(parcours.verificateur.encode()).digest()
        demande["code_challenge"] = base64.urlsafe_b64encode(somme).rstrip(b"=").decode()
        demande["code_challenge_method"] = "S256"
    return demande
