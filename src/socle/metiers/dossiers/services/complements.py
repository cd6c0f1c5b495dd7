"""Le délai donné pour corriger, et ce qu’il fait au délai légal de réponse."""

from datetime import date, timedelta
from typing import Any

from socle.fondations.commun.textes import format_jour
from socle.metiers.demarches.enums import Silence
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.errors import DateImpossible
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.services.echeances import compute_echeance
from socle.normes.delais.echeances import Complement

JOURS = 30  # proposés ; aucun texte ne fixe ce délai, que l’agent peut changer
JOURS_MAX = 366
CHAMPS = ("complements", "correction_limite", "echeance")


def compute_limite(aujourdhui: date) -> date:
    """Rend la date limite proposée pour corriger."""
    return aujourdhui + timedelta(days=JOURS)


def check_limite(limite: date, aujourdhui: date) -> None:
    """Vérifie qu’une date limite laisse au moins un jour, et un an au plus.

    Raises:
        DateImpossible: elle est passée, d’aujourd’hui, ou trop lointaine.
    """
    derniere = aujourdhui + timedelta(days=JOURS_MAX)
    if not aujourdhui < limite <= derniere:
        raise DateImpossible(
            "Cette date limite n’est pas possible.",
            f"Choisissez un jour après aujourd’hui, et le {format_jour(derniere)} au plus tard.",
        )


def read_complements(dossier: Dossier) -> list[Complement]:
    """Rend les corrections demandées qui comptent dans le délai, de la première à la dernière."""
    return [
        Complement(
            demande_le=date.fromisoformat(ligne["demande"]),
            limite=date.fromisoformat(ligne["limite"]),
            recu_le=date.fromisoformat(ligne["recu"]) if ligne["recu"] else None,
        )
        for ligne in dossier.complements or ()
    ]


def open_complement(dossier: Dossier, *, limite: date, aujourdhui: date) -> None:
    """Ouvre une demande de correction : le délai légal s’arrête.

    Comme les deux suivantes, change `CHAMPS` sur un dossier verrouillé, que l’appelant enregistre.

    Source: CRPA, art. L. 114-5 et R. 112-11-4.
    """
    ligne = {"demande": aujourdhui.isoformat(), "limite": limite.isoformat(), "recu": ""}
    _write(dossier, [*(dossier.complements or []), ligne], limite=limite)


def close_complement(dossier: Dossier, *, recu_le: date) -> None:
    """Note la correction reçue ce jour : le délai repart. Rien si aucune n’était attendue."""
    if dossier.correction_limite is None:
        return
    *avant, derniere = dossier.complements or [{}]
    _write(dossier, [*avant, derniere | {"recu": recu_le.isoformat()}], limite=None)


def cancel_complement(dossier: Dossier, *, aujourdhui: date) -> None:
    """Retire la demande en cours : avant son terme, comme si elle n’avait pas été faite.

    Après son terme, elle reste comptée : la personne n’a pas complété sa demande.
    """
    if dossier.correction_limite is None:
        return
    gardees = list(dossier.complements or [])
    if aujourdhui <= dossier.correction_limite:
        gardees.pop()
    _write(dossier, gardees, limite=None)


def is_en_pause(attend: bool, echeance: date | None, limite: date | None, jour: date) -> bool:
    """Vrai si le délai légal ne court pas ce jour-là : une correction est attendue.

    Acceptation : tant qu’elle n’est pas reçue (pas d’échéance). Rejet : jusqu’au terme accordé.
    """
    return attend and (echeance is None or (limite is not None and jour <= limite))


def is_en_retard(limite: date | None, jour: date) -> bool:
    """Vrai si la date limite de la correction attendue est passée."""
    return limite is not None and jour > limite


def explain_arret(demarche: Demarche) -> str:
    """Dit à la personne ce que devient le délai de réponse pendant qu’elle corrige.

    Source: CRPA, art. L. 114-5.
    """
    phrases = {
        Silence.ACCEPTATION: "Le délai pour vous répondre partira du jour où votre correction"
        " arrivera",
        Silence.REJET: "Le délai pour vous répondre est suspendu jusque-là",
    }
    phrase = phrases.get(Silence(demarche.silence))
    if phrase is None:
        return ""
    return f"{phrase} (code des relations entre le public et l’administration, art. L. 114-5)."


def _write(dossier: Dossier, lignes: list[dict[str, Any]], *, limite: date | None) -> None:
    dossier.complements = lignes or None
    dossier.correction_limite = limite
    dossier.echeance = compute_echeance(
        dossier.demarche, dossier.depose_instant, read_complements(dossier)
    )
