"""Membres du programme commun, nommés par l’opérateur."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.administration.forms import MembreProgrammeForm
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.fondations.comptes.permissions import operateur_requis
from socle.fondations.comptes.services.programme import (
    add_membre_programme,
    remove_membre_programme,
)


@operateur_requis
@require_http_methods(["GET", "HEAD", "POST"])
def membres(request: HttpRequest) -> HttpResponse:
    """Nomme et retire les membres du programme : équipe, éditeurs, partenaires."""
    if request.method == "POST" and "retirer" in request.POST:
        return _remove(request)
    form = MembreProgrammeForm(request.POST or None)
    if form.is_valid():
        role = RoleProgramme(form.cleaned_data["role"])
        compte = form.cleaned_data["compte"]
        add_membre_programme(
            compte=compte,
            role=role,
            par=request.user,  # type: ignore[arg-type]
            maintenant=timezone.now(),
        )
        messages.success(request, f"{compte.nom_affiche} a le rôle « {role.label} ».")
        return redirect("administration:programme")
    lignes = MembreProgramme.objects.select_related("compte").order_by("role", "compte__nom", "pk")
    return render(request, "administration/programme.html", {"form": form, "membres": lignes})


def _remove(request: HttpRequest) -> HttpResponse:
    cle = request.POST["retirer"]
    membre = get_object_or_404(
        MembreProgramme.objects.select_related("compte"),
        pk=int(cle) if cle.isdecimal() and len(cle) < 19 else 0,
    )
    remove_membre_programme(
        membre=membre,
        par=request.user,  # type: ignore[arg-type]
        maintenant=timezone.now(),
    )
    nom, role = membre.compte.nom_affiche, membre.get_role_display()
    messages.success(request, f"{nom} n’a plus le rôle « {role} ».")
    return redirect("administration:programme")
