"""Cache partagé par tous les processus : une table PostgreSQL non journalisée, des valeurs JSON.

Sert aux limites de fréquence de django-allauth et à de petites valeurs que l’on peut perdre. Une
instruction par geste ; `add` est atomique. Jamais de pickle : une ligne de base n’exécute rien.
"""

import json
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

LIRE = "SELECT valeur FROM commun_cache WHERE cle = %s AND expire_le > %s"
ECRIRE = """
INSERT INTO commun_cache (cle, valeur, expire_le) VALUES (%s, %s, %s)
ON CONFLICT (cle) DO UPDATE SET valeur = EXCLUDED.valeur, expire_le = EXCLUDED.expire_le
"""
AJOUTER = ECRIRE + " WHERE commun_cache.expire_le <= %s"
PROLONGER = "UPDATE commun_cache SET expire_le = %s WHERE cle = %s AND expire_le > %s"
EFFACER = "DELETE FROM commun_cache WHERE cle = %s"
PURGER = "DELETE FROM commun_cache WHERE expire_le <= %s"
VIDER = "DELETE FROM commun_cache"
SANS_FIN = 4_000_000_000.0


class CachePartage(BaseCache):
    """Cache de Django sur la table `commun_cache`. `expire_le` : secondes depuis 1970."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with connection.cursor() as curseur:
            curseur.execute(LIRE, [self.make_key(key, version), time.time()])
            ligne = curseur.fetchone()
        return json.loads(ligne[0]) if ligne else default

    def set(
        self,
        key: str,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        cle = self.make_key(key, version)
        self._execute(ECRIRE, [cle, json.dumps(value), self._read_fin(timeout)])

    def add(
        self,
        key: str,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        valeurs = [self.make_key(key, version), json.dumps(value), self._read_fin(timeout)]
        return self._execute(AJOUTER, [*valeurs, time.time()]) == 1

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        valeurs = [self._read_fin(timeout), self.make_key(key, version), time.time()]
        return self._execute(PROLONGER, valeurs) == 1

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._execute(EFFACER, [self.make_key(key, version)]) == 1

    def clear(self) -> None:
        self._execute(VIDER, [])

    def purge(self) -> int:
        """Efface ce qui est périmé ; rend le nombre de lignes."""
        return self._execute(PURGER, [time.time()])

    def _read_fin(self, timeout: Any) -> float:
        fin = self.get_backend_timeout(timeout)
        return SANS_FIN if fin is None else float(fin)

    @staticmethod
    def _execute(instruction: str, valeurs: list[Any]) -> int:
        with connection.cursor() as curseur:
            curseur.execute(instruction, valeurs)
            return curseur.rowcount
