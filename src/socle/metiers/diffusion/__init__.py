"""Diffusion : actualités, lettres, évènements, contacts."""
