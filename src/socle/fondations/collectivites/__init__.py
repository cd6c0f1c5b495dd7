"""Les collectivités que sert l’installation, leurs services, leurs réglages et leurs branchements.

Mots : opérateur (OPSN, qui tient l’installation pour plusieurs), collectivité (commune, EPCI,
département, région), service (qui répond à l’usager), réglage, branchement (un système extérieur).
Textes : CGCT, art. L. 5111-1 (groupements), L. 2131-1 (régime de publicité selon la population).
Entrées : `services.create_collectivite`, `queries.find_collectivite`, `middleware`.
"""
