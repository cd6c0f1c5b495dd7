"""Refus de libxml2 (Relax NG) dits en français."""

import re

_A, _B = (rf"(?:\{{[^}}]*\}})?(?P<{lettre}>[\w.\-:]+)" for lettre in "ab")
_TRADUCTIONS = tuple(
    (re.compile(motif), phrase)
    for motif, phrase in (
        (rf"Did not expect element {_A} there", "L’élément « {a} » n’est pas prévu à cet endroit."),
        (
            rf"Expecting element {_A}, got {_B}",
            "« {b} » se trouve là où le profil attend « {a} ».",
        ),
        (
            rf"Element {_A} has extra content: {_B}",
            "« {a} » contient « {b} », que le profil ne prévoit pas, ou pas à cette place.",
        ),
        (rf"Expecting an element {_A}, got nothing", "L’élément « {a} » manque."),
        (r"Expecting an element , got nothing", "Il manque un élément."),
        (
            rf"Element {_A} failed to validate content",
            "Dans « {a} », le contenu ne suit pas le profil.",
        ),
        (
            rf"Element {_A} failed to validate attributes",
            "Les attributs de « {a} » ne suivent pas le profil.",
        ),
        (
            rf"Invalid attribute {_A} for element {_B}",
            "L’attribut « {a} » de « {b} » n’est pas prévu par le profil.",
        ),
        (rf"Expecting an attribute|Element {_A} is missing attribute", "Il manque un attribut."),
        (
            r"failed to compare type|failed to validate type|Error validating (?:datatype|value)|"
            r"Type \w+ doesn't allow value",
            "Une valeur n’a pas la forme que le profil exige.",
        ),
        (
            r"Error validating value|failed to compare value",
            "Une valeur n’est pas celle du profil.",
        ),
        (
            r"Invalid sequence in interleave|Extra element",
            "Des éléments sont en trop ou mal placés.",
        ),
        (r"Extra data in the document", "Le document contient des données en trop."),
        (r"Attributes conflicts in", "Deux règles du profil décrivent le même attribut."),
        (
            rf"(?:Reference|reference) {_A} has no|refers to an undefined",
            "Le profil cite « {a} » sans le définir.",
        ),
        (r"has no content|has empty content|is empty", "Un bloc du profil est vide."),
    )
)


def translate(message: str) -> str:
    """Donne la phrase d’un refus ; sans traduction connue, une phrase qui dit quoi comparer."""
    for motif, phrase in _TRADUCTIONS:
        if trouve := motif.search(message):
            valeurs = {"a": "?", "b": "?"} | {k: v or "?" for k, v in trouve.groupdict().items()}
            return phrase.format(**valeurs)
    return "Cet endroit ne suit pas le profil. Comparez-le à sa documentation."
