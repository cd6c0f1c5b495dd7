"""État des parcours en cours, gardé dans des jetons scellés : rien en mémoire, rien en base."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

TAILLE_MAX = 8_000


class SceauInvalide(Exception):
    """Jeton absent, altéré, d’une autre nature ou périmé."""


class Sceaux:
    """Scelle et relit de petits dictionnaires (HS256), avec une nature et une échéance."""

    def __init__(self, cle: OctKey, horloge: Callable[[], float]) -> None:
        self._cle = cle
        self._horloge = horloge

    def seal(self, nature: str, contenu: dict[str, Any], duree: float) -> str:
        """Scelle `contenu` pour `duree` secondes. Ajoute `t`, `jti`, `iat` et `exp`."""
        maintenant = int(self._horloge())
        charge = {
            **contenu,
            "t": nature,
            "jti": secrets.token_urlsafe(9),
            "iat": maintenant,
            "exp": maintenant + int(duree),
        }
        return jws.serialize_compact({"alg": "HS256"}, json.dumps(charge), self._cle)

    def read(self, nature: str, jeton: str) -> dict[str, Any]:
        """Relit un jeton.

        Raises:
            SceauInvalide: nature différente, sceau faux ou échéance passée.
        """
        contenu = self.read_expired(nature, jeton)
        if contenu["exp"] <= self._horloge():
            raise SceauInvalide("périmé")
        return contenu

    def read_expired(self, nature: str, jeton: str) -> dict[str, Any]:
        """Comme `read`, sans regarder l’échéance : pour dire « expiré » plutôt que « faux »."""
        if not jeton or len(jeton) > TAILLE_MAX:
            raise SceauInvalide("absent ou trop long")
        try:
            lu = jws.deserialize_compact(jeton, self._cle, algorithms=["HS256"])
            contenu = json.loads(lu.payload)
        except (JoseError, ValueError) as cause:
            raise SceauInvalide("altéré") from cause
        if not isinstance(contenu, dict) or contenu.get("t") != nature:
            raise SceauInvalide("autre nature")
        return contenu
