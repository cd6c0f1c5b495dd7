"""Pilotage du programme : programme, axes, actions, indicateurs, instances, échéancier, bilan."""
