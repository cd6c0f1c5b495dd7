"""Notes internes d’un dossier."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from socle.fondations.commun.presentation import Ecriture
from socle.fondations.commun.verrou import mark_valeurs, show_conflit
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.dossiers.errors import NoteChangeeAilleurs
from socle.metiers.dossiers.forms import NoteChangeeForm, NoteForm
from socle.metiers.dossiers.models import NoteInterne
from socle.metiers.dossiers.permissions import INSTRUCTEURS, can_change_note
from socle.metiers.dossiers.queries.notes import find_note
from socle.metiers.dossiers.services import notes
from socle.metiers.dossiers.views.agent_dossier import get_dossier, show_dossier


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def noter(request: HttpRequest, numero: int) -> HttpResponse:
    """Ajoute une note."""
    formulaire = NoteForm(request.POST)
    if not formulaire.is_valid():
        return show_dossier(request, numero, note_form=formulaire, statut=422)
    notes.write_note(
        dossier=get_dossier(request, numero),
        auteur=request.user,
        corps=formulaire.cleaned_data["note"],
        maintenant=timezone.now(),
    )
    messages.success(request, "Votre note est enregistrée. Elle ne paraît qu’ici.")
    return redirect(f"{reverse('dossiers:dossier', args=[numero])}#notes")


@role_requis(*INSTRUCTEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, numero: int, pk: int) -> HttpResponse:
    """Change sa note ; celle d’un autre n’a pas de page."""
    ouverte = get_note(request, numero, pk)
    initial = mark_valeurs({"note": ouverte.corps})
    formulaire = NoteChangeeForm(request.POST or None, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        try:
            notes.change_note(
                note=ouverte,
                auteur=request.user,
                corps=formulaire.cleaned_data["note"],
                maintenant=timezone.now(),
                empreinte=formulaire.cleaned_data["empreinte"],
            )
        except NoteChangeeAilleurs as refus:
            return _show_versions(request, numero, pk, formulaire, refus)
        messages.success(request, "Votre note est changée.")
        return redirect(f"{reverse('dossiers:dossier', args=[numero])}#notes")
    contexte = {"dossier": ouverte.dossier, "note": ouverte, "formulaire": formulaire}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "dossiers/agent/note.html", contexte, status=statut)


def _show_versions(
    request: HttpRequest,
    numero: int,
    pk: int,
    formulaire: NoteChangeeForm,
    refus: NoteChangeeAilleurs,
) -> HttpResponse:
    """Montre la note enregistrée dans l’autre page à côté de celle-ci."""
    relue = get_note(request, numero, pk)
    actuel = mark_valeurs({"note": relue.corps})
    show_conflit(
        formulaire,
        refus,
        actuel=actuel,
        marque={"empreinte": actuel["empreinte"]},
        prendre=request.path,
        ecriture=Ecriture(le=relue.changee_le or relue.ecrite_le),
    )
    contexte = {"dossier": relue.dossier, "note": relue, "formulaire": formulaire}
    return render(request, "dossiers/agent/note.html", contexte, status=refus.statut)


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def effacer(request: HttpRequest, numero: int, pk: int) -> HttpResponse:
    """Efface sa note."""
    ouverte = get_note(request, numero, pk)
    notes.delete_note(note=ouverte, auteur=request.user, maintenant=timezone.now())
    messages.success(request, "Votre note est effacée.")
    return redirect(f"{reverse('dossiers:dossier', args=[numero])}#notes")


def get_note(request: HttpRequest, numero: int, pk: int) -> NoteInterne:
    """Rend une note que l’agent peut changer, sinon 404 ; un envoi tardif a son refus expliqué."""
    trouvee = find_note(get_dossier(request, numero), pk)
    if trouvee is None or trouvee.auteur_id != request.user.pk:
        raise Http404
    if request.method != "POST" and not can_change_note(request.user, trouvee):
        raise Http404
    return trouvee
