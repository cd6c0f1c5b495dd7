"""Lectures du programme : pages publiques, indicateurs, bilan, espace de l’équipe."""
