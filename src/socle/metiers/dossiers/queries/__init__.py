"""Lectures des dossiers : un dossier, la liste des agents, les mesures."""
