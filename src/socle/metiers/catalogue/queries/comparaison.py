"""Comparer jusqu’à quatre solutions : les mêmes lignes, et ce qui les distingue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from socle.fondations.commun.textes import format_jour_court
from socle.metiers.catalogue.models import EtapeSolution, Solution

MAXIMUM = 4
INCONNU = "Non renseigné"


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """Une ligne du tableau. `differe` : les solutions n’y disent pas la même chose."""

    titre: str
    valeurs: tuple[str, ...]
    differe: bool


@dataclass(frozen=True, slots=True)
class PartieComparee:
    titre: str
    lignes: tuple[LigneComparee, ...]


def _list_etapes(solution: Solution) -> str:
    """Écrit une étape par ligne, les faites d’abord : « 1er mars 2018, Lancement (faite) »."""
    etapes = sorted(
        solution.etapes.all(),
        key=lambda e: (e.date_faite or date.max, e.date_prevue or date.max, e.pk),
    )
    return "\n".join(map(_write_etape, etapes))


def _write_etape(etape: EtapeSolution) -> str:
    quand = etape.date_faite or etape.date_prevue
    jour = f"{format_jour_court(quand)}, " if quand else ""
    initiale = etape.date_initiale
    decalee = f", annoncée d’abord pour le {format_jour_court(initiale)}" if (
        initiale and etape.is_decalee
    ) else ""  # fmt: skip
    return f"{jour}{etape.titre} ({etape.get_etat_display().lower()}{decalee})"


Lecture = Callable[[Solution], str]
PARTIES: tuple[tuple[str, tuple[tuple[str, Lecture], ...]], ...] = (
    ("L’essentiel", (
        ("En une phrase", lambda s: s.phrase),
        ("Qui la porte", lambda s: s.editeur.nom if s.editeur else ""),
        ("Besoins couverts", lambda s: ", ".join(s.besoins_affiches)),
        ("Label", lambda s: "Labellisée" if getattr(s, "labellisee", False) else "Sans label"),
    )),
    ("Pour qui", (
        ("Tailles de collectivité", lambda s: ", ".join(s.tailles_affichees)),
        ("Moyens nécessaires", lambda s: s.get_moyens_display()),
        ("Étapes de déploiement", lambda s: ", ".join(e["titre"] for e in s.deploiement)),
    )),
    ("Coût et durée", (
        ("Redevance", lambda s: "Sans redevance" if s.gratuite else "Payante, ou non dit"),
        ("Modèle économique", lambda s: s.modele_economique),
        ("Gouvernance", lambda s: s.gouvernance),
        ("Options de pérennité", lambda s: s.perennite),
        ("Feuille de route", _list_etapes),
    )),
    ("Technique", (
        ("Licence", lambda s: s.licence or "Aucune licence libre connue"),
        ("Sorte", lambda s: s.get_type_logiciel_display()),
        ("État du logiciel", lambda s: s.get_etat_logiciel_display()),
        ("Maintenance", lambda s: s.get_maintenance_display()),
        ("Version", lambda s: s.version),
        ("Caractéristiques", lambda s: s.technique),
    )),
)  # fmt: skip


def compare_solutions(solutions: Sequence[Solution]) -> list[PartieComparee]:
    """Rend le tableau comparé, une colonne par solution, dans leur ordre."""
    return [
        PartieComparee(titre, tuple(_compare(nom, lecture, solutions) for nom, lecture in lignes))
        for titre, lignes in PARTIES
    ]


def _compare(titre: str, lecture: Lecture, solutions: Sequence[Solution]) -> LigneComparee:
    valeurs = tuple(lecture(solution).strip() or INCONNU for solution in solutions)
    return LigneComparee(titre, valeurs, differe=len(set(valeurs)) > 1)
