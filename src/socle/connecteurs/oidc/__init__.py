"""Tout fournisseur OpenID Connect d’une collectivité : annuaire des agents, compte de la ville.

Propriétaire : la collectivité. Notice : OpenID Connect Core et Discovery 1.0. Authentification :
secret ou clé. Limites : adresses publiques seulement (garde SSRF), `sub` stable exigé, une
identité de ce fournisseur n’ouvre que la collectivité qui l’a réglé.
"""
