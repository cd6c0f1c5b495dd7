"""ProConnect : l’identité des agents, attestée par leur organisation.

Propriétaire : DINUM. Notice : documentation des partenaires ProConnect, fournisseurs de service
(lue en novembre 2026), et calendrier « conformité MFA » du 28 février 2027. Authentification :
`client_secret_post` ou `private_key_jwt`, PKCE S256. Limites : le SIRET est déclaré par le
fournisseur d’identité ; il est nécessaire, jamais suffisant ; `max_age` n’existe pas.
Bac à sable : https://fca.integ01.dev-agentconnect.fr/api/v2 et le simulateur de Socle.
"""
