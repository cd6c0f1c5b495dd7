"""L’équipe tient les instances et leurs sièges."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.verrou import compute_empreinte, mark_valeurs
from socle.metiers.gouvernance.enums import College, NatureInstance
from socle.metiers.gouvernance.forms.equipe import (
    FicheInstanceForm,
    FinDeSiegeForm,
    NouvelleInstanceForm,
    PersonnesForm,
    SiegeForm,
)
from socle.metiers.gouvernance.models import Instance, Siege
from socle.metiers.gouvernance.queries import pages
from socle.metiers.gouvernance.queries.editions import describe_instance, describe_siege
from socle.metiers.gouvernance.queries.sieges import list_sieges, map_delegations
from socle.metiers.gouvernance.services import instances
from socle.metiers.gouvernance.views.gestes import (
    act,
    equipe_requise,
    show_form,
    submit,
    submit_fiche,
)
from socle.metiers.gouvernance.views.gestes import explain_erreurs as explain
from socle.metiers.gouvernance.views.publiques import group_colleges

PAGE = "gouvernance:equipe_instance"
FORMULAIRES = ["GET", "HEAD", "POST"]


@equipe_requise
@require_http_methods(FORMULAIRES)
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Crée une instance ; sa nature donne ses pouvoirs."""
    form = NouvelleInstanceForm(request.POST or None)
    if form.is_valid():
        valeurs = form.cleaned_data | {"nature": NatureInstance(form.cleaned_data["nature"])}
        faite = submit(request, form, instances.create_instance, "L’instance est créée.", **valeurs)
        if faite is not None:
            return redirect(PAGE, faite.slug)
    return show_form(request, form, titre="Créer une instance", bouton="Créer")


@equipe_requise
@require_safe
def instance(request: HttpRequest, slug: str) -> HttpResponse:
    """Une instance : ses sièges, leurs personnes, les délégations du jour."""
    lue = _get(slug)
    jour = timezone.localdate()
    sieges = list_sieges(lue, jour)
    contexte = {
        "instance": lue,
        "colleges": group_colleges(sieges),
        "delegations": map_delegations(sieges, jour).values(),
        "form": SiegeForm(initial={"du": jour}),
    }
    return render(request, "gouvernance/equipe/instance.html", contexte)


@equipe_requise
@require_http_methods(FORMULAIRES)
def modifier(request: HttpRequest, slug: str) -> HttpResponse:
    """Change le mandat, la fréquence, le quorum, la règle ; jamais la nature."""
    lue = _get(slug)
    form = FicheInstanceForm(request.POST or None, initial=mark_valeurs(describe_instance(lue)))
    if form.is_valid():
        faite = submit_fiche(
            request, form, instances.update_instance, "C’est enregistré.",
            {**form.cleaned_data, "instance": lue},
            relire=lambda: mark_valeurs(describe_instance(_get(slug))),
            trace={"objet": lue.cle, "actions": ["instance.modifiee"]},
        )  # fmt: skip
        if faite is not None:
            return redirect(PAGE, slug)
    return show_form(request, form, titre=f"Modifier : {lue.nom}", bouton="Enregistrer")


@equipe_requise
@require_POST
def ouvrir_siege(request: HttpRequest, slug: str) -> HttpResponse:
    """Ouvre un siège, pourvu ou non."""
    lue = _get(slug)
    form = SiegeForm(request.POST)
    if not form.is_valid():
        explain(request, form)
        return redirect(PAGE, slug)
    mots = form.cleaned_data | {"college": College(form.cleaned_data["college"]), "instance": lue}
    return act(request, instances.create_siege, "Le siège est ouvert.", PAGE, slug, **mots)


@equipe_requise
@require_http_methods(FORMULAIRES)
def pourvoir(request: HttpRequest, pk: int) -> HttpResponse:
    """Change le titulaire et le suppléant d’un siège."""
    siege = _get_siege(pk)
    form = PersonnesForm(request.POST or None, initial=_read_personnes(siege))
    if form.is_valid() and submit_fiche(
        request, form, instances.assign_siege, "Le siège est pourvu.",
        {**form.cleaned_data, "siege": siege},
        relire=lambda: _read_personnes(_get_siege(pk)),
        trace={"objet": siege.instance.cle, "actions": ["instance.siege_modifie"], "siege": pk},
    ):  # fmt: skip
        return redirect(PAGE, siege.instance.slug)
    titre = f"Pourvoir le siège : {siege.organisation}"
    phrase = "Les délégations que ce siège avait données tombent si le titulaire change."
    return show_form(request, form, titre=titre, bouton="Enregistrer", phrase=phrase)


@equipe_requise
@require_http_methods(FORMULAIRES)
def finir(request: HttpRequest, pk: int) -> HttpResponse:
    """Met fin à un siège ; il reste dans l’histoire."""
    siege = _get_siege(pk)
    form = FinDeSiegeForm(request.POST or None, initial={"au": timezone.localdate()})
    if form.is_valid():
        mots = {"siege": siege, "au": form.cleaned_data["au"]}
        if submit(request, form, instances.close_siege, "Le siège a une fin.", **mots):
            return redirect(PAGE, siege.instance.slug)
    titre = f"Mettre fin au siège : {siege.organisation}"
    return show_form(request, form, titre=titre, bouton="Mettre fin")


def _read_personnes(siege: Siege) -> dict[str, Any]:
    return {
        "titulaire": siege.titulaire,
        "suppleant": siege.suppleant,
        "empreinte": compute_empreinte(describe_siege(siege)),
    }


def _get(slug: str) -> Instance:
    lue = pages.find_instance(slug)
    if lue is None:
        raise Http404
    return lue


def _get_siege(pk: int) -> Siege:
    sieges = Siege.objects.select_related("instance", "titulaire", "suppleant")
    siege = sieges.filter(pk=pk).first()
    if siege is None:
        raise Http404
    return siege
