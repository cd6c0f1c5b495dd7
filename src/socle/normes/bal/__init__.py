"""Base Adresse Locale 1.3, 1.4 et 1.5 : vérifier, corriger et écrire le fichier d’une commune.

Cinq mots : un *toponyme* nomme une voie ou un lieu-dit ; le numéro *99999* déclare un toponyme sans
adresse ; un *identifiant BAN* (UUID 4) suit la commune, le toponyme ou l’adresse d’un fichier à
l’autre ; la *clé d’interopérabilité* (`cle_interop`) les précédait ; un *profil* range chaque code
en erreur, avertissement ou information.

Entrées : `validation.validate_bal` (octets d’un inconnu → rapport), `correction.correct_bal`
(octets → fichier 1.5 et liste des changements), `ecriture.write_bal` (adresses typées → octets
conformes), `communes.build_communes` (ce que l’appelant sait du code officiel géographique).
Ni Django, ni réseau, ni horloge : les communes, le jour et les identifiants BAN sont donnés.

Textes : loi 3DS n° 2022-217, art. 169 ; décret n° 2023-767 ; arrêté du 3 septembre 2025 ; schéma
`etalab/schema-bal` 1.5.0 ; codes du validateur officiel `@ban-team/validateur-bal` 3.5.2 (MIT).
"""
