"""Ce que les pages qui écrivent ont en commun."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.fondations.commun.verrou import mark_valeurs, read_valeurs, show_conflit
from socle.fondations.comptes.queries import find_ecriture
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
    statut = ModifieAilleurs.statut if getattr(formulaire, "conflit", None) else statut
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


def try_fiche(
    request: HttpRequest,
    formulaire: forms.Form,
    geste: Callable[..., Any],
    *,
    relire: Callable[[], dict[str, Any]],
    trace: dict[str, Any],
) -> Any:
    """Comme `try_form`, pour une fiche que l’on change : dépassée, elle montre les deux versions.

    Le geste reçoit les valeurs du formulaire, et leur empreinte à part.

    Args:
        relire: rend ce qui est enregistré maintenant, empreinte comprise.
        trace: où le journal dit qui l’a enregistré (`objet`, `actions`, et ce qui précise).
    """
    if not formulaire.is_valid():
        return None
    champs = dict(formulaire.cleaned_data)
    try:
        return try_form(formulaire, geste, empreinte=champs.pop("empreinte"), champs=champs)
    except ModifieAilleurs as refus:
        actuel = relire()
        show_conflit(
            formulaire, refus, actuel=actuel, marque={"empreinte": actuel["empreinte"]},
            prendre=request.path,
            ecriture=find_ecriture(lecteur=request.user, installation=True, **trace),
        )  # fmt: skip
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


def read_initial(
    objet: Any, formulaire: type[forms.Form], **autres: Callable[[Any], Any]
) -> dict[str, Any]:
    """Rend les valeurs d’un objet pour ouvrir son formulaire, avec leur empreinte.

    Args:
        autres: ce que le formulaire montre et qui n’est pas un champ de l’objet.
    """
    if objet is None:
        return {}
    noms = [nom for nom in formulaire.base_fields if nom != "empreinte" and hasattr(objet, nom)]
    valeurs = read_valeurs(objet, *(nom for nom in noms if nom not in autres))
    return mark_valeurs(valeurs | {nom: read(objet) for nom, read in autres.items()})


def reread(objet: models.Model) -> Any:
    """Relit une ligne qu’une autre page vient de changer."""
    objet.refresh_from_db()
    return objet
