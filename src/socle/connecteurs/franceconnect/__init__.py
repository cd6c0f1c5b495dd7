"""FranceConnect v2 et FranceConnect+ : l’identité des usagers, attestée par l’État.

Propriétaire : DINUM. Notice : documentation des partenaires FranceConnect, fournisseurs de service,
version 2 (lue en novembre 2026). Authentification : `client_secret_post` ou `private_key_jwt`.
Limites : PKCE refusé, `nonce` d’au moins 22 caractères, `acr_values` obligatoire, jetons de 60 s.
Bac à sable : https://fcp-low.integ01.dev-franceconnect.fr/api/v2 et le simulateur de Socle.
"""
