"""Clés publiques des fournisseurs, gardées en mémoire ; relues une fois si une signature échoue.

Une relecture forcée au plus toutes les dix secondes par fournisseur et par processus : un flot de
faux jetons ne devient pas un flot de requêtes chez le fournisseur.
"""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from socle.fondations.commun import http
from socle.fondations.commun.errors import SystemeIndisponible
from socle.fondations.commun.oidc.fournisseur import Fournisseur

DUREE = 3600.0  # secondes
PAUSE_RELECTURE = 10.0
TAILLE_MAX = 256 * 1024
CLES_MAX = 40
MODULE_MIN = 342  # caractères base64url d’un module RSA de 2 048 bits
Cle = ECKey | RSAKey


@dataclass
class _Garde:
    lues_le: float
    forcees_le: float
    cles: list[dict[str, Any]]


_gardees: dict[str, _Garde] = {}
_verrou = Lock()


def list_cles(fournisseur: Fournisseur, kid: str | None) -> list[Cle]:
    """Rend les clés qui peuvent vérifier une signature : bon usage, bon algorithme, bon `kid`.

    Sans `kid`, une seule clé doit convenir : sinon aucune n’est rendue (OIDC Core, § 10.1).

    Raises:
        SystemeIndisponible: le fournisseur ne donne pas ses clés.
    """
    convient = [cle for cle in _read(fournisseur) if _is_utile(cle, fournisseur.algorithme)]
    if kid is not None:
        convient = [cle for cle in convient if cle.get("kid") == kid]
    elif len(convient) > 1:
        return []
    return [cle for cle in map(_import, convient) if cle is not None]


def refresh_cles(fournisseur: Fournisseur) -> bool:
    """Relit les clés chez le fournisseur ; faux si une relecture vient d’avoir lieu.

    Raises:
        SystemeIndisponible: le fournisseur ne donne pas ses clés.
    """
    with _verrou:
        garde = _gardees.get(fournisseur.jwks)
        maintenant = time.monotonic()
        if garde and maintenant - garde.forcees_le < PAUSE_RELECTURE:
            return False
        if garde:
            garde.forcees_le = maintenant
    _fetch(fournisseur, forcee=True)
    return True


def clear_cles() -> None:
    """Oublie toutes les clés gardées dans ce processus."""
    with _verrou:
        _gardees.clear()


def _read(fournisseur: Fournisseur) -> list[dict[str, Any]]:
    garde = _gardees.get(fournisseur.jwks)
    if garde and time.monotonic() - garde.lues_le < DUREE:
        return garde.cles
    return _fetch(fournisseur, forcee=False)


def _fetch(fournisseur: Fournisseur, *, forcee: bool) -> list[dict[str, Any]]:
    with (
        http.translate_errors("Le fournisseur d’identité"),
        http.client(fournisseur.jwks, delai=fournisseur.delai, taille_max=TAILLE_MAX) as client,
    ):
        cles = http.read_objet(client.get(fournisseur.jwks)).get("keys")
    if not isinstance(cles, list) or not cles or len(cles) > CLES_MAX:
        raise SystemeIndisponible("Le fournisseur d’identité ne publie aucune clé utilisable.")
    lues = [cle for cle in cles if isinstance(cle, dict)]
    instant = time.monotonic()
    with _verrou:
        avant = _gardees.get(fournisseur.jwks)
        forcees_le = instant if forcee else (avant.forcees_le if avant else float("-inf"))
        _gardees[fournisseur.jwks] = _Garde(instant, forcees_le, lues)
    return lues


def _is_utile(cle: dict[str, Any], algorithme: str) -> bool:
    """Vrai pour une clé publique de signature de cet algorithme : aucune confusion possible."""
    famille = "EC" if algorithme.startswith("ES") else "RSA"
    return (
        cle.get("kty") == famille
        and cle.get("alg", algorithme) == algorithme
        and cle.get("use", "sig") == "sig"
        and "d" not in cle
    )


def _import(cle: dict[str, Any]) -> Cle | None:
    if cle["kty"] == "RSA" and len(str(cle.get("n", ""))) < MODULE_MIN:
        return None
    try:
        lue = import_key(cle)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return lue if isinstance(lue, ECKey | RSAKey) else None
