"""Référentiels versionnés : code officiel géographique, jours fériés, listes importées.

Mots : référentiel (une liste officielle), version (datée, avec source, licence et empreinte),
COG (code officiel géographique de l’Insee), commune, EPCI.
Entrées : `services.load_cog`, `queries.search_communes`, commande `gerer charger_cog`.
"""
