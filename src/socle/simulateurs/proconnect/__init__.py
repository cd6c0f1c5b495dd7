"""ProConnect : connexion des agents, avec ses règles d’entrée et ses niveaux de garantie.

Mots : agent, fournisseur d’identité de l’agent (FI), SIRET déclaré, double authentification.
Sources : documentation partenaires de ProConnect et scénarios publics de son code, lus en 2026.
"""
