"""Lectures de l’administration : fiches du COG, sommaire des réglages, journal."""

from socle.fondations.administration.queries.cog import (
    find_fiche,
    format_epci,
    search_propositions,
)
from socle.fondations.administration.queries.journal import (
    describe_lignes,
    map_noms,
    name_objet,
    search_journal,
)
from socle.fondations.administration.queries.sommaire import GROUPES, group_pages

__all__ = [
    "GROUPES",
    "describe_lignes",
    "find_fiche",
    "format_epci",
    "group_pages",
    "map_noms",
    "name_objet",
    "search_journal",
    "search_propositions",
]
