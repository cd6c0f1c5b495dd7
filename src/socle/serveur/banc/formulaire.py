"""La démarche du banc : cinq textes exigés et un fichier, sur une page, sans compte."""

from typing import Any

CHEMIN = "demande-du-banc"
SLUG = "banc"

FORMULAIRE: dict[str, Any] = {
    "pages": [
        {
            "id": "demande",
            "titre": "Votre demande",
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
                {"type": "texte_court", "id": "voie", "libelle": "Voie concernée"},
                {"type": "texte_court", "id": "objet", "libelle": "Objet de la demande"},
                {
                    "type": "piece_justificative",
                    "id": "plan",
                    "libelle": "Plan de situation",
                    "formats": ["pdf"],
                    "taille_max": 200_000_000,
                },
            ],
        }
    ]
}
FICHE: dict[str, Any] = {
    "titre": "Occuper la voie publique",
    "chemin": CHEMIN,
    "resume": "Demandez à occuper un trottoir ou une place pour quelques jours.",
    "cadre_juridique": "Code général de la propriété des personnes publiques, art. L. 2122-1",
    "invites_autorises": True,
    "silence": "acceptation",
    "colonnes": [{"champ": "voie", "libelle": "Voie"}, {"champ": "objet", "libelle": "Objet"}],
}

PRENOMS = ("Nadia", "Étienne", "Aïcha", "Loïc", "Maëlle", "Yanis", "Chloé", "Ousmane")
NOMS = ("Belkacem", "Orbellec", "Fournel", "Lefèvre", "Diallo", "Garrigue", "Nguyen", "Castaing")
VOIES = ("rue des Écoles", "avenue Jean-Jaurès", "place du Marché", "impasse du Puits")
OBJETS = ("échafaudage", "benne à gravats", "déménagement", "terrasse", "brocante", "tournage")


def build_reponses(rang: int) -> dict[str, str]:
    """Réponses plausibles et toujours les mêmes pour un rang ; le fichier vient à part."""
    prenom, nom = PRENOMS[rang % 8], NOMS[rang // 8 % 8]
    return {
        "prenom": prenom,
        "nom": f"{nom}-{rang}",
        "courriel": f"personne{rang}@exemple.fr",
        "voie": f"{rang % 180 + 1} {VOIES[rang % 4]}",
        "objet": f"Pose d’un {OBJETS[rang % 6]} pendant {rang % 20 + 1} jours",
    }
