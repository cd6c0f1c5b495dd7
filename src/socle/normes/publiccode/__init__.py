"""publiccode.yml 0.4 et 0.5 : lire, vérifier et écrire la fiche d’un logiciel public.

Entrées : `lecture.read_publiccode` (octets d’un inconnu → dictionnaire),
`validation.check_publiccode` (ce qui manque, où, et quoi faire), `ecriture.write_publiccode`
(octets conformes). Ni Django, ni réseau, ni horloge.

Texte : publiccode.yml, « The Standard (core) », versions 0.2 à 0.5.
"""
