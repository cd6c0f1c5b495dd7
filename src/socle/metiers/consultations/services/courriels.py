"""Ce que reçoit une personne qui répond : son reçu, ou la preuve de son retrait."""

from datetime import datetime

from socle.fondations.commun.textes import format_instant
from socle.fondations.notifications.ports import Balise, ModeleParDefaut
from socle.fondations.notifications.services.programme import build_lien, send_message
from socle.metiers.consultations.models import Reponse

RECU = "consultations_recu"
RETRAIT = "consultations_retrait"
BALISES = {
    "campagne": Balise("Titre de la campagne", "Vos usages du catalogue"),
    "numero": Balise("Numéro de la réponse", "R2027-000042"),
    "date": Balise("Jour et heure du dépôt", "4 mars 2027 à 9 h 12"),
}
MODELES = {
    RECU: ModeleParDefaut(
        titre="Réponse à une consultation déposée",
        quand="À chaque dépôt, et à chaque correction déposée.",
        sujet="Réponse {numero} reçue : {campagne}",
        corps=(
            "Bonjour,\n\nVotre réponse à « {campagne} » est déposée.\n\nNuméro : {numero}\n"
            "Dépôt : {date}\n\nLa relire, la corriger ou garder son reçu : {lien}"
        ),
        balises=BALISES,
        portail=False,
    ),
    RETRAIT: ModeleParDefaut(
        titre="Réponse à une consultation retirée",
        quand="Quand une réponse déposée est retirée.",
        sujet="Réponse {numero} retirée : {campagne}",
        corps=(
            "Bonjour,\n\nVotre réponse {numero} à « {campagne} » est retirée. Elle n’est plus"
            " lue ni comptée.\n\nVous pouvez en déposer une autre jusqu’à la clôture : {lien}"
        ),
        balises=BALISES,
        portail=False,
    ),
}


def notify_depot(reponse: Reponse, *, maintenant: datetime) -> None:
    """Envoie le reçu ; sans adresse, la page du reçu suffit."""
    _send(RECU, reponse, build_lien("consultations:recu", reponse.cle), maintenant)


def notify_retrait(reponse: Reponse, *, maintenant: datetime) -> None:
    """Confirme le retrait."""
    lien = build_lien("consultations:campagne", reponse.campagne.slug)
    _send(RETRAIT, reponse, lien, maintenant)


def _send(code: str, reponse: Reponse, lien: str, maintenant: datetime) -> None:
    if not reponse.courriel:
        return
    contexte = {
        "campagne": reponse.campagne.titre,
        "numero": reponse.numero,
        "date": format_instant(reponse.depose_le or maintenant),
        "lien": lien,
    }
    send_message(
        code=code, courriel=reponse.courriel, contexte=contexte, maintenant=maintenant,
        objet=reponse.objet,
    )  # fmt: skip
