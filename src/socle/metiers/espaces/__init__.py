"""Espaces de travail : groupes, boîte à outils, retours d’expérience."""
