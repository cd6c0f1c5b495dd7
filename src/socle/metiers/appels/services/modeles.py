"""Messages que les appels savent envoyer."""

from socle.fondations.notifications.ports import Balise, ModeleParDefaut
from socle.metiers.appels.services.alertes import CODE_ABONNE, CODE_AGENT, CODE_CONFIRMER
from socle.metiers.appels.services.rappels import CODE_EQUIPE, CODE_PIECE

LISTE = {
    "sujet": Balise("Ce que dit le sujet", "2 nouveaux appels"),
    "liste": Balise("Les appels, un par ligne", "- Aide aux petites communes, clôture le 2 mars"),
}
OCTROI = {
    "piece": Balise("Pièce demandée", "Factures acquittées"),
    "octroi": Balise("Objet de l’octroi", "Refonte du site"),
    "date": Balise("Jour où elle est attendue", "1er mars 2027"),
    "reste": Balise("Temps qui reste", "dans 7 jours"),
}
MODELES = {
    CODE_CONFIRMER: ModeleParDefaut(
        titre="Confirmer une alerte sur les appels",
        quand="Quand une adresse est donnée sur la page des alertes.",
        sujet="Confirmez vos alertes sur les appels à projets",
        corps=(
            "Bonjour,\n\nCette adresse a été donnée pour recevoir les appels relayés par le"
            " programme.\n\nPour les recevoir, ouvrez cette page dans les 48 heures et confirmez :"
            " {lien}\n\nSi ce n’est pas vous, ne faites rien : rien n’est gardé."
        ),
        portail=False,
    ),
    CODE_ABONNE: ModeleParDefaut(
        titre="Appels relayés (abonnés)",
        quand="Quand un appel choisi paraît, chaque lundi, ou sept jours avant sa clôture.",
        sujet="{sujet}",
        corps="Bonjour,\n\n{liste}\n\nNe plus recevoir ces alertes : {lien}",
        balises=LISTE,
        obligatoire=False,
        portail=False,
    ),
    CODE_AGENT: ModeleParDefaut(
        titre="Appels auxquels répondre (aux agents)",
        quand="Quand paraît un appel qui concerne la collectivité, ou sept jours avant sa clôture.",
        sujet="{sujet}",
        corps=(
            "Bonjour,\n\n{collectivite} peut répondre :\n\n{liste}\n\n"
            "Tous les appels, et le réglage de vos alertes : {lien}"
        ),
        balises=LISTE,
        obligatoire=False,
        agents=True,
    ),
    CODE_PIECE: ModeleParDefaut(
        titre="Justificatif attendu (aux agents)",
        quand="30 jours, 7 jours avant, puis le lendemain du jour où la pièce est attendue.",
        sujet="Justificatif attendu {reste} : {piece}",
        corps=(
            "Bonjour,\n\nPour « {octroi} », la pièce « {piece} » est attendue le {date}, {reste}."
            "\n\nDéposez-la ici : {lien}\n\n{collectivite}"
        ),
        balises=OCTROI,
        agents=True,
    ),
    CODE_EQUIPE: ModeleParDefaut(
        titre="Octroi à suivre (à l’équipe du programme)",
        quand="Quand une pièce est en retard, ou qu’un versement arrive à son échéance.",
        sujet="{piece} : {octroi}",
        corps="Bonjour,\n\n« {octroi} » : {piece}, {date}, {reste}.\n\nSuivre cet octroi : {lien}",
        balises=OCTROI,
        obligatoire=False,
        agents=True,
    ),
}
