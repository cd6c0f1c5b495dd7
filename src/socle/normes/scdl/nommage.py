"""Nom d’un fichier publié : AAAAMMJJ_SIREN_nom-du-fichier.csv.

Source : guide d’Etalab sur la construction d’un Table Schema ; le producteur est dit par son SIREN.
"""

import re
from datetime import date

from socle.normes.scdl.francais import fold
from socle.normes.scdl.numeros import is_siren

_NOM = re.compile(r"^(\d{8})_(\d{9})_([a-z0-9]+(?:-[a-z0-9]+)*)\.([a-z]+)$")


def check_nom(nom: str) -> list[str]:
    """Rend ce qui ne va pas dans le nom, une phrase par défaut ; vide s’il suit la règle."""
    lu = _NOM.match(nom)
    if not lu:
        return [
            "Nommez le fichier AAAAMMJJ_SIREN_nom-du-fichier.csv, en minuscules, sans accent ni "
            "espace, les mots joints par des tirets."
        ]
    fautes = []
    if not _is_jour(lu[1]):
        fautes.append(f"« {lu[1]} » n’est pas une date AAAAMMJJ.")
    if not is_siren(lu[2]):
        fautes.append(f"« {lu[2]} » n’est pas un numéro SIREN.")
    if lu[4] != "csv":
        fautes.append("Publiez un fichier .csv.")
    return fautes


def propose_nom(titre: str, *, producteur: str, jour: date) -> str:
    """Propose un nom conforme.

    Args:
        titre: ce que contient le fichier, « Délibérations 2026 ».
        producteur: SIREN de la collectivité.
    """
    mots = re.findall(r"[a-z0-9]+", fold(titre.replace("œ", "oe").replace("Œ", "oe")))
    return f"{jour:%Y%m%d}_{producteur}_{'-'.join(mots)[:80].strip('-') or 'donnees'}.csv"


def _is_jour(texte: str) -> bool:
    try:
        date(int(texte[:4]), int(texte[4:6]), int(texte[6:]))
    except ValueError:
        return False
    return True
