"""Comptes des usagers et des agents, adhésions et rôles, fournisseurs d’identité, sessions.

Mots : compte (une personne sous un genre : usager ou agent, jamais mêlés), adhésion (un agent
dans une collectivité, avec un rôle), fournisseur d’identité (FranceConnect, ProConnect, OIDC),
identité fédérée (`sub` d’un fournisseur), pivot (les six traits d’identité de FranceConnect).
Entrées : `permissions.role_requis`, `services`, commande `gerer fournisseur`.
"""
