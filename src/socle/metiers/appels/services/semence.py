"""Semer des appels et des octrois d’exemple : tous fictifs, et marqués comme tels."""

import tomllib
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone

from socle.fondations.referentiels.queries import get_autorite
from socle.metiers.appels.enums import EtatVersement
from socle.metiers.appels.models import Appel, Octroi
from socle.metiers.appels.services import octrois
from socle.metiers.appels.services.appels import Cloture, change_cloture, change_etat, create_appel

FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "exemples.toml"
ACTEUR = "systeme"
SOURCE = "Exemple écrit pour la démonstration"
HORS_FICHE = {"slug", "surete", "dans", "ouvre_dans", "cloture_texte", "report", "etat"}


def load() -> dict[str, list[dict[str, Any]]]:
    """Lit le fichier des exemples ; les dates y sont en jours, comptés du jour de la semence."""
    with FICHIER.open("rb") as fichier:
        return tomllib.load(fichier)


def seed(maintenant: datetime) -> str:
    """Sème ce qui manque ; ne change rien de ce que l’équipe a corrigé. Rejouable."""
    lus, jour = load(), timezone.localdate(maintenant)
    connus = set(Appel.objects.order_by("slug").values_list("slug", flat=True))
    neufs = [ligne for ligne in lus["appel"] if ligne["slug"] not in connus]
    for ligne in neufs:
        _seed_appel(ligne, jour, maintenant)
    origines = set(Octroi.objects.order_by("origine").values_list("origine", flat=True))
    accordes = [
        ligne
        for ligne in lus["octroi"]
        if ligne["origine"] not in origines and get_autorite(ligne["autorite"])
    ]
    for ligne in accordes:
        _seed_octroi(ligne, jour, maintenant)
    return f"Appels : {len(neufs)} appels et {len(accordes)} octrois d’exemple, tous fictifs."


def _seed_appel(ligne: dict[str, Any], jour: date, maintenant: datetime) -> None:
    fiche = {cle: valeur for cle, valeur in ligne.items() if cle not in HORS_FICHE}
    for nom in ("montant_min", "montant_max", "enveloppe", "taux"):
        if nom in fiche:
            fiche[nom] = Decimal(fiche[nom])
    appel = create_appel(
        slug=ligne["slug"], cloture=_read_cloture(ligne, jour), acteur=ACTEUR,
        maintenant=maintenant, fictif=True, source=SOURCE,
        ouverture=_add(jour, ligne.get("ouvre_dans")), **fiche,
    )  # fmt: skip
    if report := ligne.get("report"):
        appel = change_cloture(
            appel=appel, cloture=_read_cloture(report, jour), motif=report["motif"],
            acteur=ACTEUR, maintenant=maintenant,
        )  # fmt: skip
    gestes = {"relaye": ["relayer"], "clos": ["relayer", "clore"], "propose": []}
    for geste in gestes[ligne.get("etat", "relaye")]:
        appel = change_etat(appel=appel, geste=geste, acteur=ACTEUR, maintenant=maintenant)


def _read_cloture(valeurs: dict[str, Any], jour: date) -> Cloture:
    return Cloture(
        surete=valeurs["surete"],
        jour=_add(jour, valeurs.get("dans")),
        jour_texte=valeurs.get("cloture_texte", ""),
    )


def _add(jour: date, jours: int | None) -> date | None:
    return None if jours is None else jour + timedelta(days=jours)


def _seed_octroi(ligne: dict[str, Any], jour: date, maintenant: datetime) -> None:
    commun: dict[str, Any] = {"acteur": ACTEUR, "maintenant": maintenant}
    octroi = octrois.record_octroi(
        autorite=ligne["autorite"], titre=ligne["titre"], montant=Decimal(ligne["montant"]),
        origine=ligne["origine"], fictif=True, attribuant=ligne["attribuant"],
        decide_le=jour + timedelta(days=ligne["decide"]), conditions=ligne["conditions"],
        convention=ligne["convention"], appel=ligne.get("appel", ""), **commun,
    )  # fmt: skip
    for part in ligne["versements"]:
        echeance = jour + timedelta(days=part["dans"])
        versement = octrois.add_versement(
            octroi=octroi, echeance=echeance, montant=Decimal(part["montant"]),
            condition=part["condition"], **commun,
        )  # fmt: skip
        if part.get("verse"):
            octrois.change_versement(
                versement=versement, etat=EtatVersement.VERSE, le=echeance, **commun
            )
    for piece in ligne["pieces"]:
        octrois.ask_justificatif(
            octroi=octroi, demande=piece["demande"],
            attendu_le=jour + timedelta(days=piece["dans"]), **commun,
        )  # fmt: skip
    if rendu := ligne.get("rendu"):
        octrois.recover(
            octroi=octroi, montant=Decimal(rendu["montant"]), motif=rendu["motif"], le=jour,
            **commun,
        )  # fmt: skip
