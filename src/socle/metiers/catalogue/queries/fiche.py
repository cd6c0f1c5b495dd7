"""Tout ce que montre la page d’une solution, en une instruction SQL."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from socle.fondations.commun.lectures import Lecture, Parametre
from socle.metiers.catalogue.enums import (
    EtatCandidature,
    EtatEtape,
    EtatSolution,
    Statut,
)
from socle.metiers.catalogue.models import (
    CandidatureLabel,
    EssaiProduit,
    EtapeSolution,
    ReponseEditeur,
    Solution,
    VersionProduit,
)


def find_solution(slug: str, *, brouillons: bool = False) -> Solution | None:
    """Rend une fiche avec `etapes_lues`, `reponses_lues`, `labels_lus` et `versions_lues`.

    Args:
        brouillons: montre aussi une fiche pas encore publiée (à qui la tient).
    """
    solution = (TOUTES if brouillons else PUBLIQUES).first(slug=slug)
    return _dress(solution) if solution else None


def _compose() -> "QuerySet[Solution]":
    solutions = Solution.objects.filter(slug=Parametre("slug")).select_related("editeur")
    return solutions.annotate(
        _etapes=_list_etapes(), _reponses=_list_reponses(), _labels=_list_labels(),
        _versions=_list_versions(), _essais=_list_essais(),
    )  # fmt: skip


# Cinq tables jointes : composées une fois par processus, sinon la page y passe son temps.
TOUTES = Lecture(_compose)
PUBLIQUES = Lecture(lambda: _compose().exclude(etat=EtatSolution.BROUILLON))


def _dress(solution: Any) -> Any:
    """Remet dates et mots à ce que PostgreSQL a rendu en JSON."""
    etapes = [_date(e, "date_prevue", "date_initiale", "date_faite") for e in solution._etapes]  # noqa: SLF001
    for etape in etapes:
        etape["etat_affiche"] = EtatEtape(etape["etat"]).label
        etape["quand"] = etape["date_faite"] or etape["date_prevue"]
        initiale = etape["date_initiale"]
        etape["decalee"] = bool(
            initiale and etape["date_prevue"] and initiale != etape["date_prevue"]
        )
    labels = [_date(c, "declaree_le", "decidee_le", "expire_le") for c in solution._labels]  # noqa: SLF001
    for label in labels:
        label["etat_affiche"] = EtatCandidature(label["etat"])
    essais = [_date(e, "joue_le") for e in solution._essais]  # noqa: SLF001
    for essai in essais:
        statut = Statut(essai["statut"])
        essai["affiche"] = statut.describe(essai["constats"])
        essai["resume"] = statut.sum_up(essai["banc_titre"], essai["constats"])
        essai["declarees"] = sum(bool(lu.get("declaree")) for lu in essai["constats"])
        essai["mesurees"] = len(essai["constats"]) - essai["declarees"]
        essai["a_reprendre"] = statut != Statut.CONFORME
    versions = [_date(v, "sortie_le") for v in solution._versions]  # noqa: SLF001
    for version in versions:
        version["essais"] = [e for e in essais if e["version"] == version["id"]]
    solution.etapes_lues, solution.labels_lus, solution.versions_lues = etapes, labels, versions
    solution.reponses_lues = [_date(r, "publiee_le") for r in solution._reponses]  # noqa: SLF001
    solution.label = next((c for c in labels if c["etat"] == EtatCandidature.LABELLISEE), None)
    return solution


def _date(ligne: dict[str, Any], *noms: str) -> dict[str, Any]:
    for nom in noms:
        texte = ligne[nom]
        if texte:
            ligne[nom] = (
                datetime.fromisoformat(texte) if "T" in texte else date.fromisoformat(texte)
            )
    return ligne


def _json(lignes: "QuerySet[Model]", *noms: str, **autres: str) -> ArraySubquery:
    champs = {nom: F(nom) for nom in noms} | {nom: F(vers) for nom, vers in autres.items()}
    return ArraySubquery(lignes.values(json=JSONObject(**champs)))


def _list_etapes() -> ArraySubquery:
    lignes = EtapeSolution.objects.filter(solution=OuterRef("pk"))
    return _json(lignes.order_by(F("date_faite").asc(nulls_last=True), "date_prevue", "id"),
                 "id", "titre", "detail", "date_prevue", "date_initiale", "date_faite", "etat",
                 "source")  # fmt: skip


def _list_reponses() -> ArraySubquery:
    lignes = ReponseEditeur.objects.filter(solution=OuterRef("pk"), retiree_le=None)
    return _json(lignes.order_by("-publiee_le"), "id", "texte", "publiee_le", nom="editeur__nom",
                 slug="editeur__slug")  # fmt: skip


def _list_labels() -> ArraySubquery:
    lignes = CandidatureLabel.objects.filter(solution=OuterRef("pk")).order_by("-declaree_le")
    return _json(lignes, "id", "etat", "declaree_le", "decidee_le", "expire_le", "motif",
                 version="referentiel__version", titre="referentiel__titre")  # fmt: skip


def _list_versions() -> ArraySubquery:
    lignes = VersionProduit.objects.filter(solution=OuterRef("pk"))
    return _json(lignes.order_by(F("sortie_le").desc(nulls_last=True), "-id"), "id", "numero",
                 "sortie_le", "source")  # fmt: skip


def _list_essais() -> ArraySubquery:
    """Dernier essai de chaque banc, par version."""
    lignes = EssaiProduit.objects.filter(version__solution=OuterRef("pk")).order_by(
        "version", "banc", "-joue_le"
    )
    return _json(lignes.distinct("version", "banc"), "id", "banc", "banc_titre", "banc_version",
                 "statut", "constats", "joue_le", version="version_id")  # fmt: skip
