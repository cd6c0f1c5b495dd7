"""Documents reçus et produits : rangés par leur empreinte, vérifiés, servis après contrôle d’accès.

Mots : document (un fichier et ce que l’on en sait), contenu (ses octets, rangés une fois par
collectivité), objet (à quoi il est joint, « dossier:42 »), entrepôt (disque ou S3), analyse
(antivirus), orphelin (déposé puis jamais retenu).
Textes : RGS (décret n° 2010-112) pour l’intégrité ; RGPD, art. 32.
Entrées : `services.receive_document`, `services.store_bytes`, `services.open_document`,
`queries.list_documents`, `ports.acces`.
"""
