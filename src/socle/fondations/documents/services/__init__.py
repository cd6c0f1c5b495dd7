"""Écritures des documents : recevoir, ranger, ouvrir, retirer."""

from socle.fondations.documents.services.depot import (
    receive_document,
    record_document,
    store_bytes,
    store_file,
)
from socle.fondations.documents.services.entrepot import Contenu, open_document, write_contenu
from socle.fondations.documents.services.formats import FAMILLES, FORMATS, Format, detect_format
from socle.fondations.documents.services.nettoyage import (
    clean_contenus,
    clean_orphelins,
    purge_retires,
)
from socle.fondations.documents.services.noms import clean_nom
from socle.fondations.documents.services.retrait import (
    record_analyse,
    remove_document,
    remove_objet,
)

__all__ = [
    "FAMILLES",
    "FORMATS",
    "Contenu",
    "Format",
    "clean_contenus",
    "clean_nom",
    "clean_orphelins",
    "detect_format",
    "open_document",
    "purge_retires",
    "receive_document",
    "record_analyse",
    "record_document",
    "remove_document",
    "remove_objet",
    "store_bytes",
    "store_file",
    "write_contenu",
]
