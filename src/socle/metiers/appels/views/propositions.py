"""Un partenaire propose un appel, et voit ce que l’équipe en a fait."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.appels.forms.appels import NouvelForm
from socle.metiers.appels.permissions import PROPOSEURS
from socle.metiers.appels.queries.appels import list_propositions
from socle.metiers.appels.services.appels import create_appel
from socle.metiers.appels.views.equipe import FORMULAIRE, describe_etat, get_acteur, show_form

MERCI = "Merci. L’équipe du programme vérifie votre proposition, puis la relaie."


@programme_requis(*PROPOSEURS)
@require_http_methods(FORMULAIRE)
def proposer(request: HttpRequest) -> HttpResponse:
    """Propose un appel ; montre les propositions déjà faites et leur état."""
    form = NouvelForm(request.POST or None, initial={"surete": "connue"})
    if form.is_valid():
        create_appel(
            cloture=form.date_saisie, acteur=get_acteur(request), maintenant=timezone.now(),
            propose_par=request.user, **form.fiche,
        )  # fmt: skip
        messages.success(request, MERCI)
        return redirect("appels:proposer")
    siennes = [(appel, describe_etat(appel)) for appel in list_propositions(request.user.pk)]
    return show_form(request, "appels/proposer.html", form, siennes=siennes)
