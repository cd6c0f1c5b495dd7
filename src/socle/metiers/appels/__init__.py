"""Appels : ceux des autres, relayés par territoire et par thème, et ce qui a été accordé.

Entrées : à écrire avec le premier modèle.
"""
