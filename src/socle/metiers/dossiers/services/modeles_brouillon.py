"""Textes par défaut des messages sur une demande commencée et pas encore déposée."""

from socle.fondations.notifications.ports import Balise, ModeleParDefaut

BALISES = {
    "demarche": Balise("Titre de la démarche", "Inscription à la cantine"),
    "numero": Balise("Numéro du dossier", "44171"),
    "date": Balise("Dernier jour, compris", "20 novembre 2026"),
}
MODELES_BROUILLON = {
    "dossier_reprise": ModeleParDefaut(
        titre="Lien pour reprendre une demande",
        quand="Quand une personne sans compte demande un lien pour reprendre plus tard.",
        sujet="Reprendre votre demande n° {numero}",
        corps=(
            "Bonjour,\n\nVous avez demandé un lien pour reprendre votre demande « {demarche} »,"
            " qui n’est pas encore déposée. Ouvrez-la ici : {lien}\n\nCe lien sert une seule fois,"
            " jusqu’au {date}. Ne le transmettez à personne : il ouvre vos réponses.\n\n"
            "Si vous n’avez rien demandé, ne faites rien.\n\n{collectivite}"
        ),
        balises=BALISES,
        portail=False,
    ),
    "dossier_expiration": ModeleParDefaut(
        titre="Demande commencée bientôt effacée",
        quand="Sept jours avant d’effacer une demande commencée, restée sans changement.",
        sujet="Votre demande n° {numero} sera bientôt effacée",
        corps=(
            "Bonjour,\n\nVous avez commencé une demande « {demarche} » et elle n’est pas déposée :"
            " le service ne la voit pas. Sans changement de votre part, elle sera effacée après le"
            " {date}, avec ses fichiers.\n\nReprenez-la ici : {lien}\n\nSi vous n’en avez plus"
            " besoin, ne faites rien.\n\n{collectivite}"
        ),
        balises=BALISES,
    ),
}
