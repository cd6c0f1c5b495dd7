"""Écritures de l’adoption : faits, imports, comptes, conventions, prises de contact."""
