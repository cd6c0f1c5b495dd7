"""Écritures de la diffusion."""
