"""Formulaires des pages de démarches."""
