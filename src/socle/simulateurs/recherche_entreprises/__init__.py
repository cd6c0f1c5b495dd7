"""Recherche d’entreprises : une dizaine d’établissements fictifs, cherchés par nom ou SIRET.

Mots : unité légale, établissement, siège, état administratif (A actif, C ou F fermé).
Source : description publique de recherche-entreprises.api.gouv.fr, lue en 2026.
"""
