"""Pages où l’équipe tient les indicateurs et leurs valeurs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.mesures import mesures
from socle.metiers.pilotage.errors import CodeDejaPris, ModifieEntreTemps, ValeurDejaNotee
from socle.metiers.pilotage.forms import build_form
from socle.metiers.pilotage.models import Indicateur, Valeur
from socle.metiers.pilotage.queries.edition import (
    list_modifications,
    list_tous_indicateurs,
    list_valeurs,
)
from socle.metiers.pilotage.services import save_objet, set_retrait
from socle.metiers.pilotage.views.edition import (
    choose_statut,
    equipe_requise,
    read_initial,
    read_revision,
    show_versions,
)


@equipe_requise
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les indicateurs, retirés compris ; et ce que Socle sait mesurer."""
    texte = request.GET.get("q", "").replace("\x00", "")[:100]
    employees = set(Indicateur.objects.exclude(mesure="").values_list("mesure", flat=True))
    contexte = {
        "texte": texte,
        "indicateurs": list(list_tous_indicateurs(texte)),
        "libres": [(code, mesures[code]) for code in mesures if code not in employees],
    }
    return render(request, "pilotage/equipe/indicateurs.html", contexte)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau(request: HttpRequest) -> HttpResponse:
    """Crée un indicateur ; `?mesure=` en prépare un mesuré."""
    code = request.GET.get("mesure", "")
    initial: dict[str, Any] = {"revision": 0, "rang": 100, "decimales": 0}
    if code in mesures:
        initial |= {
            "titre": mesures[code].libelle, "unite": mesures[code].unite, "source": "mesuree",
            "definition": mesures[code].definition, "mesure": code,
            "code": code.replace(".", "-").replace("_", "-"),
        }  # fmt: skip
    return _write(request, Indicateur(), initial)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def indicateur(request: HttpRequest, pk: int) -> HttpResponse:
    """Modifie un indicateur ; ses valeurs et son histoire sont dans la page."""
    trouve = get_object_or_404(Indicateur, pk=pk)
    return _write(request, trouve, read_initial(trouve, "indicateur", neuf=False))


@equipe_requise
@require_POST
def retirer(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire un indicateur des pages publiques, ou l’y remet."""
    _retire(request, get_object_or_404(Indicateur, pk=pk))
    return redirect("pilotage:equipe_indicateur", pk)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle_valeur(request: HttpRequest, pk: int) -> HttpResponse:
    """Note un nombre, avec son document et son endroit."""
    trouve = get_object_or_404(Indicateur, pk=pk)
    return _write_valeur(request, Valeur(indicateur=trouve), {"revision": 0})


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def valeur(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrige un nombre ou son origine."""
    trouvee = get_object_or_404(Valeur.objects.select_related("indicateur"), pk=pk)
    return _write_valeur(request, trouvee, read_initial(trouvee, "valeur", neuf=False))


@equipe_requise
@require_POST
def retirer_valeur(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire un nombre, ou le remet ; rien n’est détruit."""
    trouvee = get_object_or_404(Valeur, pk=pk)
    _retire(request, trouvee)
    return redirect("pilotage:equipe_indicateur", trouvee.indicateur_id)


def _retire(request: HttpRequest, objet: Any) -> None:
    retire = request.POST.get("retirer") != "non"
    try:
        set_retrait(
            objet=objet, retire=retire, revision=read_revision(request),
            par=request.user, maintenant=timezone.now(),  # type: ignore[arg-type]
        )  # fmt: skip
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
    else:
        messages.success(request, "C’est retiré." if retire else "C’est remis.")


def _write(request: HttpRequest, objet: Indicateur, initial: dict[str, Any]) -> HttpResponse:
    neuf = objet.pk is None
    form = build_form("indicateur", neuf=neuf)(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            objet = save_objet(
                objet=objet, champs=form.champs, revision=form.cleaned_data["revision"],
                par=request.user, maintenant=timezone.now(),  # type: ignore[arg-type]
            )  # fmt: skip
        except ModifieEntreTemps as refus:
            objet.refresh_from_db()
            actuel = read_initial(objet, "indicateur", neuf=False)
            show_versions(request, form, refus, objet, actuel)
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "L’indicateur est enregistré.")
            return redirect("pilotage:equipe_indicateur", objet.pk)
    contexte = {
        "objet": None if neuf else objet,
        "form": form,
        "valeurs": [] if neuf else list(list_valeurs(objet)),
        "histoire": [] if neuf else list_modifications(objet.cle)[:30],
    }
    return render(request, "pilotage/equipe/indicateur.html", contexte, status=choose_statut(form))


def _write_valeur(request: HttpRequest, objet: Valeur, initial: dict[str, Any]) -> HttpResponse:
    neuf = objet.pk is None
    form = build_form("valeur", neuf=neuf)(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            save_objet(
                objet=objet, champs=form.champs, revision=form.cleaned_data["revision"],
                par=request.user, maintenant=timezone.now(),  # type: ignore[arg-type]
            )  # fmt: skip
        except CodeDejaPris:
            refus = ValeurDejaNotee()
            form.add_error(None, f"{refus.message} {refus.suite}")
        except ModifieEntreTemps as conflit:
            objet.refresh_from_db()
            actuel = read_initial(objet, "valeur", neuf=False)
            show_versions(request, form, conflit, objet, actuel)
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "La valeur est enregistrée.")
            return redirect("pilotage:equipe_indicateur", objet.indicateur_id)
    contexte = {
        "objet": None if neuf else objet,
        "indicateur": objet.indicateur,
        "form": form,
        "histoire": [] if neuf else list_modifications(objet.cle)[:30],
    }
    return render(request, "pilotage/equipe/valeur.html", contexte, status=choose_statut(form))
