"""API Particulier v3, quotient familial (Caf et MSA), deux modes d’appel.

Mots : foyer allocataire, quotient familial, destinataire (« recipient »), périmètre.
Source : description OpenAPI publique d’API Particulier v3 (DINUM), lue en 2026.
"""
