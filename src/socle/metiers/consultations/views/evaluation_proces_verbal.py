"""Le procès-verbal d’un jury, à l’écran et en PDF : réservé à l’équipe, il nomme les refusés."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from socle.metiers.consultations.exports import proces_verbal as exports
from socle.metiers.consultations.permissions import equipe_requise
from socle.metiers.consultations.queries.evaluation_equipe import read_proces_verbal
from socle.metiers.consultations.views.evaluation_equipe import get_instruction


@equipe_requise
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Composition, déclarations, déports, classement et raisons."""
    instruction = get_instruction(slug)
    contexte = {
        "instruction": instruction, "campagne": instruction.campagne,
        "proces": read_proces_verbal(instruction),
    }  # fmt: skip
    return render(request, "consultations/evaluation/proces_verbal.html", contexte)


@equipe_requise
@require_safe
def pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Le même, en PDF accessible, à signer ou à verser."""
    proces = read_proces_verbal(get_instruction(slug))
    contenu = exports.build_pdf(proces, maintenant=timezone.now())
    reponse = HttpResponse(contenu, content_type="application/pdf")
    reponse.headers["Content-Disposition"] = f'attachment; filename="proces-verbal-{slug}.pdf"'
    return reponse
