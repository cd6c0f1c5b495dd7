"""Lectures de la gouvernance : chaque page en fait un petit nombre, toujours le même."""
