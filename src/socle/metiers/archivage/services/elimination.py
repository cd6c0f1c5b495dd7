"""Quand un dossier est éliminé, son paquet d’archives gardé ici l’est aussi."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from socle.fondations.documents.services import remove_objet
from socle.metiers.archivage.models import Versement


@transaction.atomic
def remove_versements(*, collectivite_id: int, reference: str, maintenant: datetime) -> int:
    """Efface les versements d’un dossier et leurs paquets, qui contiennent ses pièces.

    Ce qui est remis au système d’archivage n’est pas touché : il a sa propre élimination.
    Rend le nombre de versements effacés.
    """
    du_dossier = Q(reference=reference) | Q(reference__startswith=f"{reference}-")
    versements = Versement.objects.filter(du_dossier, collectivite_id=collectivite_id)
    nombre = 0
    for versement in versements.order_by("-pk"):
        remove_objet(objet=f"versement:{versement.reference}", maintenant=maintenant)
        versement.delete()
        nombre += 1
    return nombre
