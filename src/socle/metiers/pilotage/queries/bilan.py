"""Tout ce qu’un bilan dit d’un programme sur une période ; la mise en page est ailleurs."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from socle.metiers.pilotage.models import Preuve, Programme, Temoignage, Valeur
from socle.metiers.pilotage.queries.indicateurs import list_publics
from socle.metiers.pilotage.queries.programme import ProgrammeComplet, read_programme
from socle.metiers.pilotage.queries.valeurs import Serie, group_valeurs


@dataclass(frozen=True, slots=True)
class Bilan:
    """Matière d’un bilan : rien n’y est calculé d’avance, tout y porte sa source.

    Attributes:
        complet: le programme, ses axes, ses actions, ses recommandations, ses partenaires ; les
            faits marquants sont bornés à la période.
        series: indicateurs qui ont au moins une valeur dans la période, et ces valeurs seules.
        preuves: clé d’une action ou d’une recommandation → ses preuves de la période.
        temoignages: clé d’un programme, d’un axe ou d’une action → ce qu’on en a dit.
    """

    complet: ProgrammeComplet
    debut: date
    fin: date
    series: list[Serie]
    preuves: dict[str, list[Preuve]]
    temoignages: dict[str, list[Temoignage]]


def get_bilan(programme: Programme, debut: date, fin: date) -> Bilan:
    """Rend la matière du bilan d’un programme entre deux dates, comprises ; douze instructions."""
    complet = read_programme(programme)
    complet.evenements = {
        (annee, trimestre): faits
        for (annee, trimestre), faits in complet.evenements.items()
        if _get_premier_jour(annee, trimestre) <= fin
        and _get_premier_jour(annee, trimestre + 1) > debut
    }
    return Bilan(
        complet=complet,
        debut=debut,
        fin=fin,
        series=list_series_entre(programme, debut, fin),
        preuves=_group(
            Preuve.objects.filter(date_constat__gte=debut, date_constat__lte=fin)
            .filter(Q(cible__startswith="action:") | Q(cible__startswith="recommandation:"))
            .order_by("date_constat", "pk")
        ),
        temoignages=_group(
            Temoignage.objects.filter(programme=programme, retire=False).order_by("pk")
        ),
    )


def list_series_entre(programme: Programme, debut: date, fin: date) -> list[Serie]:
    """Rend les indicateurs d’un programme et leurs valeurs entre deux dates ; deux instructions."""
    indicateurs = list(list_publics().filter(programme=programme).order_by("rang", "titre", "pk"))
    valeurs: dict[int, list[Valeur]] = {}
    for valeur in Valeur.objects.filter(
        indicateur__in=[i.pk for i in indicateurs], retire=False, jour__gte=debut, jour__lte=fin
    ).order_by("jour", "pk"):
        valeurs.setdefault(valeur.indicateur_id, []).append(valeur)
    return [group_valeurs(i, valeurs[i.pk]) for i in indicateurs if i.pk in valeurs]


def _group(lignes: object) -> dict[str, list]:
    groupes: dict[str, list] = {}
    for ligne in lignes:  # type: ignore[attr-defined]
        groupes.setdefault(ligne.cible, []).append(ligne)
    return groupes


def _get_premier_jour(annee: int, trimestre: int) -> date:
    """Premier jour d’un trimestre ; le cinquième est le premier de l’année suivante."""
    return date(annee + (trimestre - 1) // 4, (trimestre - 1) % 4 * 3 + 1, 1)
