"""Annoncer les appels, rappeler les clôtures et les pièces, clore ce qui est passé."""

from datetime import UTC, datetime

from django.utils import timezone

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import list_collectivites
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.taches import defer, periodique, tache
from socle.metiers.appels.queries.alertes import list_abonnes
from socle.metiers.appels.services import alertes, appels, rappels


@tache(name="appels.annoncer")
def annoncer() -> None:
    """Prévient tous ceux qui attendent un appel. Rejouée, elle n’envoie que ce qui manquait."""
    maintenant = timezone.now()
    aujourdhui = timezone.localdate(maintenant)
    for pk in list_abonnes():
        alertes.send_abonne(abonne_id=pk, aujourdhui=aujourdhui, maintenant=maintenant)
    for pk in list_collectivites().values_list("pk", flat=True):
        defer("appels.annoncer_collectivite", verrou=f"appels:{pk}", collectivite_id=pk)


@tache(name="appels.annoncer_collectivite")
def annoncer_collectivite(*, collectivite_id: int) -> None:
    """Prévient les agents d’une collectivité."""
    maintenant = timezone.now()
    with locataire(collectivite_id):
        alertes.send_agents(
            collectivite=Collectivite.objects.get(pk=collectivite_id),
            aujourdhui=timezone.localdate(maintenant),
            maintenant=maintenant,
        )


@periodique(name="appels.matin", cron="12 7 * * *")
def matin(*, timestamp: int) -> None:
    """Chaque matin : clore, rappeler ce qui est attendu, puis annoncer."""
    maintenant = datetime.fromtimestamp(timestamp, UTC)
    aujourdhui = timezone.localdate(maintenant)
    appels.close_echus(aujourdhui=aujourdhui, maintenant=maintenant)
    rappels.send_rappels(aujourdhui=aujourdhui, maintenant=maintenant)
    defer("appels.annoncer", verrou="appels.annoncer")
