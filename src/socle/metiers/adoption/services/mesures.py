"""Ce que l’installation constate elle-même devient un fait mesuré, une fois par jour."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from socle.fondations.journal.services import record
from socle.fondations.referentiels.models import Autorite
from socle.metiers.adoption.enums import Source, Usage
from socle.metiers.adoption.models import Fait
from socle.metiers.adoption.ports import mesures_adoption
from socle.metiers.adoption.services.agregats import rebuild_solutions


def apply_mesures(*, maintenant: datetime) -> int:
    """Relève toutes les mesures inscrites ; rend le nombre de faits ajoutés. Rejouable.

    Un usage déjà mesuré est seulement confirmé ; une collectivité sortie du relevé a arrêté.
    """
    ajoutes: list[Fait] = []
    for code in mesures_adoption:
        mesure = mesures_adoption[code]
        releve = {(mesuree.solution, mesuree.siren) for mesuree in mesure.read()}
        ajoutes += _apply(mesure.solutions, releve, maintenant)
    if ajoutes:
        rebuild_solutions({fait.solution for fait in ajoutes}, maintenant=maintenant)
    return len(ajoutes)


@transaction.atomic
def _apply(
    solutions: Iterable[str], releve: set[tuple[str, str]], maintenant: datetime
) -> list[Fait]:
    aujourdhui = localdate(maintenant)
    sirens = {siren for _, siren in releve}
    cles = dict(
        Autorite.objects.filter(siren__in=sirens).order_by("cle").values_list("siren", "cle")
    )
    presentes = {(solution, cles[siren]) for solution, siren in releve if siren in cles}
    derniers = _map_derniers(solutions)
    ajoutes = []
    for paire in sorted(presentes | set(derniers)):
        usage = Usage.UTILISE if paire in presentes else Usage.ARRETE
        dernier = derniers.get(paire)
        if dernier is not None and dernier.usage == usage:
            continue
        if dernier is not None and dernier.date_fait == aujourdhui:
            dernier.annule_le, dernier.motif = maintenant, "Mesuré de nouveau le même jour."
            dernier.save(update_fields=["annule_le", "motif", "modifie_le"])
        ajoutes.append(
            Fait(
                solution=paire[0], autorite=paire[1], date_fait=aujourdhui, acteur="systeme",
                source=Source.MESUREE, usage=usage, confirme_le=aujourdhui,
            )
        )  # fmt: skip
    confirmes = [d.pk for paire, d in derniers.items() if paire in presentes]
    Fait.objects.filter(pk__in=confirmes, usage=Usage.UTILISE, annule_le=None).update(
        confirme_le=aujourdhui
    )
    Fait.objects.bulk_create(ajoutes)
    if ajoutes:
        record(
            action="adoption.mesuree",
            objet="adoption",
            acteur="systeme",
            collectivite_id=None,
            maintenant=maintenant,
            donnees={"faits": len(ajoutes), "solutions": sorted({f.solution for f in ajoutes})},
        )
    return ajoutes


def _map_derniers(solutions: Iterable[str]) -> dict[tuple[str, str], Fait]:
    """Dernier fait mesuré de chaque paire."""
    faits = Fait.objects.filter(
        solution__in=list(solutions), source=Source.MESUREE, annule_le=None
    ).order_by("date_fait", "pk")
    return {(fait.solution, fait.autorite): fait for fait in faits}
