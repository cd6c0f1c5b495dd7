"""Consultations : le programme interroge, les autres répondent, un jury instruit.

Entrées : à écrire avec le premier modèle.
"""
