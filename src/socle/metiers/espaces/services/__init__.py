"""Écritures des espaces : boîte à outils, retours, groupes."""
