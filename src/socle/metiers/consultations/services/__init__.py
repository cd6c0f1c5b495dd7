"""Écritures des consultations : le seul endroit où un état change."""
