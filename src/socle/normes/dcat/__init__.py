"""DCAT-AP 3.0.1 : décrire un catalogue de données ouvertes et l’écrire pour qui le moissonne.

Cinq mots : un *catalogue* réunit des *jeux de données* ; chacun s’obtient par des *distributions*
(fichiers) ; un *service* donne accès à des jeux par une API ; une *page* porte une part du
catalogue et l’adresse de la suivante (Hydra).

Entrées : `modele` (ce qu’on publie), `lecture.read_catalogue` (une description JSON d’un inconnu →
catalogue et anomalies), `validation.check_catalogue` (ce qui manque, où, et quoi faire),
`ecriture.write_catalogue` et `write_pages` (Turtle, JSON-LD, RDF/XML, toujours les mêmes octets).
Ni Django, ni réseau, ni horloge, ni bibliothèque RDF.

Textes : DCAT 3 (W3C, 22 août 2024) ; DCAT-AP 3.0.1 (SEMIC) ; Hydra Core Vocabulary ; ce que lit le
moissonneur de data.gouv.fr (`udata` 17.18).
"""
