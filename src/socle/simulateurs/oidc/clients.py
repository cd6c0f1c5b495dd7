"""Authentification des services à `/token`, et chiffrement des réponses pour eux."""

import json
import secrets
import urllib.error
import urllib.request
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from werkzeug.wrappers import Request

from socle.simulateurs.commun.reponses import ErreurOAuth
from socle.simulateurs.configuration import Client
from socle.simulateurs.oidc.fournisseur import Fournisseur

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CHIFFREMENTS = ("RSA-OAEP", "RSA-OAEP-256", "ECDH-ES")
CONTENU_CHIFFRE = "A256GCM"
JWKS_MAX = 64_000
DELAI_JWKS = 3.0


def refuse_client() -> ErreurOAuth:
    return ErreurOAuth(401, "invalid_client", "client authentication failed")


def authenticate_client(fournisseur: Fournisseur, requete: Request) -> Client:
    """Reconnaît le service par son secret (`client_secret_post`) ou par `private_key_jwt`.

    L’authentification Basic est refusée, comme chez FranceConnect et ProConnect.

    Raises:
        ErreurOAuth: 401 `invalid_client`.
    """
    if "Authorization" in requete.headers:
        raise refuse_client()
    if requete.form.get("client_assertion_type") == ASSERTION:
        return _check_assertion(fournisseur, requete.form.get("client_assertion", ""))
    client = fournisseur.get_client(requete.form.get("client_id", ""))
    secret = requete.form.get("client_secret", "")
    if client is None or not client.secret or not _equals(secret, client.secret):
        raise refuse_client()
    return client


def _equals(recu: str, attendu: str) -> bool:
    return secrets.compare_digest(recu.encode(), attendu.encode())


def _check_assertion(fournisseur: Fournisseur, assertion: str) -> Client:
    contexte = fournisseur.contexte
    try:
        charge = json.loads(jws.extract_compact(assertion.encode()).payload)
        client = fournisseur.get_client(charge["iss"])
        if client is None:
            raise refuse_client()
        cles = load_keys(client, "sig")
        jws.deserialize_compact(assertion, cles, algorithms=["ES256", "RS256"])
    except (JoseError, ValueError, KeyError, TypeError) as cause:
        raise refuse_client() from cause
    audiences = charge.get("aud")
    audiences = [audiences] if isinstance(audiences, str) else audiences or []
    permises = {fournisseur.issuer, f"{fournisseur.issuer}/token"}
    echeance = charge.get("exp", 0)
    if (
        charge.get("sub") != client.client_id
        or not permises & set(audiences)
        or not isinstance(echeance, int)
        or echeance <= contexte.horloge()
        or not contexte.usages.consume(f"assertion {charge.get('jti', '')}", echeance)
    ):
        raise refuse_client()
    return client


def load_keys(client: Client, usage: str) -> KeySet:
    """Clés publiques d’un service pour un usage (« sig » ou « enc »).

    Raises:
        ValueError: aucune clé de cet usage, ou adresse `jwks_uri` muette.
    """
    donnees = client.jwks if client.jwks is not None else _fetch_jwks(client.jwks_uri)
    cles = [cle for cle in donnees.get("keys", []) if cle.get("use", usage) == usage]
    if not cles:
        raise ValueError("Le service n’a publié aucune clé de cet usage.")
    return KeySet.import_key_set({"keys": cles})


def _fetch_jwks(adresse: str) -> dict[str, Any]:
    if not adresse.startswith(("http://", "https://")):
        raise ValueError("Le service n’a pas d’adresse de clés.")
    try:
        with urllib.request.urlopen(adresse, timeout=DELAI_JWKS) as reponse:  # noqa: S310
            donnees = json.loads(reponse.read(JWKS_MAX))
    except (urllib.error.URLError, TimeoutError) as cause:
        raise ValueError("Les clés du service sont injoignables.") from cause
    if not isinstance(donnees, dict):
        raise ValueError("Les clés du service sont illisibles.")
    return donnees


def encrypt_for(fournisseur: Fournisseur, client: Client, jeton: str) -> str:
    """Chiffre un jeton signé pour le service (FranceConnect+), ou le rend tel quel.

    L’en-tête répète `iss` et `aud`, comme le fait oidc-provider : un lecteur trop strict échoue.

    Raises:
        ErreurOAuth: le service n’a pas de clé de chiffrement lisible.
    """
    if not client.chiffrement:
        return jeton
    try:
        cle = load_keys(client, "enc").keys[0]
        entete = {
            "alg": client.chiffrement,
            "enc": CONTENU_CHIFFRE,
            "cty": "JWT",
            "iss": fournisseur.issuer,
            "aud": client.client_id,
            **({"kid": cle.kid} if cle.kid else {}),
        }
        registre = jwe.JWERegistry(
            algorithms=[client.chiffrement, CONTENU_CHIFFRE], strict_check_header=False
        )
        return jwe.encrypt_compact(entete, jeton, cle, registry=registre)
    except (JoseError, ValueError) as cause:
        raise ErreurOAuth(
            400, "invalid_client_metadata", "client JWKS is missing an encryption key"
        ) from cause
