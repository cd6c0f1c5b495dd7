"""Réponses sans compte : ce qui décourage un robot, sans tiers et sans gêner une personne."""

from datetime import timedelta

PIEGE = "sujet"  # champ que personne ne voit : un robot le remplit
LIMITES = ((60, timedelta(hours=1)), (200, timedelta(days=1)))
