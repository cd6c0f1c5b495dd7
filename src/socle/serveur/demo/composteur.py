"""La démarche de l’intercommunalité : demander un composteur. L’acte est fictif."""

from typing import Any

EN_IMMEUBLE = ["=", ["champ", "logement"], "immeuble"]

SERVICE, BOITE = "Prévention des déchets", "dechets"
FORMULAIRE: dict[str, Any] = {
    "format": 1,
    "pages": [
        {
            "id": "vous",
            "titre": "Vous",
            "champs": [
                {
                    "type": "texte_court",
                    "id": "prenom",
                    "libelle": "Prénom",
                    "autocomplete": "given-name",
                },
                {
                    "type": "texte_court",
                    "id": "nom",
                    "libelle": "Nom",
                    "autocomplete": "family-name",
                },
                {
                    "type": "courriel",
                    "id": "courriel",
                    "libelle": "Adresse électronique",
                    "autocomplete": "email",
                },
                {"type": "adresse", "id": "adresse", "libelle": "Adresse du composteur"},
            ],
        },
        {
            "id": "logement_page",
            "titre": "Votre logement",
            "champs": [
                {
                    "type": "choix_simple",
                    "id": "logement",
                    "libelle": "Vous habitez",
                    "options": [
                        {"id": "maison", "libelle": "Une maison avec un jardin"},
                        {"id": "immeuble", "libelle": "Un immeuble avec un espace vert"},
                    ],
                },
                {
                    "type": "nombre_entier",
                    "id": "foyers",
                    "libelle": "Nombre de foyers qui composteront",
                    "condition": EN_IMMEUBLE,
                    "minimum": 2,
                    "maximum": 200,
                },
                {
                    "type": "case_a_cocher",
                    "id": "formation",
                    "libelle": "Je viendrai à la formation d’une heure",
                },
            ],
        },
    ],
}

FICHE: dict[str, Any] = {
    "titre": "Demander un composteur",
    "chemin": "composteur",
    "resume": "Recevez un composteur et une formation d’une heure, gratuitement.",
    "description": (
        "Un composteur de 300 litres pour une maison, ou un ensemble de bacs pour un immeuble."
        " Vous le retirez à la déchèterie le jour de la formation."
    ),
    "public": "Les habitants des communes de l’intercommunalité.",
    "mots_cles": "compost déchets jardin biodéchets bac",
    "evenement": "cadre_de_vie",
    "cadre_juridique": (
        "Code de l’environnement, art. L. 541-21-1 ; délibération n° 2026-12 du 12 mars 2026"
        " (démonstration)"
    ),
    "invites_autorises": True,
    "silence": "acceptation",
    "silence_mois": 2,
    "autorite": "Le président",
    "decision_acceptation": "Un composteur vous est attribué. Nous vous proposerons une date.",
    "colonnes": [{"champ": "logement", "libelle": "Logement"}],
}
