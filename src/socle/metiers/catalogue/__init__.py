"""Catalogue commun : des solutions à choisir à plusieurs, leur label, leurs éditeurs, les API.

Mots : solution (logiciel ou service que des collectivités partagent), étape (promesse datée de la
feuille de route), candidature (demande de label), banc (contrôle qu’un de nos moteurs fait
passer à un produit), clause (texte à reprendre dans un marché), cas d’usage (ce qu’une API évite
de demander).
Textes : publiccode.yml 0.4 ; bilan 2018-2020 du programme, axe 1, recommandations 1 à 5, et axe 3,
recommandation 2 ; RGAA 4.1.2 ; CRPA, art. L. 300-4 (formats ouverts).
Entrées : `services.solutions.save_solution`, `services.label.declare`,
`services.imports.run_import`, `queries.solutions.list_solutions`, `ports.bancs`, `ports.lecteurs`.
"""
