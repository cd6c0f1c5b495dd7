"""L’équipe prépare, convoque et tient les réunions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.commun.verrou import mark_valeurs
from socle.fondations.documents.services.programme import receive_fichier
from socle.metiers.gouvernance.forms.equipe import (
    ConvoquerForm,
    FichePointForm,
    FicheReunionForm,
    MotifForm,
    NouvelleReunionForm,
    PieceForm,
    PointForm,
    PresencesForm,
    ReleveForm,
)
from socle.metiers.gouvernance.models import PointOrdreDuJour, Reunion
from socle.metiers.gouvernance.queries import pages
from socle.metiers.gouvernance.queries.editions import (
    describe_point,
    describe_releve,
    describe_reunion,
)
from socle.metiers.gouvernance.services import pieces, points, reunions
from socle.metiers.gouvernance.views.equipe_instances import FORMULAIRES
from socle.metiers.gouvernance.views.gestes import (
    act,
    equipe_requise,
    explain_erreurs,
    show_form,
    sign,
    submit,
    submit_fiche,
)

PAGE = "gouvernance:equipe_reunion"


@equipe_requise
@require_http_methods(FORMULAIRES)
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Prépare une réunion ; personne n’est encore prévenu."""
    instances = list(pages.list_instances(timezone.now()))
    initial = {"instance": request.GET.get("instance", "")}
    form = NouvelleReunionForm(instances, request.POST or None, initial=initial)
    if form.is_valid():
        valeurs = dict(form.cleaned_data)
        instance = next(i for i in instances if i.slug == valeurs.pop("instance"))
        faite = submit(
            request, form, reunions.create_reunion,
            "La réunion est préparée. Ajoutez l’ordre du jour, puis convoquez.",
            instance=instance, **valeurs,
        )  # fmt: skip
        if faite is not None:
            return redirect(PAGE, faite.pk)
    return show_form(request, form, titre="Préparer une réunion", bouton="Préparer")


@equipe_requise
@require_safe
def reunion(request: HttpRequest, pk: int) -> HttpResponse:
    """Une réunion : ordre du jour, convocations, présences, relevé, décisions inscrites."""
    lue = _get(pk)
    convocations = list(
        lue.convocations.select_related("siege", "compte").order_by(
            "siege__college", "siege__organisation", "pk"
        )
    )
    contexte = {
        "reunion": lue,
        "points": list(lue.points.order_by("rang")),
        "convocations": convocations,
        "inscriptions": list(lue.inscriptions.select_related("compte").order_by("inscrit_le")),
        "decisions": list(lue.decisions.order_by("numero")),
        "commencee": lue.debut <= timezone.now(),
        "form_point": PointForm(),
        "form_convoquer": ConvoquerForm(),
        "form_annuler": MotifForm(auto_id="annuler_%s"),
        "form_presences": PresencesForm(convocations) if convocations else None,
        "form_releve": ReleveForm(initial=mark_valeurs(describe_releve(lue))),
    }
    return render(request, "gouvernance/equipe/reunion.html", contexte)


@equipe_requise
@require_http_methods(FORMULAIRES)
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change la date, le lieu, le lien ; les convoqués en sont prévenus."""
    lue = _get(pk)
    form = FicheReunionForm(request.POST or None, initial=mark_valeurs(describe_reunion(lue)))
    if form.is_valid():
        faite = submit_fiche(
            request, form, reunions.update_reunion, "C’est enregistré.",
            {**form.cleaned_data, "reunion": lue},
            relire=lambda: mark_valeurs(describe_reunion(_get(pk))),
            trace={"objet": lue.cle, "actions": ["reunion.modifiee"]},
        )  # fmt: skip
        if faite is not None:
            return redirect(PAGE, pk)
    return show_form(request, form, titre=f"Modifier : {lue.titre}", bouton="Enregistrer")


@equipe_requise
@require_POST
def convoquer(request: HttpRequest, pk: int) -> HttpResponse:
    """Convoque les sièges pourvus, une fois chacun."""
    motif = request.POST.get("motif", "")[:300]
    fait = "La réunion est convoquée : chaque membre reçoit un courriel et son agenda."
    return act(request, reunions.convene, fait, PAGE, pk, reunion=_get(pk), motif=motif)


@equipe_requise
@require_POST
def annuler(request: HttpRequest, pk: int) -> HttpResponse:
    """Annule la réunion, et le dit à ceux qui étaient convoqués."""
    motif = request.POST.get("motif", "")[:300]
    fait = "La réunion est annulée."
    return act(request, reunions.cancel_reunion, fait, PAGE, pk, reunion=_get(pk), motif=motif)


@equipe_requise
@require_POST
def presences(request: HttpRequest, pk: int) -> HttpResponse:
    """Note qui était là."""
    lue = _get(pk)
    convocations = list(lue.convocations.select_related("siege", "compte").order_by("pk"))
    form = PresencesForm(convocations, request.POST)
    if not form.is_valid():
        explain_erreurs(request, form)
        return redirect(PAGE, pk)
    fait = "Les présences sont notées."
    return act(
        request, reunions.record_presences, fait, PAGE, pk, reunion=lue, presences=form.read()
    )


@equipe_requise
@require_POST
def releve(request: HttpRequest, pk: int) -> HttpResponse:
    """Publie le relevé et le compte rendu."""
    lue = _get(pk)
    form = ReleveForm(request.POST)
    if not form.is_valid():
        explain_erreurs(request, form)
        return redirect(PAGE, pk)
    page = reverse(PAGE, args=[pk])
    publie = submit_fiche(
        request, form, reunions.publish_releve, "Le relevé est publié.",
        {**form.cleaned_data, "reunion": lue},
        relire=lambda: mark_valeurs(describe_releve(_get(pk))), prendre=page,
        trace={"objet": lue.cle, "actions": ["reunion.releve"]},
    )  # fmt: skip
    if publie or form.errors:
        explain_erreurs(request, form)
        return redirect(page)
    return show_form(request, form, titre=f"Relevé : {lue.titre}", bouton="Publier le relevé")


@equipe_requise
@require_POST
def ajouter_point(request: HttpRequest, pk: int) -> HttpResponse:
    """Ajoute un point à l’ordre du jour."""
    lue = _get(pk)
    form = PointForm(request.POST)
    if not form.is_valid():
        explain_erreurs(request, form)
        return redirect(PAGE, pk)
    fait = "Le point est à l’ordre du jour."
    return act(request, points.save_point, fait, PAGE, pk, reunion=lue, **form.cleaned_data)


@equipe_requise
@require_http_methods(FORMULAIRES)
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """Change un point : texte, documents, place."""
    lu = _get_point(pk)
    form = FichePointForm(request.POST or None, initial=_read_point(lu))
    if form.is_valid() and submit_fiche(
        request, form, points.save_point, "C’est enregistré.",
        {**form.cleaned_data, "reunion": lu.reunion, "point": lu},
        relire=lambda: _read_point(_get_point(pk)),
        trace={"objet": lu.reunion.cle, "actions": ["reunion.ordre_du_jour"], "point": pk},
    ):  # fmt: skip
        return redirect(PAGE, lu.reunion_id)
    return show_form(request, form, titre=f"Modifier le point : {lu.titre}", bouton="Enregistrer")


@hors_transaction
@equipe_requise
@require_http_methods(FORMULAIRES)
def joindre(request: HttpRequest, pk: int) -> HttpResponse:
    """Joint un fichier à un point ; il est rangé avant d’être cité."""
    lu = _get_point(pk)
    form = PieceForm(request.POST or None, request.FILES or None)
    if form.is_valid() and _attach(request, form, lu):
        return redirect(PAGE, lu.reunion_id)
    return show_form(
        request, form, titre=f"Joindre un fichier : {lu.titre}", bouton="Joindre", fichier=True
    )


def _attach(request: HttpRequest, form: PieceForm, lu: PointOrdreDuJour) -> bool:
    try:
        document = receive_fichier(
            fichier=form.cleaned_data["fichier"], objet=lu.reunion.cle, **sign(request)
        )
        pieces.attach_piece(
            point=lu, document=document, titre=form.cleaned_data["titre"],
            public=form.cleaned_data["public"], **sign(request),
        )  # fmt: skip
    except ErreurMetier as refus:
        form.add_error("fichier", f"{refus.message} {refus.suite}".strip())
        return False
    messages.success(request, "Le fichier est joint.")
    return True


@equipe_requise
@require_POST
def detacher(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire un fichier d’un point."""
    lu, fichier = _get_point(pk), request.POST.get("fichier", "")[:36]
    fait = "Le fichier n’est plus joint."
    return act(request, pieces.detach_piece, fait, PAGE, lu.reunion_id, point=lu, fichier=fichier)


@equipe_requise
@require_POST
def retirer_point(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire un point de l’ordre du jour."""
    lu = _get_point(pk)
    fait = f"« {lu.titre} » n’est plus à l’ordre du jour."
    return act(request, points.remove_point, fait, PAGE, lu.reunion_id, point=lu)


def _read_point(lu: PointOrdreDuJour) -> dict[str, Any]:
    return mark_valeurs(describe_point(lu)) | {"rang": lu.rang}


def _get(pk: int) -> Reunion:
    lue = pages.find_reunion(pk)
    if lue is None:
        raise Http404
    return lue


def _get_point(pk: int) -> PointOrdreDuJour:
    lu = PointOrdreDuJour.objects.select_related("reunion__instance").filter(pk=pk).first()
    if lu is None:
        raise Http404
    return lu
