"""Connecteur Recherche d’entreprises (DINUM) : nom et adresse d’un SIRET.

Mots : établissement, unité légale, siège, diffusion partielle.

Notice : description OpenAPI de recherche-entreprises.api.gouv.fr, lue en novembre 2026.
Authentification : aucune ; un User-Agent qui nous nomme.
Limites : sept requêtes par seconde et par adresse, 429 avec `Retry-After`.
Bac à sable : aucun ; le simulateur fourni avec Socle.

Entrées : `connecteur.RechercheEntreprises`.
"""
