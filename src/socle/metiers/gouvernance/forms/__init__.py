"""Formulaires des pages publiques, des membres et de l’équipe."""
