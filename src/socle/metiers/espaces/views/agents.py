"""Ce que dit une collectivité : ce qui lui sert, et ce qu’elle a appris."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.presentation import Ecriture
from socle.fondations.commun.verrou import mark_valeurs, read_valeurs, show_conflit
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.espaces.errors import RetourModifieAilleurs
from socle.metiers.espaces.forms.boite import RetourForm
from socle.metiers.espaces.models import RetourDExperience
from socle.metiers.espaces.queries import boite as lectures
from socle.metiers.espaces.services import boite
from socle.metiers.espaces.services import retours as services
from socle.metiers.espaces.services.autorite import identify_autorite
from socle.metiers.espaces.views.commun import FORMULAIRE, say_refus, show_form

LISTE_MAX = 300


@role_requis(Role.ADMINISTRATEUR)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Livrables publiés, et ceux dont la collectivité dit se servir."""
    siens = lectures.list_utilises(_get_cle(request))
    publies = lectures.list_publies().order_by("titre", "pk")[:LISTE_MAX]
    contexte = {"lignes": [(ligne, ligne.pk in siens) for ligne in publies]}
    return render(request, "espaces/agent/liste.html", contexte)


@role_requis(Role.ADMINISTRATEUR)
@require_POST
def dire(request: HttpRequest, livrable: str) -> HttpResponse:
    """Dit que la collectivité s’en sert ; ou ne s’en sert plus."""
    trouve = lectures.find_livrable(livrable)
    if trouve is None:
        raise Http404
    utilise = request.POST.get("choix") != "non"
    boite.set_usage(
        livrable=trouve, collectivite=request.collectivite, utilise=utilise,
        acteur=request.user.acteur, maintenant=timezone.now(),
    )  # fmt: skip
    phrase = "C’est noté : vous vous en servez" if utilise else "C’est noté : ce n’est plus le cas"
    messages.success(request, f"{phrase} (« {trouve.titre} »).")
    return redirect("outils:liste")


@role_requis(Role.ADMINISTRATEUR)
@require_safe
def retours(request: HttpRequest) -> HttpResponse:
    """Les retours de la collectivité."""
    contexte = {"retours": lectures.list_retours_de(_get_cle(request))}
    return render(request, "espaces/agent/retours.html", contexte)


@role_requis(Role.ADMINISTRATEUR)
@require_http_methods(FORMULAIRE)
def nouveau(request: HttpRequest) -> HttpResponse:
    """Commence un retour d’expérience."""
    form = RetourForm(request.POST or None)
    if form.is_valid():
        retour = services.create_retour(
            collectivite=request.collectivite, acteur=request.user.acteur,
            maintenant=timezone.now(), **_read_fiche(form),
        )  # fmt: skip
        messages.success(request, "Brouillon enregistré. Relisez-le, puis proposez-le.")
        return redirect("outils:modifier", retour.pk)
    return show_form(request, "espaces/agent/nouveau.html", form)


def _read_fiche(form: RetourForm) -> dict[str, Any]:
    """Rend le retour saisi ; un retour neuf n’a rien à comparer."""
    return {nom: valeur for nom, valeur in form.cleaned_data.items() if nom != "empreinte"}


@role_requis(Role.ADMINISTRATEUR)
@require_http_methods(FORMULAIRE)
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrige un retour, tant qu’il est à la collectivité."""
    retour = _get_retour(request, pk)
    form = RetourForm(request.POST or None, initial=_read_initial(retour))
    if form.is_valid():
        try:
            services.update_retour(
                retour=retour, acteur=request.user.acteur, maintenant=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, "Le retour est enregistré.")
        except RetourModifieAilleurs as refus:
            return _show_versions(request, pk, form, refus)
        except ErreurMetier as refus:
            say_refus(request, refus)
        return redirect("outils:modifier", pk)
    return show_form(request, "espaces/agent/modifier.html", form, retour=retour)


def _read_initial(retour: RetourDExperience) -> dict[str, Any]:
    champs = [nom for nom in RetourForm.base_fields if nom != "empreinte"]
    return mark_valeurs(read_valeurs(retour, *champs))


def _show_versions(
    request: HttpRequest, pk: int, form: RetourForm, refus: RetourModifieAilleurs
) -> HttpResponse:
    """Montre le retour enregistré entre-temps à côté de la saisie."""
    relu = _get_retour(request, pk)
    actuel = _read_initial(relu)
    show_conflit(
        form,
        refus,
        actuel=actuel,
        marque={"empreinte": actuel["empreinte"]},
        prendre=request.path,
        ecriture=Ecriture(le=relu.modifie_le),
    )
    return show_form(request, "espaces/agent/modifier.html", form, retour=relu)


@role_requis(Role.ADMINISTRATEUR)
@require_POST
def proposer(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose le retour à l’équipe du programme."""
    retour = _get_retour(request, pk)
    try:
        services.submit_retour(retour=retour, acteur=request.user.acteur, maintenant=timezone.now())
        messages.success(request, "Le retour est proposé. L’équipe du programme va le relire.")
    except ErreurMetier as refus:
        say_refus(request, refus)
    return redirect("outils:retours")


def _get_retour(request: HttpRequest, pk: int) -> RetourDExperience:
    retour = lectures.find_retour_de(_get_cle(request), pk)
    if retour is None:
        raise Http404
    return retour


def _get_cle(request: Any) -> str:
    return identify_autorite(request.collectivite)[0]
