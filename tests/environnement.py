"""Un Python à part pour les logiciels à qui l’on compare le nôtre : aucun n’entre chez nous."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def make_python(dossier: Path, *, variable: str, paquets: list[str]) -> str:
    """Rend un Python qui a ces paquets ; passe l’essai, en le disant, s’ils ne s’installent pas.

    Args:
        variable: d’environnement, qui donne un Python où ils sont déjà.
    """
    if donne := os.environ.get(variable):
        return donne
    commandes = (
        [sys.executable, "-m", "venv", "--without-pip", str(dossier)],
        ["pip3", "--python", f"{dossier}/bin/python", "install", "-q", *paquets],
    )
    noms = ", ".join(paquets)
    for commande in commandes:
        try:
            essai = subprocess.run(commande, capture_output=True, timeout=280, check=False)
        except (OSError, subprocess.TimeoutExpired) as cause:
            pytest.skip(f"{noms} : ne s’installe pas ici ({cause})")
        if essai.returncode:
            pytest.skip(f"{noms} : ne s’installe pas ici (dépôt de paquets injoignable)")
    return f"{dossier}/bin/python"
