"""FranceConnect v2 et FranceConnect+, avec leurs vraies portes.

Mots : identité pivot, périmètre, niveau de garantie (acr), identifiant (sub), entité.
Sources : code public de FranceConnect (liste blanche d’`/authorize`, scénarios d’essai,
périmètres) et documentation des partenaires, lus en 2026.
"""
