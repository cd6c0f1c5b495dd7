"""Retour d’un fournisseur : contrôler la demande, échanger le code, lire l’identité."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from socle.fondations.commun import http
from socle.fondations.commun.oidc import jetons
from socle.fondations.commun.oidc.client import authenticate
from socle.fondations.commun.oidc.depart import CLE_SESSION, Parcours, Session, list_parcours
from socle.fondations.commun.oidc.errors import (
    JetonRefuse,
    ParcoursInconnu,
    RefusDuFournisseur,
    RetourInvalide,
)
from socle.fondations.commun.oidc.fournisseur import Fournisseur, Identite

TAILLE_MAX = 256 * 1024
PREUVE = frozenset({"iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "acr", "amr"})
SYSTEME = "Le fournisseur d’identité"
Parametres = Mapping[str, Sequence[str]]


def take_parcours(
    session: Session, fournisseur: Fournisseur, parametres: Parametres, *, maintenant: float
) -> tuple[Parcours, str]:
    """Retrouve le parcours de ce retour, l’efface (un `state` sert une fois) et rend le code.

    Args:
        parametres: paramètres de la requête, chaque nom avec toutes ses valeurs.

    Raises:
        ParcoursInconnu: `state` inconnu de cette session, d’un autre fournisseur, ou périmé.
        RetourInvalide: paramètre répété, émetteur étranger ou absent, code absent.
        RefusDuFournisseur: le fournisseur a répondu une erreur, même accompagnée d’un code.
    """
    etat = _read_unique(parametres, "state")
    gardes = list_parcours(session, maintenant)
    trouve = gardes.pop(etat, None)
    session[CLE_SESSION] = gardes
    if trouve is None or trouve["fournisseur"] != fournisseur.cle:
        raise ParcoursInconnu("state")
    emetteur = _read_unique(parametres, "iss")
    if emetteur != fournisseur.emetteur and (emetteur or fournisseur.iss_exige):
        raise RetourInvalide("iss")
    erreur = _read_unique(parametres, "error")
    if erreur:
        raise RefusDuFournisseur(erreur)
    code = _read_unique(parametres, "code")
    if not code:
        raise RetourInvalide("code")
    return Parcours(**trouve | {"scopes": tuple(trouve["scopes"])}), code


def redeem_code(
    fournisseur: Fournisseur, parcours: Parcours, code: str, *, maintenant: float
) -> Identite:
    """Échange le code contre une identité contrôlée. Parle au réseau : jamais sous transaction.

    Raises:
        JetonRefuse: un contrôle a échoué ; personne n’est connecté.
        NiveauInsuffisant: identité juste, niveau de garantie trop bas.
        RefusDuFournisseur: le code ou notre authentification est refusé.
        SystemeIndisponible: le fournisseur ne répond pas, ou pas à temps.
    """
    reponse = _exchange(fournisseur, parcours, code)
    acces = reponse.get("access_token")
    if str(reponse.get("token_type", "")).lower() != "bearer" or not _is_jeton(acces):
        raise JetonRefuse("reponse")
    if not _is_jeton(reponse.get("id_token")):
        raise JetonRefuse("id_token")
    claims = jetons.read_jeton(fournisseur, reponse["id_token"])
    jetons.check_claims(fournisseur, claims, maintenant=maintenant, informations=False)
    jetons.check_nonce(claims, parcours.nonce)
    jetons.check_jeton_acces(fournisseur, claims, str(acces))
    jetons.check_niveau(fournisseur, claims)
    informations = _read_informations(fournisseur, str(acces), claims, maintenant)
    amr = claims.get("amr")
    return Identite(
        emetteur=fournisseur.emetteur,
        sub=claims["sub"],
        acr=str(claims.get("acr", "")),
        amr=tuple(map(str, amr)) if isinstance(amr, list) else (),
        claims=claims | {nom: v for nom, v in informations.items() if nom not in PREUVE},
        id_token=reponse["id_token"],
        jeton_acces=str(acces),
    )


def _read_unique(parametres: Parametres, nom: str) -> str:
    """Rend la valeur d’un paramètre, vide s’il manque ; répété, il est refusé (RFC 6749, § 3.1)."""
    valeurs = parametres.get(nom, [])
    if len(valeurs) > 1:
        raise RetourInvalide(f"{nom} répété")
    return valeurs[0] if valeurs else ""


def _is_jeton(valeur: object) -> bool:
    return isinstance(valeur, str) and 0 < len(valeur) <= jetons.TAILLE_MAX and valeur.isascii()


def _exchange(fournisseur: Fournisseur, parcours: Parcours, code: str) -> dict[str, Any]:
    demande = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": fournisseur.redirection,
    }
    if parcours.verificateur:
        demande["code_verifier"] = parcours.verificateur
    champs, entetes = authenticate(fournisseur, fournisseur.jeton)
    with (
        http.translate_errors(SYSTEME),
        http.client(fournisseur.jeton, delai=fournisseur.delai, taille_max=TAILLE_MAX) as client,
    ):
        reponse = client.post(
            fournisseur.jeton,
            data=demande | champs,
            headers={"Accept": "application/json"} | entetes,
        )
        if reponse.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED}:
            raise RefusDuFournisseur(_read_erreur(reponse))
        return http.read_objet(reponse)


def _read_erreur(reponse: httpx.Response) -> str:
    try:
        corps = reponse.json()
    except ValueError:
        return "inconnue"
    return str(corps.get("error", "inconnue")) if isinstance(corps, dict) else "inconnue"


def _read_informations(
    fournisseur: Fournisseur, acces: str, claims: dict[str, Any], maintenant: float
) -> dict[str, Any]:
    if fournisseur.informations == "aucune":
        return {}
    with (
        http.translate_errors(SYSTEME),
        http.client(
            fournisseur.userinfo, jeton=acces, delai=fournisseur.delai, taille_max=TAILLE_MAX
        ) as client,
    ):
        reponse = client.get(fournisseur.userinfo).raise_for_status()
        genre = reponse.headers.get("Content-Type", "").split(";")[0].strip().lower()
        if fournisseur.informations == "json" and not fournisseur.chiffrement:
            informations = http.read_objet(reponse)
            jetons.check_meme_sub(informations, claims)
            return informations
    if genre != "application/jwt":
        raise JetonRefuse("userinfo.non_signe")
    informations = jetons.read_jeton(fournisseur, reponse.text.strip())
    jetons.check_claims(fournisseur, informations, maintenant=maintenant, informations=True)
    jetons.check_meme_sub(informations, claims)
    return informations
