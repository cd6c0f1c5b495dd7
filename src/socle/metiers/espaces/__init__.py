"""Espaces : ce que le programme et ses partenaires produisent, apprennent et font ensemble.

Domaine : livrable (de la boîte à outils), version, retour d’expérience, groupe, membre. Rien ne se
perd quand un membre part : ce qu’il a écrit reste, sous le nom de son organisation.
Sources : bilan 2018-2020 du programme, action 4.2 (espace collaboratif, boîte à outils), et sa
recommandation d’ouvrir les livrables du programme et des partenaires à tous.
Entrées : `services.boite`, `services.retours`, `services.groupes`, `permissions`.
"""
