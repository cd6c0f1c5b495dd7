"""Règles des valeurs françaises : SIRET, SIREN, nomenclature des actes, années, GPS, téléphone.

Chaque fonction rend une chaîne vide si la valeur convient, sinon ce qui ne va pas, en français.
Ce sont les règles de Validata (§ 2.2 du dossier) ; les exceptions y sont aussi, La Poste par
exemple.
"""

import json
import re
import unicodedata

from socle.normes.scdl.numeros import is_siren, is_siret

NOMENCLATURE = (
    "Commande publique",
    "Urbanisme",
    "Domaine et patrimoine",
    "Fonction publique",
    "Institutions et vie politique",
    "Libertés publiques et pouvoirs de police",
    "Finances locales",
    "Domaines de compétences par thèmes",
    "Autres domaines de compétences",
)
# Ouest, sud, est, nord, en degrés (WGS 84).
BOITES = (
    (-61.809839, 15.832041, -61.001959, 16.514488),  # Guadeloupe
    (-61.229033, 14.388646, -60.809655, 14.878723),  # Martinique
    (-54.60239, 2.111055, -51.619041, 5.748138),  # Guyane
    (55.216526, -21.389631, 55.836654, -20.8718),  # La Réunion
    (45.01833, -13.005254, 45.299985, -12.63659),  # Mayotte
    (-5.141277, 41.333571, 9.560091, 51.088989),  # Métropole
)
_INTERVALLE = re.compile(r"^(\d{4})/(\d{4})$")
_ANNEE = re.compile(r"^\d{4}$")
_JOURS = "Mo|Tu|We|Th|Fr|Sa|Su|PH|SH"
_MOIS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_HEURE = r"(?:[01]?\d|2[0-4]|sunrise|sunset)(?::[0-5]\d)?"
_PLAGE = rf"{_HEURE}\s*-\s*(?:{_HEURE}|2[4-9]:[0-5]\d)\+?|{_HEURE}\+"
_REGLE = (
    rf"^(?:24/7|(?:(?:(?:{_MOIS})(?:\s+\d{{1,2}})?(?:\s*-\s*(?:(?:{_MOIS})\s*)?(?:\d{{1,2}})?)?,?\s*)*:?\s*)?"
    rf"(?:(?:{_JOURS})(?:\[[-\d,]+\])?(?:\s*-\s*(?:{_JOURS}))?\s*,?\s*)*:?\s*"
    rf"(?:(?:{_PLAGE})(?:\s*,\s*(?:{_PLAGE}))*)?\s*(?:off|closed|open|unknown)?\s*(?:\"[^\"]*\")?)$"
)


def fold(texte: str) -> str:
    """Met en minuscules et ôte les accents."""
    decompose = unicodedata.normalize("NFD", texte.lower())
    return "".join(signe for signe in decompose if unicodedata.category(signe) != "Mn")


_PREFIXES = frozenset(map(fold, NOMENCLATURE))


def explain_siret(valeur: str) -> str:
    return "" if is_siret(valeur) else (
        "Ce n’est pas un numéro SIRET : 14 chiffres, dont les contrôles doivent tomber juste. "
        "Vérifiez-le sur l’annuaire des entreprises."
    )  # fmt: skip


def explain_siren(valeur: str) -> str:
    return "" if is_siren(valeur) else (
        "Ce n’est pas un numéro SIREN : 9 chiffres, dont le contrôle doit tomber juste. "
        "Vérifiez-le sur l’annuaire des entreprises."
    )  # fmt: skip


def explain_nomenclature(valeur: str) -> str:
    """Matière d’un acte : « Urbanisme/documents d’urbanisme »."""
    debut, oblique, _ = valeur.partition("/")
    if not oblique:
        return "Il manque la barre oblique : écrivez « Matière/sous-matière »."
    if "/ " in valeur or debut.rstrip() != debut:
        return "Ôtez les espaces autour de la barre oblique."
    if fold(debut) not in _PREFIXES:
        return f"« {debut} » n’est pas une matière des actes. Au choix : {', '.join(NOMENCLATURE)}."
    return ""


def explain_annees(valeur: str, *, seule: bool) -> str:
    """Exercice sur deux années, « 2017/2018 », ou une seule si c’est permis."""
    lu = _INTERVALLE.match(valeur)
    if lu:
        if int(lu[1]) == int(lu[2]):
            return "Les deux années sont les mêmes. N’en gardez qu’une, ou corrigez la seconde."
        return "" if int(lu[1]) < int(lu[2]) else "La première année doit précéder la seconde."
    if seule and _ANNEE.match(valeur):
        return ""
    return f"Écrivez {'AAAA ou ' if seule else ''}AAAA/AAAA."


def explain_gps(valeur: str) -> str:
    """Point « [longitude, latitude] » en France."""
    point = read_point(valeur)
    if point is None:
        return "Écrivez [longitude, latitude], par exemple [2.2532, 48.8005]."
    return "" if is_en_france(*point) else "Ce point n’est pas en France."


def read_point(valeur: str) -> tuple[float, float] | None:
    try:
        longitude, latitude = json.loads(valeur)
        return float(longitude), float(latitude)
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None


def is_en_france(longitude: float, latitude: float) -> bool:
    return any(o <= longitude <= e and s <= latitude <= n for o, s, e, n in BOITES)


def explain_telephone(valeur: str) -> str:
    import phonenumbers  # noqa: PLC0415  lourd, et rarement demandé

    try:
        numero = phonenumbers.parse(valeur, "FR")
    except phonenumbers.NumberParseException:
        numero = None
    if numero and (
        phonenumbers.is_valid_number(numero)
        or phonenumbers.is_valid_short_number_for_region(numero, "FR")
    ):
        return ""
    return "Ce n’est pas un numéro de téléphone. Écrivez par exemple 01 41 09 20 00."


def explain_horaires(valeur: str) -> str:
    """Horaires à la façon d’OpenStreetMap : « Mo-Fr 09:00-12:00,14:00-18:00 »."""
    if len(valeur) <= 1_000 and all(
        _is_regle(regle) for regle in re.split(r"\s*(?:;|\|\|)\s*", valeur)
    ):
        return ""
    return "Écrivez les horaires comme OpenStreetMap : Mo-Fr 09:00-12:00,14:00-18:00."


def _is_regle(regle: str) -> bool:
    return bool(regle) and len(regle) <= 200 and bool(re.match(_REGLE, regle, re.IGNORECASE))
