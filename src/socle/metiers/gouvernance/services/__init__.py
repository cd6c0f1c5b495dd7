"""Écritures de la gouvernance : une transaction, une ligne au journal de l’installation."""
