"""Appels relayés, alertes, octrois."""

from socle.metiers.appels.models.alerte import (
    AbonneAppels,
    AlerteAppels,
    EnvoiAbonne,
    EnvoiAlerte,
)
from socle.metiers.appels.models.appel import SANS_JOUR, Appel, DateAppel
from socle.metiers.appels.models.octroi import (
    JustificatifOctroi,
    Octroi,
    RappelOctroi,
    Recuperation,
    VersementOctroi,
)

__all__ = [
    "SANS_JOUR",
    "AbonneAppels",
    "AlerteAppels",
    "Appel",
    "DateAppel",
    "EnvoiAbonne",
    "EnvoiAlerte",
    "JustificatifOctroi",
    "Octroi",
    "RappelOctroi",
    "Recuperation",
    "VersementOctroi",
]
