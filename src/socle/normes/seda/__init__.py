"""SEDA 2.1, 2.2 et 2.3 (NF Z44-022) : décrire, écrire et contrôler un versement d’archives.

Cinq mots : le *transfert* est le message ; son *bordereau* (manifest.xml) décrit des *unités*
archivistiques et des *groupes d’objets* ; le tout forme un *paquet* (SIP, fichier ZIP).

Entrées : `modele` (ce qu’on verse), `paquet.write_sip` (écrire), `controles.check_sip` (contrôler),
`formats.open_identifieur` (reconnaître les formats), `messages.read_message` (lire les quinze
messages), `ecriture_reponse` (écrire l’accusé et la réponse), `profils` (compiler un profil
d’archivage). Ni Django, ni réseau, ni horloge.

Textes : schémas SEDA 2.1 à 2.3 du Service interministériel des Archives de France ; codes
d’événements du système d’archivage électronique Vitam.
"""
