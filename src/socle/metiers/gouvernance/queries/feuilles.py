"""Feuilles de route : la courante, ses lignes, ce qui change depuis la précédente."""

from dataclasses import dataclass

from django.db.models import Case, When

from socle.fondations.commun.textes import format_jour
from socle.metiers.gouvernance.enums import Changement, EtatFeuille
from socle.metiers.gouvernance.models import FeuilleDeRoute, LigneDeFeuille

COMPARES = (
    ("titre", "Titre"),
    ("axe", "Axe"),
    ("objectif", "Objectif"),
    ("date_prevue", "Pour le"),
    ("responsable", "Qui conduit"),
)


@dataclass(frozen=True, slots=True)
class Ecart:
    """Un champ qui change, en clair."""

    nom: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class LigneComparee:
    ligne: LigneDeFeuille
    changement: Changement
    ecarts: tuple[Ecart, ...] = ()

    @property
    def is_changee(self) -> bool:
        return self.changement != Changement.IDENTIQUE


def list_feuilles() -> list[FeuilleDeRoute]:
    """Toutes les versions qui comptent, la plus récente d’abord."""
    feuilles = FeuilleDeRoute.objects.exclude(etat=EtatFeuille.ABANDONNEE)
    return list(feuilles.order_by("-semestre", "-rang"))


def find_feuille(semestre: str) -> FeuilleDeRoute | None:
    """Dernière version d’un semestre, la précédente chargée.

    Un brouillon ne paraît que s’il est seul : il ne cache jamais la feuille figée ou validée.
    """
    return (
        FeuilleDeRoute.objects.exclude(etat=EtatFeuille.ABANDONNEE)
        .filter(semestre=semestre)
        .select_related("precedente")
        .order_by(order_brouillon(), "-rang")
        .first()
    )


def order_brouillon() -> Case:
    """Rang d’un état : un brouillon passe après ce qui est figé."""
    return Case(When(etat=EtatFeuille.BROUILLON, then=1), default=0)


def get_courante() -> FeuilleDeRoute | None:
    """Dernière feuille validée par les deux collèges."""
    validees = FeuilleDeRoute.objects.filter(etat=EtatFeuille.VALIDEE)
    return validees.order_by("-semestre", "-rang").first()


def compare_lignes(feuille: FeuilleDeRoute) -> list[LigneComparee]:
    """Lignes d’une feuille, et ce qui change depuis la précédente. Une instruction SQL."""
    lignes = LigneDeFeuille.objects.filter(feuille=feuille).select_related("origine")
    return [_compare(ligne, feuille) for ligne in lignes.order_by("rang", "pk")]


def _compare(ligne: LigneDeFeuille, feuille: FeuilleDeRoute) -> LigneComparee:
    if ligne.retiree:
        return LigneComparee(ligne, Changement.RETIREE)
    if ligne.origine is None:
        premiere = feuille.precedente_id is None
        return LigneComparee(ligne, Changement.IDENTIQUE if premiere else Changement.NOUVELLE)
    ecarts = tuple(
        Ecart(nom, _write(getattr(ligne.origine, champ)), _write(getattr(ligne, champ)))
        for champ, nom in COMPARES
        if getattr(ligne.origine, champ) != getattr(ligne, champ)
    )
    return LigneComparee(ligne, Changement.MODIFIEE if ecarts else Changement.IDENTIQUE, ecarts)


def _write(valeur: object) -> str:
    if not valeur:
        return "non dit"
    return format_jour(valeur) if hasattr(valeur, "year") else str(valeur)  # type: ignore[arg-type]
