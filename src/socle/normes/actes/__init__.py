"""@CTES : écrire, lire et contrôler ce qu’une collectivité échange avec le contrôle de légalité.

Cinq mots : un *message* est un fichier XML d’un *flux* (« 1-1 », la transmission d’un acte ;
« 1-2 », son accusé) ; une *enveloppe* nomme l’émetteur et liste ses messages ; une *archive*
(tar.gz) porte l’enveloppe, les messages et les documents ; la *classification* est la liste des
matières et des types de pièces qu’une préfecture admet, datée ; *TotEM* est le document budgétaire.

Entrées : `transmission.write_transmission` (un acte → son archive), `ecriture.write_message`,
`archive.write_archive`, `controle.check_fichier` (octets d’un inconnu → rapport et contenu),
`lecture.read_message`, `classification.read_classification`, `totem.read_totem`,
`s2low.read_reponse`. Ni Django, ni réseau, ni horloge : le jour et le schéma officiel sont donnés.

Textes : CGCT, art. L. 2131-1, R. 2131-1 et suivants ; schéma « actesv1_1 » du ministère de
l’Intérieur (espace de noms #v1.1-20040216) ; schéma « docbudgetaire » de la DGFiP ; notice de
l’opérateur S²LOW.
"""
