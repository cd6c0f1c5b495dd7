"""Ce qu’une personne tirerait d’un PDF : son texte, et ce qu’un lecteur d’écran en dirait."""

import shutil
import subprocess
from pathlib import Path

import pytest


def read_texte(contenu: bytes, *, par_cases: bool = False) -> str:
    """Rend le texte d’un PDF, espaces réunis et espaces insécables rendus simples.

    `par_cases` : dans l’ordre des cases d’un tableau, et non des lignes de la page.
    """
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext absent (paquet poppler-utils)")
    sortie = subprocess.run(
        ["pdftotext", "-raw" if par_cases else "-layout", "-", "-"],
        input=contenu,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return " ".join(sortie.replace("\u202f", " ").replace("\xa0", " ").split())


def find_fautes(contenu: bytes, dossier: Path) -> list[str]:
    """Rend les fautes de PDF/UA, et ce qu’une lecture à voix haute dirait de travers."""
    import outloud
    import pdfua

    fichier = dossier / "controle.pdf"
    fichier.write_bytes(contenu)
    constats = (*outloud.check(str(fichier)).findings, *pdfua.validate(str(fichier)).findings)
    return [str(constat) for constat in constats]
