"""Écritures du catalogue : une phrase, une transaction, une ligne au journal."""
