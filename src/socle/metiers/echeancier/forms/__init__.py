"""Formulaires de l’échéancier."""
