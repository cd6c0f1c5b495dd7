"""Les courriels de l’évaluation : invitation au jury, nouvelle grille, décision."""

from datetime import datetime

from socle.fondations.notifications.ports import Balise, ModeleParDefaut
from socle.fondations.notifications.services.programme import build_lien, send_message
from socle.metiers.consultations.models import Jure

CODE_INVITATION = "jury_invitation"
CODE_NOTATION = "jury_notation"
CODE_GRILLE = "jury_grille"
CODE_RESULTAT = "appel_resultat"
APPEL = Balise("Titre de l’appel", "Archivage des petites communes")
MODELES = {
    CODE_INVITATION: ModeleParDefaut(
        titre="Invitation à un jury (aux agents)",
        quand="Quand l’équipe du programme vous invite à noter des dossiers.",
        sujet="Jury : {appel}",
        corps="Bonjour,\n\nVous êtes invité au jury de « {appel} ».\n\nConnectez-vous avec cette"
        " adresse. Déclarez d’abord vos intérêts ; les dossiers s’ouvrent ensuite : {lien}"
        "\n\nVotre nom, votre organisation et votre collège seront publics avec les résultats.",
        balises={"appel": APPEL},
        portail=False,
        agents=True,
    ),
    CODE_NOTATION: ModeleParDefaut(
        titre="Notation ouverte (aux agents)",
        quand="Quand les dossiers d’un appel que vous notez s’ouvrent.",
        sujet="Jury, dossiers à noter : {appel}",
        corps="Bonjour,\n\nLes dossiers de « {appel} » sont ouverts au jury. Déclarez vos intérêts,"
        " puis notez : {lien}",
        balises={"appel": APPEL},
        portail=False,
        agents=True,
    ),
    CODE_GRILLE: ModeleParDefaut(
        titre="Nouvelle grille d’un jury (aux agents)",
        quand="Quand la grille d’un appel que vous notez change.",
        sujet="Jury, nouvelle grille : {appel}",
        corps="Bonjour,\n\nLa grille de « {appel} » change. Motif : {motif}\n\nVos notes d’avant"
        " sont gardées mais ne comptent plus. Notez de nouveau ici : {lien}",
        balises={"appel": APPEL, "motif": Balise("Motif", "Un critère était en double.")},
        portail=False,
        agents=True,
    ),
    CODE_RESULTAT: ModeleParDefaut(
        titre="Décision sur un dossier d’appel",
        quand="Quand les résultats d’un appel auquel vous avez répondu sont publiés.",
        sujet="{appel} : la décision sur votre dossier",
        corps="Bonjour,\n\nVotre dossier {numero} en réponse à « {appel} » : {issue}.\n\n{detail}"
        "\n\nVos notes, les raisons et les voies de recours : {lien}",
        balises={
            "appel": APPEL,
            "numero": Balise("Numéro du dossier", "AAP-2026-12"),
            "issue": Balise("Décision", "retenu"),
            "detail": Balise("Montant ou raison", "Montant accordé : 40 000 €."),
        },
        portail=False,
    ),
}


def tell_jure(jure: Jure, code: str, maintenant: datetime, **contexte: str) -> None:
    """Écrit à un membre du jury, avec le lien de sa page."""
    campagne = jure.instruction.campagne
    if courriel := jure.compte.courriel_envoi:
        lien = build_lien("consultations:jury", campagne.slug)
        send_message(
            code=code, courriel=courriel, maintenant=maintenant, objet=campagne.cle,
            contexte={"appel": campagne.titre, "lien": lien, **contexte},
        )  # fmt: skip
