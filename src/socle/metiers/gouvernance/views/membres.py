"""Ce qui attend un membre : répondre, voter, déléguer ; s’inscrire à une réunion ouverte."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.permissions import genre_requis
from socle.metiers.gouvernance.enums import EtatReunion, Reponse, Sens
from socle.metiers.gouvernance.forms.membres import DelegationForm, InscriptionForm, VoteForm
from socle.metiers.gouvernance.models import Convocation, Delegation, Reunion, Siege
from socle.metiers.gouvernance.queries import pages
from socle.metiers.gouvernance.queries.membres import list_a_voter, read_mes_instances
from socle.metiers.gouvernance.queries.sieges import list_beneficiaires, list_sieges_du_compte
from socle.metiers.gouvernance.services import ateliers, delegations, reunions, votes
from socle.metiers.gouvernance.views.outils import try_geste

agent_requis = genre_requis(GenreCompte.AGENT)
ACCUEIL = "gouvernance:mes_instances"


@agent_requis
@require_safe
def mes_instances(request: HttpRequest) -> HttpResponse:
    """Ce qui attend la personne : convocations, votes, délégations, inscriptions."""
    maintenant = timezone.now()
    mes = read_mes_instances(request.user, maintenant)
    return render(request, "gouvernance/mes_instances.html", {"mes": mes, "pour": request.user})


@agent_requis
@require_POST
def repondre(request: HttpRequest, pk: int) -> HttpResponse:
    """Répond présent ou excusé à une convocation."""
    convocation = _get_convocation(request, pk)
    reponse = request.POST.get("choix", "")
    if reponse not in Reponse:
        messages.error(request, "Choisissez présent ou excusé.")
        return redirect(ACCUEIL)
    try_geste(
        request,
        reunions.answer_convocation,
        "Votre réponse est notée.",
        convocation=convocation,
        compte=request.user,
        reponse=Reponse(reponse),
        maintenant=timezone.now(),
    )
    return redirect(ACCUEIL)


@agent_requis
@require_http_methods(["GET", "HEAD", "POST"])
def voter(request: HttpRequest, numero: int) -> HttpResponse:
    """Lit le texte figé et vote, au titre d’un siège que l’on porte."""
    decision = pages.find_decision(numero)
    if decision is None:
        raise Http404
    maintenant = timezone.now()
    voix = list_a_voter(request.user, maintenant, decision=decision)
    if not voix:
        messages.info(request, "Vous n’avez pas, ou plus, à voter sur cette décision.")
        return redirect("gouvernance:decision", numero)
    version = next(v for v in decision.versions.all() if v.rang == decision.rang)
    form = VoteForm(voix, request.POST or None, initial={"empreinte": version.empreinte})
    if form.is_valid() and _vote(request, decision, voix, form):
        return redirect(ACCUEIL)
    contexte = {
        "decision": decision,
        "version": version,
        "voix": voix,
        "form": form,
        "effets": sorted(decision.effets.all(), key=lambda effet: effet.pk),
        "peut": any(v.titre for v in voix),
    }
    statut = 422 if form.errors else 200
    return render(request, "gouvernance/voter.html", contexte, status=statut)


def _vote(request, decision, voix, form) -> bool:  # type: ignore[no-untyped-def]
    siege = next(v.siege for v in voix if str(v.siege.pk) == form.cleaned_data["siege"])
    try:
        votes.cast_vote(
            decision=decision,
            siege=siege,
            compte=request.user,
            sens=Sens(form.cleaned_data["sens"]),
            empreinte=form.cleaned_data["empreinte"],
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        form.add_error(None, f"{refus.message} {refus.suite}".strip())
        return False
    messages.success(request, "Votre vote est enregistré, et inscrit au journal de preuve.")
    return True


@agent_requis
@require_http_methods(["GET", "HEAD", "POST"])
def deleguer(request: HttpRequest, pk: int) -> HttpResponse:
    """Confie la voix d’un siège que l’on tient."""
    maintenant = timezone.now()
    jour = timezone.localdate(maintenant)
    siens = list_sieges_du_compte(request.user, jour)
    siege = next((s for s in siens if s.pk == pk and s.titulaire_id == request.user.pk), None)
    if siege is None:
        raise Http404
    beneficiaires = list_beneficiaires(siege, jour)
    a_venir = list(
        Reunion.objects.filter(
            instance=siege.instance, etat=EtatReunion.CONVOQUEE, fin__gte=maintenant
        ).order_by("debut")
    )
    initial = {"reunion": request.GET.get("reunion", "")}
    form = DelegationForm(beneficiaires, a_venir, request.POST or None, initial=initial)
    if form.is_valid() and _delegate(request, siege, beneficiaires, a_venir, form):
        return redirect(ACCUEIL)
    contexte = {"siege": siege, "form": form, "beneficiaires": beneficiaires}
    return render(
        request, "gouvernance/deleguer.html", contexte, status=422 if form.errors else 200
    )


def _delegate(  # type: ignore[no-untyped-def]
    request, siege: Siege, beneficiaires: list[Siege], a_venir: list[Reunion], form
) -> bool:
    valeurs = form.cleaned_data
    try:
        delegations.delegate(
            siege=siege,
            beneficiaire=next(s for s in beneficiaires if str(s.pk) == valeurs["beneficiaire"]),
            reunion=next((r for r in a_venir if str(r.pk) == valeurs["reunion"]), None),
            par=request.user,
            du=valeurs["du"],
            au=valeurs["au"],
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        form.add_error(None, f"{refus.message} {refus.suite}".strip())
        return False
    messages.success(request, "Votre voix est confiée. Vous pouvez la reprendre à tout moment.")
    return True


@agent_requis
@require_POST
def reprendre(request: HttpRequest, pk: int) -> HttpResponse:
    """Reprend une voix confiée."""
    delegation = Delegation.objects.filter(pk=pk, siege__titulaire=request.user).first()
    if delegation is None:
        raise Http404
    try_geste(
        request,
        delegations.take_back,
        "Vous avez repris votre voix.",
        delegation=delegation,
        par=request.user,
        maintenant=timezone.now(),
    )
    return redirect(ACCUEIL)


@agent_requis
@require_http_methods(["GET", "HEAD", "POST"])
def inscrire(request: HttpRequest, pk: int) -> HttpResponse:
    """Inscrit un agent à une réunion ouverte."""
    reunion = _get_ouverte(pk)
    form = InscriptionForm(request.POST or None)
    if form.is_valid():
        try_geste(
            request,
            ateliers.register,
            "Vous êtes inscrit. Le lien de visioconférence est sur cette page.",
            reunion=reunion,
            compte=request.user,
            organisation=form.cleaned_data["organisation"],
            maintenant=timezone.now(),
        )
        return redirect("gouvernance:reunion", pk)
    contexte = {"reunion": reunion, "form": form}
    return render(
        request, "gouvernance/inscrire.html", contexte, status=422 if form.errors else 200
    )


@agent_requis
@require_POST
def desinscrire(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire l’inscription d’un agent."""
    reunion = _get_ouverte(pk)
    try_geste(
        request,
        ateliers.unregister,
        "Votre inscription est retirée.",
        reunion=reunion,
        compte=request.user,
        maintenant=timezone.now(),
    )
    return redirect("gouvernance:reunion", pk)


def _get_ouverte(pk: int) -> Reunion:
    reunion = pages.find_reunion(pk)
    if reunion is None or not reunion.ouverte or reunion.etat == EtatReunion.PREVUE:
        raise Http404
    return reunion


def _get_convocation(request: HttpRequest, pk: int) -> Convocation:
    convocation = Convocation.objects.filter(pk=pk).select_related("siege").first()
    if convocation is None or request.user.pk not in (
        convocation.siege.titulaire_id,
        convocation.siege.suppleant_id,
    ):
        raise Http404
    return convocation
