"""Importer des valeurs déjà vérifiées : toutes, ou aucune."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from socle.fondations.commun.verrou import check_empreinte
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.services import record
from socle.metiers.pilotage.enums import GenreChangement, SourceIndicateur
from socle.metiers.pilotage.errors import ImportDepasse
from socle.metiers.pilotage.models import Indicateur, Modification, Valeur
from socle.metiers.pilotage.queries.importation import (
    Ligne,
    Relecture,
    judge_lignes,
    mark_relectures,
)
from socle.metiers.pilotage.services.edition import list_changes


@transaction.atomic
def import_valeurs(
    *, lignes: Sequence[Ligne], nom: str, empreinte: str | None, par: Compte, maintenant: datetime
) -> int:
    """Ajoute les valeurs neuves et rend leur nombre ; ce qui est déjà noté ne change pas.

    Deux valeurs qui se contredisent restent toutes deux. Une entrée au journal pour le tout.

    Args:
        nom: celui du fichier, gardé dans l’histoire de chaque valeur.
        empreinte: celle de l’aperçu (`mark_relectures`) ; None, rien n’est comparé.

    Raises:
        ImportDepasse: les indicateurs ont changé depuis l’aperçu ; rien n’est écrit.
    """
    _lock_indicateurs({ligne.indicateur.pk for ligne in lignes})
    relectures = judge_lignes(lignes)
    check_empreinte(mark_relectures(relectures), empreinte, ImportDepasse)
    neuves = [lue for lue in relectures if lue.ajoute]
    if not neuves:
        return 0
    Valeur.objects.bulk_create([lue.valeur for lue in neuves])
    _write_histoires(neuves, nom, par, maintenant)
    record(
        action="indicateurs.importes",
        objet="indicateur:import",
        acteur=par.acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees={
            "nombre": len(neuves),
            "indicateurs": sorted({lue.ligne.indicateur.code for lue in neuves}),
        },
    )
    return len(neuves)


def _lock_indicateurs(cles: set[int]) -> None:
    """Tient ces indicateurs : aucune valeur ne s’y ajoute entre la relecture et l’écriture."""
    tenus = Indicateur.objects.select_for_update(of=["self"]).filter(pk__in=cles).order_by("pk")
    if sum(not i.retire and i.source != SourceIndicateur.MESUREE for i in tenus) != len(cles):
        raise ImportDepasse


def _write_histoires(
    neuves: Sequence[Relecture], nom: str, par: Compte, maintenant: datetime
) -> None:
    Modification.objects.bulk_create(
        Modification(
            cle=lue.valeur.cle, genre=GenreChangement.CREE, faite_le=maintenant, par=par,
            par_nom=f"{par.nom_affiche}, d’après le fichier {nom}"[:300],
            champs=list_changes(lue.valeur, lue.ligne.champs, neuf=True),
        )
        for lue in neuves
    )  # fmt: skip
