"""Du calcul seul : notes, seuils, écarts, rangs et ex æquo. Ni base, ni horloge.

Tout se calcule en fractions exactes ; l’arrondi vient une fois, à la fin. Deux dossiers sont
ex æquo quand leurs notes sur 100, à deux décimales, sont les mêmes : ce que les gens lisent.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Notes = Mapping[int, int]  # critère → note de 0 au maximum de la grille


@dataclass(frozen=True, slots=True)
class Critere:
    """Ce que le calcul sait d’un critère.

    Attributes:
        poids: entier, au moins 1.
        seuil: moyenne au-dessous de laquelle le dossier est éliminé ; None, aucune.
    """

    cle: int
    poids: int = 1
    seuil: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MoyenneDeCritere:
    """Moyenne du jury sur un critère, et son étendue."""

    cle: int
    moyenne: Fraction
    basse: int
    haute: int
    sous_le_seuil: bool

    @property
    def ecart(self) -> int:
        return self.haute - self.basse


@dataclass(frozen=True, slots=True)
class Synthese:
    """Ce que les notes signées d’un dossier donnent.

    Attributes:
        score: sur 100, à deux décimales ; None sans note.
        elimines: critères dont la moyenne est sous leur seuil.
    """

    nombre: int
    score: Decimal | None
    criteres: tuple[MoyenneDeCritere, ...]
    elimines: tuple[int, ...]

    @property
    def is_eliminee(self) -> bool:
        return bool(self.elimines)


@dataclass(frozen=True, slots=True)
class Place:
    """Rang d’un dossier ; None s’il est éliminé ou sans note."""

    cle: int
    rang: int | None
    ex_aequo: bool = False


def compute_synthese(
    criteres: Sequence[Critere], notes: Sequence[Notes], *, maximum: int
) -> Synthese:
    """Réunit les notes signées d’un dossier : une moyenne par critère, puis une note sur 100.

    Args:
        notes: une par membre du jury ; chacune porte tous les critères.
        maximum: la note la plus haute de la grille.

    Raises:
        KeyError: une note oublie un critère.
        ValueError: une note sort de 0 à `maximum`.
    """
    if any(not 0 <= note[critere.cle] <= maximum for note in notes for critere in criteres):
        raise ValueError(f"Une note va de 0 à {maximum}.")
    if not notes or not criteres:
        return Synthese(len(notes), None, (), ())
    moyennes = tuple(_compute_moyenne(critere, [n[critere.cle] for n in notes])
                     for critere in criteres)  # fmt: skip
    total = sum(critere.poids for critere in criteres) * maximum
    points = sum(
        (c.poids * m.moyenne for c, m in zip(criteres, moyennes, strict=True)), Fraction(0)
    )
    return Synthese(
        nombre=len(notes),
        score=round_centieme(points * 100 / total),
        criteres=moyennes,
        elimines=tuple(m.cle for m in moyennes if m.sous_le_seuil),
    )


def _compute_moyenne(critere: Critere, valeurs: Sequence[int]) -> MoyenneDeCritere:
    moyenne = Fraction(sum(valeurs), len(valeurs))
    dessous = critere.seuil is not None and moyenne < Fraction(critere.seuil)
    return MoyenneDeCritere(critere.cle, moyenne, min(valeurs), max(valeurs), dessous)


def round_centieme(valeur: Fraction) -> Decimal:
    """Arrondit au centième, la moitié vers le chiffre pair.

    >>> round_centieme(Fraction(200, 3))
    Decimal('66.67')
    """
    return Decimal(round(valeur * 100)).scaleb(-2)


def rank(scores: Mapping[int, Synthese]) -> list[Place]:
    """Classe les dossiers, le meilleur d’abord ; les ex æquo ont le même rang : 1, 2, 2, 4.

    Les éliminés et ceux qui n’ont pas de note viennent à la fin, sans rang.
    """
    classes = {cle: s.score for cle, s in scores.items() if s.score is not None
               and not s.is_eliminee}  # fmt: skip
    nombres = Counter(classes.values())
    ordre = sorted(classes, key=lambda cle: (-(classes[cle] or 0), cle))
    places: list[Place] = []
    for position, cle in enumerate(ordre, start=1):
        pareil = bool(places) and classes[ordre[position - 2]] == classes[cle]
        rang = places[-1].rang if pareil else position
        places.append(Place(cle, rang, nombres[classes[cle]] > 1))
    return places + [Place(cle, None) for cle in sorted(set(scores) - set(classes))]


def is_classement(rangs: Iterable[int]) -> bool:
    """Vrai pour un classement bien fait : 1, 2, 2, 4 ; faux pour 1, 3 ou 1, 2, 2, 3."""
    attendu: list[int] = []
    for position, rang in enumerate(sorted(rangs), start=1):
        attendu.append(attendu[-1] if attendu and rang == attendu[-1] else position)
        if rang != attendu[-1]:
            return False
    return True


def list_ecarts(synthese: Synthese, *, limite: int) -> list[int]:
    """Critères où deux membres s’écartent d’au moins `limite` points ; 0 n’en signale aucun."""
    return [m.cle for m in synthese.criteres if limite and m.ecart >= limite]


def is_quorum(colleges: Sequence[str], *, minimum: int, exiges: Iterable[str] = ()) -> bool:
    """Vrai si assez de notes sont signées, dont une au moins de chaque collège exigé.

    Args:
        colleges: le collège de chaque note signée.
    """
    return len(colleges) >= minimum and set(exiges) <= set(colleges)
