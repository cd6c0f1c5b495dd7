"""Ce que les pages qui écrivent ont en commun."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.metiers.catalogue.models import Solution
from socle.metiers.catalogue.queries.fiche import find_solution

EQUIPE, TRAVAIL = "commun/base_equipe.html", "catalogue/_base_travail.html"


def get_ou_404(objet: Any) -> Any:
    """Rend l’objet, ou une page introuvable."""
    if objet is None:
        raise Http404
    return objet


def get_solution(slug: str) -> Solution:
    """Rend une fiche, brouillon compris."""
    solution: Solution = get_ou_404(find_solution(slug, brouillons=True))
    return solution


def show_form(
    request: HttpRequest,
    formulaire: forms.Form,
    *,
    titre: str,
    retour: str,
    bouton: str = "Enregistrer",
    base: str = EQUIPE,
    aide: str = "",
    cache: dict[str, Any] | None = None,
) -> HttpResponse:
    """Montre un formulaire seul sur sa page ; 422 s’il est à reprendre.

    Args:
        retour: adresse du lien « Revenir ».
        cache: champs cachés, renvoyés tels quels.
    """
    contexte = {"formulaire": formulaire, "titre": titre, "bouton": bouton, "retour": retour,
                "base": base, "aide": aide, "caches": cache or {}}  # fmt: skip
    statut = 422 if formulaire.is_bound else 200
    return render(request, "catalogue/formulaire.html", contexte, status=statut)


def try_form(formulaire: forms.Form, geste: Callable[..., Any], **donnees: Any) -> Any:
    """Fait un geste si le formulaire est bon ; un refus devient une erreur du formulaire.

    Rend ce que rend le geste, ou None.
    """
    if not formulaire.is_valid():
        return None
    try:
        return geste(**donnees)
    except ModifieAilleurs:
        raise  # la vue montre les deux versions
    except ErreurMetier as refus:
        formulaire.add_error(None, f"{refus.message} {refus.suite}".strip())
        return None


def act(
    request: HttpRequest, vers: str, geste: Callable[..., Any], fait: str, **donnees: Any
) -> HttpResponse:
    """Fait un geste, dit ce qui est fait ou pourquoi non, et va à une adresse."""
    try:
        geste(**donnees)
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
    else:
        messages.success(request, fait)
    return redirect(vers)


def read_initial(objet: models.Model | None, formulaire: type[forms.Form]) -> dict[str, Any]:
    """Rend les valeurs d’un objet pour ouvrir son formulaire."""
    if objet is None:
        return {}
    noms = [nom for nom in formulaire.base_fields if hasattr(objet, nom)]
    return {nom: getattr(objet, nom) for nom in noms}
