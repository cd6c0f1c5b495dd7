"""Pilotage du programme : axes, actions, recommandations, indicateurs, bilan.

Mots : programme, axe, action, recommandation, indicateur. Une action avance quand une preuve le
montre ; un indicateur garde chaque valeur avec le document, l’endroit et la date d’où elle vient,
et deux valeurs qui se contredisent sont montrées toutes les deux. Entrées : `urls.py` (pages
publiques et espace de l’équipe), `services`, `queries`.
"""
