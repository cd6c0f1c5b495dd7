"""Socle : les services numériques d’une collectivité, de la demande à l’archive."""
