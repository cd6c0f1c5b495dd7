"""Fin de conservation : éliminer, effacer après versement, trier, verser ; bordereaux et visa."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import has_role, role_requis
from socle.fondations.conservation.enums import GenreBordereau, SortFinal
from socle.fondations.conservation.forms import TriForm
from socle.fondations.conservation.models import Bordereau
from socle.metiers.dossiers.forms import VisaForm
from socle.metiers.dossiers.permissions import LECTEURS_ELIMINATIONS
from socle.metiers.dossiers.services import elimination as services
from socle.metiers.dossiers.services.fins import list_fins
from socle.normes.delais.calculs import to_jour

BORDEREAUX = 50


@role_requis(*LECTEURS_ELIMINATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def eliminations(request: HttpRequest) -> HttpResponse:
    """Dossiers dont la durée est finie, et bordereaux. Proposer et trier ne détruisent rien."""
    collectivite = request.collectivite
    choisis: set[int] = set()
    tri = TriForm(request.POST if request.POST.get("geste") == "trier" else None)
    if request.method == "POST":
        choisis = {int(n) for n in request.POST.getlist("numero") if n.isdigit() and len(n) < 12}
        if not tri.is_bound:
            return propose(request, choisis)
        if tri.is_valid():
            return sort_out(request, choisis, tri)
    contexte = {
        "fins": list_fins(collectivite, to_jour(timezone.now())),
        "tri": tri,
        "choisis": choisis,
        "bordereaux": Bordereau.objects.filter(collectivite=collectivite).order_by(
            "-propose_le", "-pk"
        )[:BORDEREAUX],
        "peut_proposer": has_role(request.user, collectivite, Role.ARCHIVISTE),
    }
    statut = 422 if tri.errors else 200
    return render(request, "dossiers/agent/eliminations.html", contexte, status=statut)


def propose(request: HttpRequest, choisis: set[int]) -> HttpResponse:
    """Met les dossiers choisis sur un bordereau : leur durée est finie, ou ils sont versés."""
    apres = request.POST.get("genre") == GenreBordereau.VERSEMENT
    bordereau = services.propose_elimination(
        collectivite=request.collectivite,
        numeros=choisis,
        agent=request.user,
        maintenant=timezone.now(),
        genre=GenreBordereau.VERSEMENT if apres else GenreBordereau.ELIMINATION,
    )
    messages.success(request, "Le bordereau est prêt. Imprimez-le et faites-le viser.")
    return redirect("dossiers:bordereau", bordereau.pk)


def sort_out(request: HttpRequest, choisis: set[int], tri: TriForm) -> HttpResponse:
    """Garde le sort choisi pour les dossiers cochés."""
    nombre = services.decide_tri(
        collectivite=request.collectivite,
        numeros=choisis,
        agent=request.user,
        maintenant=timezone.now(),
        **tri.cleaned_data,
    )
    suite = (
        "à garder : remettez leur paquet aux archives."
        if tri.cleaned_data["sort"] == SortFinal.CONSERVER
        else "à détruire : préparez leur bordereau."
    )
    dossiers = "1 dossier trié" if nombre == 1 else f"{nombre} dossiers triés"
    messages.success(request, f"{dossiers}, {suite}")
    return redirect("dossiers:eliminations")


@role_requis(*LECTEURS_ELIMINATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def bordereau(request: HttpRequest, pk: int) -> HttpResponse:
    """Un bordereau à imprimer, puis son visa."""
    ouvert = get_object_or_404(
        Bordereau.objects.select_related("collectivite"), collectivite=request.collectivite, pk=pk
    )
    formulaire = VisaForm(request.POST if request.POST.get("geste") == "viser" else None)
    if request.method == "POST":
        try:
            if apply_geste(request, ouvert, formulaire):
                return redirect("dossiers:bordereau", pk)
        except ErreurMetier as refus:
            messages.error(request, f"{refus.message} {refus.suite}".strip())
    statut = 422 if request.method == "POST" else 200
    return render(
        request, "dossiers/agent/bordereau.html", build_bordereau(request, ouvert, formulaire),
        status=statut,
    )  # fmt: skip


def apply_geste(request: HttpRequest, ouvert: Bordereau, formulaire: VisaForm) -> bool:
    """Note le visa, ou le refus ; rend faux si le formulaire est à reprendre."""
    if request.POST.get("geste") == "refuser":
        services.refuse_elimination(
            bordereau=ouvert,
            motif=request.POST.get("motif", ""),
            agent=request.user,
            maintenant=timezone.now(),
        )
        messages.success(request, "Le refus est noté. Aucun dossier n’est détruit.")
        return True
    if not formulaire.is_valid():
        return False
    services.approve_elimination(
        bordereau=ouvert,
        par=formulaire.cleaned_data["visa_par"],
        reference=formulaire.cleaned_data["visa_reference"],
        date_visa=formulaire.cleaned_data["visa_le"],
        agent=request.user,
        maintenant=timezone.now(),
    )
    messages.success(request, "Le visa est noté. La destruction est en cours.")
    return True


def build_bordereau(
    request: HttpRequest, ouvert: Bordereau, formulaire: VisaForm
) -> dict[str, Any]:
    lignes = list(
        ouvert.lignes.filter(collectivite=request.collectivite).order_by("reference", "pk")
    )
    archiviste = has_role(request.user, request.collectivite, Role.ARCHIVISTE)
    return {
        "bordereau": ouvert,
        "lignes": lignes,
        "formulaire": formulaire,
        "peut_viser": archiviste and ouvert.is_a_viser,
        "octets": sum(ligne.octets for ligne in lignes),
        "fichiers": sum(ligne.fichiers for ligne in lignes),
    }
