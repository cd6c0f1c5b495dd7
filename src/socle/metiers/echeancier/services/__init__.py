"""Écritures de l’échéancier : une règle, une transaction, une ligne au journal."""
