"""Moteur OpenID Connect commun aux fournisseurs d’identité simulés.

Mots : demande (ce que le service réclame), choix (qui se connecte, quelle défaillance), code.
FranceConnect et ProConnect reposent sur le même moteur, oidc-provider : celui-ci répond pareil.
"""
