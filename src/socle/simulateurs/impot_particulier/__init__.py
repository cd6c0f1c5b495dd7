"""API Impôt particulier (DGFiP) : revenu fiscal de référence et parts d’un foyer fiscal.

Mots : revenu fiscal de référence, nombre de parts, année de revenus, identifiant fiscal (SPI).
Sources : description publique de l’API (2019) et codes clients publics. Les codes internes des
erreurs ne sont pas publics : ceux d’ici sont les nôtres, seule la forme `{"erreur": …}` est connue.
"""
