"""Les types de champ rangés pour l’agent, et ce que montre d’abord chaque réglage."""

from socle.fondations.formulaires.types import types

FAMILLES = [
    ("Texte et nombres", ("texte_court", "texte_long", "nombre_entier", "nombre_decimal", "date")),
    ("Choix", ("oui_non", "choix_simple", "choix_multiple", "case_a_cocher")),
    ("Personne et contact", ("civilite", "courriel", "telephone", "iban", "siret")),
    ("Lieu", ("adresse", "commune", "departement", "pays")),
    ("Fichiers", ("piece_justificative",)),
    ("Automatique", ("champ_calcule", "source")),
    ("Mise en page", ("titre_section", "explication", "bloc_repetable")),
]
EXPLICATIONS = {
    "texte_court": "Une ligne : un nom, une référence.",
    "texte_long": "Plusieurs lignes : une explication, un récit.",
    "nombre_entier": "Un nombre d’enfants, d’années.",
    "nombre_decimal": "Une surface, un montant.",
    "date": "Un jour du calendrier.",
    "oui_non": "Deux réponses, sans ambiguïté.",
    "choix_simple": "Une seule réponse dans une liste.",
    "choix_multiple": "Plusieurs réponses dans une liste.",
    "case_a_cocher": "Un engagement, un accord.",
    "civilite": "Madame ou Monsieur.",
    "courriel": "Vérifié, avec une aide en cas de faute de frappe.",
    "telephone": "Numéro français ou étranger.",
    "iban": "Pour un remboursement ; la clé est vérifiée.",
    "siret": "Entreprise ou association ; la clé est vérifiée.",
    "adresse": "Numéro, voie, code postal, commune.",
    "commune": "Choisie dans la liste officielle.",
    "departement": "Choisi dans la liste officielle.",
    "pays": "Choisi dans la liste officielle.",
    "piece_justificative": "Un ou plusieurs fichiers à joindre.",
    "champ_calcule": "Une formule : quotient, prix, total.",
    "source": "Demandées à l’administration qui les détient, avec l’accord de l’usager.",
    "titre_section": "Sépare les questions d’une page.",
    "explication": "Un texte d’information, sans question.",
    "bloc_repetable": "Un groupe de questions, une fois par enfant, par véhicule…",
}
HORS_BLOC = ("bloc_repetable", "source")

ESSENTIELS = (
    "libelle", "texte", "aide", "obligatoire", "niveau", "options", "autre", "minimum", "maximum",
    "unite", "au_plus_tot", "au_plus_tard", "formats", "nombre", "formule", "libelle_ligne",
    "libelle_ajout", "code",
)  # fmt: skip
MAXIMUM_AVANCE = ("choix_multiple", "bloc_repetable")


def list_familles(*, dans_bloc: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """Rend les types par famille : [(famille, [(code, nom)])]."""
    exclus = HORS_BLOC if dans_bloc else ()
    familles = [
        (famille, [(code, types[code].nom) for code in codes if code not in exclus])
        for famille, codes in FAMILLES
    ]
    return [(famille, codes) for famille, codes in familles if codes]


def is_essentiel(nom: str, type_: str) -> bool:
    """Dit si un réglage se montre d’abord ; les autres sont repliés."""
    if nom == "maximum" and type_ in MAXIMUM_AVANCE:
        return False
    return nom in ESSENTIELS
