"""La cantine de Clamart : la définition que suivent les tests et la documentation."""

from typing import Any

CANTINE: dict[str, Any] = {
    "pages": [
        {
            "id": "enfant",
            "titre": "Votre enfant",
            "champs": [
                {"type": "civilite", "id": "civilite", "libelle": "Votre civilité"},
                {
                    "type": "texte_court", "id": "nom", "libelle": "Votre nom",
                    "autocomplete": "family-name",
                },
                {"type": "courriel", "id": "courriel", "libelle": "Votre adresse électronique"},
                {
                    "type": "telephone", "id": "telephone", "libelle": "Votre téléphone",
                    "aide": "Pour vous joindre le jour même si l’école ferme.",
                    "autocomplete": "tel",
                },
                {
                    "type": "bloc_repetable", "id": "enfants", "libelle": "Les enfants à inscrire",
                    "libelle_ligne": "Enfant", "maximum": 6,
                    "champs": [
                        {"type": "texte_court", "id": "prenom", "libelle": "Prénom"},
                        {
                            "type": "date", "id": "naissance", "libelle": "Date de naissance",
                            "au_plus_tard": "aujourdhui",
                        },
                        {
                            "type": "oui_non", "id": "allergie",
                            "libelle": "A-t-il une allergie alimentaire ?",
                        },
                        {
                            "type": "texte_long", "id": "allergie_detail", "libelle": "Laquelle ?",
                            "condition": ["=", ["champ", "allergie"], "oui"],
                        },
                        {
                            "type": "nombre_entier", "id": "repas", "unite": "repas",
                            "libelle": "Repas par semaine", "minimum": 1, "maximum": 5,
                        },
                    ],
                },
            ],
        },
        {
            "id": "ressources",
            "titre": "Vos ressources",
            "champs": [
                {
                    "type": "source", "id": "impots", "libelle": "Votre avis d’impôt",
                    "code": "impots_revenu",
                    "correspondances": [
                        {"donnee": "revenu_fiscal_reference", "champ": "revenu_fiscal"},
                        {"donnee": "nombre_parts", "champ": "parts"},
                    ],
                },
                {
                    "type": "nombre_entier", "id": "revenu_fiscal", "unite": "€", "minimum": 0,
                    "libelle": "Revenu fiscal de référence",
                },
                {
                    "type": "nombre_decimal", "id": "parts", "libelle": "Nombre de parts",
                    "minimum": "0.5",
                },
                {"type": "titre_section", "id": "titre_qf", "libelle": "Votre quotient familial"},
                {
                    "type": "champ_calcule", "id": "quotient", "libelle": "Quotient familial",
                    "formule": "revenu_fiscal / 12 / parts", "unite": "€",
                },
                {
                    "type": "champ_calcule", "id": "prix", "libelle": "Prix d’un repas",
                    "formule": "BAREME(tarif_cantine, quotient)", "unite": "€",
                    "conclusion": "Un repas vous coûtera {valeur}.",
                },
                {
                    "type": "oui_non", "id": "situation",
                    "libelle": "Votre situation a-t-elle changé depuis l’avis d’impôt ?",
                },
                {
                    "type": "piece_justificative", "id": "jugement",
                    "libelle": "Le jugement ou l’accord de garde",
                    "condition": ["=", ["champ", "situation"], "oui"],
                },
            ],
        },
        {
            "id": "aide",
            "titre": "Demander une aide",
            "condition": ["<", ["champ", "quotient"], 400],
            "champs": [
                {
                    "type": "texte_long", "id": "motif", "libelle": "Le motif de votre demande",
                    "obligatoire": False,
                },
            ],
        },
        {
            "id": "jours",
            "titre": "Les jours et les régimes",
            "champs": [
                {
                    "type": "choix_multiple", "id": "jours_choisis", "libelle": "Jours de cantine",
                    "options": ["Lundi", "Mardi", "Jeudi", "Vendredi"],
                },
                {
                    "type": "choix_simple", "id": "regime", "libelle": "Régime",
                    "options": ["Standard", "Sans viande"], "autre": True,
                },
                {
                    "type": "case_a_cocher", "id": "reglement",
                    "libelle": "J’ai lu le règlement de la cantine",
                },
            ],
        },
    ],
    "baremes": [
        {
            "id": "tarif_cantine", "libelle": "Tarif de la cantine", "unite": "€",
            "unite_valeur": "€", "acte": "Délibération n° 2026-118 du 16 novembre 2026",
            "tranches": [
                {"jusqu_a": "400", "valeur": "1.00"},
                {"jusqu_a": "600", "valeur": "1.85"},
                {"jusqu_a": "800", "valeur": "2.60"},
                {"jusqu_a": "1000", "valeur": "3.42"},
                {"valeur": "5.10"},
            ],
        }
    ],
}  # fmt: skip

REPONSES: dict[str, Any] = {
    "civilite": "Mme",
    "nom": "Tessandre",
    "courriel": "leonie.tessandre@exemple.fr",
    "telephone": "+33639980012",
    "enfants": [
        {
            "ligne": "01KADCG5C0000000000000000A",
            "valeurs": {
                "prenom": "Marin", "naissance": "2019-06-14", "allergie": False, "repas": 4,
            },
        }
    ],
    "revenu_fiscal": 32832,
    "parts": "3",
    "situation": False,
    "jours_choisis": ["lundi", "jeudi"],
    "regime": "standard",
    "reglement": True,
}  # fmt: skip
