"""Envoyer les lettres, rappeler les évènements, demander les avis, effacer à l’heure dite."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from socle.fondations.commun.taches import periodique, tache
from socle.metiers.diffusion.enums import EtatLettre
from socle.metiers.diffusion.models import Lettre
from socle.metiers.diffusion.services import contacts, evenements, retours
from socle.metiers.diffusion.services.envoi import EnvoiSuspendu, send_lettre
from socle.metiers.diffusion.services.lettres import defer_lettre

traces = logging.getLogger(__name__)


@tache(name="diffusion.envoyer_lettre", relances=None, queue="courriels")
def envoyer_lettre(*, lettre_id: int) -> None:
    """Envoie ce qui reste d’une lettre ; rejouée, elle n’envoie rien deux fois."""
    try:
        send_lettre(lettre_id=lettre_id)
    except EnvoiSuspendu as panne:
        traces.warning("lettre.suspendue", extra={"lettre": lettre_id, "erreur": str(panne)})


@periodique(name="diffusion.reprendre", cron="*/5 * * * *")
def reprendre(*, timestamp: int) -> None:
    """Remet en file les lettres qu’un arrêt a laissées à moitié."""
    for lettre_id in (
        Lettre.objects.filter(etat=EtatLettre.EN_FILE).order_by("pk").values_list("pk", flat=True)
    ):
        defer_lettre(lettre_id)


@periodique(name="diffusion.rappeler", cron="7 * * * *")
def rappeler(*, timestamp: int) -> None:
    """Rappelle les évènements du lendemain, demande les avis sur ceux de la veille ; une fois."""
    maintenant = datetime.fromtimestamp(timestamp, UTC)
    evenements.remind_inscrits(maintenant=maintenant)
    evenements.ask_avis(maintenant=maintenant)


@periodique(name="diffusion.purger", cron="31 3 * * *")
def purger(*, timestamp: int) -> None:
    """Efface contacts arrivés à terme, noms d’évènements d’un an, adresses suspendues d’un an."""
    maintenant = datetime.fromtimestamp(timestamp, UTC)
    contacts.purge_contacts(aujourdhui=timezone.localdate(maintenant))
    evenements.purge_inscriptions(maintenant=maintenant)
    retours.purge_suspendus(maintenant=maintenant)


@periodique(name="diffusion.lire_retours", cron="*/20 * * * *")
def lire_retours(*, timestamp: int) -> None:
    """Lit la boîte des lettres revenues, quand le réglage en nomme une."""
    if not settings.BOITE_RETOURS:
        return
    try:
        comptes = retours.read_boite(
            Path(settings.BOITE_RETOURS), maintenant=datetime.fromtimestamp(timestamp, UTC)
        )
    except OSError as panne:
        traces.warning("retours.illisibles", extra={"erreur": type(panne).__name__})
        return
    if comptes["retours"]:
        traces.info("retours.lus", extra=comptes)
