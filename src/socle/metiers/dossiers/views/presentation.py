"""Ce que les pages montrent d’un dossier : états en mots, fil, prochaine action."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from socle.fondations.commun.presentation import EtapeDuFil, Etat, Statut, Touche
from socle.metiers.dossiers.enums import (
    DECISIONS,
    EtatDossier,
    Fait,
    Moyen,
    SuiteDuPli,
    Transition,
)
from socle.metiers.dossiers.models import Dossier, EnvoiPostal, Evenement, ReponseChangee

PARIS = ZoneInfo("Europe/Paris")
COULEURS = {
    EtatDossier.EN_CONSTRUCTION: "info",
    EtatDossier.EN_INSTRUCTION: "warning",
    EtatDossier.ACCEPTE: "success",
    EtatDossier.REFUSE: "danger",
}
JOURS_URGENTS = 5
POUR_USAGER = frozenset(Fait) - {Fait.ARCHIVE}


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
        derniers.setdefault(changement.champ, changement)
    return derniers


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
    dossier: Dossier, evenements: Iterable[Evenement], courrier: EnvoiPostal | None = None
) -> list[EtapeDuFil]:
    """Rend le fil de la référence : ce qui est fait, où l’on en est, ce qui vient.

    Le même pour l’usager, l’agent et l’archiviste. `courrier` : dernier envoi de la décision sur
    papier.
    """
    faits = {e.fait: e.instant for e in evenements}
    passe = [
        ("Demande", Fait.DEPOSE, dossier.get_canal_display()),
        ("Accusé de réception", Fait.ACCUSE, ""),
    ]
    if Fait.CORRECTION_DEMANDEE in faits:
        recue = faits.get(Fait.CORRECTION_DEPOSEE)
        libelle = Fait.CORRECTION_DEPOSEE if recue else Fait.CORRECTION_DEMANDEE
        passe.append(("Correction", libelle, "Reçue" if recue else "Demandée"))
    etapes = [
        EtapeDuFil(libelle=libelle, statut="fait" if fait in faits else "avenir",
                   detail=detail, quand=faits.get(fait))
        for libelle, fait, detail in passe
    ]  # fmt: skip
    return [*etapes, *_build_suite(dossier, faits, courrier)]


def _build_suite(
    dossier: Dossier, faits: dict[str, Any], courrier: EnvoiPostal | None
) -> list[EtapeDuFil]:
    instruit, termine = Fait.EN_INSTRUCTION in faits, dossier.is_termine
    agent = dossier.suivi_par.nom_affiche if dossier.suivi_par else ""
    attendue = "Au plus tard ce jour" if dossier.echeance else ""
    decision = dossier.get_etat_display() if termine else attendue
    return [
        EtapeDuFil(
            libelle="Instruction",
            statut="fait" if termine else "ici",
            detail=agent if instruit else "Le service va lire votre demande",
            quand=faits.get(Fait.EN_INSTRUCTION),
        ),
        EtapeDuFil(
            libelle="Décision",
            statut="fait" if termine else "avenir",
            detail=decision,
            quand=dossier.decide_le or dossier.echeance,
        ),
        build_notification(dossier, faits, courrier),
        EtapeDuFil(
            libelle="Archive",
            statut="fait" if Fait.ARCHIVE in faits else "avenir",
            quand=faits.get(Fait.ARCHIVE),
        ),
    ]


def build_notification(
    dossier: Dossier, faits: dict[str, Any], courrier: EnvoiPostal | None
) -> EtapeDuFil:
    """Rend l’étape « Notification » : par le portail avec l’accord de la personne, sinon papier."""
    statut: Statut = "ici" if dossier.is_termine else "avenir"
    if dossier.accord_portail:
        lue = faits.get(Fait.DECISION_CONSULTEE) if dossier.decision_consultee_le else None
        return EtapeDuFil(
            libelle="Notification",
            statut="fait" if lue else statut,
            detail="Lue dans le portail" if lue else "Par le portail",
            quand=lue or dossier.decision_disponible_le,
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
