"""Où se range le schéma officiel, pour qui contrôle : le service et la ligne de commande."""

from pathlib import Path

VERSION = "2.2"
PRINCIPAL = f"seda-{VERSION}-main.xsd"
ESPACE = f"fr:gouv:culture:archivesdefrance:seda:v{VERSION}"


def get_dossier(donnees: Path) -> Path:
    """Dossier du schéma dans les données de l’installation."""
    return donnees / "referentiels" / f"seda-{VERSION}"


def find_schema(donnees: Path) -> Path | None:
    """Fichier principal du schéma officiel, s’il est chargé ; sinon None."""
    chemin = get_dossier(donnees) / PRINCIPAL
    return chemin if chemin.is_file() else None
