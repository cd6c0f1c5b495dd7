"""Ce que les essais de SCDL partagent : les pièces officielles, un CSV en mémoire, un verdict."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from socle.normes.scdl.schema import Champ, Schema
from socle.normes.scdl.validation import validate_fichier

RACINE = Path(__file__).resolve().parents[3]
DONNEES = Path(os.environ.get("SOCLE_TESTS_DONNEES") or RACINE.parent / "shared" / "donnees")
EXEMPLES = DONNEES / "scdl" / "exemples"
SCHEMAS = DONNEES / "scdl" / "schemas"
sans_donnees = pytest.mark.skipif(not EXEMPLES.is_dir(), reason="pièces officielles absentes")


def write_csv(
    entete: Sequence[str], lignes: Iterable[Sequence[str]], *, sep: str = ",", fin: str = "\n"
) -> bytes:
    """Un CSV en UTF-8."""
    texte = io.StringIO()
    plume = csv.writer(texte, delimiter=sep, lineterminator=fin)
    plume.writerow(entete)
    plume.writerows(lignes)
    return texte.getvalue().encode()


def judge(
    contenu: bytes, schema: Schema, *, ignore_casse: bool = False
) -> list[tuple[int | None, str | None, str]]:
    """Les fautes d’un fichier : (ligne, champ, code), triées."""
    rapport = validate_fichier(io.BytesIO(contenu), schema, ignore_casse=ignore_casse)
    return sorted(
        ((e.ligne, e.champ, e.code) for e in rapport.erreurs),
        key=lambda faute: (faute[0] or 0, faute[1] or "", faute[2]),
    )


def build_schema(*champs: Champ, **reste: object) -> Schema:
    return Schema("essai", "1", champs, **reste)  # type: ignore[arg-type]
