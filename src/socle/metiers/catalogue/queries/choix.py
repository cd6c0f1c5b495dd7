"""Aider à choisir : trois questions, des règles écrites, une raison par réponse.

Aucune note cachée. Une solution qui répond au besoin est rangée par le nombre de conditions qu’elle
remplit parmi les deux autres ; à égalité, celles que le label distingue viennent d’abord, puis
l’alphabet. Chaque raison est dite, favorable ou non.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from socle.metiers.catalogue.enums import Besoin, Moyens, Taille
from socle.metiers.catalogue.models import Solution

LOURDEUR = {Moyens.AUCUN: 0, Moyens.MUTUALISE: 1, Moyens.EQUIPE: 2}
DEMANDE = {
    Moyens.AUCUN: "elle ne demande personne en informatique, le service est prêt à l’emploi",
    Moyens.MUTUALISE: "elle demande un opérateur mutualisé ou un prestataire",
    Moyens.EQUIPE: "elle demande une équipe informatique qui l’installe et la maintient",
}


@dataclass(frozen=True, slots=True)
class Raison:
    favorable: bool
    phrase: str


@dataclass(frozen=True, slots=True)
class Proposition:
    """Une solution et pourquoi elle est à cette place."""

    solution: Solution
    raisons: tuple[Raison, ...]

    @property
    def reserves(self) -> int:
        return sum(not raison.favorable for raison in self.raisons)


def rank_solutions(
    solutions: Iterable[Solution], *, besoin: str, taille: str, moyens: str
) -> list[Proposition]:
    """Rend les solutions qui répondent au besoin, de la plus adaptée à la moins adaptée.

    Args:
        solutions: publiées, avec `labellisee`.
        besoin, taille, moyens: réponses aux trois questions.
    """
    propositions = [
        Proposition(solution, tuple(_explain(solution, besoin, taille, moyens)))
        for solution in solutions
        if besoin in solution.besoins
    ]
    return sorted(
        propositions,
        key=lambda p: (p.reserves, not getattr(p.solution, "labellisee", False),
                       p.solution.nom_tri),
    )  # fmt: skip


def _explain(solution: Solution, besoin: str, taille: str, moyens: str) -> list[Raison]:
    raisons = [Raison(True, f"Elle répond à votre besoin : {_lower(Besoin(besoin).label)}.")]
    if taille in solution.tailles:
        raisons.append(
            Raison(True, f"Elle convient à votre taille : {_lower(Taille(taille).label)}.")
        )
    else:
        autres = ", ".join(_lower(t) for t in solution.tailles_affichees) or "taille non dite"
        raisons.append(Raison(False, f"Elle est plutôt faite pour : {autres}."))
    demande, offert = LOURDEUR[Moyens(solution.moyens)], LOURDEUR[Moyens(moyens)]
    if demande <= offert:
        raisons.append(Raison(True, f"Vos moyens suffisent : {DEMANDE[Moyens(solution.moyens)]}."))
    else:
        raisons.append(
            Raison(False, f"Vos moyens sont justes : {DEMANDE[Moyens(solution.moyens)]}.")
        )
    return raisons


def _lower(texte: str) -> str:
    return texte[:1].lower() + texte[1:]
