"""La démarche de la démonstration : la cantine de Clamart, quotient calculé par la ville.

Les tranches et l’acte sont fictifs. La formule est celle des faits rapportés : revenu fiscal de
référence, divisé par douze puis par le nombre de parts.
"""

from typing import Any

GARDE_ALTERNEE = ["=", ["champ", "garde"], "alternee"]
AIDES_CAF = ["=", ["champ", "aides_caf"], "oui"]

TARIF = {
    "id": "tarif_cantine",
    "libelle": "Tarif du repas",
    "unite": "€",
    "unite_valeur": "€",
    "acte": "Délibération n° 2026-97 du 18 juin 2026 (démonstration)",
    "tranches": [
        {"jusqu_a": 300, "valeur": 0.9},
        {"jusqu_a": 600, "valeur": 1.75},
        {"jusqu_a": 900, "valeur": 2.6},
        {"jusqu_a": 1200, "valeur": 3.4},
        {"jusqu_a": 1600, "valeur": 4.1},
        {"valeur": 5.2},
    ],
}

VOUS = {
    "id": "vous",
    "titre": "Vous",
    "description": "La personne qui inscrit l’enfant et reçoit les factures.",
    "champs": [
        {
            "type": "source",
            "id": "source_identite",
            "libelle": "Votre identité",
            "code": "identite_franceconnect",
            "correspondances": [
                {"donnee": "given_name", "champ": "prenom"},
                {"donnee": "family_name", "champ": "nom"},
                {"donnee": "birthdate", "champ": "naissance"},
            ],
        },
        {"type": "texte_court", "id": "prenom", "libelle": "Prénom", "autocomplete": "given-name"},
        {"type": "texte_court", "id": "nom", "libelle": "Nom", "autocomplete": "family-name"},
        {
            "type": "date",
            "id": "naissance",
            "libelle": "Date de naissance",
            "au_plus_tard": "aujourdhui",
            "autocomplete": "bday",
        },
        {
            "type": "courriel",
            "id": "courriel",
            "libelle": "Adresse électronique",
            "aide": "Pour recevoir l’accusé et être prévenu de la réponse.",
            "obligatoire": False,
            "autocomplete": "email",
        },
        {
            "type": "telephone",
            "id": "telephone",
            "libelle": "Téléphone",
            "aide": "Pour vous joindre si votre enfant est malade.",
            "autocomplete": "tel",
        },
        {"type": "adresse", "id": "adresse", "libelle": "Adresse du foyer"},
    ],
}

FOYER = {
    "id": "foyer",
    "titre": "Votre foyer",
    "description": "Le prix du repas dépend de votre quotient familial, calculé par la ville.",
    "champs": [
        {
            "type": "source",
            "id": "source_impots",
            "libelle": "Votre avis d’impôt",
            "code": "impots_revenu",
            "correspondances": [
                {"donnee": "revenu_fiscal_reference", "champ": "revenu_fiscal"},
                {"donnee": "nombre_parts", "champ": "parts"},
            ],
        },
        {
            "type": "nombre_decimal",
            "id": "revenu_fiscal",
            "libelle": "Revenu fiscal de référence",
            "aide": "Il est en première page de votre avis d’impôt sur le revenu.",
            "minimum": 0,
            "unite": "€",
        },
        {
            "type": "nombre_decimal",
            "id": "parts",
            "libelle": "Nombre de parts",
            "aide": "Il est à côté du revenu fiscal de référence, par exemple 2,5.",
            "minimum": 1,
            "maximum": 20,
        },
        {
            "type": "champ_calcule",
            "id": "quotient",
            "libelle": "Votre quotient familial",
            "formule": "ARRONDI(revenu_fiscal / 12 / parts; 0)",
            "unite": "€",
            "decimales": 0,
        },
        {
            "type": "champ_calcule",
            "id": "prix",
            "libelle": "Prix d’un repas",
            "formule": "BAREME(tarif_cantine; quotient)",
            "unite": "€",
        },
        {
            "type": "oui_non",
            "id": "aides_caf",
            "libelle": "Recevez-vous des aides de la Caf ou de la MSA ?",
        },
        {
            "type": "source",
            "id": "source_caf",
            "libelle": "Votre quotient de la Caf ou de la MSA",
            "code": "cnaf_quotient",
            "condition": AIDES_CAF,
            "correspondances": [{"donnee": "quotient_familial", "champ": "quotient_caf"}],
        },
        {
            "type": "nombre_entier",
            "id": "quotient_caf",
            "libelle": "Quotient de la Caf ou de la MSA",
            "aide": "Montré à titre de comparaison : le prix suit le quotient de la ville.",
            "condition": AIDES_CAF,
            "obligatoire": False,
            "minimum": 0,
            "unite": "€",
        },
    ],
}

ENFANTS = {
    "id": "enfants_page",
    "titre": "Vos enfants",
    "champs": [
        {
            "type": "bloc_repetable",
            "id": "enfants",
            "libelle": "Enfants à inscrire",
            "libelle_ligne": "Enfant",
            "libelle_ajout": "Ajouter un enfant",
            "maximum": 8,
            "champs": [
                {"type": "texte_court", "id": "enfant_prenom", "libelle": "Prénom de l’enfant"},
                {"type": "texte_court", "id": "enfant_nom", "libelle": "Nom de l’enfant"},
                {
                    "type": "date",
                    "id": "enfant_naissance",
                    "libelle": "Date de naissance de l’enfant",
                    "au_plus_tard": "aujourdhui",
                },
                {
                    "type": "choix_simple",
                    "id": "ecole",
                    "libelle": "École",
                    "options": ["École des Rochers", "École du Jardin", "École de la Fontaine"],
                },
                {
                    "type": "choix_multiple",
                    "id": "jours",
                    "libelle": "Jours de cantine",
                    "options": ["Lundi", "Mardi", "Jeudi", "Vendredi"],
                },
                {
                    "type": "texte_long",
                    "id": "regime",
                    "libelle": "Allergie ou régime à signaler",
                    "obligatoire": False,
                    "longueur_max": 500,
                },
            ],
        }
    ],
}

GARDE = {
    "id": "garde_page",
    "titre": "Garde et pièces",
    "champs": [
        {
            "type": "choix_simple",
            "id": "garde",
            "libelle": "Garde des enfants",
            "options": [
                {"id": "complete", "libelle": "Les enfants vivent avec vous toute la semaine"},
                {"id": "alternee", "libelle": "Garde alternée"},
            ],
        },
        {
            "type": "piece_justificative",
            "id": "accord_garde",
            "libelle": "Accord ou jugement de garde",
            "condition": GARDE_ALTERNEE,
            "formats": ["pdf", "image"],
        },
        {
            "type": "piece_justificative",
            "id": "assurance",
            "libelle": "Attestation d’assurance scolaire",
            "aide": "Celle de l’année en cours.",
            "formats": ["pdf", "image"],
        },
        {
            "type": "case_a_cocher",
            "id": "reglement",
            "libelle": "J’ai lu le règlement de la restauration scolaire",
        },
    ],
}

SERVICE, BOITE = "Écoles et restauration", "ecoles"
FORMULAIRE: dict[str, Any] = {
    "format": 1,
    "pages": [VOUS, FOYER, ENFANTS, GARDE],
    "baremes": [TARIF],
}

FICHE: dict[str, Any] = {
    "titre": "Inscription à la cantine scolaire",
    "chemin": "cantine-scolaire",
    "resume": "Inscrivez vos enfants à la cantine et voyez tout de suite le prix du repas.",
    "description": (
        "La ville calcule votre quotient familial avec ce que les impôts savent déjà : plus de"
        " photocopies, plus de file d’attente. Le prix du repas s’affiche avant de déposer."
    ),
    "public": "Les familles dont un enfant est scolarisé dans une école publique de la ville.",
    "a_prevoir": "Les jours de repas de chaque enfant",
    "mots_cles": "restauration école repas quotient familial tarif inscription périscolaire",
    "evenement": "enfant",
    "cadre_juridique": (
        "Code de l’éducation, art. R. 531-52 ; délibération n° 2026-97 du 18 juin 2026"
        " (démonstration)"
    ),
    "invites_autorises": True,
    "silence": "acceptation",
    "silence_mois": 2,
    "silence_source": "CRPA, art. L. 231-1",
    "autorite": "Le maire",
    "decision_acceptation": (
        "Votre inscription à la restauration scolaire est acceptée. Elle vaut pour l’année scolaire"
        " en cours. Le prix du repas est celui affiché lors de votre demande."
    ),
    "colonnes": [
        {"champ": "quotient", "libelle": "Quotient"},
        {"champ": "prix", "libelle": "Repas"},
    ],
}
