"""Le bilan d’un programme sur une période : tout ce que sa page et son PDF montrent.

Sans période choisie, le bilan porte tout ce que le programme a noté, valeurs d’avant comprises :
« 3 800 familles avant 2017 » est un point de départ. Avec une période, seul ce qui en est daté.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from socle.fondations.commun.ensembles import read_listes
from socle.metiers.pilotage.enums import EtatAction, GenrePartenaire, SourceIndicateur
from socle.metiers.pilotage.models import (
    Action,
    Axe,
    EvenementCle,
    Indicateur,
    Partenaire,
    Preuve,
    Programme,
    Recommandation,
    Releve,
    Temoignage,
    Valeur,
)
from socle.metiers.pilotage.queries.indicateurs import RELEVE
from socle.metiers.pilotage.queries.valeurs import Serie, group_valeurs

SANS_COMPARAISON = {"%", ""}  # des pourcentages de choses différentes ne se comparent pas
BARRES_MIN, BARRES_MAX = 3, 10
LARGEUR_MIN = Decimal("0.5")  # en %, pour qu’une petite barre se voie


@dataclass(frozen=True, slots=True)
class Periode:
    """Période choisie, bornes comprises ; une borne absente est ouverte."""

    debut: date | None = None
    fin: date | None = None

    @property
    def est_choisie(self) -> bool:
        return bool(self.debut or self.fin)

    def filter_dates(self, champ: str) -> Q:
        filtre = Q()
        if self.debut:
            filtre &= Q(**{f"{champ}__gte": self.debut})
        if self.fin:
            filtre &= Q(**{f"{champ}__lte": self.fin})
        return filtre

    def has_trimestre(self, annee: int, trimestre: int) -> bool:
        """Vrai si un jour de la période est dans ce trimestre."""
        premier = date(annee, 3 * trimestre - 2, 1)
        suivant = date(annee + trimestre // 4, 3 * trimestre % 12 + 1, 1)
        return (not self.debut or suivant > self.debut) and (not self.fin or premier <= self.fin)


@dataclass(frozen=True, slots=True)
class Barre:
    """Une ligne d’un graphique : la longueur dit le nombre, le nombre est toujours écrit."""

    libelle: str
    texte: str
    largeur: str  # en % de la plus longue, écrite d’avance avec un point
    contredit: bool = False


@dataclass(frozen=True, slots=True)
class Graphe:
    titre: str
    barres: tuple[Barre, ...]


@dataclass(slots=True)
class ActionDuBilan:
    """Une action ou une recommandation, ce qui la prouve, ce que l’on en dit."""

    action: Action
    preuves: list[Preuve] = field(default_factory=list)
    temoignages: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class AxeDuBilan:
    axe: Axe
    actions: list[ActionDuBilan] = field(default_factory=list)
    recommandations: list[Recommandation] = field(default_factory=list)
    temoignages: list[dict[str, Any]] = field(default_factory=list)
    series: list[Serie] = field(default_factory=list)

    @property
    def etats(self) -> str:
        """« 4 en service, 2 en cours »."""
        comptes = _count_etats([a.action for a in self.actions])
        return ", ".join(f"{n} {EtatAction(etat).label.lower()}" for etat, n in comptes.items())

    @property
    def graphe(self) -> Graphe | None:
        return draw_series(self.series)


@dataclass(slots=True)
class Bilan:
    """Tout ce qu’un bilan montre."""

    programme: Programme
    periode: Periode
    axes: list[AxeDuBilan]
    transversales: list[Recommandation]
    autres: list[Serie]
    evenements: dict[tuple[int, int], list[dict[str, Any]]]
    partenaires: dict[str, list[dict[str, Any]]]
    modifie_le: datetime

    @property
    def series(self) -> list[Serie]:
        return [serie for axe in self.axes for serie in axe.series] + self.autres

    @property
    def contradictions(self) -> list[Serie]:
        return [serie for serie in self.series if serie.se_contredit]

    @property
    def nombre_actions(self) -> int:
        return sum(len(axe.actions) for axe in self.axes)

    @property
    def nombre_recommandations(self) -> int:
        return len(self.transversales) + sum(len(axe.recommandations) for axe in self.axes)

    @property
    def nombre_partenaires(self) -> int:
        return sum(len(groupe) for groupe in self.partenaires.values())

    @property
    def graphe_etats(self) -> Graphe | None:
        """Combien d’actions dans chaque état, tous axes réunis."""
        comptes = _count_etats([a.action for axe in self.axes for a in axe.actions])
        lignes = [(EtatAction(e).label, str(n), Decimal(n), False) for e, n in comptes.items()]
        return _draw("Où en sont les actions", lignes) if lignes else None


def read_bilan(code: str, periode: Periode) -> Bilan | None:
    """Rend le bilan d’un programme public ; quatre instructions, quel que soit son contenu."""
    programme = _list_programmes().filter(code=code).first()
    if programme is None:
        return None
    axes, actions, conseils, valeurs = read_listes(
        Axe.objects.filter(programme=programme, retire=False).order_by("numero"),
        Action.objects.filter(retire=False, axe__retire=False, axe__programme=programme).order_by(
            "numero"
        ),
        Recommandation.objects.filter(programme=programme, retire=False).order_by("numero", "pk"),
        _list_valeurs(programme, periode),
    )
    series = _group_series(valeurs) + _list_mesurees(programme, periode)
    complets = _build_axes(programme, axes, actions, periode)
    autres = _place_series(complets, series)
    return Bilan(
        programme=programme,
        periode=periode,
        axes=list(complets.values()),
        transversales=_place_conseils(complets, conseils),
        autres=autres,
        evenements=_group_evenements(programme, periode),
        partenaires=_group_partenaires(programme),
        modifie_le=max(o.modifie_le for o in (programme, *axes, *actions, *conseils, *valeurs)),
    )


def _list_programmes() -> QuerySet[Programme]:
    """Programmes publics avec leurs listes, en une instruction."""
    siens = Q(programme=OuterRef("pk"), retire=False)
    evenements = EvenementCle.objects.filter(siens).order_by("annee", "trimestre", "pk")
    partenaires = Partenaire.objects.filter(siens).order_by("genre", "nom")
    temoignages = Temoignage.objects.filter(siens).order_by("pk")
    return Programme.objects.filter(retire=False).annotate(
        lus_evenements=_list_json(evenements, "annee", "trimestre", "titre", "detail", "source"),
        lus_partenaires=_list_json(partenaires, "nom", "genre", "apport", "site", "source"),
        lus_temoignages=_list_json(temoignages, "cible", "qui", "qualite", "texte", "source"),
    )


def _list_json(lignes: QuerySet[Any], *champs: str) -> ArraySubquery:
    return ArraySubquery(lignes.values(json=JSONObject(**{champ: champ for champ in champs})))


def _list_valeurs(programme: Programme, periode: Periode) -> QuerySet[Valeur]:
    return (
        Valeur.objects.filter(
            periode.filter_dates("jour"),
            retire=False,
            indicateur__retire=False,
            indicateur__programme=programme,
        )
        .select_related("indicateur")
        .order_by("indicateur__rang", "indicateur__titre", "indicateur_id", "jour", "pk")
    )


def _group_series(valeurs: list[Valeur]) -> list[Serie]:
    groupes = groupby(valeurs, key=lambda valeur: valeur.indicateur_id)
    listes = (list(groupe) for _, groupe in groupes)
    return [group_valeurs(siennes[0].indicateur, siennes) for siennes in listes]


def _list_mesurees(programme: Programme, periode: Periode) -> list[Serie]:
    """Ce que l’installation a mesuré en dernier pendant la période, ou pendant le programme."""
    bornes = periode if periode.est_choisie else Periode(programme.date_debut, programme.date_fin)
    releves = Releve.objects.filter(
        bornes.filter_dates("jour"), mesure=OuterRef("mesure")
    ).order_by("-jour")
    mesures = Indicateur.objects.filter(
        Q(programme=None) | Q(programme=programme), retire=False, source=SourceIndicateur.MESUREE
    ).annotate(
        releve=Subquery(releves.values("nombre")[:1]),
        releve_le=Subquery(releves.values("jour")[:1]),
    )
    return [
        group_valeurs(
            mesure,
            [Valeur(jour=mesure.releve_le, nombre=mesure.releve, document=RELEVE,
                    endroit=mesure.mesure)],
        )
        for mesure in mesures.order_by("rang", "titre", "pk")
        if mesure.releve is not None
    ]  # fmt: skip


def _build_axes(
    programme: Programme, axes: list[Axe], actions: list[Action], periode: Periode
) -> dict[str, AxeDuBilan]:
    """Range actions, preuves et témoignages sous la clé de leur axe."""
    dits: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for temoignage in programme.lus_temoignages:  # type: ignore[attr-defined]
        dits[temoignage["cible"]].append(temoignage)
    preuves: dict[str, list[Preuve]] = defaultdict(list)
    for preuve in Preuve.objects.filter(
        periode.filter_dates("date_constat"), cible__in=[action.cle for action in actions]
    ).order_by("date_constat", "pk"):
        preuves[preuve.cible].append(preuve)
    complets = {axe.pk: AxeDuBilan(axe, temoignages=dits[axe.cle]) for axe in axes}
    for action in actions:
        faite = ActionDuBilan(action, preuves[action.cle], dits[action.cle])
        complets[action.axe_id].actions.append(faite)
    return {complet.axe.cle: complet for complet in complets.values()}


def _place_series(complets: dict[str, AxeDuBilan], series: list[Serie]) -> list[Serie]:
    """Range chaque série sous l’axe que dit son premier lien ; rend celles qui n’en ont pas."""
    axe_de = dict(complets)
    for complet in complets.values():
        axe_de |= {faite.action.cle: complet for faite in complet.actions}
    autres: list[Serie] = []
    for serie in series:
        place = next((axe_de[lien] for lien in serie.indicateur.liens if lien in axe_de), None)
        (place.series if place else autres).append(serie)
    return autres


def _place_conseils(
    complets: dict[str, AxeDuBilan], conseils: list[Recommandation]
) -> list[Recommandation]:
    par_axe = {complet.axe.pk: complet for complet in complets.values()}
    transversales: list[Recommandation] = []
    for conseil in conseils:
        axe = par_axe.get(conseil.axe_id or 0)
        (axe.recommandations if axe else transversales).append(conseil)
    return transversales


def _group_evenements(
    programme: Programme, periode: Periode
) -> dict[tuple[int, int], list[dict[str, Any]]]:
    frise: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for fait in programme.lus_evenements:  # type: ignore[attr-defined]
        if periode.has_trimestre(fait["annee"], fait["trimestre"]):
            frise[fait["annee"], fait["trimestre"]].append(fait)
    return dict(frise)


def _group_partenaires(programme: Programme) -> dict[str, list[dict[str, Any]]]:
    groupes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for partenaire in programme.lus_partenaires:  # type: ignore[attr-defined]
        groupes[GenrePartenaire(partenaire["genre"]).label].append(partenaire)
    return dict(groupes)


def _count_etats(actions: Iterable[Action]) -> dict[str, int]:
    """Nombre d’actions par état, dans l’ordre des états ; un état vide n’y est pas."""
    etats = [action.etat for action in actions]
    return {etat: etats.count(etat) for etat in EtatAction.values if etat in etats}


def draw_series(series: list[Serie]) -> Graphe | None:
    """Compare les derniers nombres de même unité, s’il y en a trois ; None sinon."""
    par_unite: dict[str, list[Serie]] = defaultdict(list)
    for serie in series:
        if serie.dernier and serie.indicateur.unite not in SANS_COMPARAISON:
            par_unite[serie.indicateur.unite].append(serie)
    unite, choisies = max(par_unite.items(), key=lambda paire: len(paire[1]), default=("", []))
    if len(choisies) < BARRES_MIN:
        return None
    lignes = [
        (serie.indicateur.titre, serie.nombre, serie.dernier.principale.nombre, serie.se_contredit)
        for serie in choisies
        if serie.dernier
    ]
    lignes.sort(key=lambda ligne: -ligne[2])
    return _draw(f"En {unite}", lignes[:BARRES_MAX])


def _draw(titre: str, lignes: list[tuple[str, str, Decimal, bool]]) -> Graphe:
    maximum = max((nombre for _, _, nombre, _ in lignes), default=Decimal(1)) or Decimal(1)
    barres = tuple(
        Barre(libelle, texte, f"{max(nombre * 100 / maximum, LARGEUR_MIN):.1f}", contredit)
        for libelle, texte, nombre, contredit in lignes
    )
    return Graphe(titre, barres)
