"""Formulaires des consultations."""
