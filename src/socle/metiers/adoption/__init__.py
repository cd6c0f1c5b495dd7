"""Adoption : qui utilise quoi, où, depuis quand, d’après qui ; conventions et chartes.

Mots du métier : fait (une collectivité, une solution, un jour, une source), situation (le dernier
fait qui compte), couverture (combien, par territoire et par taille), écart (ceux qui restent à la
traîne), convention (texte auquel une collectivité adhère). Entrées : `services.faits`,
`services.imports`, `services.conventions`, `queries.taux`.
"""
