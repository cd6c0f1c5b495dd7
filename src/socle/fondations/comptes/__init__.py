"""Comptes des usagers et des agents, adhésions et rôles, fournisseurs d’identité, sessions.

Mots : compte (une personne sous un genre : usager ou agent, jamais mêlés), adhésion (un agent
dans une collectivité, avec un rôle), fournisseur d’identité (FranceConnect, ProConnect, OIDC),
identité fédérée (`sub` d’un fournisseur), pivot (les six traits d’identité de FranceConnect).
Textes : eIDAS (niveaux de garantie), CNIL, délibération 2022-100 (mots de passe).
Entrées : `permissions.role_requis`, `services.open_identite`, `ports.apres_connexion`, commandes
`gerer fournisseur` et `gerer agent`. Explication : docs/explications/identite.md.
"""
