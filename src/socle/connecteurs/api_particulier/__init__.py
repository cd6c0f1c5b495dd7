"""Connecteur API Particulier (DINUM) : quotient familial de la Caf et de la MSA.

Mots : quotient familial, foyer allocataire, destinataire, périmètre, jeton FranceConnect.

Notice : description OpenAPI d’API Particulier, version 3, lue en novembre 2026.
Authentification : jeton d’accès FranceConnect de 60 s (mode « FranceConnecté »), ou jeton
d’habilitation de 18 mois avec l’état civil (mode « identité »).
Limites : 20 requêtes par seconde et par jeton ; qui ignore un 429 est banni douze heures.
Bac à sable : staging.particulier.api.gouv.fr, ou le simulateur fourni avec Socle.
Textes : CRPA, art. L. 114-8 et R. 114-9-7.

Entrées : `connecteur.SourceQuotient`.
"""
