"""Messages que la diffusion sait envoyer, hors les lettres elles-mêmes."""

from socle.fondations.notifications.ports import Balise, ModeleParDefaut

ABONNEMENT = ModeleParDefaut(
    titre="Confirmer un abonnement à la lettre",
    quand="Quand une adresse est donnée sur la page des lettres.",
    sujet="Confirmez votre abonnement à la lettre du programme",
    corps=(
        "Bonjour,\n\nCette adresse a été donnée pour recevoir la lettre du programme.\n\n"
        "Pour vous abonner, ouvrez cette page dans les 48 heures et confirmez : {lien}\n\n"
        "Si ce n’est pas vous, ne faites rien : rien n’est gardé, et aucune lettre ne partira."
    ),
    portail=False,
)
INSCRIPTION_A_CONFIRMER = ModeleParDefaut(
    titre="Confirmer une inscription à un évènement",
    quand="Quand une adresse est donnée pour s’inscrire.",
    sujet="Confirmez votre inscription : {evenement}",
    corps=(
        "Bonjour,\n\nPour vous inscrire à « {evenement} », {date}, ouvrez cette page dans les"
        " 48 heures et confirmez : {lien}\n\nSi ce n’est pas vous, ne faites rien."
    ),
    balises={
        "evenement": Balise("Titre de l’évènement", "Forum de Lyon"),
        "date": Balise("Quand il a lieu", "le 4 mars 2027 à 9 h"),
    },
    portail=False,
)
INSCRIPTION = ModeleParDefaut(
    titre="Inscription à un évènement",
    quand="Quand une inscription est prise, mise en attente, ou qu’une place se libère.",
    sujet="{etat} : {evenement}",
    corps=(
        "Bonjour,\n\n{etat} à « {evenement} », {date}.\n\n{ou}\n\n"
        "Voir ou annuler votre inscription : {lien}"
    ),
    balises={
        "etat": Balise("Où en est l’inscription", "Vous êtes inscrit"),
        "ou": Balise("Lieu ou adresse de connexion", "12 rue des Arts, Lyon"),
        **INSCRIPTION_A_CONFIRMER.balises,
    },
    portail=False,
)
RAPPEL = ModeleParDefaut(
    titre="Évènement qui approche",
    quand="La veille d’un évènement, une seule fois.",
    sujet="Demain : {evenement}",
    corps=(
        "Bonjour,\n\n« {evenement} » a lieu {date}.\n\n{ou}\n\n"
        "Vous ne pouvez plus venir ? Libérez votre place : {lien}"
    ),
    balises=INSCRIPTION.balises,
    portail=False,
)
ANNULATION = ModeleParDefaut(
    titre="Évènement annulé",
    quand="Quand l’équipe annule un évènement.",
    sujet="Annulé : {evenement}",
    corps="Bonjour,\n\n« {evenement} », prévu {date}, n’aura pas lieu.\n\n{ou}\n\n{lien}",
    balises=INSCRIPTION.balises,
    portail=False,
)
AVIS = ModeleParDefaut(
    titre="Votre avis sur un évènement",
    quand="Le lendemain, à qui était présent, une seule fois.",
    sujet="Votre avis : {evenement}",
    corps=("Bonjour,\n\nVous étiez à « {evenement} ». Deux questions, sans votre nom : {lien}"),
    balises=INSCRIPTION_A_CONFIRMER.balises,
    portail=False,
)
CONTACT = ModeleParDefaut(
    titre="Vous êtes dans nos contacts",
    quand="Quand l’équipe garde votre adresse.",
    sujet="Nous gardons votre adresse, et vous pouvez refuser",
    corps=(
        "Bonjour,\n\nL’équipe du programme garde votre adresse pour : {finalite}. Elle sera effacée"
        " le {jour}, sauf si vous participez encore d’ici là.\n\n"
        "Pour qu’elle soit effacée maintenant : {lien}"
    ),
    balises={
        "finalite": Balise("Pourquoi", "vous inviter aux prochains évènements"),
        "jour": Balise("Jour de l’effacement", "4 mars 2030"),
    },
    portail=False,
)
MODELES = {
    "diffusion_abonnement": ABONNEMENT,
    "diffusion_inscription_a_confirmer": INSCRIPTION_A_CONFIRMER,
    "diffusion_inscription": INSCRIPTION,
    "diffusion_rappel": RAPPEL,
    "diffusion_annulation": ANNULATION,
    "diffusion_avis": AVIS,
    "diffusion_contact": CONTACT,
}
