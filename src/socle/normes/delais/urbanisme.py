"""Délais d’instruction du droit des sols : un tableau (`donnees/urbanisme.toml`) et ses règles.

Le calcul va de quantième à quantième, sans report : une décision tacite naît aussi un dimanche.

Source: code de l’urbanisme, art. R. 410-9, R. 410-10, R. 423-19 à R. 423-43, R. 424-1 à R. 424-3.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from socle.normes.delais.calculs import add_mois
from socle.normes.delais.moteur import Echeance, compute_delai
from socle.normes.delais.textes import write_jour, write_nombre

_TABLE = Path(__file__).with_name("donnees") / "urbanisme.toml"
CODE = "code de l’urbanisme, art. "


class Sorte(StrEnum):
    """Ce qu’un motif fait au délai."""

    MAJORATION = "majoration"
    DUREE = "duree"
    PROLONGATION = "prolongation"
    EVOCATION = "evocation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """Une sorte de demande : DP, PD, PCMI, PC, PA, CUA, CUB.

    Attributes:
        motifs: des motifs peuvent changer le délai.
        silence: article qui dit ce que vaut le silence.
    """

    nom: str
    mois: int
    article: str
    motifs: bool = True
    silence: str = "R. 424-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Motif:
    """Ce qui change le délai d’instruction.

    Attributes:
        natures: demandes concernées ; vide, toutes.
        mois_par_nature: durée propre à une nature.
        rejet: le silence vaut alors rejet.
    """

    nom: str
    sorte: Sorte
    mois: int
    article: str
    natures: tuple[str, ...] = ()
    mois_par_nature: Mapping[str, int]
    rejet: bool = False

    def get_mois(self, nature: str) -> int:
        """Durée pour cette nature de demande."""
        return self.mois_par_nature.get(nature, self.mois)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Demande de pièces manquantes.

    Attributes:
        recue_le: jour où le demandeur a reçu la liste.
        completes_le: jour où la mairie a tout reçu ; None tant qu’il en manque.
    """

    recue_le: date
    completes_le: date | None = None


@cache
def list_natures() -> Mapping[str, Nature]:
    """Les natures de demande, par code."""
    return {code: Nature(**lue) for code, lue in _read()["base"].items()}


@cache
def list_motifs() -> Mapping[str, Motif]:
    """Les motifs qui changent le délai, par code."""
    return {
        code: Motif(
            **{
                **lu,
                "sorte": Sorte(lu["sorte"]),
                "natures": tuple(lu.get("natures", ())),
                "mois_par_nature": lu.get("mois_par_nature", {}),
            }
        )
        for code, lu in _read()["motif"].items()
    }


def compute_instruction(
    nature: str,
    depot: date,
    *,
    motifs: Iterable[str] = (),
    pieces: Pieces | None = None,
) -> Echeance:
    """Jour où le silence de la mairie vaut décision sur une demande.

    Une demande de pièces reçue dans le mois du dépôt remet le départ au jour où le dossier est
    complet ; sans réponse en trois mois, la demande est rejetée. Plus tard, elle ne change rien.

    Args:
        nature: code de `list_natures`.
        depot: jour du dépôt ; par voie électronique, jour d’envoi de l’accusé. Avec une enquête
            publique, jour de la remise du rapport.
        motifs: codes de `list_motifs`.

    Raises:
        ValueError: nature ou motif inconnu, ou motif qui ne vaut pas pour cette nature.

    Source: code de l’urbanisme, art. R. 423-19 à R. 423-43.
    """
    retenus = _check(nature, motifs)
    depart = depot
    if pieces and pieces.recue_le <= compute_delai("urbanisme_demande_de_pieces", depot).date:
        limite = compute_delai("urbanisme_pieces", pieces.recue_le)
        if pieces.completes_le is None or pieces.completes_le > limite.date:
            return limite
        depart = pieces.completes_le
    mois, articles, raisons = _sum_mois(nature, retenus)
    fin = add_mois(depart, mois)
    rejet = any(motif.rejet for motif in retenus)
    silence = "R. 424-2" if rejet else list_natures()[nature].silence
    return Echeance(
        code=f"urbanisme_{'rejet' if rejet else 'accord'}_tacite",
        depart=depart,
        date=fin,
        article=CODE + ", ".join(dict.fromkeys([*articles, silence])),
        explication=_explain(nature, depart, fin, mois, raisons, rejet=rejet),
        depuis=_read()["validite"]["depuis"],
    )


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def _check(nature: str, codes: Iterable[str]) -> list[Motif]:
    if nature not in list_natures():
        raise ValueError(f"La nature « {nature} » n’est pas connue.")
    retenus = []
    for code in codes:
        motif = list_motifs().get(code)
        if motif is None:
            raise ValueError(f"Le motif « {code} » n’est pas connu.")
        permis = list_natures()[nature].motifs and (not motif.natures or nature in motif.natures)
        if not permis:
            raise ValueError(f"Le motif « {code} » ne change pas le délai d’une demande {nature}.")
        retenus.append(motif)
    return retenus


def _sum_mois(nature: str, motifs: list[Motif]) -> tuple[int, list[str], list[str]]:
    """Durée totale, articles et raisons, selon les sortes de motifs présentes."""
    base = list_natures()[nature]
    evocation = _find_plus_long(nature, motifs, Sorte.EVOCATION)
    if evocation:
        return evocation.get_mois(nature), [evocation.article], [evocation.nom]
    duree = _find_plus_long(nature, motifs, Sorte.DUREE)
    majoration = None if duree else _find_plus_long(nature, motifs, Sorte.MAJORATION)
    mois = duree.get_mois(nature) if duree else base.mois
    retenus = [motif for motif in (duree, majoration) if motif]
    retenus += [motif for motif in motifs if motif.sorte is Sorte.PROLONGATION]
    mois += sum(motif.get_mois(nature) for motif in retenus if motif is not duree)
    articles = [] if duree else [base.article]
    return mois, articles + [motif.article for motif in retenus], [motif.nom for motif in retenus]


def _find_plus_long(nature: str, motifs: list[Motif], sorte: Sorte) -> Motif | None:
    possibles = [motif for motif in motifs if motif.sorte is sorte]
    return max(possibles, key=lambda motif: motif.get_mois(nature), default=None)


def _explain(
    nature: str, depart: date, fin: date, mois: int, raisons: list[str], *, rejet: bool
) -> str:
    pourquoi = f", car {' et '.join(raisons)}" if raisons else ""
    effet = "rejetée" if rejet else "acceptée"
    return (
        f"Sans réponse, la demande ({list_natures()[nature].nom}) est {effet} le "
        f"{write_jour(fin)} : le délai est de {write_nombre(mois)} mois à compter du dossier "
        f"complet, le {write_jour(depart)}{pourquoi}."
    ).replace("de un mois", "d’un mois")
