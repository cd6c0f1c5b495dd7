"""Les services de l’État joués hors ligne : un processus à part, qui n’importe rien du produit.

Mots : identité fictive, défaillance, client, périmètre (« scope »), jeton.

Servi par `python -m socle.simulateurs --port N --base-url URL`, derrière le produit, sous
`/simulateurs/`. Les règles suivies sont celles des notices publiques de FranceConnect v2,
de ProConnect, d’API Particulier v3, d’API Impôt particulier et de Recherche d’entreprises.
Mode d’emploi : docs/reference/simulateurs.md.
"""
