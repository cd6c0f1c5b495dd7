"""L’équipe prépare, convoque et tient les réunions."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.documents.services.programme import receive_fichier
from socle.metiers.gouvernance.forms.equipe import (
    ConvoquerForm,
    MotifForm,
    NouvelleReunionForm,
    PieceForm,
    PointForm,
    PresencesForm,
    ReleveForm,
    ReunionForm,
)
from socle.metiers.gouvernance.models import PointOrdreDuJour, Reunion
from socle.metiers.gouvernance.queries import pages
from socle.metiers.gouvernance.services import pieces, reunions
from socle.metiers.gouvernance.views.equipe_instances import FORMULAIRES
from socle.metiers.gouvernance.views.gestes import (
    act,
    equipe_requise,
    explain_erreurs,
    show_form,
    sign,
    submit,
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
        "form_releve": ReleveForm(initial={"releve": lue.releve, "compte_rendu": lue.compte_rendu}),
    }
    return render(request, "gouvernance/equipe/reunion.html", contexte)


@equipe_requise
@require_http_methods(FORMULAIRES)
def modifier(request: HttpRequest, pk: int) -> HttpResponse:
    """Change la date, le lieu, le lien ; les convoqués en sont prévenus."""
    lue = _get(pk)
    initial = {nom: getattr(lue, nom) for nom in ReunionForm.base_fields}
    initial |= {"debut": timezone.localtime(lue.debut), "fin": timezone.localtime(lue.fin)}
    form = ReunionForm(request.POST or None, initial=initial)
    if form.is_valid():
        mots = form.cleaned_data | {"reunion": lue}
        if submit(request, form, reunions.update_reunion, "C’est enregistré.", **mots) is not None:
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
    fait = "Le relevé est publié."
    return act(request, reunions.publish_releve, fait, PAGE, pk, reunion=lue, **form.cleaned_data)


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
    return act(request, reunions.save_point, fait, PAGE, pk, reunion=lue, **form.cleaned_data)


@equipe_requise
@require_http_methods(FORMULAIRES)
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """Change un point : texte, documents, place."""
    lu = _get_point(pk)
    documents = "\n".join(f"{d['titre']} | {d['url']}" for d in lu.documents if "url" in d)
    initial = {nom: getattr(lu, nom) for nom in PointForm.base_fields} | {"documents": documents}
    form = PointForm(request.POST or None, initial=initial)
    if form.is_valid():
        mots = form.cleaned_data | {"reunion": lu.reunion, "point": lu}
        if submit(request, form, reunions.save_point, "C’est enregistré.", **mots):
            return redirect(PAGE, lu.reunion_id)
    return show_form(request, form, titre=f"Modifier le point : {lu.titre}", bouton="Enregistrer")


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
        request, form, titre=f"Joindre un fichier : {lu.titre}", bouton="Joindre", fichier=True
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
    return act(request, reunions.remove_point, fait, PAGE, lu.reunion_id, point=lu)


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
