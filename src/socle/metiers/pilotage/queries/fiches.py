"""Ce que les autres métiers voient du programme : fiches, rappels, recherche."""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from django.db.models import CharField, Func, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower
from django.urls import reverse

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Fiche, Groupe, plan_fiches, plan_groupe
from socle.metiers.pilotage.models import Action, Axe, Indicateur, Programme, Recommandation

TROUVES_MAX = 20
MOTS_MAX = 6


def _split(cles: list[str]) -> list[str]:
    return [cle.partition(":")[2] for cle in cles]


def find_programmes(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    lignes = Programme.objects.filter(code__in=_split(cles), retire=False)
    return plan_fiches(lignes.order_by("pk"), describe_programme)


def find_axes(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    lignes = Axe.objects.filter(code__in=_split(cles), retire=False, programme__retire=False)
    return plan_fiches(lignes.select_related("programme").order_by("pk"), describe_axe)


def find_actions(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    lignes = _list_actions().filter(code__in=_split(cles))
    return plan_fiches(lignes.order_by("pk"), describe_action)


def find_recommandations(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    lignes = _list_recommandations().filter(code__in=_split(cles))
    return plan_fiches(lignes.order_by("pk"), describe_recommandation)


def find_indicateurs(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    lignes = Indicateur.objects.filter(code__in=_split(cles), retire=False)
    return plan_fiches(lignes.order_by("pk"), describe_indicateur)


def _list_actions() -> QuerySet[Action]:
    publiques = Action.objects.filter(retire=False, axe__retire=False, axe__programme__retire=False)
    return publiques.select_related("axe__programme")


def _list_recommandations() -> QuerySet[Recommandation]:
    publiques = Recommandation.objects.filter(retire=False, programme__retire=False)
    return publiques.select_related("programme")


def describe_programme(programme: Programme) -> Fiche:
    url = reverse("pilotage:programme", args=[programme.code])
    return Fiche(programme.cle, programme.titre, url, f"Programme, {programme.periode}")


def describe_axe(axe: Axe) -> Fiche:
    url = reverse("pilotage:axe", args=[axe.code])
    return Fiche(axe.cle, axe.titre, url, f"Axe {axe.numero}, {axe.programme.periode}")


def describe_action(action: Action) -> Fiche:
    url = reverse("pilotage:action", args=[action.code])
    axe = action.axe
    detail = f"Action {action.numero} de l’axe {axe.numero}, {axe.programme.periode}"
    return Fiche(action.cle, action.titre_court, url, detail)


def describe_recommandation(recommandation: Recommandation) -> Fiche:
    url = reverse("pilotage:recommandation", args=[recommandation.code])
    detail = f"Recommandation {recommandation.numero}, {recommandation.programme.periode}"
    return Fiche(recommandation.cle, recommandation.titre_court, url, detail)


def describe_indicateur(indicateur: Indicateur) -> Fiche:
    url = reverse("pilotage:indicateur", args=[indicateur.code])
    detail = f"Indicateur, {indicateur.get_source_display().lower()}"
    return Fiche(indicateur.cle, indicateur.titre, url, detail)


SORTES: dict[str, tuple[str, Callable[[], QuerySet[Any]], str]] = {
    "axe": (
        "Axe",
        lambda: Axe.objects.filter(retire=False, programme__retire=False),
        "ambition",
    ),
    "action": ("Action", lambda: _list_actions().select_related(None), "resume"),
    "recommandation": (
        "Recommandation",
        lambda: _list_recommandations().select_related(None),
        "resume",
    ),
    "indicateur": ("Indicateur", lambda: Indicateur.objects.filter(retire=False), "definition"),
}


def list_citant(cle: str) -> LecturePrevue[Groupe]:
    """Ce qui, au programme, cite cette clé."""
    return _read_union(lambda lignes: lignes.filter(liens__contains=[cle]))


def search_programme(texte: str) -> LecturePrevue[Groupe]:
    """Cherche chaque mot dans les titres et les résumés, sans les accents."""
    mots = texte.split()[:MOTS_MAX]
    return _read_union(
        lambda lignes: reduce(
            lambda filtrees, mot: filtrees.filter(cherche__contains=_fold(Value(mot))), mots, lignes
        )
    )


def _read_union(narrow: Callable[[QuerySet[Any]], QuerySet[Any]]) -> LecturePrevue[Groupe]:
    parties = []
    for genre, (_, lister, corps) in SORTES.items():
        lignes = lister().annotate(
            genre=Value(genre, CharField()),
            cherche=_fold(Concat("titre", Value(" "), corps, output_field=TextField())),
        )
        parties.append(narrow(lignes).order_by().values_list("genre", "code", "titre"))
    unies = parties[0].union(*parties[1:], all=True).order_by("genre", "code")
    return plan_groupe("Le programme", unies[:TROUVES_MAX], _describe_trouve)


def _describe_trouve(ligne: tuple[str, str, str]) -> Fiche:
    genre, code, titre = ligne
    url = reverse(f"pilotage:{genre}", args=[code])
    return Fiche(f"{genre}:{code}", titre, url, SORTES[genre][0])


def _fold(expression: Any) -> Func:
    """Sans accents ni majuscules, comme la recherche du portail."""
    return Lower(Func(expression, function="f_unaccent", output_field=TextField()))
