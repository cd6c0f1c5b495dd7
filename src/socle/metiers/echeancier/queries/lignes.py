"""Une ligne de l’échéancier, telle que la frise et le tableau la montrent : la même."""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Protocol

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.presentation import Etat
from socle.fondations.commun.textes import format_jour_court
from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.queries.profils import describe_public

A_FIXER = "Date à fixer"
_write_jour = lru_cache(maxsize=4_096)(format_jour_court)  # des milliers de lignes, peu de jours


MODELE = "slug-modele"
"""Tient la place du slug : composer trois mille adresses prendrait le plus clair du temps."""


class Datee(Protocol):
    """Ce qu’il faut savoir d’une obligation pour dire sa date : un objet, ou une ligne lue."""

    etat: str
    surete: str
    jour: date | None
    jour_texte: str
    ancien_jour: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneEcheance:
    """Une obligation prête à montrer.

    Attributes:
        date_texte: « 1er sept. 2027 », « En continu », « Date à fixer ».
        etat: « Connue », « En vigueur », « Estimée », « Reportée », « Permanente », « Annulée ».
        ancienne: « prévue d’abord le 1er janv. 2026 », vide sans report.
    """

    slug: str
    titre: str
    court: str
    url: str
    ministere: str
    date_texte: str
    jour: date | None
    debut: date | None
    ancien_jour: date | None
    surete: str
    en_vigueur: bool
    etat: Etat
    ancienne: str
    public: str
    resume: str
    reference: str
    lien: str

    @property
    def lecture(self) -> str:
        """Ce que dit la ligne à qui l’entend : titre court, date, sûreté."""
        suite = f", {self.ancienne}" if self.ancienne else ""
        return f"{self.court} : {self.date_texte}, {self.etat.label.lower()}{suite}"


def build_ligne(obligation: Any, aujourdhui: date, *, public: str | None = None) -> LigneEcheance:
    """Rend la ligne d’une obligation, un objet ou une ligne lue.

    Args:
        public: qui est concerné, en mots ; sinon ses publics doivent être chargés.
    """
    jour = obligation.jour
    passe = jour is not None and jour <= aujourdhui
    return LigneEcheance(
        slug=obligation.slug,
        titre=obligation.titre,
        court=obligation.court,
        url=_compose_chemin().replace(MODELE, obligation.slug),
        ministere=obligation.ministere,
        date_texte=format_date(obligation),
        jour=jour,
        debut=obligation.debut,
        ancien_jour=obligation.ancien_jour,
        surete=obligation.surete,
        en_vigueur=passe and obligation.surete == Surete.CONNUE,
        etat=describe_etat(obligation, aujourdhui),
        ancienne=describe_report(obligation),
        public=describe_public(obligation) if public is None else public,
        resume=obligation.resume,
        reference=obligation.reference,
        lien=obligation.lien,
    )


@cache
def _compose_chemin() -> str:
    return build_chemin_installation("echeancier:fiche", MODELE)


def format_date(obligation: Datee) -> str:
    """Écrit la date d’une obligation, comme dans les listes."""
    if obligation.jour_texte:
        return obligation.jour_texte
    jour = _write_jour(obligation.jour) if obligation.jour else ""
    if obligation.surete == Surete.PERMANENTE:
        return f"Depuis le {jour}" if jour else "En continu"
    if not jour:
        return A_FIXER
    return f"{jour} (estimée)" if obligation.surete == Surete.ESTIMEE else jour


def describe_etat(obligation: Datee, aujourdhui: date) -> Etat:
    """Dit en un mot où en est la date ; la couleur ne fait que le redire."""
    passe = obligation.jour is not None and obligation.jour <= aujourdhui
    reportee = obligation.ancien_jour is not None
    return _choose_etat(obligation.etat, obligation.surete, passe, reportee)


@lru_cache(maxsize=64)
def _choose_etat(etat: str, surete: str, passe: bool, reportee: bool) -> Etat:
    if etat == EtatObligation.ANNULEE:
        return Etat(label="Annulée")
    if surete == Surete.PERMANENTE:
        return Etat(label="Permanente")
    if surete == Surete.ESTIMEE:
        mot = "À confirmer" if passe else "Reportée, estimée" if reportee else "Estimée"
        return Etat(label=mot, couleur="warning")
    if passe:
        return Etat(label="En vigueur", couleur="info")
    if reportee:
        return Etat(label="Reportée", couleur="warning")
    return Etat(label="Connue", couleur="success")


def describe_report(obligation: Datee) -> str:
    """Rend « prévue d’abord le 1er janv. 2026 », vide si la date n’a pas reculé."""
    if obligation.ancien_jour is None:
        return ""
    return f"prévue d’abord le {format_jour_court(obligation.ancien_jour)}"
