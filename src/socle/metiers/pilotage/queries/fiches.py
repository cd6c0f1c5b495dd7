"""Ce que les autres métiers voient du programme : fiches, rappels, recherche."""

from collections.abc import Callable
from functools import reduce
from typing import Any

from django.db.models import CharField, Func, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower
from django.urls import reverse

from socle.fondations.commun.fiches import Fiche, Groupe
from socle.metiers.pilotage.models import Action, Axe, Indicateur, Programme, Recommandation

TROUVES_MAX = 20
MOTS_MAX = 6


def _split(cles: list[str]) -> list[str]:
    return [cle.partition(":")[2] for cle in cles]


def find_programmes(cles: list[str]) -> dict[str, Fiche]:
    lignes = Programme.objects.filter(code__in=_split(cles), retire=False)
    return {p.cle: describe_programme(p) for p in lignes.order_by("pk")}


def find_axes(cles: list[str]) -> dict[str, Fiche]:
    lignes = Axe.objects.filter(code__in=_split(cles), retire=False, programme__retire=False)
    return {a.cle: describe_axe(a) for a in lignes.select_related("programme").order_by("pk")}


def find_actions(cles: list[str]) -> dict[str, Fiche]:
    lignes = _list_actions().filter(code__in=_split(cles))
    return {a.cle: describe_action(a) for a in lignes.order_by("pk")}


def find_recommandations(cles: list[str]) -> dict[str, Fiche]:
    lignes = _list_recommandations().filter(code__in=_split(cles))
    return {r.cle: describe_recommandation(r) for r in lignes.order_by("pk")}


def find_indicateurs(cles: list[str]) -> dict[str, Fiche]:
    lignes = Indicateur.objects.filter(code__in=_split(cles), retire=False)
    return {i.cle: describe_indicateur(i) for i in lignes.order_by("pk")}


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


def list_citant(cle: str) -> Groupe:
    """Rend ce qui, au programme, cite cette clé ; une instruction."""
    return _read_union(lambda lignes: lignes.filter(liens__contains=[cle]))


def search_programme(texte: str) -> Groupe:
    """Cherche chaque mot dans les titres et les résumés, sans les accents ; une instruction."""
    mots = texte.split()[:MOTS_MAX]
    return _read_union(
        lambda lignes: reduce(
            lambda filtrees, mot: filtrees.filter(cherche__contains=_fold(Value(mot))), mots, lignes
        )
    )


def _read_union(narrow: Callable[[QuerySet[Any]], QuerySet[Any]]) -> Groupe:
    parties = []
    for genre, (_, lister, corps) in SORTES.items():
        lignes = lister().annotate(
            genre=Value(genre, CharField()),
            cherche=_fold(Concat("titre", Value(" "), corps, output_field=TextField())),
        )
        parties.append(narrow(lignes).order_by().values_list("genre", "code", "titre"))
    unies = parties[0].union(*parties[1:], all=True).order_by("genre", "code")
    return Groupe(
        "Le programme",
        tuple(
            Fiche(
                f"{genre}:{code}",
                titre,
                reverse(f"pilotage:{genre}", args=[code]),
                SORTES[genre][0],
            )
            for genre, code, titre in unies[:TROUVES_MAX]
        ),
    )


def _fold(expression: Any) -> Func:
    """Sans accents ni majuscules, comme la recherche du portail."""
    return Lower(Func(expression, function="f_unaccent", output_field=TextField()))
