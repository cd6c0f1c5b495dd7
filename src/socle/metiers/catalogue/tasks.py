"""Ce qui revient : relire les autres catalogues, compter les API, fermer les labels échus."""

from datetime import UTC, datetime

from django.utils import timezone

from socle.fondations.commun.taches import defer, periodique, tache
from socle.metiers.catalogue.models import CatalogueDistant
from socle.metiers.catalogue.services.api import count_emplois
from socle.metiers.catalogue.services.imports import list_a_relire, run_import
from socle.metiers.catalogue.services.invitations import purge_invitations
from socle.metiers.catalogue.services.label import expire_labels


@tache(name="catalogue.relire", relances=None)
def relire(*, catalogue: int) -> None:
    """Relit un catalogue ; un refus est noté, et ne se relance pas avant la prochaine fois."""
    trouve = CatalogueDistant.objects.filter(pk=catalogue, actif=True).first()
    if trouve is not None:
        run_import(catalogue=trouve, acteur="systeme", maintenant=timezone.now())


@periodique(name="catalogue.nuit", cron="35 3 * * *")
def nuit(timestamp: int) -> None:
    """Chaque nuit : labels échus, compteurs des API, invitations finies, catalogues à relire.

    Chaque catalogue a son travail : ce qui en arrête un n’arrête pas les autres.
    """
    maintenant = datetime.fromtimestamp(timestamp, UTC)
    expire_labels(maintenant=maintenant)
    count_emplois(maintenant=maintenant)
    purge_invitations(maintenant=maintenant)
    for catalogue in list_a_relire(maintenant):
        defer("catalogue.relire", catalogue=catalogue.pk)
