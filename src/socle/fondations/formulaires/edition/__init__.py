"""Construire un formulaire : gestes purs sur une définition, et formulaires qui la règlent.

Les métiers qui ont un éditeur (démarches, consultations) s’en servent ; aucun ne les réécrit.
"""

from socle.fondations.formulaires.edition.gestes import (
    HORS_BLOC,
    Definition,
    ElementAbsent,
    add_champ,
    add_page,
    delete_bareme,
    delete_champ,
    delete_page,
    describe_conteneur,
    duplicate_champ,
    find_bareme,
    find_champ,
    find_page,
    find_place,
    iter_listes,
    list_dependants,
    make_id,
    move_champ,
    move_page,
    place_champ,
    set_bareme,
    set_modele,
    update_champ,
    update_page,
)

__all__ = [
    "HORS_BLOC", "Definition", "ElementAbsent", "add_champ", "add_page", "delete_bareme",
    "delete_champ", "delete_page", "describe_conteneur", "duplicate_champ", "find_bareme",
    "find_champ", "find_page", "find_place", "iter_listes", "list_dependants", "make_id",
    "move_champ", "move_page", "place_champ", "set_bareme", "set_modele", "update_champ",
    "update_page",
]  # fmt: skip
