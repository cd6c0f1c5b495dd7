"""Bordereaux d’élimination : proposés, visés par les Archives, puis exécutés. Jamais l’inverse.

Source : code du patrimoine, art. L. 212-2 et R. 212-14 (pas d’élimination sans visa).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.conservation.enums import EtatBordereau, GenreBordereau
from socle.fondations.conservation.errors import BordereauClos, RienAEliminer, VisaIncomplet
from socle.fondations.conservation.models import Bordereau, LigneDeBordereau
from socle.fondations.journal.services import record
from socle.normes.delais.calculs import to_jour


@transaction.atomic
def open_bordereau(
    *,
    collectivite: Collectivite,
    lignes: Sequence[dict[str, Any]],
    acteur: str,
    nom: str,
    maintenant: datetime,
    genre: GenreBordereau = GenreBordereau.ELIMINATION,
) -> Bordereau:
    """Propose une élimination : rien n’est détruit, et rien ne peut l’être sans visa.

    Args:
        lignes: champs de `LigneDeBordereau` (objet, reference, intitule, regle, debut, fin,
            echue_le, fichiers, octets ; après versement, archive_reference et les autres).
        nom: qui propose, tel que le bordereau l’écrit.

    Raises:
        RienAEliminer: aucune ligne, ou l’une est déjà sur un bordereau.
    """
    if not lignes:
        raise RienAEliminer
    bordereau = Bordereau.objects.create(
        collectivite=collectivite, genre=genre, propose_le=maintenant, propose_par=nom
    )
    try:
        with transaction.atomic():
            LigneDeBordereau.objects.bulk_create(
                LigneDeBordereau(collectivite=collectivite, bordereau=bordereau, **ligne)
                for ligne in lignes
            )
    except IntegrityError as cause:
        raise RienAEliminer from cause
    references = sorted(str(ligne["reference"]) for ligne in lignes)
    donnees = {"references": references, "genre": bordereau.genre}
    _record(bordereau, "propose", acteur, maintenant, donnees)
    return bordereau


@transaction.atomic
def record_visa(
    *,
    bordereau: Bordereau,
    par: str,
    reference: str,
    date_visa: date,
    acteur: str,
    nom: str,
    maintenant: datetime,
) -> Bordereau:
    """Note le visa de la personne chargée du contrôle scientifique et technique.

    Raises:
        BordereauClos: déjà visé, exécuté ou refusé.
        VisaIncomplet: sans auteur, sans référence, daté d’avant la proposition ou de demain.
    """
    bordereau = _lock(bordereau)
    par, reference = par.strip(), reference.strip()
    dans_les_temps = to_jour(bordereau.propose_le) <= date_visa <= to_jour(maintenant)
    if not (par and reference and dans_les_temps):
        raise VisaIncomplet
    bordereau.etat = EtatBordereau.VISE
    bordereau.visa_par, bordereau.visa_reference = par[:300], reference[:100]
    bordereau.visa_le, bordereau.note_par = date_visa, nom
    bordereau.save()
    visa = {"reference": bordereau.visa_reference, "date": date_visa.isoformat()}
    _record(bordereau, "vise", acteur, maintenant, visa)
    return bordereau


@transaction.atomic
def refuse_bordereau(
    *, bordereau: Bordereau, motif: str, acteur: str, maintenant: datetime
) -> Bordereau:
    """Note que les Archives refusent, ou que l’on renonce : les lignes se proposeront de nouveau.

    Raises:
        BordereauClos: déjà visé, exécuté ou refusé.
    """
    bordereau = _lock(bordereau)
    bordereau.etat, bordereau.motif = EtatBordereau.REFUSE, motif.strip()[:500]
    bordereau.save(update_fields=["etat", "motif", "modifie_le"])
    _list_actives(bordereau).update(ecartee="Bordereau refusé.")
    _record(bordereau, "refuse", acteur, maintenant, {})
    return bordereau


@transaction.atomic
def close_bordereau(*, bordereau: Bordereau, maintenant: datetime) -> Bordereau:
    """Clôt un bordereau visé dont chaque ligne est détruite ou écartée ; rejouable."""
    bordereau = Bordereau.objects.select_for_update(of=["self"]).get(pk=bordereau.pk)
    restent = _list_actives(bordereau).filter(detruite_le__isnull=True).exists()
    if bordereau.etat != EtatBordereau.VISE or restent:
        return bordereau
    bordereau.etat, bordereau.execute_le = EtatBordereau.EXECUTE, maintenant
    bordereau.save(update_fields=["etat", "execute_le", "modifie_le"])
    detruites = _list_actives(bordereau).count()
    _record(bordereau, "execute", "systeme", maintenant, {"detruits": detruites})
    return bordereau


def _lock(bordereau: Bordereau) -> Bordereau:
    lu = Bordereau.objects.select_for_update(of=["self"]).get(pk=bordereau.pk)
    if not lu.is_a_viser:
        raise BordereauClos
    return lu


def _list_actives(bordereau: Bordereau) -> Any:
    return LigneDeBordereau.objects.filter(
        collectivite_id=bordereau.collectivite_id, bordereau=bordereau, ecartee=""
    )


def _record(
    bordereau: Bordereau, action: str, acteur: str, maintenant: datetime, donnees: dict[str, Any]
) -> None:
    record(
        action=f"bordereau.{action}",
        objet=bordereau.objet,
        acteur=acteur,
        collectivite_id=bordereau.collectivite_id,
        maintenant=maintenant,
        donnees=donnees or None,
    )
