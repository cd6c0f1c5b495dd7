"""Pages de l’équipe : grille, recevabilité, jury, ouverture et publication."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.metiers.consultations.enums import FonctionJury, OrigineDeport
from socle.metiers.consultations.errors import EvaluationModifieeAilleurs
from socle.metiers.consultations.forms import evaluation as saisies
from socle.metiers.consultations.models import Campagne, Deport, Grille, Instruction, Jure, Reponse
from socle.metiers.consultations.permissions import equipe_requise
from socle.metiers.consultations.queries import evaluation_equipe as pages
from socle.metiers.consultations.queries import evaluation_jury as lectures
from socle.metiers.consultations.queries.evaluation_resultats import build_bilan
from socle.metiers.consultations.services import evaluation_grille as grilles
from socle.metiers.consultations.services import evaluation_jury as jury
from socle.metiers.consultations.services import evaluation_notes, evaluation_publication
from socle.metiers.consultations.services import evaluation_recevabilite as recevabilite
from socle.metiers.consultations.views.commun import choose_statut, show_versions
from socle.metiers.consultations.views.evaluation_resultats import present_bilan
from socle.metiers.consultations.views.repondre import list_resume

ECRIRE = require_http_methods(["GET", "HEAD", "POST"])
FORMULAIRE = "consultations/evaluation/formulaire.html"


def get_instruction(slug: str) -> Instruction:
    """L’évaluation d’un AMI ou d’un AAP ; 404 si elle n’est pas ouverte."""
    return get_object_or_404(
        Instruction.objects.select_related("campagne"), campagne__slug=slug
    )  # fmt: skip


def sign(request: HttpRequest) -> dict[str, Any]:
    """Qui agit, et quand."""
    return {"acteur": request.user.acteur, "maintenant": timezone.now()}  # type: ignore[union-attr]


def try_form(form: forms.Form, geste: Callable[..., Any], **donnees: Any) -> Any:
    """Fait un geste ; un refus devient une erreur du formulaire. Rend vrai si c’est fait.

    Raises:
        EvaluationModifieeAilleurs: à la page de montrer les deux versions.
    """
    try:
        fait = geste(**donnees)
    except EvaluationModifieeAilleurs:
        raise
    except ErreurMetier as refus:
        form.add_error(None, f"{refus.message} {refus.suite}".strip())
        return None
    return True if fait is None else fait


def act(
    request: HttpRequest, vers: str, geste: Callable[..., Any], fait: str, **donnees: Any
) -> HttpResponse:
    """Fait un geste, dit le résultat ou le refus, et va à une adresse."""
    try:
        geste(**donnees)
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
    else:
        messages.success(request, fait)
    return redirect(vers)


def show_form(
    request: HttpRequest, instruction: Instruction, form: forms.Form, **contexte: Any
) -> HttpResponse:
    """Montre un formulaire seul sur sa page ; 422 s’il est refusé."""
    contexte = {"form": form, "instruction": instruction, "campagne": instruction.campagne,
                "phrase": "", **contexte}  # fmt: skip
    return render(request, FORMULAIRE, contexte, status=choose_statut(form))


def build_url(instruction: Instruction) -> str:
    return reverse("consultations:equipe_evaluation", args=[instruction.campagne.slug])


@equipe_requise
@ECRIRE
def evaluation(request: HttpRequest, slug: str) -> HttpResponse:
    """Où en est l’évaluation, et ce qui reste à faire ; POST l’ouvre."""
    campagne = get_object_or_404(Campagne, slug=slug)
    if not campagne.is_evaluee:
        raise Http404
    if request.method == "POST":
        grilles.open_instruction(campagne=campagne, **sign(request))
        return redirect("consultations:equipe_evaluation", slug)
    instruction = Instruction.objects.filter(campagne=campagne).first()
    contexte: dict[str, Any] = {"campagne": campagne, "instruction": instruction}
    if instruction is not None:
        instruction.campagne = campagne
        contexte |= pages.read_tableau(instruction)
    return render(request, "consultations/evaluation/equipe.html", contexte)


# Grille -------------------------------------------------------------------------------------------
@equipe_requise
@ECRIRE
def grille(request: HttpRequest, slug: str) -> HttpResponse:
    """Changer la grille, ou en ouvrir une nouvelle version après la première note."""
    instruction = get_instruction(slug)
    courante = lectures.get_grille(instruction)
    form = saisies.GrilleForm(
        request.POST or None, grille=courante, criteres=lectures.list_criteres(courante)
    )
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        try:
            fait = try_form(
                form, grilles.save_grille, instruction=instruction, maximum=lus["maximum"],
                mention=lus["mention"], criteres=form.criteres, motif=lus.get("motif", ""),
                empreinte=lus["empreinte"], **sign(request),
            )  # fmt: skip
        except EvaluationModifieeAilleurs as refus:
            courante = lectures.get_grille(instruction)
            form = _compare_grille(request, instruction, courante, refus)
            fait = None
        if fait:
            messages.success(request, f"La grille est enregistrée, version {fait.version}.")
            return redirect("consultations:equipe_grille_apercu", slug)
    contexte = {
        "form": form, "grille": courante, "instruction": instruction,
        "campagne": instruction.campagne,
        "copie": saisies.CopieForm(instruction=instruction),
        "a_copier": Instruction.objects.exclude(pk=instruction.pk).exists(),
    }  # fmt: skip
    statut = choose_statut(form)
    return render(request, "consultations/evaluation/grille.html", contexte, status=statut)


def _compare_grille(
    request: HttpRequest, instruction: Instruction, courante: Grille, refus: ModifieAilleurs
) -> saisies.GrilleForm:
    """Le même envoi, devant la grille enregistrée depuis."""
    form = saisies.GrilleForm(
        request.POST, grille=courante, criteres=lectures.list_criteres(courante)
    )
    show_versions(
        request, instruction, form, refus, action="instruction.grille", actuel=form.initial,
        autres=form.list_absents(),
    )  # fmt: skip
    return form


@equipe_requise
@require_POST
def grille_copier(request: HttpRequest, slug: str) -> HttpResponse:
    """Reprend la grille d’un autre appel."""
    instruction = get_instruction(slug)
    form = saisies.CopieForm(request.POST, instruction=instruction)
    vers = reverse("consultations:equipe_grille", args=[slug])
    if not form.is_valid():
        messages.error(request, "Choisissez l’appel dont reprendre la grille.")
        return redirect(vers)
    return act(
        request, vers, grilles.copy_grille, "La grille est reprise.", instruction=instruction,
        **form.cleaned_data, **sign(request),
    )  # fmt: skip


@equipe_requise
@require_safe
def grille_apercu(request: HttpRequest, slug: str) -> HttpResponse:
    """La grille telle que le jury la verra, et ses versions."""
    instruction = get_instruction(slug)
    courante = lectures.get_grille(instruction)
    criteres = lectures.list_criteres(courante)
    contexte = {
        "instruction": instruction, "campagne": instruction.campagne, "grille": courante,
        "form": saisies.NotesForm(grille=courante, criteres=criteres),
        "versions": instruction.grilles.order_by("-version"),
    }  # fmt: skip
    return render(request, "consultations/evaluation/apercu.html", contexte)


@equipe_requise
@ECRIRE
def reglages(request: HttpRequest, slug: str) -> HttpResponse:
    """Quorum, écarts, voies de recours."""
    instruction = get_instruction(slug)
    form = saisies.CadreForm(request.POST or None, initial=saisies.read_cadre(instruction))
    if request.method == "POST" and form.is_valid():
        try:
            fait = try_form(form, grilles.save_cadre, instruction=instruction,
                            **form.cleaned_data, **sign(request))  # fmt: skip
        except EvaluationModifieeAilleurs as refus:
            instruction.refresh_from_db()
            actuel = saisies.read_cadre(instruction)
            show_versions(
                request, instruction, form, refus, action="instruction.reglee", actuel=actuel
            )
            fait = None
        if fait:
            messages.success(request, "Les règles sont enregistrées.")
            return redirect(build_url(instruction))
    return show_form(request, instruction, form, titre="Règles de l’évaluation",
                     bouton="Enregistrer")  # fmt: skip


# Recevabilité -------------------------------------------------------------------------------------
@equipe_requise
@ECRIRE
def dossier(request: HttpRequest, slug: str, cle: UUID) -> HttpResponse:
    """Un dossier : ce qui se constate, ce qu’il dit, et la décision de recevabilité."""
    campagne = get_object_or_404(Campagne, slug=slug)
    deposees = Reponse.objects.select_related("campagne", "recevabilite")
    lue = get_object_or_404(deposees, campagne=campagne, cle=cle, etat="deposee")
    jugee = getattr(lue, "recevabilite", None)
    initial = {"recevable": "oui" if jugee.recevable else "non", "motif": jugee.motif} if jugee \
        else {}  # fmt: skip
    form = saisies.RecevabiliteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fait = try_form(
            form, recevabilite.judge_recevabilite, reponse=lue, agent=request.user,
            maintenant=timezone.now(), **form.cleaned_data,
        )  # fmt: skip
        if fait:
            messages.success(request, f"{lue.numero} : la décision est enregistrée.")
            return redirect("consultations:equipe_evaluation", slug)
    contexte = {
        "campagne": campagne, "reponse": lue, "jugee": jugee, "form": form,
        "constats": recevabilite.list_constats(campagne, lue),
        "pages": list_resume(lue, lue.reponses),
    }  # fmt: skip
    statut = 422 if form.errors else 200
    return render(request, "consultations/evaluation/recevabilite.html", contexte, status=statut)


# Jury ---------------------------------------------------------------------------------------------
@equipe_requise
@ECRIRE
def jury_ajouter(request: HttpRequest, slug: str) -> HttpResponse:
    """Inviter un agent au jury."""
    instruction = get_instruction(slug)
    form = saisies.JureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fait = try_form(form, jury.add_jure, instruction=instruction, **form.cleaned_data,
                        **sign(request))  # fmt: skip
        if fait:
            messages.success(request, f"{fait.compte.nom_affiche} est invité au jury.")
            return redirect(build_url(instruction))
    return show_form(
        request, instruction, form, titre="Inviter au jury", bouton="Inviter",
        phrase="Un courriel part. Les conflits que les tables montrent sont constatés aussitôt :"
        " sa collectivité, son intercommunalité, son département, son nom dans un dossier.",
    )  # fmt: skip


@equipe_requise
@ECRIRE
def jury_sortir(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Faire sortir un membre, et le remplacer au besoin."""
    instruction = get_instruction(slug)
    jure = get_object_or_404(
        Jure.objects.select_related("compte", "instruction__campagne"), pk=pk,
        instruction=instruction, sorti_le__isnull=True,
    )  # fmt: skip
    form = saisies.SortieForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lus = form.cleaned_data
        if lus["compte"]:
            fait = try_form(form, jury.replace_jure, jure=jure, **lus, **sign(request))
        else:
            fait = try_form(form, jury.remove_jure, jure=jure, motif=lus["motif"],
                            **sign(request))  # fmt: skip
        if fait:
            messages.success(request, f"{jure.compte.nom_affiche} n’est plus du jury.")
            return redirect(build_url(instruction))
    return show_form(
        request, instruction, form, titre=f"Faire sortir {jure.compte.nom_affiche}",
        bouton="Faire sortir", phrase="Ses notes signées restent ; ses brouillons sont annulés.",
    )  # fmt: skip


@equipe_requise
@require_POST
def jury_fonction(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Donner une fonction à un membre."""
    instruction = get_instruction(slug)
    jure = get_object_or_404(
        Jure.objects.select_related("instruction"), pk=pk, instruction=instruction,
        sorti_le__isnull=True,
    )  # fmt: skip
    form = saisies.FonctionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez une fonction.")
        return redirect(build_url(instruction))
    return act(
        request, build_url(instruction), jury.set_fonction, "La fonction est donnée.", jure=jure,
        fonction=FonctionJury(form.cleaned_data["fonction"]), **sign(request),
    )  # fmt: skip


@equipe_requise
@ECRIRE
def deport_ajouter(request: HttpRequest, slug: str) -> HttpResponse:
    """Retirer un membre d’un dossier, sur un signalement."""
    instruction = get_instruction(slug)
    form = saisies.DeportForm(request.POST or None, instruction=instruction)
    if request.method == "POST" and form.is_valid():
        fait = try_form(form, jury.record_deport, origine=OrigineDeport.EQUIPE,
                        **form.cleaned_data, **sign(request))  # fmt: skip
        if fait:
            messages.success(request, "Le déport est écrit ; sa note sur ce dossier est annulée.")
            return redirect(build_url(instruction))
    return show_form(
        request, instruction, form, titre="Signaler un intérêt", bouton="Retirer du dossier",
        phrase="Le membre ne verra plus ce dossier ; s’il l’a noté, sa note ne compte plus.",
    )  # fmt: skip


@equipe_requise
@ECRIRE
def deport_lever(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Lever un déport constaté à tort."""
    instruction = get_instruction(slug)
    deport = get_object_or_404(
        Deport.objects.select_related("jure__compte", "jure__instruction", "reponse"), pk=pk,
        jure__instruction=instruction, leve_le__isnull=True,
    )  # fmt: skip
    form = saisies.MotifForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fait = try_form(form, jury.lift_deport, deport=deport, **form.cleaned_data, **sign(request))
        if fait:
            messages.success(request, "Le déport est levé ; le motif est au procès-verbal.")
            return redirect(build_url(instruction))
    return show_form(
        request, instruction, form, titre="Lever un déport", bouton="Lever le déport",
        phrase=f"{deport.jure.compte.nom_affiche}, dossier {deport.reponse.numero} :"
        f" {deport.get_origine_display().lower()}. {deport.motif}",
    )  # fmt: skip


# Étapes -------------------------------------------------------------------------------------------
@equipe_requise
@require_POST
def ouvrir(request: HttpRequest, slug: str) -> HttpResponse:
    """Ouvre la notation."""
    instruction = get_instruction(slug)
    return act(
        request, build_url(instruction), evaluation_notes.open_notation,
        "La notation est ouverte : le jury lit les dossiers.", instruction=instruction,
        **sign(request),
    )  # fmt: skip


@equipe_requise
@ECRIRE
def publier(request: HttpRequest, slug: str) -> HttpResponse:
    """Relire ce qui sera public, puis publier d’un coup."""
    instruction = get_instruction(slug)
    if request.method == "POST":
        return act(
            request, build_url(instruction), evaluation_publication.publish_resultats,
            "Les résultats sont publiés ; chaque déposant reçoit sa décision.",
            instruction=instruction, **sign(request),
        )  # fmt: skip
    contexte = {
        "instruction": instruction, "campagne": instruction.campagne,
        **present_bilan(instruction.bilan or build_bilan(instruction)),
    }  # fmt: skip
    return render(request, "consultations/evaluation/publier.html", contexte)
