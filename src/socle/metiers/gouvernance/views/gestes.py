"""Les pages de l’équipe : un formulaire, un geste, une phrase ; le refus se montre sur la page."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.fondations.commun.verrou import show_conflit
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.fondations.comptes.queries import find_ecriture
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
    return render(request, FORMULAIRE, contexte, status=choose_statut(form))


def submit(
    request: HttpRequest, form: forms.Form, geste: Callable[..., Any], fait: str, **mots: Any
) -> Any:
    """Fait le geste d’un formulaire valide ; rend son résultat, ou None s’il est refusé.

    Le refus devient une erreur du formulaire : rien de ce qui est saisi n’est perdu. Un formulaire
    verrouillé passe par `submit_fiche`.
    """
    try:
        resultat = geste(**mots, **sign(request))
    except ModifieAilleurs:
        raise  # `submit_fiche` montre les deux versions
    except ErreurMetier as refus:
        form.add_error(None, f"{refus.message} {refus.suite}".strip())
        return None
    messages.success(request, fait)
    return True if resultat is None else resultat


def submit_fiche(
    request: HttpRequest,
    form: forms.Form,
    geste: Callable[..., Any],
    fait: str,
    mots: Mapping[str, Any],
    *,
    relire: Callable[[], Mapping[str, Any]],
    trace: Mapping[str, Any],
    prendre: str = "",
) -> Any:
    """Comme `submit`, pour une fiche que l’on change : dépassée, elle montre les deux versions.

    Args:
        relire: rend ce qui est enregistré maintenant, empreinte comprise.
        trace: où le journal dit qui l’a enregistré (`objet`, `actions`, et ce qui précise).
        prendre: la page qui montre l’autre version ; vide, celle-ci.
    """
    try:
        return submit(request, form, geste, fait, **mots)
    except ModifieAilleurs as refus:
        actuel = relire()
        show_conflit(
            form, refus, actuel=actuel, marque={"empreinte": actuel["empreinte"]},
            prendre=prendre or request.path,
            ecriture=find_ecriture(lecteur=request.user, installation=True, **trace),  # type: ignore[arg-type]
        )  # fmt: skip
        return None


def choose_statut(form: forms.Form) -> int:
    """409 pour deux versions, 422 pour une saisie fausse."""
    if getattr(form, "conflit", None):
        return ModifieAilleurs.statut
    return 422 if form.errors else 200


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
