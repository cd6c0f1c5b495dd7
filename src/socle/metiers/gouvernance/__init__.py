"""Gouvernance partagée : instances, réunions, décisions à deux collèges, feuille de route."""
