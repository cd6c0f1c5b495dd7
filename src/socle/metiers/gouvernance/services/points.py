"""L’ordre du jour d’une réunion : ajouter un point, le changer, le déplacer, le retirer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from socle.fondations.commun.verrou import check_empreinte
from socle.metiers.gouvernance.errors import FicheModifieeAilleurs
from socle.metiers.gouvernance.models import PointOrdreDuJour, Reunion
from socle.metiers.gouvernance.queries.editions import describe_point
from socle.metiers.gouvernance.services.reunions import check_modifiable, lock_reunion
from socle.metiers.gouvernance.services.trace import record_action


@transaction.atomic
def save_point(
    *,
    reunion: Reunion,
    titre: str,
    acteur: str,
    maintenant: datetime,
    point: PointOrdreDuJour | None = None,
    rang: int | None = None,
    empreinte: str | None = None,
    **champs: Any,
) -> PointOrdreDuJour:
    """Ajoute un point à l’ordre du jour, ou change celui-ci ; `rang` l’insère à cette place.

    `documents` remplace les liens ; les fichiers joints restent.

    Args:
        empreinte: celle de `describe_point` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistré depuis.
        ReunionFermee.
    """
    reunion = lock_reunion(reunion.pk)
    check_modifiable(reunion)
    if point is None:
        dernier = reunion.points.aggregate(dernier=Max("rang"))["dernier"] or 0
        point = PointOrdreDuJour(reunion=reunion, rang=dernier + 1)
    else:
        point = PointOrdreDuJour.objects.select_for_update().get(pk=point.pk)
        check_empreinte(describe_point(point), empreinte, FicheModifieeAilleurs)
    point.titre = titre.strip()
    if "documents" in champs:
        champs["documents"] += [piece for piece in point.documents if "fichier" in piece]
    for nom, valeur in champs.items():
        setattr(point, nom, valeur)
    point.save()
    if rang is not None and rang != point.rang:
        _move_point(reunion, point, rang)
    _record_ordre(reunion, acteur, maintenant, point=point.pk)
    return point


@transaction.atomic
def remove_point(*, point: PointOrdreDuJour, acteur: str, maintenant: datetime) -> None:
    """Retire un point de l’ordre du jour.

    Raises:
        ReunionFermee.
    """
    reunion = lock_reunion(point.reunion_id)
    check_modifiable(reunion)
    point.delete()
    _record_ordre(reunion, acteur, maintenant)


def _move_point(reunion: Reunion, point: PointOrdreDuJour, rang: int) -> None:
    autres = list(reunion.points.exclude(pk=point.pk).order_by("rang", "pk"))
    autres.insert(max(rang, 1) - 1, point)
    for place, un in enumerate(autres, 1):
        un.rang = place
    PointOrdreDuJour.objects.bulk_update(autres, ["rang"])


def _record_ordre(reunion: Reunion, acteur: str, maintenant: datetime, **donnees: Any) -> None:
    record_action(
        action="reunion.ordre_du_jour",
        objet=reunion.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"points": reunion.points.count(), **donnees},
    )
