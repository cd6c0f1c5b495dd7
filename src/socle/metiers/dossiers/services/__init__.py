"""Écritures sur les dossiers : le seul endroit qui change un état."""
