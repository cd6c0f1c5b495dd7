"""Délais légaux français : calendriers, calculs, échéances nommées et expliquées.

Cinq mots : un délai *franc* ne compte ni son premier ni son dernier jour ; un jour *ouvré* se
travaille du lundi au vendredi, un jour *ouvrable* du lundi au samedi, hors jours fériés ; le
*quantième* est le numéro du jour dans le mois ; l’*échéance* est le dernier jour utile.

Entrées : `calendrier.Calendrier` (jours fériés), `calculs` (ajouter, reporter), `echeances`
(recours, silence, accusés, notification), `conservation` (fin de conservation, communicabilité).
Tout se compte en jours de Paris : `calculs.to_jour` convertit un instant. Ni réseau, ni horloge.

Textes : code de justice administrative, code des relations entre le public et l’administration,
code de procédure civile (art. 640 à 642), code du travail (art. L. 3133-1 et L. 3134-13).
"""
