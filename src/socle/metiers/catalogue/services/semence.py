"""Semer le catalogue de départ. Rejouable ; une fiche changée par une personne reste la sienne."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.enums import EtatReferentiel, EtatSolution
from socle.metiers.catalogue.models import (
    Api,
    CasUsage,
    Clause,
    CritereLabel,
    Editeur,
    EtapeSolution,
    ReferentielLabel,
    Solution,
    UsageApi,
    VersionClause,
    VersionProduit,
)
from socle.metiers.catalogue.services.api import count_emplois
from socle.metiers.catalogue.services.publiccode import read_champs
from socle.metiers.catalogue.services.solutions import index_solution

DONNEES = Path(__file__).resolve().parents[1] / "donnees"


def seed(maintenant: datetime) -> str:
    """Sème éditeurs, solutions, label, clauses, API et cas d’usage ; rend une phrase."""
    for ligne in _read("editeurs")["editeur"]:
        tri = {"nom_tri": normalize_nom(ligne["nom"])}
        Editeur.objects.get_or_create(slug=ligne["slug"], defaults=ligne | tri)
    for ligne in _read("solutions")["solution"]:
        _seed_solution(ligne, maintenant)
    _seed_label(_read("label"), maintenant)
    for ligne in _read("clauses")["clause"]:
        _seed_clause(ligne, maintenant)
    donnees = _read("api")
    for ligne in donnees["api"]:
        tri = {"nom_tri": normalize_nom(ligne["nom"])}
        Api.objects.get_or_create(slug=ligne["slug"], defaults=ligne | tri)
    for ligne in donnees["cas"]:
        _seed_cas(ligne)
    count_emplois(maintenant=maintenant)
    return (
        f"Catalogue : {Solution.objects.count()} solutions, {Clause.objects.count()} clauses,"
        f" {Api.objects.count()} API et {CasUsage.objects.count()} cas d’usage."
    )


def _read(nom: str) -> dict[str, Any]:
    return tomllib.loads((DONNEES / f"{nom}.toml").read_text("utf-8"))


def _seed_solution(ligne: dict[str, Any], maintenant: datetime) -> None:
    etapes = ligne.pop("etape", [])
    slug, editeur = ligne.pop("slug"), ligne.pop("editeur")
    champs = _read_socle() if ligne.pop("publiccode", False) else {}
    champs |= ligne
    champs["description"] = champs.get("description", "").strip()
    existante = Solution.objects.filter(slug=slug).first()
    if existante and not existante.semee:
        return
    solution = existante or Solution(slug=slug)
    for nom, valeur in champs.items():
        setattr(solution, nom, valeur)
    solution.editeur, solution.semee = Editeur.objects.get(slug=editeur), True
    solution.etat, solution.publiee_le = EtatSolution.PUBLIEE, solution.publiee_le or maintenant
    index_solution(solution)
    solution.save()
    for etape in etapes:
        EtapeSolution.objects.get_or_create(
            solution=solution, titre=etape.pop("titre"), defaults=etape
        )
    if solution.version:
        VersionProduit.objects.get_or_create(
            solution=solution, numero=solution.version,
            defaults={"sortie_le": solution.version_le, "source": "publiccode.yml"},
        )  # fmt: skip


def _read_socle() -> dict[str, Any]:
    """Champs de notre propre publiccode.yml ; rien si l’installation ne l’a pas."""
    fichier = Path(settings.RACINE) / "publiccode.yml"
    return read_champs(fichier.read_bytes()) if fichier.is_file() else {"nom": "Socle"}


def _seed_label(donnees: dict[str, Any], maintenant: datetime) -> None:
    if ReferentielLabel.objects.exists():
        return
    referentiel = ReferentielLabel.objects.create(
        **{nom: donnees[nom] for nom in ("version", "titre", "duree_mois", "mention")},
        etat=EtatReferentiel.EN_VIGUEUR,
        en_vigueur_le=maintenant,
    )
    CritereLabel.objects.bulk_create(
        CritereLabel(referentiel=referentiel, rang=rang, **critere)
        for rang, critere in enumerate(donnees["critere"], start=1)
    )


def _seed_clause(ligne: dict[str, Any], maintenant: datetime) -> None:
    texte = ligne.pop("texte").strip()
    clause, nouvelle = Clause.objects.get_or_create(slug=ligne["slug"], defaults=ligne)
    if nouvelle:
        VersionClause.objects.create(clause=clause, numero=1, texte=texte, publiee_le=maintenant)


def _seed_cas(ligne: dict[str, Any]) -> None:
    usages = ligne.pop("usages", [])
    cas, nouveau = CasUsage.objects.get_or_create(slug=ligne["slug"], defaults=ligne)
    for usage in usages if nouveau else []:
        UsageApi.objects.create(cas=cas, api=Api.objects.get(slug=usage.pop("api")), **usage)
