"""Seconde démarche de Clamart : réserver des places pour un déménagement. L’acte est fictif."""

from typing import Any

EST_ENTREPRISE = ["=", ["champ", "demandeur"], "entreprise"]

SERVICE, BOITE = "Voirie et stationnement", "voirie"
FORMULAIRE: dict[str, Any] = {
    "format": 1,
    "pages": [
        {
            "id": "vous",
            "titre": "Vous",
            "champs": [
                {
                    "type": "choix_simple",
                    "id": "demandeur",
                    "libelle": "Qui demande ?",
                    "options": [
                        {"id": "habitant", "libelle": "Un habitant"},
                        {"id": "entreprise", "libelle": "Une entreprise de déménagement"},
                    ],
                },
                {
                    "type": "siret",
                    "id": "siret",
                    "libelle": "Numéro SIRET",
                    "condition": EST_ENTREPRISE,
                },
                {"type": "texte_court", "id": "nom", "libelle": "Nom", "autocomplete": "name"},
                {
                    "type": "courriel",
                    "id": "courriel",
                    "libelle": "Adresse électronique",
                    "autocomplete": "email",
                },
                {
                    "type": "telephone",
                    "id": "telephone",
                    "libelle": "Téléphone",
                    "autocomplete": "tel",
                },
            ],
        },
        {
            "id": "lieu",
            "titre": "Le déménagement",
            "champs": [
                {"type": "adresse", "id": "adresse", "libelle": "Adresse du déménagement"},
                {"type": "date", "id": "jour", "libelle": "Jour", "au_plus_tot": "aujourdhui"},
                {
                    "type": "nombre_entier",
                    "id": "metres",
                    "libelle": "Longueur à réserver",
                    "aide": "Un camion de 20 m³ demande 10 mètres.",
                    "minimum": 5,
                    "maximum": 30,
                    "unite": "m",
                },
                {
                    "type": "champ_calcule",
                    "id": "redevance",
                    "libelle": "Redevance",
                    "formule": "metres * 2",
                    "unite": "€",
                },
            ],
        },
    ],
}

FICHE: dict[str, Any] = {
    "titre": "Réserver des places pour un déménagement",
    "chemin": "stationnement-demenagement",
    "resume": "Faites réserver la chaussée devant chez vous, le jour du camion.",
    "description": (
        "La ville pose les panneaux sept jours avant. Demandez au moins quinze jours à l’avance."
    ),
    "public": "Les habitants et les entreprises de déménagement.",
    "mots_cles": (
        "camion voirie place panneau rue occupation domaine public parking voiture stationner"
    ),
    "evenement": "demenagement",
    "cadre_juridique": (
        "Code général des collectivités territoriales, art. L. 2213-6 ; délibération n° 2026-41 du"
        " 2 avril 2026 (démonstration)"
    ),
    "invites_autorises": True,
    "silence": "rejet",
    "silence_mois": 2,
    "silence_exception": "2°",
    "autorite": "Le maire",
    "decision_acceptation": "Les places vous sont réservées, à l’adresse et au jour dits.",
    "decision_refus": "Les places demandées ne peuvent pas vous être réservées.",
    "colonnes": [
        {"champ": "jour", "libelle": "Jour"},
        {"champ": "metres", "libelle": "Mètres"},
    ],
}
