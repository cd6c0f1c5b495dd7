"""Chaque matin : rappeler ce qui approche, collectivité par collectivité."""

from datetime import UTC, datetime

from django.utils import timezone

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import list_collectivites
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.taches import defer, periodique, tache
from socle.metiers.echeancier.services.suivis import send_alertes


@periodique(name="echeancier.alerter", cron="23 6 * * *")
def alerter(*, timestamp: int) -> None:
    """Met en file un rappel par collectivité : l’échec de l’une n’arrête pas les autres."""
    jour = timezone.localdate(datetime.fromtimestamp(timestamp, UTC)).isoformat()
    for pk in list_collectivites().values_list("pk", flat=True):
        defer(
            "echeancier.alerter_collectivite", verrou=f"echeancier:{pk}", collectivite_id=pk,
            jour=jour,
        )  # fmt: skip


@tache(name="echeancier.alerter_collectivite")
def alerter_collectivite(*, collectivite_id: int, jour: str) -> None:
    """Envoie les rappels d’une collectivité. Rejouée, elle n’envoie que ce qui manquait."""
    with locataire(collectivite_id):
        send_alertes(
            collectivite=Collectivite.objects.get(pk=collectivite_id),
            aujourdhui=datetime.fromisoformat(jour).date(),
            maintenant=timezone.now(),
        )
