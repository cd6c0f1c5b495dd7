"""Importer des valeurs : lire, montrer ce qui arriverait, puis écrire si la personne confirme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.tableur import FichierRefuse
from socle.fondations.commun.verrou import compute_empreinte
from socle.metiers.pilotage.enums import SortImport
from socle.metiers.pilotage.errors import ImportDepasse
from socle.metiers.pilotage.forms import (
    ConfirmationForm,
    ImportForm,
    check_valeurs,
    read_valeurs,
    seal_lecture,
)
from socle.metiers.pilotage.queries.importation import (
    Relecture,
    judge_lignes,
    list_importables,
    mark_relectures,
)
from socle.metiers.pilotage.services import import_valeurs
from socle.metiers.pilotage.views.edition import equipe_requise

MONTREES_MAX = 100
NOM_MAX = 100


@dataclass(frozen=True, slots=True)
class Apercu:
    """Ce que l’import ferait : les contradictions d’abord, puis le neuf, puis le reste."""

    relectures: Sequence[Relecture]

    @property
    def montrees(self) -> list[Relecture]:
        rangs = list(SortImport)
        triees = sorted(self.relectures, key=lambda r: (not r.contredites, rangs.index(r.sort)))
        return triees[:MONTREES_MAX]

    @property
    def total(self) -> int:
        return len(self.relectures)

    @property
    def ajoutees(self) -> int:
        return sum(lue.ajoute for lue in self.relectures)

    @property
    def connues(self) -> int:
        return sum(lue.sort == SortImport.CONNUE for lue in self.relectures)

    @property
    def retirees(self) -> int:
        return sum(lue.sort == SortImport.RETIREE for lue in self.relectures)

    @property
    def contraires(self) -> int:
        return sum(bool(lue.contredites) for lue in self.relectures)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    """Lit un fichier et montre ce qu’il ferait ; l’aperçu, renvoyé, l’écrit."""
    if "lu" in request.POST:
        return _confirm(request)
    depose = request.method == "POST"
    form = ImportForm(request.POST if depose else None, request.FILES if depose else None)
    if not form.is_valid():
        return _ask(request, form, [])
    nom = request.FILES["fichier"].name or "sans nom"
    try:
        lu = {"nom": nom[-NOM_MAX:], "lignes": read_valeurs(form.cleaned_data["fichier"])}
        return _show(request, lu)
    except FichierRefuse as refus:
        return _ask(request, form, refus.fautes)


def _confirm(request: HttpRequest) -> HttpResponse:
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        return _ask(request, ImportForm(), form.errors.get("lu", []))
    lu = form.cleaned_data["lu"]
    try:
        nombre = import_valeurs(
            lignes=check_valeurs(lu["lignes"], list_importables()), nom=lu["nom"],
            empreinte=form.cleaned_data["empreinte"],
            par=request.user, maintenant=timezone.now(),  # type: ignore[arg-type]
        )  # fmt: skip
    except FichierRefuse as refus:
        return _ask(request, ImportForm(), refus.fautes)
    except ImportDepasse as refus:
        return _show(request, lu, refus)
    messages.success(request, f"Valeurs ajoutées : {nombre}.")
    return redirect("pilotage:equipe_indicateurs")


def _ask(request: HttpRequest, form: ImportForm, fautes: Sequence[str]) -> HttpResponse:
    statut = 422 if request.method == "POST" else 200
    contexte = {"form": form, "fautes": fautes}
    return render(request, "pilotage/equipe/importer.html", contexte, status=statut)


def _show(
    request: HttpRequest, lu: dict[str, Any], refus: ImportDepasse | None = None
) -> HttpResponse:
    relectures = judge_lignes(check_valeurs(lu["lignes"], list_importables()))
    contexte = {
        "nom": lu["nom"],
        "apercu": Apercu(relectures),
        "refus": refus,
        "lu": seal_lecture(lu["nom"], lu["lignes"]),
        "empreinte": compute_empreinte(mark_relectures(relectures)),
    }
    statut = refus.statut if refus else 200
    return render(request, "pilotage/equipe/importer_apercu.html", contexte, status=statut)
