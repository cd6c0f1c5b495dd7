"""Une collectivité demande à être accompagnée, et suit ses demandes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.catalogue.enums import Cote, EtatSolution
from socle.metiers.catalogue.forms.suivi import DemandeForm
from socle.metiers.catalogue.models import Solution
from socle.metiers.catalogue.queries import deploiement as lectures
from socle.metiers.catalogue.queries.solutions import list_noms
from socle.metiers.catalogue.services.deploiement import request_deploiement
from socle.metiers.catalogue.views.commun import get_ou_404, show_form, try_form
from socle.metiers.catalogue.views.equipe import ECRIRE
from socle.metiers.catalogue.views.tenue import show_demande

AGENTS = role_requis(Role.ADMINISTRATEUR, Role.VALIDEUR)
BASE = "commun/base_agent.html"


@AGENTS
@require_safe
def demandes(request: HttpRequest) -> HttpResponse:
    """Demandes de la collectivité, et de quoi en faire une."""
    contexte = {
        "demandes": lectures.list_demandes_de(request.collectivite.siren),
        "solutions": list_noms(),
    }
    return render(request, "catalogue/collectivite/demandes.html", contexte)


@AGENTS
@ECRIRE
def demander(request: HttpRequest, slug: str) -> HttpResponse:
    """Demande de l’aide pour une solution."""
    choisie = get_object_or_404(Solution, slug=slug, etat=EtatSolution.PUBLIEE)
    agent = request.user
    initial = {"contact": agent.nom_affiche, "courriel": agent.courriel_envoi}
    formulaire = DemandeForm(request.POST or None, initial=initial)
    if request.method == "POST":
        fait = try_form(
            formulaire, lambda: request_deploiement(
                solution=choisie, collectivite=request.collectivite, agent=agent,
                maintenant=timezone.now(), **formulaire.cleaned_data,
            ),
        )  # fmt: skip
        if fait:
            messages.success(request, "Votre demande est partie. La réponse viendra ici.")
            return redirect("catalogue_collectivite:demande", fait.pk)
    return show_form(
        request, formulaire, titre=f"Être accompagné pour {choisie.nom}", bouton="Envoyer",
        retour=reverse("catalogue_collectivite:demandes"), base=BASE,
        aide="L’équipe du programme et l’éditeur lisent cette demande et y répondent.",
    )  # fmt: skip


@AGENTS
@ECRIRE
def demande(request: HttpRequest, pk: int) -> HttpResponse:
    """Une demande de la collectivité, son fil, et un message à écrire."""
    siennes = lectures.list_demandes_de(request.collectivite.siren)
    ouverte = get_ou_404(lectures.load_fil(siennes, pk))
    retour = reverse("catalogue_collectivite:demandes")
    return show_demande(request, ouverte, Cote.COLLECTIVITE, retour, BASE)
