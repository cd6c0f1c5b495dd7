"""Où est cette copie du code ; un module à part, que toute commande charge sans rien d’autre."""

from pathlib import Path

RACINE = Path(__file__).resolve().parents[3]
