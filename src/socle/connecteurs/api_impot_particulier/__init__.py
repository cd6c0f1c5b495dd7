"""Connecteur API Impôt particulier (DGFiP) : revenu fiscal de référence et nombre de parts.

Mots : revenu fiscal de référence, nombre de parts, année de revenus, téléservice habilité.

Notice : description publique de l’API (version 1.0, DGFiP) et codes clients publics, lus en
novembre 2026. Les noms `rfr`, `nbPart`, `aft` sont publics ; les autres se règlent (`champs`).
Authentification : jeton d’habilitation (identifiants du téléservice), plus le jeton d’accès
FranceConnect de 60 s de la personne.
Limites : volume déclaré à l’habilitation ; l’avis d’une année paraît l’été suivant.
Bac à sable : celui de la DGFiP après habilitation, ou le simulateur fourni avec Socle.
Textes : CRPA, art. L. 114-8 et R. 114-9-7 ; livre des procédures fiscales, art. L. 103 (secret).

Entrées : `connecteur.SourceImpots`.
"""
