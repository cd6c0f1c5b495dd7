"""Formulaires de la diffusion."""
