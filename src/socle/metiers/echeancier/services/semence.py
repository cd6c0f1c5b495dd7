"""Semer les obligations d’exemple : un fichier que nous écrivons, chaque ligne avec son texte."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.services.obligations import (
    Changement,
    Echeance,
    Public,
    change_date,
    create_obligation,
    publish_obligation,
)

FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "obligations.toml"
ACTEUR = "systeme"
HORS_FICHE = {"slug", "surete", "jour", "jour_texte", "publics", "avant"}


def load_obligations() -> list[dict[str, Any]]:
    """Lit le fichier des obligations d’exemple."""
    with FICHIER.open("rb") as fichier:
        lues: list[dict[str, Any]] = tomllib.load(fichier)["obligation"]
    return lues


def seed(maintenant: datetime) -> str:
    """Sème ce qui manque ; ne change rien de ce que l’équipe a corrigé. Rejouable."""
    connues = set(Obligation.objects.values_list("slug", flat=True).order_by("slug"))
    neuves = [ligne for ligne in load_obligations() if ligne["slug"] not in connues]
    for ligne in neuves:
        _seed_une(ligne, maintenant)
    return f"Échéancier : {len(neuves)} obligations semées, chacune avec son texte."


def _seed_une(ligne: dict[str, Any], maintenant: datetime) -> None:
    avant = ligne.get("avant")
    finale = _read_echeance(ligne)
    obligation = create_obligation(
        slug=ligne["slug"],
        echeance=_read_echeance(avant) if avant else finale,
        publics=[Public(**public) for public in ligne.get("publics", [])],
        acteur=ACTEUR,
        maintenant=maintenant,
        **{cle: valeur for cle, valeur in ligne.items() if cle not in HORS_FICHE},
    )
    if avant:
        annoncee: date | None = avant.get("change_le")
        changement = Changement(echeance=finale, motif=avant["motif"], annoncee_le=annoncee)
        change_date(
            obligation=obligation, changement=changement, acteur=ACTEUR, maintenant=maintenant
        )
    publish_obligation(obligation=obligation, acteur=ACTEUR, maintenant=maintenant)


def _read_echeance(valeurs: dict[str, Any]) -> Echeance:
    return Echeance(
        surete=valeurs["surete"],
        jour=valeurs.get("jour"),
        jour_texte=valeurs.get("jour_texte", ""),
    )
