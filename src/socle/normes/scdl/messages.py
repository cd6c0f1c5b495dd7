"""Nos phrases : le nom court de chaque faute, et quoi faire."""

import re
from datetime import date
from typing import Any

from socle.normes.scdl.schema import Champ

NOMS = {
    "required": "Valeur manquante",
    "pattern": "Format incorrect",
    "enum": "Valeur hors liste",
    "minLength": "Valeur trop courte",
    "maxLength": "Valeur trop longue",
    "minimum": "Valeur trop petite",
    "maximum": "Valeur trop grande",
    "exclusiveMinimum": "Valeur trop petite",
    "exclusiveMaximum": "Valeur trop grande",
    "blank-row": "Ligne vide",
    "missing-cell": "Cellule manquante",
    "extra-cell": "Cellule en trop",
    "unique-error": "Valeur en double",
    "primary-key": "Clé en double",
    "missing-required-header": "Colonne obligatoire manquante",
    "duplicate-label": "Colonne en double",
    "blank-label": "Colonne sans nom",
    "french-siret-value": "SIRET invalide",
    "french-siren-value": "SIREN invalide",
    "nomenclature-actes-value": "Matière d’acte inconnue",
    "year-interval-value": "Année ou intervalle d’années",
    "cohesive-columns-value": "Colonnes à remplir ensemble",
    "compare-columns-value": "Comparaison de colonnes",
    "sum-columns-value": "Somme de colonnes",
    "one-of-required": "Une valeur sur deux manque",
    "french-gps-coordinates": "Position hors de France",
    "reversed-french-gps-coordinates": "Longitude et latitude inversées",
    "phone-number-value": "Téléphone invalide",
    "opening-hours-value": "Horaires illisibles",
    "check-error": "Contrôle impossible",
}
TYPES = {
    "string": "Texte incorrect",
    "integer": "Nombre entier incorrect",
    "number": "Nombre incorrect",
    "date": "Date incorrecte",
    "datetime": "Date et heure incorrectes",
    "time": "Heure incorrecte",
    "year": "Année incorrecte",
    "yearmonth": "Mois incorrect",
    "boolean": "Oui ou non incorrect",
    "array": "Liste incorrecte",
    "geopoint": "Position incorrecte",
}
_FORMES = {
    "integer": "Écrivez un nombre entier, sans espace ni décimale.",
    "number": "Écrivez un nombre : des chiffres, et un point pour les décimales.",
    "datetime": "Écrivez la date et l’heure ainsi : 2026-11-21T14:30:00+01:00.",
    "time": "Écrivez l’heure ainsi : 14:30:00.",
    "year": "Écrivez l’année en 4 chiffres.",
    "yearmonth": "Écrivez l’année et le mois ainsi : 2026-11.",
    "array": 'Écrivez une liste JSON : ["une valeur", "une autre"].',
    "object": 'Écrivez un objet JSON : {"clé": "valeur"}.',
    "geopoint": "Écrivez la longitude puis la latitude, en degrés.",
    "geojson": "Écrivez un objet GeoJSON.",
    "duration": "Écrivez la durée selon ISO 8601 : P1Y2M3D.",
}
_CHAINES = {
    "uri": "Écrivez l’adresse en entier, avec « https:// ».",
    "email": "Écrivez une adresse électronique : nom@domaine.fr.",
    "uuid": "Écrivez un identifiant UUID : 8-4-4-4-12 signes hexadécimaux.",
    "binary": "Écrivez la valeur en base 64.",
}
_JOUR_FRANCAIS = re.compile(r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\s*$")
_JOUR_ISO = re.compile(r"^\s*(\d{4})[/.\-]?(\d{2})[/.\-]?(\d{2})(?:[T ][\d:.Z+]*)?\s*$")
_ESPACES = re.compile(r"[\s\u00a0\u202f]")


def guess_jour(cellule: str) -> str:
    """La date ISO que cette cellule veut dire ; vide si rien n’est sûr."""
    francais, iso = _JOUR_FRANCAIS.match(cellule), _JOUR_ISO.match(cellule)
    if francais:
        jour, mois, annee = map(int, francais.groups())
    elif iso:
        annee, mois, jour = map(int, iso.groups())
    else:
        return ""
    try:
        return date(annee, mois, jour).isoformat()
    except ValueError:
        return ""


def guess_nombre(cellule: str) -> str:
    """Le nombre, au point décimal et sans espace ; vide si rien n’est sûr."""
    serre = _ESPACES.sub("", cellule).removesuffix("€").removesuffix("%")
    pointe = serre.replace(",", ".") if serre.count(",") == 1 and "." not in serre else serre
    if pointe != cellule and re.fullmatch(r"[+-]?\d+(?:\.\d+)?", pointe, re.ASCII):
        return "" if serre.endswith("%") or "%" in cellule else pointe
    return ""


def explain_type(champ: Champ, cellule: str) -> str:
    """Ce qu’il fallait écrire dans une cellule qui n’est pas du bon type."""
    if champ.type in {"date", "datetime"}:
        jour = guess_jour(cellule) if champ.type == "date" else ""
        forme = {"default": "AAAA-MM-JJ", "%Y-%m-%d": "AAAA-MM-JJ", "%Y": "AAAA"}
        if jour and champ.format in {"default", "%Y-%m-%d"}:
            return f"Écrivez {jour}."
        if champ.type == "date":
            return f"Écrivez la date ainsi : {forme.get(champ.format, champ.format)}."
    if champ.type == "number" and (nombre := guess_nombre(cellule)):
        return f"Écrivez {nombre} : un point pour les décimales, pas d’espace."
    if champ.type == "boolean":
        return f"Écrivez « {champ.vrais[0]} » ou « {champ.faux[0]} »."
    if champ.type == "string":
        return _CHAINES.get(champ.format, "Écrivez un texte.")
    return _FORMES.get(champ.type, "La valeur n’est pas de la forme attendue.")


def explain_contrainte(champ: Champ, contrainte: str, cellule: str) -> str:
    """Ce qu’il faut changer dans une cellule qui ne respecte pas une contrainte."""
    borne: Any = champ.contraintes.get(contrainte)
    if contrainte == "required":
        return "Cette cellule est obligatoire : remplissez-la."
    if contrainte == "enum" or (contrainte != "pattern" and champ.element is not None):
        permises = borne or (champ.element or {}).get("constraints", {}).get("enum", ())
        return f"Choisissez dans la liste : {' ; '.join(map(str, permises))[:1500]}."
    if contrainte == "pattern":
        exemple = f" Exemple : {champ.exemple}." if champ.exemple else ""
        forme = champ.forme or f"la forme {borne[:300]}"
        return f"La valeur doit suivre cette règle : {forme}.{exemple}"
    if contrainte in {"minLength", "maxLength"}:
        sens = "au plus" if contrainte == "maxLength" else "au moins"
        return f"{len(cellule)} signe{'s' * (len(cellule) > 1)} ; il en faut {sens} {borne}."
    sens = {
        "minimum": "au moins", "maximum": "au plus",
        "exclusiveMinimum": "plus que", "exclusiveMaximum": "moins que",
    }[contrainte]  # fmt: skip
    return f"La valeur doit être {sens} {borne}."
