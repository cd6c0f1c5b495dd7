"""Créer et corriger une règle. Chaque changement va au journal, avec l’ancienne valeur."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun import verrou
from socle.fondations.conservation.errors import (
    RegleChangee,
    RegleDejaPresente,
    RegleIncomplete,
)
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.journal.services import record

CHAMPS = frozenset(
    (
        "code",
        "intitule",
        "duree_annees",
        "point_de_depart",
        "sort_final",
        "source_juridique",
        "a_confirmer",
        "communicabilite_code",
        "communicabilite_annees",
        "communicabilite_source",
    )
)
_OBLIGATOIRES = ("code", "intitule", "point_de_depart", "sort_final", "source_juridique")


@transaction.atomic
def create_regle(
    *, collectivite: Collectivite, acteur: str, maintenant: datetime, **champs: Any
) -> RegleDeConservation:
    """Crée une règle de conservation.

    Args:
        champs: champs de `RegleDeConservation`, durée en années.

    Raises:
        RegleIncomplete: code, intitulé, départ, sort final ou source vide ; durée négative.
        RegleDejaPresente: ce code existe dans la collectivité.
    """
    regle = RegleDeConservation(collectivite=collectivite)
    _fill(regle, champs)
    _save(regle)
    record(
        action="regle.creee",
        objet=f"regle:{regle.pk}",
        acteur=acteur,
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees=describe_regle(regle),
    )
    return regle


def update_regle(
    *,
    regle: RegleDeConservation,
    acteur: str,
    maintenant: datetime,
    empreinte: str = "",
    **champs: Any,
) -> RegleDeConservation:
    """Corrige une règle. Les versements déjà faits gardent la leur, figée.

    Args:
        empreinte: `compute_empreinte` de la règle telle que la personne l’a lue ; vide, la
            dernière écriture l’emporte.

    Raises:
        RegleChangee: quelqu’un l’a changée depuis cette lecture.
        RegleIncomplete: voir `create_regle`.
        RegleDejaPresente: le nouveau code est pris.
    """
    with transaction.atomic():
        regle = RegleDeConservation.objects.select_for_update(of=["self"]).get(pk=regle.pk)
        avant = describe_regle(regle)
        _fill(regle, champs)
        apres = describe_regle(regle)
        if apres == avant:
            return regle
        verrou.check_empreinte(avant, empreinte or None, RegleChangee)
        _save(regle)
        record(
            action="regle.modifiee",
            objet=f"regle:{regle.pk}",
            acteur=acteur,
            collectivite_id=regle.collectivite_id,
            maintenant=maintenant,
            donnees={"avant": avant, "apres": apres},
        )
    return regle


def describe_regle(regle: RegleDeConservation) -> dict[str, Any]:
    """Donne les champs d’une règle, prêts pour le journal ou pour figer un versement."""
    return {champ: getattr(regle, champ) for champ in sorted(CHAMPS)}


def compute_empreinte(regle: RegleDeConservation) -> str:
    """Résume une règle lue : deux agents ne s’écrasent pas en silence."""
    return verrou.compute_empreinte(describe_regle(regle))


def _fill(regle: RegleDeConservation, champs: dict[str, Any]) -> None:
    inconnus = champs.keys() - CHAMPS
    if inconnus:
        raise TypeError(f"Champs inconnus : {', '.join(sorted(inconnus))}.")
    for champ, valeur in champs.items():
        setattr(regle, champ, valeur.strip() if isinstance(valeur, str) else valeur)
    vides = [champ for champ in _OBLIGATOIRES if not getattr(regle, champ)]
    if vides or regle.duree_annees is None or regle.duree_annees < 0:
        raise RegleIncomplete


def _save(regle: RegleDeConservation) -> None:
    try:
        with transaction.atomic():
            regle.save()
    except IntegrityError as cause:
        if "regle_code_unique" in str(cause):
            raise RegleDejaPresente from cause
        raise RegleIncomplete from cause
