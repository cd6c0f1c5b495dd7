"""Lecture du texte d’un PDF, comme une personne le copierait."""

import shutil
import subprocess

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
