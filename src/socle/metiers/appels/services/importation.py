"""Importer une liste d’appels ; réunir, par une personne, ceux qui sont le même."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.journal.services import record
from socle.metiers.appels.enums import EtatAppel
from socle.metiers.appels.errors import ReunionImpossible
from socle.metiers.appels.models import Appel, EnvoiAbonne, Octroi
from socle.metiers.appels.services.appels import CHAMPS, Cloture, create_appel, prove

Ligne = tuple[Cloture, dict[str, Any]]
REUNI = "Le même appel que « {titre} »."


@transaction.atomic
def import_appels(*, lignes: Sequence[Ligne], acteur: str, maintenant: datetime) -> tuple[int, int]:
    """Crée une proposition par ligne vérifiée : toutes, ou aucune.

    Rend (appels créés, dont doubles probables) ; une ligne qui redit mot pour mot un appel déjà là
    n’en crée pas un second. Rien n’est relayé sans relecture.
    """
    crees = [
        create_appel(cloture=cloture, acteur=acteur, maintenant=maintenant, **fiche)
        for cloture, fiche in lignes
        if not _is_connu(cloture, fiche)
    ]
    doubles = sum(appel.ressemble_id is not None for appel in crees)
    record(
        action="appel.importes", objet="appel:import", acteur=acteur, collectivite_id=None,
        maintenant=maintenant, donnees={"crees": len(crees), "doubles": doubles},
    )  # fmt: skip
    return len(crees), doubles


def _is_connu(cloture: Cloture, fiche: Mapping[str, Any]) -> bool:
    """Vrai si un appel dit exactement la même chose : le même fichier importé deux fois."""
    return Appel.objects.filter(
        titre=fiche["titre"], organisateur=fiche["organisateur"], lien=fiche.get("lien", ""),
        cloture=cloture.jour, surete=cloture.surete,
    ).exists()  # fmt: skip


@transaction.atomic
def unify_appels(
    *,
    garde: Appel,
    double: Appel,
    pris_au_double: Sequence[str],
    acteur: str,
    maintenant: datetime,
) -> Appel:
    """Réunit deux fiches : la première garde son adresse et prend les champs choisis à l’autre.

    Les envois déjà faits et les octrois suivent, pour que personne ne soit prévenu deux fois. Le
    double est archivé, et son adresse mène à l’autre.

    Args:
        pris_au_double: champs de `CHAMPS`.

    Raises:
        ReunionImpossible: rien n’est changé.
    """
    verrous = Appel.objects.select_for_update(of=["self"]).order_by("pk")
    paire = {appel.pk: appel for appel in verrous.filter(pk__in=[garde.pk, double.pk])}
    if len(paire) != 2 or any(a.etat == EtatAppel.ARCHIVE for a in paire.values()):
        raise ReunionImpossible
    garde, double = paire[garde.pk], paire[double.pk]
    champs = [champ for champ in CHAMPS if champ in pris_au_double]
    for champ in champs:
        setattr(garde, champ, getattr(double, champ))
    garde.ressemble, garde.revision = None, garde.revision + 1
    garde.save()
    double.etat, double.reuni_dans, double.ressemble = EtatAppel.ARCHIVE, garde, None
    double.motif, double.revision = REUNI.format(titre=garde.titre)[:300], double.revision + 1
    double.save()
    Appel.objects.filter(ressemble=double).exclude(pk=garde.pk).update(ressemble=garde)
    _move_envois(garde, double)
    Octroi.objects.filter(appel=double.cle).update(appel=garde.cle)
    prove("appel.reuni", garde, acteur, maintenant, {"double": double.slug, "champs": champs})
    return garde


@transaction.atomic
def part_appels(*, appel: Appel, acteur: str, maintenant: datetime) -> Appel:
    """Dit que deux fiches qui se ressemblent sont bien deux appels."""
    if appel.ressemble_id:
        autre = appel.ressemble
        appel.ressemble = None
        appel.save(update_fields=["ressemble", "modifie_le"])
        prove("appel.distingue", appel, acteur, maintenant, {"de": autre.slug if autre else ""})
    return appel


def _move_envois(garde: Appel, double: Appel) -> None:
    """Ce qui est parti pour le double vaut pour l’autre ; pour les agents, voir la lecture."""
    faits = EnvoiAbonne.objects.filter(appel=double).order_by("pk")
    EnvoiAbonne.objects.bulk_create(
        [
            EnvoiAbonne(abonne_id=e.abonne_id, appel=garde, genre=e.genre, envoye_le=e.envoye_le)
            for e in faits
        ],
        ignore_conflicts=True,
    )
