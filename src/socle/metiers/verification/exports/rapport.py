"""Le rapport en fichier : CSV pour un tableur, JSON pour un programme, HTML pour imprimer."""

import json
from collections.abc import Callable
from pathlib import PurePath

from django.template.loader import render_to_string

from socle.fondations.commun.tableur import iter_csv
from socle.metiers.verification.services.rapport import Rapport

ENTETE = ("Ligne", "Colonne", "Contenu", "Code", "Faute", "Que faire", "Où")


def build_csv(rapport: Rapport) -> bytes:
    """Une faute par ligne, puis les remarques."""
    lignes = [
        (f.ligne or "", f.champ, f.cellule, f.code, f.nom, f.message, f.ou)
        for f in (*rapport.fautes, *rapport.notes)
    ]
    return b"".join(iter_csv([ENTETE, *lignes]))


def build_json(rapport: Rapport) -> bytes:
    """L’objet de `./socle normes … --json`."""
    return json.dumps(rapport.objet, ensure_ascii=False, indent=1).encode()


def build_html(rapport: Rapport) -> bytes:
    """Une page qui se suffit : ni script, ni image, ni adresse extérieure."""
    return render_to_string("verification/imprime.html", {"rapport": rapport}).encode()


FORMATS: dict[str, tuple[str, Callable[[Rapport], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", build_csv),
    "json": ("application/json", build_json),
    "html": ("text/html; charset=utf-8", build_html),
}


def build_nom(rapport: Rapport, format_: str) -> str:
    """« rapport-deliberations.csv »."""
    return f"rapport-{PurePath(rapport.fichier).stem}.{format_}"
