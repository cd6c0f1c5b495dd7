"""Ce que les pages montrent d’un dossier : états en mots, fil, prochaine action."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from socle.fondations.commun.presentation import EtapeDuFil, Etat, Statut, Touche
from socle.metiers.dossiers.enums import (
    DECISIONS,
    FAITS_DES_ARCHIVES,
    REMISE,
    EtatDossier,
    Fait,
    Moyen,
    SuiteDuPli,
    Transition,
)
from socle.metiers.dossiers.models import Dossier, EnvoiPostal, Evenement, ReponseChangee
from socle.metiers.dossiers.queries.courrier import Notification
from socle.normes.delais.calculs import to_jour

COULEURS = {
    EtatDossier.EN_CONSTRUCTION: "info",
    EtatDossier.EN_INSTRUCTION: "warning",
    EtatDossier.ACCEPTE: "success",
    EtatDossier.REFUSE: "danger",
}
JOURS_URGENTS = 5
DEFONT_LA_REMISE = (Fait.REPASSE_EN_INSTRUCTION, Fait.REMISE_REFUSEE, Fait.REPONSE_RETIREE)


def describe_etat(etat: str, *, attend_correction: bool = False) -> Etat:
    """Rend l’état en mots, avec sa couleur."""
    if attend_correction:
        return Etat(label="Correction demandée")
    connu = EtatDossier(etat)
    return Etat(label=str(connu.label), couleur=COULEURS.get(connu, ""))  # type: ignore[arg-type]


@lru_cache(maxsize=32)
def render_pastille(etat: str, attend_correction: bool) -> SafeString:
    """Rend la pastille d’un état, dessinée une fois : la liste la répète cent fois."""
    montre = describe_etat(etat, attend_correction=attend_correction)
    contexte = {"libelle": montre.label, "couleur": montre.couleur}
    return render_to_string("composants/pastille.html", contexte)


def describe_action(ligne: dict[str, Any]) -> str:
    """Rend la prochaine action de l’agent sur une ligne de la liste."""
    if ligne["message_non_lu"]:
        return "Répondre à l’usager"
    if ligne["attend_correction"]:
        return "Attend l’usager"
    actions = {
        EtatDossier.EN_CONSTRUCTION: "Lire la demande",
        EtatDossier.EN_INSTRUCTION: "Décider",
    }
    return actions.get(ligne["etat"], "")


def is_urgente(echeance: date | None, aujourdhui: date) -> bool:
    """Vrai si l’échéance est passée ou tombe dans les cinq jours."""
    return echeance is not None and (echeance - aujourdhui).days <= JOURS_URGENTS


def find_changements(changements: Iterable[ReponseChangee]) -> dict[str, ReponseChangee]:
    """Rend le dernier changement de chaque réponse corrigée ; les récents viennent d’abord."""
    derniers: dict[str, ReponseChangee] = {}
    for changement in changements:
        if changement.valeur is None:
            derniers.setdefault(changement.champ, changement)
    return derniers


def list_anciennes(changements: Iterable[ReponseChangee]) -> list[ReponseChangee]:
    """Rend les réponses que le nouveau formulaire a ôtées ou réduites, dans l’ordre de lecture."""
    anciennes = [c for c in changements if c.valeur is not None]
    return sorted(anciennes, key=lambda c: (c.instant, c.pk))


def list_raccourcis(permises: Iterable[Transition]) -> list[Touche]:
    """Rend les touches qui servent sur la page d’un dossier, selon ce que l’agent peut y faire."""
    possibles = set(permises)
    touches = [("M", "écrire un message", bool(possibles))]
    touches.append(("I", "passer en instruction", Transition.PASSER_EN_INSTRUCTION in possibles))
    touches.append(
        ("C", "demander une correction", bool(possibles - {Transition.REPASSER_EN_INSTRUCTION}))
    )
    touches.append(("D", "relire et décider", bool(possibles & set(DECISIONS))))
    touches.append(("?", "toutes les touches", True))
    return [Touche(touches=(nom,), effet=effet) for nom, effet, sert in touches if sert]


def build_fil(
    dossier: Dossier, evenements: Iterable[Evenement], notification: Notification
) -> list[EtapeDuFil]:
    """Rend le fil de la référence : ce qui est fait, où l’on en est, ce qui vient.

    Le même pour l’usager, l’agent et l’archiviste. `evenements` : tous, dans l’ordre.
    """
    faits = read_faits(evenements)
    recue_le = dossier.recue_le or dossier.depose_le  # au guichet, le jour seul est connu
    passe = [
        ("Demande", Fait.DEPOSE, dossier.get_canal_display()),
        ("Accusé de réception", Fait.ACCUSE, ""),
    ]
    ensuite = []
    if Fait.CORRECTION_DEMANDEE in faits:
        ensuite.append(find_correction(dossier, faits))
    if Fait.VERSION_CHANGEE in faits:
        ensuite.append(("Nouveau formulaire", Fait.VERSION_CHANGEE, "Le dépôt est gardé tel quel"))
    passe += sorted(ensuite, key=lambda etape: faits[etape[1]])
    etapes = [
        EtapeDuFil(libelle=libelle, statut=read_statut(dossier, fait, faits),
                   detail=detail, quand=recue_le if fait == Fait.DEPOSE else faits.get(fait))
        for libelle, fait, detail in passe
    ]  # fmt: skip
    return [*etapes, *_build_suite(dossier, faits, notification)]


def read_faits(evenements: Iterable[Evenement]) -> dict[str, datetime]:
    """Rend l’instant de ce qui vaut encore : une décision reprise ou un refus défait la remise.

    Une réponse des archives retirée rend la remise telle qu’elle était avant elle.
    """
    faits: dict[str, datetime] = {}
    avant: dict[str, datetime] = {}
    for evenement in evenements:
        fait = evenement.fait
        if fait in (Fait.PRIS_EN_CHARGE, Fait.REMISE_REFUSEE):
            avant = {nom: instant for nom, instant in faits.items() if nom in REMISE}
        if fait in DEFONT_LA_REMISE:
            for nom in FAITS_DES_ARCHIVES:
                faits.pop(nom, None)
        if fait == Fait.REPONSE_RETIREE:
            faits |= avant
        faits[fait] = evenement.instant
    return faits


def read_statut(dossier: Dossier, fait: Fait, faits: dict[str, datetime]) -> str:
    """Une correction demandée est là où l’on en est, tant qu’elle n’est pas venue."""
    if fait == Fait.CORRECTION_DEMANDEE and dossier.attend_correction:
        return "ici"
    return "fait" if fait in faits else "avenir"


def find_correction(dossier: Dossier, faits: dict[str, datetime]) -> tuple[str, Fait, str]:
    """Rend l’étape « Correction » : attendue, ou reçue de l’usager ou d’un agent pour lui."""
    recues = [f for f in (Fait.CORRECTION_DEPOSEE, Fait.CORRECTION_AGENT) if f in faits]
    if dossier.attend_correction or not recues:
        return ("Correction", Fait.CORRECTION_DEMANDEE, "Demandée")
    return ("Correction", max(recues, key=lambda f: faits[f]), "Reçue")


def _build_suite(
    dossier: Dossier, faits: dict[str, datetime], notification: Notification
) -> list[EtapeDuFil]:
    instruit, termine = Fait.EN_INSTRUCTION in faits, dossier.is_termine
    agent = dossier.suivi_par.nom_affiche if dossier.suivi_par else ""
    attendue = "Au plus tard ce jour" if dossier.echeance else ""
    if dossier.attend_correction and not dossier.echeance:
        attendue = "Délai en pause jusqu’à la correction"
    decision = dossier.get_etat_display() if termine else attendue
    notifiee = build_notification(dossier, notification)
    return [
        EtapeDuFil(
            libelle="Instruction",
            statut="fait" if termine else "avenir" if dossier.attend_correction else "ici",
            detail=agent if instruit else "Le service va lire votre demande",
            quand=faits.get(Fait.EN_INSTRUCTION),
        ),
        EtapeDuFil(
            libelle="Décision",
            statut="fait" if termine else "avenir",
            detail=decision,
            quand=dossier.decide_le or dossier.echeance,
        ),
        notifiee,
        build_archive(faits, attendue=notifiee.statut == "fait"),
    ]


def build_archive(faits: dict[str, datetime], *, attendue: bool) -> EtapeDuFil:
    """Rend l’étape « Archive » : faite quand le paquet est remis, tant qu’il n’est pas refusé."""
    if Fait.PRIS_EN_CHARGE in faits:
        detail = "Pris en charge par les archives"
        quand = faits[Fait.PRIS_EN_CHARGE]
        return EtapeDuFil(libelle="Archive", statut="fait", detail=detail, quand=quand)
    if Fait.TRANSMIS in faits:
        quand = faits[Fait.TRANSMIS]
        return EtapeDuFil(
            libelle="Archive", statut="fait", detail="Transmis aux archives", quand=quand
        )
    refuse, pret = Fait.REMISE_REFUSEE in faits, Fait.ARCHIVE in faits
    detail = "À remettre de nouveau aux archives" if refuse else ""
    return EtapeDuFil(
        libelle="Archive",
        statut="ici" if (pret or refuse) and attendue else "avenir",
        detail="Prêt à transmettre aux archives" if pret else detail,
    )


def build_notification(dossier: Dossier, notification: Notification) -> EtapeDuFil:
    """Rend l’étape « Notification » : par le portail avec l’accord de la personne, sinon papier.

    Sans lecture dans les quinze jours, elle est acquise au jour de la mise à disposition (CRPA,
    art. R. 112-20).
    """
    statut: Statut = "ici" if dossier.is_termine else "avenir"
    courrier = notification.courrier
    if dossier.accord_portail:
        lue, jour = dossier.decision_consultee_le, notification.jour
        detail = "Par le portail"
        if jour:
            a_temps = lue is not None and to_jour(lue) == jour
            detail = "Lue dans le portail" if a_temps else "Faite sans lecture, après quinze jours"
        return EtapeDuFil(
            libelle="Notification",
            statut="fait" if jour else statut,
            detail=detail,
            quand=jour or dossier.decision_disponible_le,
        )
    if courrier is None:
        return EtapeDuFil(libelle="Notification", statut=statut, detail="Par la poste")
    faite = courrier.suite in (SuiteDuPli.RECU, SuiteDuPli.NON_RECLAME)
    return EtapeDuFil(
        libelle="Notification",
        statut="fait" if faite else statut,
        detail=describe_courrier(courrier),
        quand=courrier.date_suite or courrier.date_envoi,
    )


def describe_courrier(courrier: EnvoiPostal) -> str:
    """Dit en quelques mots où en est une lettre, pour l’usager comme pour l’agent."""
    if courrier.moyen == Moyen.MAIN_PROPRE:
        return "Remise en main propre"
    suites = {
        SuiteDuPli.RECU: "Reçue par la poste",
        SuiteDuPli.NON_RECLAME: "Présentée par le facteur, non réclamée",
        SuiteDuPli.REVENU: "Revenue, à envoyer de nouveau",
    }
    return suites.get(SuiteDuPli(courrier.suite), "") if courrier.suite else "Envoyée par la poste"
