"""Ligne de commande, PostgreSQL embarqué, surveillance des processus, démonstration et banc.

Rien ici n’importe Django, sauf les modules qui le disent : l’entrée `./socle` répond en une
fraction de seconde et le superviseur reste léger.
"""
