"""Qui règle la conservation : c’est une même règle pour les archives et pour le RGPD."""

from socle.fondations.comptes.enums import Role

# L’administrateur, l’archiviste et le DPO. Chaque changement est au journal, avec l’ancien.
REGLEURS = (Role.ADMINISTRATEUR, Role.ARCHIVISTE, Role.DPO)
