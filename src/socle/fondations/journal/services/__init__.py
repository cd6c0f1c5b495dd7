"""Écritures du journal : ajouter, sceller, prouver."""

from socle.fondations.journal.services.bifurcation import record_bifurcation
from socle.fondations.journal.services.cles import list_cles, load_signataire, rotate_cle
from socle.fondations.journal.services.enregistrement import record, record_consultation
from socle.fondations.journal.services.horodatage import save_jeton
from socle.fondations.journal.services.preuve import build_preuve, write_preuve
from socle.fondations.journal.services.scellement import seal_journal

__all__ = [
    "build_preuve",
    "list_cles",
    "load_signataire",
    "record",
    "record_bifurcation",
    "record_consultation",
    "rotate_cle",
    "save_jeton",
    "seal_journal",
    "write_preuve",
]
