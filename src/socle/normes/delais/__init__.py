"""Délais légaux français : calendriers, calculs, échéances nommées et expliquées.

Cinq mots : un délai *franc* ne compte ni son premier ni son dernier jour ; un jour *ouvré* se
travaille du lundi au vendredi, un jour *ouvrable* du lundi au samedi, hors jours fériés ; le
*quantième* est le numéro du jour dans le mois ; l’*échéance* est le dernier jour utile.

Entrées : `calendrier.find_calendrier` (jours fériés du lieu), `calculs` (ajouter, reporter),
`moteur.compute_delai` (toute échéance nommée de `donnees/delais.toml`), `echeances` (recours,
silence, accusés, notification), `actes` (convocation, exécutoire, déféré), `rgpd`, `urbanisme`
(`donnees/urbanisme.toml`), `suspension`, `conservation`, `courrier`, `fichier` (délais demandés
par un fichier). Tout se compte en jours de Paris : `calculs.to_jour` convertit un instant.

Textes, lus en 2026 : code de justice administrative, code des relations entre le public et
l’administration, code général des collectivités territoriales, code de l’urbanisme, code de la
commande publique, RGPD, code de procédure civile (art. 640 à 642), code du travail
(art. L. 3133-1, L. 3134-13 et L. 3422-2). Chaque règle dit son article et depuis quand elle vaut.
"""
