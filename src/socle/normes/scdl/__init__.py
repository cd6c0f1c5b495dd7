"""SCDL et Table Schema : contrôler, corriger et écrire les tableaux de données ouvertes.

Entrées : `validation.validate_fichier` (un fichier et son schéma → un rapport),
`correction.correct_fichier` (un nouveau fichier et la liste de ce qui a changé),
`ecriture.write_csv` (des lignes typées → un fichier conforme), `definitions.get_schema` (nos
définitions), `schema.read_table_schema` (tout autre schéma, dans un fichier JSON),
`nommage.check_nom` (le nom du fichier). Ni Django, ni réseau, ni horloge.

Mots : un *schéma* a des *champs* ; un champ a un type et des *contraintes* ; un schéma a des
*contrôles* qui lient plusieurs champs ; un *lot* est un morceau du fichier lu d’un coup.

Textes : Table Schema 1.0 ; Socle commun des données locales (schema.data.gouv.fr, état du
22 août 2026) ; verdicts de Validata 0.9.7 et 0.12 ; guide « Publier des données » pour les noms
de fichiers. Les tableaux sont traités par colonnes avec polars, chargé au premier emploi.
"""
