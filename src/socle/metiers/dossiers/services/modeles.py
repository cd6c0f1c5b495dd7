"""Textes par défaut des messages envoyés à l’usager ; chaque collectivité peut écrire les siens."""

from socle.fondations.notifications.ports import Balise, ModeleParDefaut

BALISES = {
    "demarche": Balise("Titre de la démarche", "Inscription à la cantine"),
    "numero": Balise("Numéro du dossier", "44171"),
    "reference": Balise("Référence du dossier", "219200235-2026-44171"),
    "demandeur": Balise("Nom du demandeur", "Yanis Orbellec"),
}
ACCUSE = {
    "date": Balise("Jour de réception", "19 novembre 2026"),
    "service": Balise("Service et coordonnées", "Écoles, 01 23 45 67 80, ecoles@exemple.fr"),
}
CONFIE = {"par": Balise("Qui confie", "Ada Fournel")}
MODELES = {
    "dossier_accuse": ModeleParDefaut(
        titre="Demande reçue",
        quand="Dès qu’une demande est déposée, avec l’accusé de réception.",
        sujet="Votre demande n° {numero} est déposée",
        corps=(
            "Bonjour,\n\nVotre demande « {demarche} » nous est parvenue le {date}. Son numéro est"
            " {numero}. Le service qui s’en charge : {service}.\n\nL’accusé de réception est joint"
            " à ce message. Gardez-le : il prouve la date de votre demande.\n\nSuivez votre demande"
            " et écrivez-nous ici : {lien}\n\n{collectivite}"
        ),
        balises=BALISES | ACCUSE,
    ),
    "dossier_message": ModeleParDefaut(
        titre="Nouveau message du service",
        quand="Quand un agent écrit à l’usager.",
        sujet="Un message sur votre demande n° {numero}",
        corps=(
            "Bonjour,\n\nLe service vous a écrit au sujet de votre demande « {demarche} ».\n\n"
            "Lisez son message et répondez ici : {lien}\n\n{collectivite}"
        ),
        balises=BALISES,
        obligatoire=False,
    ),
    "dossier_correction": ModeleParDefaut(
        titre="Correction demandée",
        quand="Quand un agent demande de corriger ou de compléter.",
        sujet="Votre demande n° {numero} est à corriger",
        corps=(
            "Bonjour,\n\nPour continuer, le service a besoin que vous corrigiez ou complétiez votre"
            " demande « {demarche} » :\n\n{message}\n\nVous avez jusqu’au {limite}."
            " {effet}\n\nCorrigez ici : {lien}\n\n{collectivite}"
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
    "dossier_decision": ModeleParDefaut(
        titre="Décision disponible",
        quand="Quand la décision est mise à disposition dans le portail.",
        sujet="Une réponse à votre demande n° {numero}",
        corps=(
            "Bonjour,\n\n{collectivite} a répondu à votre demande « {demarche} ». La décision est"
            " à votre disposition depuis le {date} : {lien}\n\nElle vous est notifiée le jour où"
            " vous l’ouvrez. Si vous ne l’ouvrez pas dans les quinze jours, elle est considérée"
            " comme notifiée le {date} (code des relations entre le public et l’administration,"
            " art. R. 112-20).\n\nUne question : {service}.\n\n{collectivite}"
        ),
        balises=BALISES
        | {
            "date": Balise("Jour de la mise à disposition", "21 novembre 2026"),
            "service": Balise("Service et coordonnées", "Écoles, 01 23 45 67 80"),
        },
    ),
    "dossier_decision_poste": ModeleParDefaut(
        titre="Décision disponible, envoyée aussi par la poste",
        quand="Quand la décision est prise et que la personne n’a pas accepté le portail.",
        sujet="Une réponse à votre demande n° {numero}",
        corps=(
            "Bonjour,\n\n{collectivite} a répondu à votre demande « {demarche} ». Vous pouvez lire"
            " la décision ici : {lien}\n\nElle vous est aussi envoyée par la poste : le délai pour"
            " la contester court du jour où vous recevez la lettre.\n\n{collectivite}"
        ),
        balises=BALISES,
    ),
    "dossier_acces": ModeleParDefaut(
        titre="Lien pour ouvrir une demande déposée",
        quand="Quand une personne sans compte demande à ouvrir sa demande sur un autre appareil.",
        sujet="Ouvrir votre demande n° {numero}",
        corps=(
            "Bonjour,\n\nVous avez demandé un lien pour ouvrir votre demande « {demarche} »,"
            " déposée sans compte. Ouvrez-la ici : {lien}\n\nCe lien sert une seule fois, jusqu’au"
            " {date}. Ne le transmettez à personne : il ouvre vos réponses et vos échanges.\n\n"
            "Si vous n’avez rien demandé, ne faites rien.\n\n{collectivite}"
        ),
        balises={cle: BALISES[cle] for cle in ("demarche", "numero")}
        | {"date": Balise("Dernier jour, compris", "20 novembre 2026")},
        portail=False,
    ),
    "dossier_confie": ModeleParDefaut(
        titre="Dossier confié (aux agents)",
        quand="Quand un agent confie un dossier à un collègue.",
        sujet="Le dossier n° {numero} vous est confié",
        corps=(
            "Bonjour,\n\n{par} vous confie le dossier n° {numero}, « {demarche} ».\n\n"
            "Ouvrez-le ici : {lien}\n\n{collectivite}"
        ),
        balises={cle: BALISES[cle] for cle in ("demarche", "numero", "reference")} | CONFIE,
        obligatoire=False,
        agents=True,
    ),
    "dossiers_confies": ModeleParDefaut(
        titre="Plusieurs dossiers confiés (aux agents)",
        quand="Quand un agent confie plusieurs dossiers à la fois à un collègue.",
        sujet="{nombre} dossiers vous sont confiés",
        corps=(
            "Bonjour,\n\n{par} vous confie {nombre} dossiers.\n\nRetrouvez-les ici : {lien}\n\n"
            "{collectivite}"
        ),
        balises={"nombre": Balise("Nombre de dossiers", "12")} | CONFIE,
        obligatoire=False,
        agents=True,
    ),
}
