"""Charger ce qui justifie l’état des fiches ; une preuve chargée n’est jamais réécrite."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from socle.fondations.journal.services import record
from socle.metiers.pilotage.enums import EtatAction
from socle.metiers.pilotage.models import Preuve

FICHIER = Path(__file__).resolve().parents[1] / "donnees" / "preuves.toml"
INSTALLATION = "Cette installation"  # qui constate, quand ce n’est pas un document


@transaction.atomic
def load_preuves(maintenant: datetime) -> int:
    """Ajoute les preuves qui manquent, une par fiche et par document ; rend leur nombre.

    L’état de la fiche ne bouge pas : la preuve dit celui que le document montrait à sa date.
    """
    with FICHIER.open("rb") as flux:
        preuves = _read_preuves(tomllib.load(flux), maintenant)
    connues = set(Preuve.objects.filter(par=None).values_list("cible", "par_nom"))
    neuves = [p for p in preuves if (p.cible, p.par_nom) not in connues]
    if not neuves:
        return 0
    Preuve.objects.bulk_create(neuves)
    record(
        action="programme.charge",
        objet="programme:preuves",
        acteur="systeme",
        collectivite_id=None,
        maintenant=maintenant,
        donnees={"preuves": len(neuves)},
    )
    return len(neuves)


def _read_preuves(donnees: dict[str, Any], maintenant: datetime) -> list[Preuve]:
    document = donnees["document"]
    lues = [
        _build_preuve(
            {**fiche, "texte": f"{document['document']}, {fiche['endroit']}. {fiche['texte']}"},
            jour=document["jour"],
            par_nom=document["document"],
        )
        for fiche in donnees["preuves"]
    ]
    jour = localdate(maintenant)
    return lues + [
        _build_preuve(fiche, jour=jour, par_nom=INSTALLATION) for fiche in donnees["constats"]
    ]


def _build_preuve(fiche: dict[str, Any], **champs: Any) -> Preuve:
    etat = EtatAction(fiche["etat"])
    return Preuve(
        cible=fiche["cible"],
        etat_avant=etat,
        etat=etat,
        texte=fiche["texte"],
        lien=fiche.get("lien", ""),
        date_constat=champs["jour"],
        par_nom=champs["par_nom"],
    )
