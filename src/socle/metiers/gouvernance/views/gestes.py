"""Les pages de l’équipe : un formulaire, un geste, une phrase ; le refus se montre sur la page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.gouvernance.views.outils import try_geste

equipe_requise = programme_requis(RoleProgramme.EQUIPE)
FORMULAIRE = "gouvernance/equipe/formulaire.html"


def sign(request: HttpRequest) -> dict[str, Any]:
    """Qui agit, et quand."""
    return {"acteur": request.user.acteur, "maintenant": timezone.now()}  # type: ignore[union-attr]


def show_form(
    request: HttpRequest, form: forms.Form, *, titre: str, bouton: str, **contexte: Any
) -> HttpResponse:
    """Montre un formulaire seul sur sa page."""
    contexte |= {"form": form, "titre": titre, "bouton": bouton}
    contexte.setdefault("phrase", "")
    contexte.setdefault("retour", "")
    return render(request, FORMULAIRE, contexte, status=422 if form.errors else 200)


def submit(
    request: HttpRequest, form: forms.Form, geste: Callable[..., Any], fait: str, **mots: Any
) -> Any:
    """Fait le geste d’un formulaire valide ; rend son résultat, ou None s’il est refusé.

    Le refus devient une erreur du formulaire : rien de ce qui est saisi n’est perdu.
    """
    try:
        resultat = geste(**mots, **sign(request))
    except ErreurMetier as refus:
        form.add_error(None, f"{refus.message} {refus.suite}".strip())
        return None
    messages.success(request, fait)
    return True if resultat is None else resultat


def act(
    request: HttpRequest,
    geste: Callable[..., Any],
    fait: str,
    page: str,
    *arguments: Any,
    **mots: Any,
) -> HttpResponse:
    """Fait un geste simple, dit le résultat et revient à la page."""
    try_geste(request, geste, fait, **mots, **sign(request))
    return redirect(page, *arguments)


def explain_erreurs(request: HttpRequest, form: forms.Form) -> None:
    """Dit ce qui manque à un petit formulaire posé au bas d’une page."""
    for nom, erreurs in form.errors.items():
        champ = form.fields.get(nom)
        devant = f"{champ.label} : " if champ else ""
        messages.error(request, f"{devant}{' '.join(str(e) for e in erreurs)}")
