"""Limites de fréquence, communes à tous les processus : une table, une instruction par essai."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from django.db import connection

from socle.fondations.commun.errors import TropDeDemandes

INSTRUCTION = """
INSERT INTO commun_frequence AS f (cle, nombre, expire_le)
SELECT cle, 1, expire_le FROM unnest(%s::text[], %s::timestamptz[]) AS essai(cle, expire_le)
ON CONFLICT (cle) DO UPDATE SET
  nombre = CASE WHEN f.expire_le <= %s THEN 1 ELSE f.nombre + 1 END,
  expire_le = CASE WHEN f.expire_le <= %s THEN EXCLUDED.expire_le ELSE f.expire_le END
RETURNING cle, nombre, expire_le
"""


def check_frequence(
    *, quoi: str, qui: str, nombre: int, duree: timedelta, maintenant: datetime
) -> None:
    """Compte un essai et refuse au-delà de `nombre` essais par `duree`.

    `qui` (adresse IP, courriel, compte) n’est gardé que sous forme d’empreinte.

    Raises:
        TropDeDemandes: la limite est dépassée.
    """
    check_frequences(quoi=quoi, qui=qui, limites=[(nombre, duree)], maintenant=maintenant)


def check_frequences(
    *, quoi: str, qui: str, limites: Sequence[tuple[int, timedelta]], maintenant: datetime
) -> None:
    """Compte un essai contre plusieurs limites (nombre, durée), en une instruction.

    Raises:
        TropDeDemandes: l’une des limites est dépassée ; `secondes` dit l’attente.
    """
    maximums = {_build_cle(quoi, qui, duree): (nombre, duree) for nombre, duree in limites}
    cles = sorted(maximums)  # le même ordre partout : pas d’interblocage
    fins = [maintenant + maximums[cle][1] for cle in cles]
    with connection.cursor() as curseur:
        curseur.execute(INSTRUCTION, [cles, fins, maintenant, maintenant])
        essais = curseur.fetchall()
    attentes = [fin - maintenant for cle, nombre, fin in essais if nombre > maximums[cle][0]]
    if attentes:
        raise TropDeDemandes(secondes=max(1, ceil(max(attentes).total_seconds())))


def _build_cle(quoi: str, qui: str, duree: timedelta) -> str:
    texte = f"{quoi}\x1f{qui}\x1f{int(duree.total_seconds())}"
    return hashlib.sha256(texte.encode()).hexdigest()
