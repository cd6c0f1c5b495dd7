"""Le fil d’un dossier, lu de l’extérieur par sa référence : l’archiviste y voit la même chose."""

from datetime import date

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.presentation import EtapeDuFil
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.courrier import describe_notification, list_courriers
from socle.metiers.dossiers.queries.dossier import list_evenements
from socle.metiers.dossiers.views.presentation import build_fil


def read_fil_par_reference(
    collectivite: Collectivite, reference: str, aujourdhui: date
) -> list[EtapeDuFil]:
    """Rend les étapes du dossier, celles que lisent l’usager et l’agent ; aucune s’il est purgé."""
    dossiers = Dossier.objects.filter(collectivite=collectivite, reference=reference)
    dossier = dossiers.select_related("suivi_par").defer("recherche").first()
    if dossier is None or not reference:
        return []
    notification = describe_notification(dossier, list_courriers(dossier), aujourdhui)
    return build_fil(dossier, list_evenements(dossier), notification)
