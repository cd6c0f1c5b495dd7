"""Programmes, axes, actions et recommandations des pages publiques."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet, Subquery

from socle.fondations.commun.ensembles import read_listes
from socle.metiers.pilotage.models import (
    Action,
    Axe,
    EvenementCle,
    Modification,
    Partenaire,
    Preuve,
    Principe,
    Programme,
    Recommandation,
    Temoignage,
)
from socle.metiers.pilotage.queries.figures import Figure, choose_figure, list_figures, map_figures
from socle.metiers.pilotage.queries.indicateurs import list_publics


@dataclass(slots=True)
class AxeComplet:
    """Un axe, ses actions avec leur figure, ses recommandations."""

    axe: Axe
    actions: list[tuple[Action, Figure | None]] = field(default_factory=list)
    recommandations: list[Recommandation] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    @property
    def figure(self) -> Figure | None:
        """Celle de la marche de l’accueil."""
        return choose_figure(self.figures)


@dataclass(slots=True)
class ProgrammeComplet:
    """Tout ce qu’une page montre d’un programme."""

    programme: Programme
    principes: list[Principe]
    axes: list[AxeComplet]
    transversales: list[Recommandation]
    evenements: dict[tuple[int, int], list[EvenementCle]]
    partenaires: list[Partenaire]
    figures: list[Figure]

    @property
    def nombre_actions(self) -> int:
        return sum(len(axe.actions) for axe in self.axes)

    @property
    def nombre_recommandations(self) -> int:
        return len(self.transversales) + sum(len(axe.recommandations) for axe in self.axes)


def list_programmes() -> QuerySet[Programme]:
    """Programmes publics, le plus récent d’abord."""
    return Programme.objects.filter(retire=False).order_by("-date_debut", "pk")


def list_actions_courantes() -> list[Action]:
    """Actions du programme le plus récent, axe et programme chargés ; une instruction."""
    recent = Programme.objects.filter(retire=False).order_by("-date_debut", "pk").values("pk")[:1]
    return list(
        Action.objects.filter(retire=False, axe__retire=False, axe__programme=Subquery(recent))
        .select_related("axe__programme")
        .order_by("axe__numero", "numero")
    )


def list_axes(actions: list[Action], figures: list[Figure]) -> list[AxeComplet]:
    """Range des actions sous leur axe, chacune avec sa première figure connue."""
    par_lien = map_figures(figures)
    axes: dict[int, AxeComplet] = {}
    for action in actions:
        complet = axes.setdefault(action.axe_id, AxeComplet(action.axe))
        complet.actions.append((action, choose_figure(par_lien.get(action.cle, []))))
    for complet in axes.values():
        complet.figures = par_lien.get(complet.axe.cle, [])
    return list(axes.values())


def read_programme(programme: Programme) -> ProgrammeComplet:
    """Rend un programme entier ; deux instructions."""
    siens = Q(programme=programme, retire=False)
    axes, actions, recommandations, principes, partenaires, evenements = read_listes(
        Axe.objects.filter(siens).order_by("numero"),
        Action.objects.filter(retire=False, axe__retire=False, axe__programme=programme).order_by(
            "numero"
        ),
        Recommandation.objects.filter(siens).order_by("axe__numero", "numero"),
        Principe.objects.filter(siens).order_by("numero"),
        Partenaire.objects.filter(siens).order_by("genre", "nom"),
        EvenementCle.objects.filter(siens).order_by("annee", "trimestre", "pk"),
    )
    figures = list_figures(list_publics().filter(Q(programme=programme) | Q(programme=None)))
    par_lien = map_figures(figures)
    complets = {axe.pk: AxeComplet(axe, figures=par_lien.get(axe.cle, [])) for axe in axes}
    for action in actions:
        figure = choose_figure(par_lien.get(action.cle, []))
        complets[action.axe_id].actions.append((action, figure))
    transversales = []
    for recommandation in recommandations:
        if recommandation.axe_id in complets:
            complets[recommandation.axe_id].recommandations.append(recommandation)
        else:
            transversales.append(recommandation)
    return ProgrammeComplet(
        programme=programme,
        principes=principes,
        axes=list(complets.values()),
        transversales=transversales,
        evenements=_group_trimestres(evenements),
        partenaires=partenaires,
        figures=[figure for figure in figures if not figure.mesure],
    )


def _group_trimestres(
    evenements: Iterable[EvenementCle],
) -> dict[tuple[int, int], list[EvenementCle]]:
    frise: dict[tuple[int, int], list[EvenementCle]] = defaultdict(list)
    for evenement in evenements:
        frise[evenement.annee, evenement.trimestre].append(evenement)
    return dict(frise)


def list_temoignages(*cibles: str) -> QuerySet[Temoignage]:
    return Temoignage.objects.filter(
        cible__in=cibles, retire=False, programme__retire=False
    ).order_by("pk")


def list_preuves(cible: str) -> QuerySet[Preuve]:
    """Preuves d’avancement, la plus récente d’abord."""
    return Preuve.objects.filter(cible=cible).order_by("-date_constat", "-pk")


def list_modifications(cle: str) -> QuerySet[Modification]:
    """Histoire d’un objet, la dernière modification d’abord."""
    return Modification.objects.filter(cle=cle).order_by("-faite_le", "-pk")


def list_axes_complets(programme: Programme) -> QuerySet[Axe]:
    """Axes d’un programme, retirés compris, pour l’espace de l’équipe."""
    return Axe.objects.filter(programme=programme).order_by("numero", "pk")
