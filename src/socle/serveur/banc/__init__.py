"""Le banc : un serveur d’exploitation sur des données d’essai, mesuré de l’extérieur.

`serveur` le lance et lit mémoire, processeur et SQL ; `client` joue un navigateur sans
JavaScript ; `mesure` compte ; `points` tient ce que l’on mesure.
"""
