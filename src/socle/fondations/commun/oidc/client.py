"""Notre authentification auprès du fournisseur, et les clés que nous publions pour lui."""

import base64
import json
import secrets
import time
from typing import Any, cast
from urllib.parse import quote

from joserfc import jws
from joserfc.jwk import ECKey, KeyParameters, RSAKey, import_key

from socle.fondations.commun.oidc.fournisseur import Fournisseur

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DUREE_ASSERTION = 60  # secondes


def authenticate(
    fournisseur: Fournisseur, destination: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Rend les champs de formulaire et les en-têtes qui prouvent qui nous sommes."""
    qui = {"client_id": fournisseur.client_id}
    if fournisseur.authentification == "client_secret_post":
        return qui | {"client_secret": fournisseur.secret}, {}
    if fournisseur.authentification == "client_secret_basic":
        paire = f"{quote(fournisseur.client_id, safe='')}:{quote(fournisseur.secret, safe='')}"
        return {}, {"Authorization": f"Basic {base64.b64encode(paire.encode()).decode()}"}
    return (
        qui
        | {
            "client_assertion_type": ASSERTION,
            "client_assertion": _sign_assertion(fournisseur, destination),
        },
        {},
    )


def create_cle(usage: str, algorithme: str) -> dict[str, Any]:
    """Crée une clé privée (JWK) : « enc » pour lire les réponses, « sig » pour nous prouver."""
    parametres = cast(
        "KeyParameters", {"use": usage, "alg": algorithme, "kid": secrets.token_urlsafe(12)}
    )
    cle: ECKey | RSAKey
    if algorithme.startswith(("EC", "ES")):
        cle = ECKey.generate_key("P-256", parametres)
    else:
        cle = RSAKey.generate_key(2048, parametres)
    return cle.as_dict(private=True)


def publish_cles(fournisseur: Fournisseur) -> dict[str, Any]:
    """Rend nos clés publiques (JWKS) : celles de chiffrement, et celle de `private_key_jwt`."""
    privees = [*fournisseur.cles_chiffrement]
    if fournisseur.cle_client:
        privees.append(fournisseur.cle_client)
    return {"keys": [import_key(cle).as_dict(private=False) for cle in privees]}


def _sign_assertion(fournisseur: Fournisseur, destination: str) -> str:
    """Signe l’assertion `private_key_jwt` (RFC 7523, § 3), à usage unique.

    L’émetteur est le destinataire : l’assertion volée par un fournisseur ne sert pas à un autre.
    """
    donnees = fournisseur.cle_client or {}
    algorithme = str(donnees.get("alg") or ("ES256" if donnees.get("kty") == "EC" else "RS256"))
    emise = int(time.time())
    charge = {
        "iss": fournisseur.client_id,
        "sub": fournisseur.client_id,
        "aud": [fournisseur.emetteur, destination],
        "jti": secrets.token_urlsafe(24),
        "iat": emise,
        "exp": emise + DUREE_ASSERTION,
    }
    entete = {"alg": algorithme, "typ": "JWT", "kid": donnees.get("kid", "")}
    return jws.serialize_compact(
        entete, json.dumps(charge), import_key(donnees), algorithms=[algorithme]
    )
