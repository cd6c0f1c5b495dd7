"""Vues des espaces."""
