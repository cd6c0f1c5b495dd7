"""Formulaires des espaces."""
