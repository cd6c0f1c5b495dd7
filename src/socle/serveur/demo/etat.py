"""Où en est l’histoire de la démonstration : un petit fichier, pour ne rien refaire.

C’est la marque qui réserve le dossier à la démonstration ; elle suit les sauvegardes.
"""

import json
from pathlib import Path
from typing import Any

from socle.serveur.demo.contexte import Contexte

ETAPES = ("depose", "correction_demandee", "corrige", "decide", "lu")


def read_etat(contexte: Contexte) -> dict[str, Any]:
    """Rend l’état gardé, vide à la première démonstration ou si le fichier est abîmé."""
    try:
        lu = json.loads(_fichier(contexte).read_text())
    except (OSError, ValueError):
        return {}
    return lu if isinstance(lu, dict) else {}


def update_etat(contexte: Contexte, **valeurs: Any) -> dict[str, Any]:
    """Ajoute à l’état gardé, d’un coup."""
    etat = read_etat(contexte) | valeurs
    fichier = _fichier(contexte)
    provisoire = fichier.with_suffix(".nouvelle")
    provisoire.write_text(json.dumps(etat, ensure_ascii=False, indent=1))
    provisoire.replace(fichier)
    return etat


def is_fait(contexte: Contexte, etape: str) -> bool:
    """Vrai si cette étape de l’histoire, ou une plus tardive, est déjà passée."""
    atteinte = read_etat(contexte).get("etape", "")
    return atteinte in ETAPES and ETAPES.index(atteinte) >= ETAPES.index(etape)


def _fichier(contexte: Contexte) -> Path:
    return contexte.installation.dossier.marque
