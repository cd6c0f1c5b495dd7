"""Relire d’autres catalogues, examiner leurs fiches, fusionner, revenir en arrière."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from socle.fondations.commun.locataire import hors_transaction
from socle.metiers.catalogue.enums import EtatImport
from socle.metiers.catalogue.forms.suivi import CatalogueForm, FichierForm
from socle.metiers.catalogue.models import (
    CatalogueDistant,
    FicheDistante,
    FusionFiche,
    ImportCatalogue,
    Solution,
)
from socle.metiers.catalogue.services import fusion as services
from socle.metiers.catalogue.services import imports
from socle.metiers.catalogue.services.lecture import OCTETS_MAX
from socle.metiers.catalogue.views.commun import (
    act,
    read_initial,
    reread,
    show_form,
    try_fiche,
)
from socle.metiers.catalogue.views.equipe import ECRIRE, EQUIPE


@EQUIPE
@require_safe
def catalogues(request: HttpRequest) -> HttpResponse:
    """Catalogues relus, leurs derniers imports, et les fiches à examiner."""
    contexte = {
        "catalogues": CatalogueDistant.objects.order_by("nom"),
        "imports": ImportCatalogue.objects.select_related("catalogue")
        .order_by("-commence_le")[:20],
        "fiches": FicheDistante.objects.filter(etat="a_examiner")
        .select_related("catalogue").defer("donnees").order_by("nom", "id")[:100],
        "fusions": FusionFiche.objects.select_related("fiche", "solution")
        .order_by("-faite_le")[:10],
    }  # fmt: skip
    return render(request, "catalogue/equipe/catalogues.html", contexte)


@EQUIPE
@ECRIRE
def catalogue(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Ajoute un catalogue à relire, ou change le sien."""
    ouvert = get_object_or_404(CatalogueDistant, slug=slug) if slug else None
    formulaire = CatalogueForm(request.POST or None, initial=read_initial(ouvert, CatalogueForm))
    retour = reverse("catalogue:catalogues")
    if request.method == "POST":
        fait = try_fiche(
            request, formulaire,
            partial(
                imports.save_catalogue, catalogue=ouvert, agent=request.user,
                maintenant=timezone.now(),
            ),
            relire=lambda: read_initial(reread(ouvert), CatalogueForm),
            trace={"objet": f"catalogue:{slug}", "actions": ["federation.catalogue"]},
        )  # fmt: skip
        if fait:
            messages.success(request, "Le catalogue est enregistré.")
            return redirect(retour)
    return show_form(request, formulaire, titre=ouvert.nom if ouvert else "Nouveau catalogue",
                     retour=retour)  # fmt: skip


@hors_transaction
@EQUIPE
@require_POST
def relire(request: HttpRequest, slug: str) -> HttpResponse:
    """Relit un catalogue tout de suite ; le réseau passe hors transaction."""
    ouvert = get_object_or_404(CatalogueDistant, slug=slug)
    essai = imports.run_import(
        catalogue=ouvert, acteur=request.user.acteur, maintenant=timezone.now()
    )
    return _tell(request, essai)


@hors_transaction
@EQUIPE
@ECRIRE
def deposer(request: HttpRequest, slug: str) -> HttpResponse:
    """Lit un fichier déposé à la main, comme s’il venait de ce catalogue."""
    ouvert = get_object_or_404(CatalogueDistant, slug=slug)
    formulaire = FichierForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        octets = formulaire.cleaned_data["fichier"].read(OCTETS_MAX + 1)
        essai = imports.run_import(
            catalogue=ouvert, acteur=request.user.acteur, maintenant=timezone.now(), octets=octets
        )
        return _tell(request, essai)
    return show_form(request, formulaire, titre=f"Déposer un fichier, {ouvert.nom}",
                     bouton="Lire le fichier", retour=reverse("catalogue:catalogues"))  # fmt: skip


def _tell(request: HttpRequest, essai: ImportCatalogue) -> HttpResponse:
    if essai.etat == EtatImport.REUSSI:
        messages.success(request, f"{essai.message} {essai.nouvelles} nouvelles.")
    else:
        messages.error(request, f"Import refusé. {essai.message}")
    return redirect("catalogue:catalogues")


@EQUIPE
@require_safe
def fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """Une fiche d’ailleurs : ce qu’elle dit, les doublons possibles, l’aperçu d’une fusion."""
    ouverte = get_object_or_404(FicheDistante.objects.select_related("catalogue"), pk=pk)
    doublons = services.find_doublons(ouverte)
    choisi = request.GET.get("avec") or (doublons[0].solution.slug if doublons else "")
    solution = Solution.objects.filter(slug=choisi[:80]).first()
    contexte: dict[str, Any] = {
        "fiche": ouverte,
        "champs": [(libelle, ouverte.donnees.get(nom)) for nom, libelle in services.REPRIS.items()
                   if ouverte.donnees.get(nom)],
        "doublons": doublons,
        "solution": solution,
        "ecarts": services.list_ecarts(ouverte, solution) if solution else [],
        "toutes": Solution.objects.order_by("nom_tri").only("slug", "nom")[:500],
    }  # fmt: skip
    return render(request, "catalogue/equipe/fiche.html", contexte)


@EQUIPE
@require_POST
def fusionner(request: HttpRequest, pk: int) -> HttpResponse:
    """Reprend les champs cochés dans la solution choisie."""
    ouverte = get_object_or_404(FicheDistante, pk=pk)
    solution = Solution.objects.filter(slug=request.POST.get("solution", "")[:80]).first()
    if solution is None:
        messages.error(request, "Choisissez d’abord la solution avec laquelle fusionner.")
        return redirect("catalogue:fiche_distante", pk)
    return act(
        request, reverse("catalogue:catalogues"), services.merge_fiche,
        f"{solution.nom} reprend ce que vous avez choisi. Vous pouvez l’annuler.",
        fiche=ouverte, solution=solution, champs=request.POST.getlist("champs")[:40],
        agent=request.user, maintenant=timezone.now(),
    )  # fmt: skip


@EQUIPE
@require_POST
def annuler_fusion(request: HttpRequest, pk: int) -> HttpResponse:
    """Revient aux valeurs d’avant une fusion."""
    return act(
        request, reverse("catalogue:catalogues"), services.undo_fusion, "La fusion est annulée.",
        fusion=get_object_or_404(FusionFiche, pk=pk), agent=request.user,
        maintenant=timezone.now(),
    )  # fmt: skip


@EQUIPE
@require_POST
def reprendre(request: HttpRequest, pk: int) -> HttpResponse:
    """Fait un brouillon de solution d’une fiche."""
    return act(
        request, reverse("catalogue:catalogues"), services.adopt_fiche,
        "Un brouillon est prêt dans la liste des solutions : complétez-le avant de publier.",
        fiche=get_object_or_404(FicheDistante.objects.select_related("catalogue"), pk=pk),
        agent=request.user, maintenant=timezone.now(),
    )  # fmt: skip


@EQUIPE
@require_POST
def ecarter(request: HttpRequest, pk: int) -> HttpResponse:
    """Écarte une fiche, ou la remet à examiner."""
    return act(
        request, reverse("catalogue:catalogues"), services.dismiss_fiche,
        "C’est fait. La fiche reviendra si l’autre catalogue la change.",
        fiche=get_object_or_404(FicheDistante, pk=pk), agent=request.user,
        maintenant=timezone.now(),
    )  # fmt: skip
