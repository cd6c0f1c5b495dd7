"""Écrire à une collectivité qui utilise déjà une solution, sans montrer d’adresse à personne."""

from datetime import datetime, timedelta

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.frequence import check_frequences
from socle.fondations.journal.services import record
from socle.fondations.notifications.services import notify
from socle.metiers.adoption.errors import PasDeContact

MESSAGE_MAX = 2_000
PAR_JOUR, PAR_DESTINATAIRE = 10, 3
CODE = "adoption_contact"


@transaction.atomic
def send_contact(
    *,
    de: Collectivite,
    vers: Collectivite,
    cle: str,
    solution: str,
    message: str,
    acteur: str,
    maintenant: datetime,
) -> None:
    """Relaie un message à l’adresse publique d’une collectivité de l’installation.

    La réponse revient à l’adresse publique de l’expéditrice. Dix par jour et par collectivité,
    trois par semaine vers la même. Le journal garde qu’un message est parti, jamais son texte.

    Raises:
        PasDeContact, TropDeDemandes.
    """
    if not vers.courriel or not de.courriel or vers.pk == de.pk:
        raise PasDeContact
    check_frequences(
        quoi="adoption.contact",
        qui=str(de.pk),
        limites=[(PAR_JOUR, timedelta(days=1))],
        maintenant=maintenant,
    )
    check_frequences(
        quoi="adoption.contact.vers",
        qui=f"{de.pk}:{vers.pk}",
        limites=[(PAR_DESTINATAIRE, timedelta(days=7))],
        maintenant=maintenant,
    )
    record(
        action="adoption.contact_envoye",
        objet=f"autorite:{cle}",
        acteur=acteur,
        collectivite_id=de.pk,
        maintenant=maintenant,
        donnees={"solution": solution, "vers": cle},
    )
    notify(
        collectivite=vers,
        code=CODE,
        contexte={
            "expediteur": de.nom,
            "solution": solution,
            "message": message.strip()[:MESSAGE_MAX],
            "reponse": de.courriel,
            "lien": "",
        },
        maintenant=maintenant,
        courriel=vers.courriel,
        objet=f"autorite:{cle}",
    )
