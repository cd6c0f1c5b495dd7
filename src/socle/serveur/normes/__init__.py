"""`./socle normes` : contrôler et corriger les fichiers des normes officielles.

Chaque norme est un module de ce dossier qui dit ses verbes (`VERBES`) ; `commande` les assemble,
rend le rapport lisible, en JSON ou en HTML, et décide du code de sortie.
"""
