"""Moteur de formulaires : un formulaire est une donnée, publiée puis immuable.

Mots : définition (le JSON publié), champ (une question et son type), condition (quand le champ
s’affiche), formule (comment une valeur se calcule), source (service de l’État qui fournit une
réponse à la place de la personne).

Textes : CRPA, art. L. 114-8 (l’usager ne redonne pas ce que l’administration sait) ;
RGAA 4.1.2, thème 11 (formulaires).

Entrées : `definition.Formulaire`, `validation.check_formulaire`, `moteur.compile_formulaire`,
`rendu.render_page`, `ports.sources`.
"""
