"""Lecture d’un jeton : déchiffrer, vérifier la signature, contrôler chaque revendication."""

import base64
import hashlib
import hmac
import json
import math
from typing import Any, NoReturn

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from socle.fondations.commun.oidc.cles import list_cles, refresh_cles
from socle.fondations.commun.oidc.errors import JetonRefuse, NiveauInsuffisant
from socle.fondations.commun.oidc.fournisseur import CONTENU_CHIFFRE, Fournisseur

TAILLE_MAX = 64 * 1024
SUB_MAX = 255


def read_jeton(fournisseur: Fournisseur, jeton: object) -> dict[str, Any]:
    """Rend le contenu d’un jeton signé (et chiffré si le fournisseur doit chiffrer).

    Raises:
        JetonRefuse: forme, chiffrement ou signature faux.
        SystemeIndisponible: les clés du fournisseur sont injoignables.
    """
    if not isinstance(jeton, str) or not jeton.isascii() or len(jeton) > TAILLE_MAX:
        raise JetonRefuse("forme")
    if fournisseur.chiffrement:
        jeton = _decrypt(fournisseur, jeton)
    if jeton.count(".") != 2:
        raise JetonRefuse("forme")
    kid = _read_kid(fournisseur, jeton)
    contenu = _verify(fournisseur, jeton, kid)
    if contenu is None and refresh_cles(fournisseur):
        contenu = _verify(fournisseur, jeton, kid)
    if contenu is None:
        raise JetonRefuse("signature")
    return contenu


def check_claims(
    fournisseur: Fournisseur, claims: dict[str, Any], *, maintenant: float, informations: bool
) -> None:
    """Contrôle émetteur, destinataire, dates et sujet. `informations` : `userinfo`, sans échéance.

    Raises:
        JetonRefuse: la première revendication fausse est nommée.
    """
    if claims.get("iss") != fournisseur.emetteur:
        raise JetonRefuse("iss")
    _check_audience(fournisseur, claims)
    _check_dates(claims, maintenant, fournisseur.tolerance, exigees=not informations)
    sub = claims.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= SUB_MAX or not sub.isprintable():
        raise JetonRefuse("sub")


def check_nonce(claims: dict[str, Any], attendu: str) -> None:
    """Le jeton répond bien à ce parcours-ci, et à lui seul."""
    recu = claims.get("nonce")
    if not isinstance(recu, str) or not _equals(recu, attendu):
        raise JetonRefuse("nonce")


def check_niveau(fournisseur: Fournisseur, claims: dict[str, Any]) -> None:
    """Le niveau de garantie rendu est de ceux que l’on accepte : jamais celui que l’on espérait."""
    if fournisseur.acr_acceptes and claims.get("acr") not in fournisseur.acr_acceptes:
        raise NiveauInsuffisant(str(claims.get("acr"))[:40])


def check_jeton_acces(fournisseur: Fournisseur, claims: dict[str, Any], jeton_acces: str) -> None:
    """Si `at_hash` est là, il lie le jeton d’accès au jeton d’identité (OIDC Core, § 3.1.3.6)."""
    if "at_hash" not in claims:
        return
    somme = hashlib.new(f"sha{fournisseur.algorithme[-3:]}", jeton_acces.encode()).digest()
    attendu = base64.urlsafe_b64encode(somme[: len(somme) // 2]).rstrip(b"=").decode()
    if not isinstance(claims["at_hash"], str) or not _equals(claims["at_hash"], attendu):
        raise JetonRefuse("at_hash")


def check_meme_sub(informations: dict[str, Any], identite: dict[str, Any]) -> None:
    """`userinfo` parle de la personne du jeton d’identité (OIDC Core, § 5.3.2)."""
    sub = informations.get("sub")
    if not isinstance(sub, str) or not _equals(sub, identite["sub"]):
        raise JetonRefuse("userinfo.sub")


def _equals(recu: str, attendu: str) -> bool:
    return hmac.compare_digest(recu.encode(), attendu.encode())


def _check_audience(fournisseur: Fournisseur, claims: dict[str, Any]) -> None:
    audiences = claims.get("aud")
    liste = [audiences] if isinstance(audiences, str) else audiences
    if not isinstance(liste, list) or fournisseur.client_id not in liste:
        raise JetonRefuse("aud")
    azp = claims.get("azp")
    if (len(liste) > 1 or azp is not None) and azp != fournisseur.client_id:
        raise JetonRefuse("azp")


def _check_dates(
    claims: dict[str, Any], maintenant: float, tolerance: int, *, exigees: bool
) -> None:
    for nom in ("exp", "iat", "nbf"):
        if nom in claims and not _is_instant(claims[nom]):
            raise JetonRefuse(nom)
        if nom not in claims and exigees and nom != "nbf":
            raise JetonRefuse(nom)
    if "exp" in claims and claims["exp"] + tolerance < maintenant:
        raise JetonRefuse("expire")
    if max(claims.get("iat", 0), claims.get("nbf", 0)) - tolerance > maintenant:
        raise JetonRefuse("futur")


def _is_instant(valeur: object) -> bool:
    return (
        isinstance(valeur, int | float)
        and not isinstance(valeur, bool)
        and math.isfinite(valeur)
        and abs(valeur) < 1e11
    )


def _read_kid(fournisseur: Fournisseur, jeton: str) -> str | None:
    """Lit le `kid` d’un en-tête non encore vérifié ; l’algorithme doit déjà être le bon."""
    try:
        entete = jws.extract_compact(jeton.encode()).headers()
    except (JoseError, ValueError) as cause:
        raise JetonRefuse("forme") from cause
    if entete.get("alg") != fournisseur.algorithme:
        raise JetonRefuse("alg")
    kid = entete.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise JetonRefuse("kid")
    return kid


def _verify(fournisseur: Fournisseur, jeton: str, kid: str | None) -> dict[str, Any] | None:
    """Rend le contenu si une des clés le vérifie, None si aucune."""
    registre = jws.JWSRegistry(algorithms=[fournisseur.algorithme], strict_check_header=False)
    for cle in list_cles(fournisseur, kid):
        try:
            lu = jws.deserialize_compact(jeton, cle, registry=registre)
        except (JoseError, ValueError):
            continue
        return _load_objet(lu.payload)
    return None


def _load_objet(contenu: bytes) -> dict[str, Any]:
    try:
        objet = json.loads(contenu, parse_constant=_refuse_constante)
    except (ValueError, RecursionError) as cause:
        raise JetonRefuse("contenu") from cause
    if not isinstance(objet, dict):
        raise JetonRefuse("contenu")
    return objet


def _refuse_constante(nom: str) -> NoReturn:
    raise ValueError(f"constante {nom}")


def _decrypt(fournisseur: Fournisseur, jeton: str) -> str:
    """Déchiffre avec l’une de nos clés. En clair, ou d’un autre algorithme : refusé."""
    if jeton.count(".") != 4:
        raise JetonRefuse("non_chiffre")
    # oidc-provider répète iss et aud dans l’en-tête : la liste stricte de joserfc le refuserait.
    registre = jwe.JWERegistry(
        algorithms=[fournisseur.chiffrement, CONTENU_CHIFFRE], strict_check_header=False
    )
    for donnees in fournisseur.cles_chiffrement:
        try:
            clair = jwe.decrypt_compact(jeton, import_key(donnees), registry=registre).plaintext
            if clair is not None:
                return clair.decode("ascii")
        except (JoseError, ValueError):
            continue
    raise JetonRefuse("dechiffrement")
