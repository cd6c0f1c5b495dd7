"""Réponses HTTP communes et erreurs que les simulateurs lèvent."""

import json
from typing import Any
from urllib.parse import quote, urlsplit

from werkzeug.wrappers import Response

ENTETES_PAGE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class PageErreur(Exception):
    """Refus montré à la personne sur une page du fournisseur, sans retour vers le service."""

    def __init__(self, code: str, message: str, statut: int = 400, retour: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.statut, self.retour = code, message, statut, retour


class RetourErreur(Exception):
    """Refus renvoyé au service par redirection vers son adresse de retour."""

    def __init__(self, error: str, description: str, fragment: bool = False) -> None:
        super().__init__(description)
        self.error, self.description, self.fragment = error, description, fragment


class ErreurJson(Exception):
    """Refus d’une API : un statut et un corps JSON complet."""

    def __init__(
        self, statut: int, corps: dict[str, Any], entetes: dict[str, str] | None = None
    ) -> None:
        super().__init__(str(statut))
        self.statut, self.corps, self.entetes = statut, corps, entetes or {}


class ErreurOAuth(ErreurJson):
    """Refus au format OAuth 2 (RFC 6749, § 5.2)."""

    def __init__(self, statut: int, error: str, description: str) -> None:
        super().__init__(statut, {"error": error, "error_description": description})


def json_response(
    corps: object, statut: int = 200, entetes: dict[str, str] | None = None
) -> Response:
    """Réponse JSON en UTF-8, jamais gardée en cache par un intermédiaire."""
    return Response(
        json.dumps(corps, ensure_ascii=False),
        statut,
        {"Cache-Control": "no-store", **(entetes or {})},
        content_type="application/json; charset=utf-8",
    )


def redirect(adresse: str, parametres: dict[str, str], fragment: bool = False) -> Response:
    """Redirection 303 vers `adresse`, paramètres ajoutés à ceux qu’elle porte déjà."""
    suite = "&".join(f"{nom}={quote(valeur, safe='')}" for nom, valeur in parametres.items())
    if not suite:
        cible = adresse
    elif fragment:
        cible = f"{adresse}#{suite}"
    else:
        cible = f"{adresse}{'&' if urlsplit(adresse).query else '?'}{suite}"
    return Response("", 303, {"Location": cible, **ENTETES_PAGE}, content_type="text/html")


def page_response(contenu: str, statut: int = 200, destination: str = "") -> Response:
    """Page HTML sans aucun script ; `destination` est l’origine où son formulaire peut mener."""
    decoupe = urlsplit(destination)
    origine = f" {decoupe.scheme}://{decoupe.netloc}" if decoupe.netloc else ""
    politique = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self'{origine}"
    )
    return Response(
        contenu,
        statut,
        {"Content-Security-Policy": politique, **ENTETES_PAGE},
        content_type="text/html; charset=utf-8",
    )
