"""Dépouillement d’un collège : la règle de décision est ici, et nulle part ailleurs."""

from dataclasses import dataclass
from datetime import date
from math import ceil

from socle.metiers.gouvernance.enums import (
    DECIDEURS,
    SIEGE_PRESENT,
    Canal,
    College,
    RegleDeVote,
    Resultat,
    Sens,
)
from socle.metiers.gouvernance.models import Convocation, Siege, VersionDeDecision, Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Depouillement:
    """Les voix d’un collège sur une version.

    Attributes:
        sieges: sièges pourvus du collège.
        presents: sièges qui ont voté ; en séance, aussi ceux notés présents ou représentés.
        quorum: part des sièges qui doit être présente, en pour cent.
    """

    college: College
    sieges: int
    presents: int
    pour: int
    contre: int
    abstentions: int
    quorum: int
    regle: RegleDeVote
    canal: Canal = Canal.EN_LIGNE

    @property
    def quorum_requis(self) -> int:
        """Nombre de sièges présents qu’il faut ; un au moins."""
        return max(1, ceil(self.sieges * self.quorum / 100))

    @property
    def is_quorum_atteint(self) -> bool:
        return self.presents >= self.quorum_requis

    @property
    def exprimes(self) -> int:
        return self.pour + self.contre + self.abstentions

    def conclude(self, *, clos: bool) -> Resultat | None:
        """Rend le résultat du collège, ou None s’il n’est pas encore sûr (ou sans quorum).

        Majorité : plus de la moitié des sièges présents sont pour. Avant la clôture, le résultat
        n’est sûr que si plus de la moitié de tous les sièges sont pour, ou si tous ont voté.
        Unanimité : au moins un pour, aucun contre ; sûr quand tous ont voté, ou à la clôture.
        """
        if not self.sieges or not self.is_quorum_atteint:
            return None
        acquis = self.regle == RegleDeVote.MAJORITE and self.pour * 2 > self.sieges
        if not (acquis or clos or self.exprimes >= self.sieges):
            return None
        return Resultat.VALIDEE if acquis or self._is_pour() else Resultat.REFUSEE

    def _is_pour(self) -> bool:
        if self.regle == RegleDeVote.UNANIMITE:
            return self.pour > 0 and self.contre == 0
        return self.pour * 2 > self.presents


def count_votes(version: VersionDeDecision, jour: date) -> dict[College, Depouillement]:
    """Dépouille les deux collèges d’une version, au jour dit. Trois instructions SQL au plus."""
    instance = version.decision.instance
    sieges = Siege.objects.at(jour).pourvus().filter(instance=instance, college__in=DECIDEURS)
    colleges: dict[int, str] = dict(sieges.order_by("pk").values_list("pk", "college"))
    votes = list(Vote.objects.filter(version=version, siege__in=colleges).order_by("pk"))
    en_seance = {colleges[v.siege_id] for v in votes if v.canal == Canal.EN_SEANCE}
    venus = _list_presents(version, colleges) if en_seance else set()
    return {
        college: _count_college(
            college,
            {pk for pk, sien in colleges.items() if sien == college},
            [vote for vote in votes if colleges[vote.siege_id] == college],
            venus if college in en_seance else set(),
            version,
        )
        for college in DECIDEURS
    }


def _list_presents(version: VersionDeDecision, colleges: dict[int, str]) -> set[int]:
    presents = Convocation.objects.filter(
        reunion=version.decision.reunion_id, presence__in=SIEGE_PRESENT, siege__in=colleges
    )
    return set(presents.order_by("pk").values_list("siege_id", flat=True))


def _count_college(
    college: College,
    sieges: set[int],
    votes: list[Vote],
    venus: set[int],
    version: VersionDeDecision,
) -> Depouillement:
    instance = version.decision.instance
    sens = [vote.sens for vote in votes]
    return Depouillement(
        college=college,
        sieges=len(sieges),
        presents=len({vote.siege_id for vote in votes} | (venus & sieges)),
        pour=sens.count(Sens.POUR),
        contre=sens.count(Sens.CONTRE),
        abstentions=sens.count(Sens.ABSTENTION),
        quorum=instance.quorum,
        regle=RegleDeVote(instance.regle),
        canal=Canal.EN_SEANCE
        if any(vote.canal == Canal.EN_SEANCE for vote in votes)
        else Canal.EN_LIGNE,
    )
