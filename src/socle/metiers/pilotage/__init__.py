"""Pilotage du programme : axes, actions, recommandations, indicateurs, bilan."""
