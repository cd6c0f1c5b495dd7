"""Service OpenID Connect strict : ce que Socle exige d’un fournisseur d’identité, sans exception.

Mots : fournisseur (qui atteste une identité), parcours (un départ et son retour), jeton
d’identité (`id_token`), informations (`userinfo`), `sub` (identifiant stable chez l’émetteur).
Textes : OpenID Connect Core 1.0, RFC 7636 (PKCE), RFC 7523 (private_key_jwt), RFC 9207 (`iss`).
Entrées : `depart.open_parcours`, `retour.take_parcours`, `retour.redeem_code`, `deconnexion`.

Rien ici ne lit la base ni l’horloge murale : l’instant et la session viennent de l’appelant.
"""
