"""Essai d’un fournisseur d’identité : clés lisibles, demande acceptée, secret reconnu."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from socle.fondations.commun import http
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.commun.oidc.cles import clear_cles, list_cles
from socle.fondations.commun.oidc.client import authenticate
from socle.fondations.commun.oidc.depart import open_parcours
from socle.fondations.commun.oidc.errors import RefusOidc
from socle.fondations.commun.oidc.fournisseur import Fournisseur


@dataclass(frozen=True)
class Essai:
    """Résultat d’un essai, en une phrase."""

    nom: str
    bon: bool
    detail: str
    passager: bool = False  # une panne, et non une faute de réglage


def check_fournisseur(fournisseur: Fournisseur) -> Iterator[Essai]:
    """Essaie sans connecter personne. Parle au réseau.

    La demande d’autorisation est vraiment faite : une faute de paramètre reste sur une page du
    fournisseur, et un usager serait le premier à la voir.
    """
    yield _check_cles(fournisseur)
    yield _check_autorisation(fournisseur)
    yield _check_secret(fournisseur)


def require_fournisseur(fournisseur: Fournisseur) -> None:
    """Comme `check_fournisseur`, mais s’arrête à la première faute. Parle au réseau.

    Raises:
        SystemeIndisponible: le fournisseur ne répond pas.
        ErreurConnecteur: il répond, mais refuse nos réglages.
    """
    for essai in check_fournisseur(fournisseur):
        if not essai.bon:
            classe = SystemeIndisponible if essai.passager else ErreurConnecteur
            raise classe(f"{essai.nom.capitalize()} : {essai.detail}")


def _check_cles(fournisseur: Fournisseur) -> Essai:
    clear_cles()
    try:
        cles = list_cles(fournisseur, None)
    except ErreurConnecteur as cause:
        return _note_panne("clés", cause)
    nombre = len(cles)
    detail = f"une clé {fournisseur.algorithme}" if nombre else "plusieurs clés publiées"
    return Essai("clés", bon=True, detail=detail)


def _check_autorisation(fournisseur: Fournisseur) -> Essai:
    adresse = open_parcours({}, fournisseur, maintenant=0.0)
    try:
        with (
            http.translate_errors("Le fournisseur"),
            http.client(fournisseur.autorisation, delai=fournisseur.delai) as client,
        ):
            reponse = client.get(adresse)
    except ErreurConnecteur as cause:
        return _note_panne("autorisation", cause)
    if reponse.status_code >= 400:
        detail = f"la demande est refusée ({reponse.status_code}) : client, retour ou périmètres"
        return Essai("autorisation", bon=False, detail=detail)
    vers = reponse.headers.get("Location", "")
    if "error=" in vers:
        return Essai("autorisation", bon=False, detail="le fournisseur renvoie une erreur")
    return Essai("autorisation", bon=True, detail="la demande est acceptée")


def _check_secret(fournisseur: Fournisseur) -> Essai:
    """Présente un code inventé : notre secret est jugé avant lui (RFC 6749, § 5.2)."""
    champs, entetes = authenticate(fournisseur, fournisseur.jeton)
    champs |= {
        "grant_type": "authorization_code",
        "code": f"essai-{secrets.token_urlsafe(16)}",
        "redirect_uri": fournisseur.redirection,
    }
    if fournisseur.pkce:
        champs["code_verifier"] = secrets.token_urlsafe(48)
    try:
        with (
            http.translate_errors("Le fournisseur"),
            http.client(fournisseur.jeton, delai=fournisseur.delai) as client,
        ):
            reponse = client.post(fournisseur.jeton, data=champs, headers=entetes)
            if reponse.is_server_error or reponse.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                reponse.raise_for_status()
            erreur = _read_erreur(reponse)
    except ErreurConnecteur as cause:
        return _note_panne("secret", cause)
    if reponse.status_code == HTTPStatus.UNAUTHORIZED or "_client" in erreur:
        return Essai("secret", bon=False, detail="l’identifiant du client ou son secret est refusé")
    if reponse.status_code != HTTPStatus.BAD_REQUEST:
        detail = f"l’adresse des jetons répond {reponse.status_code} à un code inventé"
        return Essai("secret", bon=False, detail=detail)
    return Essai("secret", bon=True, detail="il est reconnu")


def _read_erreur(reponse: Any) -> str:
    """Code d’erreur OAuth (« invalid_grant ») ; vide si la réponse n’en donne pas."""
    try:
        corps = reponse.json()
    except ValueError:
        return ""
    return str(corps.get("error", "")) if isinstance(corps, dict) else ""


def _note_panne(nom: str, cause: ErreurConnecteur) -> Essai:
    detail = cause.detail if isinstance(cause, RefusOidc) else str(cause)
    passager = isinstance(cause, SystemeIndisponible)
    return Essai(nom, bon=False, detail=detail, passager=passager)
