"""Textes par défaut envoyés à une personne dont un agent a saisi la demande : aucun lien.

Elle n’a ni compte ni lien d’invité : le portail ne lui ouvrirait pas son dossier.
"""

from socle.fondations.notifications.ports import Balise, ModeleParDefaut

BALISES = {
    "demarche": Balise("Titre de la démarche", "Inscription à la cantine"),
    "numero": Balise("Numéro du dossier", "44171"),
    "reference": Balise("Référence du dossier", "219200235-2026-44171"),
    "demandeur": Balise("Nom du demandeur", "Raymond Vasseur"),
    "service": Balise("Service et coordonnées", "Écoles, 01 23 45 67 80, ecoles@exemple.fr"),
}
REPONDRE = "Pour répondre : {service}. Donnez le numéro {numero}.\n\n{collectivite}"
SANS_ACCES = {
    code: f"{code.removesuffix('_poste')}_guichet"
    for code in (
        "dossier_accuse", "dossier_message", "dossier_correction", "dossier_decision_poste",
    )
}  # fmt: skip
MODELES_GUICHET = {
    "dossier_accuse_guichet": ModeleParDefaut(
        titre="Demande reçue, saisie par un agent",
        quand="Dès qu’une demande saisie par un agent est déposée, avec l’accusé de réception.",
        sujet="Votre demande n° {numero} est déposée",
        corps=(
            "Bonjour,\n\nVotre demande « {demarche} » nous est parvenue le {date}. Son numéro est"
            " {numero}.\n\nL’accusé de réception est joint à ce message. Gardez-le : il prouve la"
            f" date de votre demande.\n\n{REPONDRE}"
        ),
        balises=BALISES | {"date": Balise("Jour de réception", "19 novembre 2026")},
    ),
    "dossier_message_guichet": ModeleParDefaut(
        titre="Message du service, demande saisie par un agent",
        quand="Quand un agent écrit à une personne qui n’a pas accès au portail.",
        sujet="Un message sur votre demande n° {numero}",
        corps=(
            "Bonjour,\n\nLe service vous écrit au sujet de votre demande « {demarche} » :\n\n"
            f"{{message}}\n\n{REPONDRE}"
        ),
        balises=BALISES | {"message": Balise("Ce que l’agent écrit", "Votre dossier avance.")},
        obligatoire=False,
    ),
    "dossier_correction_guichet": ModeleParDefaut(
        titre="Correction demandée, demande saisie par un agent",
        quand="Quand une personne qui n’a pas accès au portail doit corriger ou compléter.",
        sujet="Votre demande n° {numero} est à corriger",
        corps=(
            "Bonjour,\n\nPour continuer, le service a besoin que vous corrigiez ou complétiez votre"
            " demande « {demarche} » :\n\n{message}\n\nVous avez jusqu’au {limite}. {effet}\n\n"
            f"{REPONDRE}"
        ),
        balises=BALISES
        | {
            "message": Balise("Ce que l’agent demande", "Il manque l’attestation d’assurance."),
            "limite": Balise("Dernier jour pour corriger", "21 décembre 2026"),
            "effet": Balise(
                "Ce que devient le délai de réponse",
                "Le délai pour vous répondre est suspendu jusque-là.",
            ),
        },
    ),
    "dossier_decision_guichet": ModeleParDefaut(
        titre="Décision prise, demande saisie par un agent",
        quand="Quand la décision est prise et que la personne n’a pas accès au portail.",
        sujet="Une réponse à votre demande n° {numero}",
        corps=(
            "Bonjour,\n\n{collectivite} a répondu à votre demande « {demarche} ». La décision vous"
            " est envoyée par la poste : le délai pour la contester court du jour où vous recevez"
            f" la lettre.\n\n{REPONDRE}"
        ),
        balises=BALISES,
    ),
}
