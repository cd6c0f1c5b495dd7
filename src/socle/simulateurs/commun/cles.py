"""Clés de signature des fournisseurs simulés : créées au premier besoin, renouvelables."""

import json
import secrets
from pathlib import Path
from threading import RLock
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, KeyParameters, KeySet, OctKey, RSAKey

ALGORITHMES = ("ES256", "RS256")
CLES_GARDEES = 3

Cle = ECKey | RSAKey


def _generate(algorithme: str) -> Cle:
    parametres: KeyParameters = {
        "use": "sig",
        "alg": algorithme,
        "kid": secrets.token_urlsafe(12),
    }
    if algorithme == "ES256":
        return ECKey.generate_key("P-256", parametres)
    return RSAKey.generate_key(2048, parametres)


def _import(donnees: dict[str, Any]) -> Cle:
    return ECKey.import_key(donnees) if donnees["kty"] == "EC" else RSAKey.import_key(donnees)


class Trousseau:
    """Clés des fournisseurs simulés, par (fournisseur, algorithme), la plus récente à la fin.

    Args:
        fichier: où garder les clés d’un démarrage à l’autre (droits 0600) ; `None` : en mémoire.
    """

    def __init__(self, fichier: Path | None = None) -> None:
        self._fichier = fichier
        self._verrou = RLock()
        self._cles: dict[str, list[Cle]] = {}
        self._intruse: dict[str, Cle] = {}
        self._secret = secrets.token_urlsafe(32)
        if fichier is not None and fichier.exists():
            self._load(fichier)
        self.sceau = OctKey.import_key(self._secret)

    def sign(self, fournisseur: str, algorithme: str, contenu: dict[str, Any], typ: str) -> str:
        """Signe un contenu en JWS compact avec la clé courante."""
        cle = self._current(fournisseur, algorithme)
        entete = {"alg": algorithme, "typ": typ, "kid": cle.kid}
        return jws.serialize_compact(entete, json.dumps(contenu), cle, algorithms=[algorithme])

    def sign_wrongly(self, fournisseur: str, algorithme: str, contenu: dict[str, Any]) -> str:
        """Signe avec une clé étrangère, sous le `kid` de la bonne : le faux le plus trompeur."""
        kid = self._current(fournisseur, algorithme).kid
        with self._verrou:
            intruse = self._intruse.setdefault(algorithme, _generate(algorithme))
        entete = {"alg": algorithme, "typ": "JWT", "kid": kid}
        return jws.serialize_compact(entete, json.dumps(contenu), intruse, algorithms=[algorithme])

    def rotate(self, fournisseur: str, algorithme: str) -> str:
        """Crée une nouvelle clé courante ; les anciennes restent publiées. Rend son `kid`."""
        with self._verrou:
            cles = self._cles.setdefault(f"{fournisseur} {algorithme}", [])
            cles.append(_generate(algorithme))
            del cles[:-CLES_GARDEES]
            self._save()
            return str(cles[-1].kid)

    def public_keys(self, fournisseur: str) -> KeySet:
        """Clés publiques d’un fournisseur, tous algorithmes, la courante d’abord."""
        self._current(fournisseur, "ES256")
        with self._verrou:
            toutes = [
                cle
                for nom, cles in sorted(self._cles.items())
                if nom.split()[0] == fournisseur
                for cle in reversed(cles)
            ]
        return KeySet([_import(cle.as_dict(private=False)) for cle in toutes])

    def _current(self, fournisseur: str, algorithme: str) -> Cle:
        with self._verrou:
            if not self._cles.get(f"{fournisseur} {algorithme}"):
                self.rotate(fournisseur, algorithme)
            return self._cles[f"{fournisseur} {algorithme}"][-1]

    def _load(self, fichier: Path) -> None:
        try:
            donnees = json.loads(fichier.read_text("utf-8"))
            self._cles = {
                nom: [_import(cle) for cle in cles] for nom, cles in donnees["cles"].items()
            }
            self._secret = donnees["secret"]
        except (ValueError, KeyError, TypeError, AttributeError):
            self._cles = {}  # fichier abîmé : on repart de clés neuves, ce ne sont que des essais

    def _save(self) -> None:
        if self._fichier is None:
            return
        donnees = {
            "secret": self._secret,
            "cles": {
                nom: [cle.as_dict(private=True) for cle in cles] for nom, cles in self._cles.items()
            },
        }
        self._fichier.parent.mkdir(parents=True, exist_ok=True)
        brouillon = self._fichier.with_suffix(".tmp")
        brouillon.touch(mode=0o600)
        brouillon.write_text(json.dumps(donnees), "utf-8")
        brouillon.replace(self._fichier)
