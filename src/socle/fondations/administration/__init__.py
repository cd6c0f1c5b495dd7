"""Accueillir une collectivité (opérateur) et régler la sienne (administrateurs).

Mots : opérateur (tient l’installation), fiche (identité et coordonnées), service, apparence (logo,
couleur), première administratrice (invitée à la création).
Entrées : `/operateur/`, `/agent/reglages/`.
"""
