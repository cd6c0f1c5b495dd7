"""Limites de fréquence, communes à tous les processus : une table, une instruction par essai."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from socle.fondations.commun.errors import TropDeDemandes

INSTRUCTION = """
INSERT INTO commun_frequence AS f (cle, nombre, expire_le) VALUES (%s, 1, %s)
ON CONFLICT (cle) DO UPDATE SET
  nombre = CASE WHEN f.expire_le <= %s THEN 1 ELSE f.nombre + 1 END,
  expire_le = CASE WHEN f.expire_le <= %s THEN EXCLUDED.expire_le ELSE f.expire_le END
RETURNING nombre
"""


def check_frequence(
    *, quoi: str, qui: str, nombre: int, duree: timedelta, maintenant: datetime
) -> None:
    """Compte un essai et refuse au-delà de `nombre` essais par `duree`.

    `qui` (adresse IP, courriel, compte) n’est gardé que sous forme d’empreinte.

    Raises:
        TropDeDemandes: la limite est dépassée.
    """
    cle = hashlib.sha256(f"{quoi}\x1f{qui}".encode()).hexdigest()
    with connection.cursor() as curseur:
        curseur.execute(INSTRUCTION, [cle, maintenant + duree, maintenant, maintenant])
        [essais] = curseur.fetchone()
    if essais > nombre:
        raise TropDeDemandes
