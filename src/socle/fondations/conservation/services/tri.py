"""Trancher un « tri » : la règle ne dit ni garder ni détruire, l’archiviste choisit et motive.

Source: code du patrimoine, art. L. 212-2 (sélection à l’expiration de la période d’utilisation).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.conservation.enums import SortFinal
from socle.fondations.conservation.errors import TriSansMotif
from socle.fondations.conservation.models import Tri
from socle.fondations.journal.services import record

TRANCHES = (SortFinal.CONSERVER, SortFinal.DETRUIRE)


@transaction.atomic
def record_tri(
    *,
    collectivite: Collectivite,
    objets: Iterable[tuple[str, str]],
    sort: str,
    motif: str,
    acteur: str,
    nom: str,
    maintenant: datetime,
) -> int:
    """Note le sort choisi, le même pour tous ; un choix d’avant est remplacé. Rend leur nombre.

    Args:
        objets: (objet du journal, référence) de chacun : (« dossier:12 », « 2192…-12 »).
        sort: `SortFinal.CONSERVER` ou `SortFinal.DETRUIRE`.
        motif: pourquoi, écrit sur le bordereau ; sans nom de personne.

    Raises:
        TriSansMotif: ni l’un ni l’autre, ou sans motif.
    """
    motif = motif.strip()[:500]
    if sort not in TRANCHES or not motif:
        raise TriSansMotif
    nombre = 0
    for objet, reference in objets:
        Tri.objects.update_or_create(
            collectivite=collectivite,
            objet=objet,
            defaults={
                "reference": reference,
                "sort": sort,
                "motif": motif,
                "choisi_le": maintenant,
                "choisi_par": nom[:300],
            },
        )
        record(
            action="dossier.trie",
            objet=objet,
            acteur=acteur,
            collectivite_id=collectivite.pk,
            maintenant=maintenant,
            donnees={"reference": reference, "sort": str(sort)},
        )
        nombre += 1
    return nombre
