"""Où en est la notation : quorum, progrès, synthèses. Toujours le même nombre d’instructions."""

from collections import defaultdict
from dataclasses import dataclass

from socle.metiers.consultations.enums import COLLEGES_EXIGES
from socle.metiers.consultations.models import (
    CritereDeGrille,
    Deport,
    Grille,
    Instruction,
    Jure,
    Notation,
    Reponse,
)
from socle.metiers.consultations.queries.evaluation_calcul import (
    Critere,
    Place,
    Synthese,
    compute_synthese,
    is_quorum,
    list_ecarts,
    rank,
)
from socle.metiers.consultations.queries.evaluation_jury import (
    get_grille,
    list_criteres,
    list_jures,
    list_recevables,
)


@dataclass(frozen=True, slots=True)
class EtatDeDossier:
    """Ce que les notes signées disent d’un dossier, et ce qui lui manque encore."""

    reponse: Reponse
    synthese: Synthese
    place: Place
    quorum: bool
    attendues: int
    deports: int
    ecarts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Avancement:
    """La notation de toute la campagne."""

    grille: Grille
    criteres: list[CritereDeGrille]
    dossiers: list[EtatDeDossier]
    par_jure: dict[int, int]  # membre → notes signées

    @property
    def faits(self) -> int:
        return sum(1 for dossier in self.dossiers if dossier.quorum)

    @property
    def manquants(self) -> list[EtatDeDossier]:
        return [dossier for dossier in self.dossiers if not dossier.quorum]

    @property
    def is_complet(self) -> bool:
        return bool(self.dossiers) and not self.manquants


def to_criteres(criteres: list[CritereDeGrille]) -> list[Critere]:
    """Réduit la grille à ce que le calcul en sait."""
    return [Critere(critere.pk, critere.poids, critere.seuil) for critere in criteres]


def to_notes(notation: Notation) -> dict[int, int]:
    """Notes seules d’une notation : critère → note."""
    return {int(cle): saisie["note"] for cle, saisie in notation.notes.items()
            if saisie.get("note") is not None}  # fmt: skip


def read_avancement(instruction: Instruction) -> Avancement:
    """Lit toute la notation : six instructions, quel que soit le nombre de dossiers."""
    grille = get_grille(instruction)
    criteres = list_criteres(grille)
    reponses = list(list_recevables(instruction).defer("reponses", "mots"))
    jures = list_jures(instruction)
    signees = _read_signees(grille)
    deports = _count_deports(instruction, jures)
    calculs = to_criteres(criteres)
    syntheses = {
        r.pk: compute_synthese(calculs, [to_notes(n) for n in signees[r.pk]],
                               maximum=grille.maximum)
        for r in reponses
    }  # fmt: skip
    places = {place.cle: place for place in rank(syntheses)}
    return Avancement(
        grille=grille,
        criteres=criteres,
        dossiers=[
            EtatDeDossier(
                reponse=r,
                synthese=syntheses[r.pk],
                place=places[r.pk],
                quorum=_has_quorum(instruction, signees[r.pk]),
                attendues=len(jures) - deports[r.pk],
                deports=deports[r.pk],
                ecarts=tuple(list_ecarts(syntheses[r.pk], limite=instruction.ecart_signale)),
            )
            for r in reponses
        ],
        par_jure=_count_par_jure(signees, {r.pk for r in reponses}),
    )


def _read_signees(grille: Grille) -> dict[int, list[Notation]]:
    lues: dict[int, list[Notation]] = defaultdict(list)
    notations = Notation.objects.filter(
        grille=grille, annulee_le__isnull=True, signee_le__isnull=False
    )
    for notation in notations.select_related("jure").order_by("pk"):
        lues[notation.reponse_id].append(notation)
    return lues


def _count_deports(instruction: Instruction, jures: list[Jure]) -> dict[int, int]:
    nombres: dict[int, int] = defaultdict(int)
    vivants = Deport.objects.filter(jure__in=[j.pk for j in jures], leve_le__isnull=True)
    for reponse in vivants.order_by("pk").values_list("reponse_id", flat=True):
        nombres[reponse] += 1
    return nombres


def _has_quorum(instruction: Instruction, notations: list[Notation]) -> bool:
    colleges = [notation.jure.college for notation in notations]
    exiges = [c.value for c in COLLEGES_EXIGES] if instruction.par_college else []
    return is_quorum(colleges, minimum=instruction.quorum, exiges=exiges)


def _count_par_jure(signees: dict[int, list[Notation]], dossiers: set[int]) -> dict[int, int]:
    nombres: dict[int, int] = defaultdict(int)
    for reponse, notations in signees.items():
        for notation in notations if reponse in dossiers else ():
            nombres[notation.jure_id] += 1
    return dict(nombres)
