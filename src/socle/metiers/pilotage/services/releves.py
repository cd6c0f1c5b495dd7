"""Relevés : ce que l’installation mesure d’elle-même, daté et gardé."""

import logging
from datetime import date

from django.db import DatabaseError, transaction

from socle.fondations.commun.mesures import mesures
from socle.metiers.pilotage.models import Releve

trace = logging.getLogger("socle.pilotage")


def record_releves(jour: date) -> int:
    """Note chaque mesure inscrite à ce jour ; rejouable, le dernier relevé du jour reste.

    Une mesure qui échoue n’empêche pas les autres. Rend le nombre de relevés écrits.
    """
    ecrits = 0
    for code in mesures:
        try:
            with transaction.atomic():
                nombre = mesures[code].compute(jour)
                if nombre is None:
                    continue
                Releve.objects.update_or_create(mesure=code, jour=jour, defaults={"nombre": nombre})
                ecrits += 1
        except (DatabaseError, ArithmeticError, LookupError):
            trace.warning("releve.impossible", extra={"mesure": code}, exc_info=True)
    return ecrits
