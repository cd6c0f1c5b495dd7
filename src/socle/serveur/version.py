"""Version de ce programme, lue dans `pyproject.toml`."""

import tomllib

from socle.serveur.dossier import RACINE


def read_version() -> str:
    """Version de Socle, par exemple « 0.1.0 »."""
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text("utf-8"))
    return str(projet["project"]["version"])
