"""Envoyer les lettres, rappeler les évènements, demander les avis, effacer à l’heure dite."""

import logging
from datetime import UTC, datetime

from django.utils import timezone

from socle.fondations.commun.taches import periodique, tache
from socle.metiers.diffusion.enums import EtatLettre
from socle.metiers.diffusion.models import Lettre
from socle.metiers.diffusion.services import contacts, evenements
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
    """Efface les contacts arrivés à terme, et les noms des évènements de plus d’un an."""
    aujourdhui = timezone.localdate(datetime.fromtimestamp(timestamp, UTC))
    contacts.purge_contacts(aujourdhui=aujourdhui)
    evenements.purge_inscriptions(maintenant=datetime.fromtimestamp(timestamp, UTC))
