"""Nom d’un fichier reçu : lisible, sans piège, avec l’extension de son contenu."""

import re
import unicodedata

from socle.fondations.documents.services.formats import Format

LONGUEUR_MAX = 120
RESERVES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
EXTENSION = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,8}")  # « 12.03.2025 » n’en a pas
INTERDITS = re.compile(r'[<>:"|?*\\/]+')


def clean_nom(nom: str, format_: Format) -> str:
    """Rend un nom affichable et téléchargeable partout.

    Ôte le chemin, les caractères invisibles ou qui renversent le sens de lecture, les noms que
    Windows refuse ; met l’extension du type trouvé quand celle du nom ment.
    """
    feuille = unicodedata.normalize("NFC", nom).replace("\\", "/").rpartition("/")[2]
    visible = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in feuille)
    propre = re.sub(r"\s+", " ", INTERDITS.sub("-", visible)).rstrip(" .")
    tige, point, extension = propre.rpartition(".")
    if not point or not EXTENSION.fullmatch(extension):
        tige, extension = propre, ""
    if extension.lower() not in format_.extensions:
        extension = format_.extensions[0]
    tige = tige.strip(" .") or "document"
    if RESERVES.fullmatch(tige):
        tige = f"_{tige}"
    return f"{tige[:LONGUEUR_MAX].rstrip()}.{extension.lower()}"
