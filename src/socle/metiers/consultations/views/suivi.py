"""Après le dépôt : le reçu, la correction, le retrait."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.notifications.services.programme import build_lien
from socle.metiers.consultations.exports.pdf import build_recu
from socle.metiers.consultations.permissions import JETONS
from socle.metiers.consultations.services import reponses as services
from socle.metiers.consultations.views.commun import (
    FORMULAIRE,
    get_reponse,
    read_acteur,
    say_refus,
)
from socle.metiers.consultations.views.repondre import list_resume


@login_not_required
@require_safe
def recu(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Où en est la réponse : son numéro, ce qu’elle dit, ce que l’on peut encore faire."""
    reponse, maintenant = get_reponse(request, cle), timezone.now()
    jeton = str((request.session.get(JETONS) or {}).get(str(cle), ""))
    contexte = {
        "campagne": reponse.campagne,
        "reponse": reponse,
        "pages": [] if reponse.purgee_le else list_resume(reponse, reponse.reponses),
        "depots": list(reponse.depots.order_by("rang")) if reponse.numero else [],
        "ouverte": reponse.campagne.is_ouverte(maintenant),
        "corrigeable": services.can_correct(reponse, maintenant),
        "lien_secret": build_lien("consultations:reprendre", cle, jeton) if jeton else "",
    }
    return render(request, "consultations/recu.html", contexte)


@login_not_required
@require_safe
def recu_pdf(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Le reçu en PDF accessible."""
    reponse = get_reponse(request, cle)
    if not reponse.is_deposee or reponse.purgee_le:
        raise Http404
    pdf = HttpResponse(build_recu(reponse), content_type="application/pdf")
    pdf.headers["Content-Disposition"] = f'inline; filename="recu-{reponse.numero}.pdf"'
    return pdf


@login_not_required
@require_POST
def corriger(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Rouvre une réponse déposée, ou abandonne la correction commencée."""
    reponse, acteur = get_reponse(request, cle), read_acteur(request)
    abandonne = request.POST.get("geste") == "abandonner"
    geste = services.drop_correction if abandonne else services.open_correction
    try:
        geste(reponse=reponse, acteur=acteur, maintenant=timezone.now())
    except ErreurMetier as refus:
        say_refus(request, refus)
        return redirect("consultations:recu", cle)
    if abandonne:
        messages.success(request, "La correction est abandonnée : votre dépôt n’a pas changé.")
        return redirect("consultations:recu", cle)
    return redirect("consultations:etape", cle, 1)


@login_not_required
@require_http_methods(FORMULAIRE)
def retirer(request: HttpRequest, cle: UUID) -> HttpResponse:
    """Retire la réponse, après confirmation."""
    reponse = get_reponse(request, cle)
    if request.method != "POST":
        contexte = {"campagne": reponse.campagne, "reponse": reponse}
        return render(request, "consultations/retirer.html", contexte)
    try:
        services.withdraw_reponse(
            reponse=reponse, acteur=read_acteur(request, reponse), maintenant=timezone.now()
        )
    except ErreurMetier as refus:
        say_refus(request, refus)
        return redirect("consultations:recu", cle)
    messages.success(request, "Votre réponse est retirée : elle n’est plus lue ni comptée.")
    return redirect(reverse("consultations:campagne", args=[reponse.campagne.slug]))
