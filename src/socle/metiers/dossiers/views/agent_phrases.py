"""Phrases prêtes : les écrire, les changer, et les insérer dans un texte en cours."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.verrou import show_conflit
from socle.fondations.comptes.permissions import Portee, read_portee, role_requis
from socle.fondations.comptes.queries import find_ecriture
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import list_demarches
from socle.metiers.dossiers.errors import PhraseChangeeAilleurs
from socle.metiers.dossiers.forms import CorrectionForm, DecisionForm, PhraseForm, ReponseForm
from socle.metiers.dossiers.models import Dossier, PhrasePrete
from socle.metiers.dossiers.permissions import INSTRUCTEURS, REPARTITEURS, can_change_phrase
from socle.metiers.dossiers.queries.phrases import list_phrases, list_phrases_du_dossier
from socle.metiers.dossiers.services import phrases as services
from socle.metiers.dossiers.views.agent_dossier import get_dossier, show_dossier

# Le formulaire visé, sous le nom que lui donne la page, et son champ de texte.
CIBLES: Mapping[str, tuple[str, type[forms.Form], str]] = {
    "message": ("message_form", ReponseForm, "corps"),
    "correction": ("correction_form", CorrectionForm, "corps"),
    "decision": ("decision_form", DecisionForm, "motif"),
}


@role_requis(*REPARTITEURS, par_service=True)
@require_safe
def phrases(request: HttpRequest) -> HttpResponse:
    """Les phrases communes, et celles des démarches de l’agent, qu’il peut changer."""
    lues = list(list_lues(request))
    for lue in lues:
        lue.collectivite = request.collectivite
        lue.modifiable = can_change_phrase(request.user, lue)  # type: ignore[attr-defined]
    return render(request, "dossiers/agent/phrases.html", {"phrases": lues})


def read_siennes(request: HttpRequest) -> Portee:
    """Rend les services pour lesquels l’agent écrit des phrases."""
    return read_portee(request.user, request.collectivite, *REPARTITEURS)


def list_lues(request: HttpRequest) -> QuerySet[PhrasePrete]:
    return list_phrases(request.collectivite, read_siennes(request))


def get_phrase(request: HttpRequest, pk: int) -> PhrasePrete:
    """Rend une phrase que l’agent peut changer, sinon 404."""
    trouvee = get_object_or_404(list_lues(request), pk=pk)
    trouvee.collectivite = request.collectivite
    if not can_change_phrase(request.user, trouvee):
        raise Http404
    return trouvee


def build_formulaire(request: HttpRequest, demarches: list[Demarche], **options: Any) -> PhraseForm:
    """Rend le formulaire ; une phrase commune demande un rôle pour tous les services."""
    communes = read_siennes(request).entiere
    return PhraseForm(request.POST or None, demarches=demarches, communes=communes, **options)


def list_siennes(request: HttpRequest) -> list[Demarche]:
    return list(list_demarches(request.collectivite, read_siennes(request)))


@role_requis(*REPARTITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Ajoute une phrase."""
    demarches = list_siennes(request)
    formulaire = build_formulaire(request, demarches)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.create_phrase(
                collectivite=request.collectivite,
                agent=request.user,
                maintenant=timezone.now(),
                **read_phrase(formulaire, demarches),
            )
        except ErreurMetier as refus:
            formulaire.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "La phrase est prête.")
            return redirect("dossiers:phrases")
    return _show(request, formulaire)


@role_requis(*REPARTITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def phrase(request: HttpRequest, pk: int) -> HttpResponse:
    """Change une phrase ; un changement fait ailleurs entre-temps est montré, jamais écrasé."""
    ouverte = get_phrase(request, pk)
    demarches = list_siennes(request)
    formulaire = build_formulaire(request, demarches, initial=read_initial(ouverte))
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.change_phrase(
                phrase=ouverte,
                agent=request.user,
                revision=read_revision(request),
                maintenant=timezone.now(),
                **read_phrase(formulaire, demarches),
            )
        except PhraseChangeeAilleurs as refus:
            return _show_versions(request, formulaire, pk, refus)
        except ErreurMetier as refus:
            formulaire.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "La phrase est changée.")
            return redirect("dossiers:phrases")
    return _show(request, formulaire, ouverte)


@role_requis(*REPARTITEURS, par_service=True)
@require_POST
def supprimer(request: HttpRequest, pk: int) -> HttpResponse:
    """Supprime une phrase."""
    ouverte = get_phrase(request, pk)
    try:
        services.delete_phrase(
            phrase=ouverte,
            agent=request.user,
            maintenant=timezone.now(),
            revision=read_revision(request) if "revision" in request.POST else None,
        )
    except PhraseChangeeAilleurs as refus:
        messages.error(request, f"{refus.message} Relisez-la : elle n’est pas supprimée.")
        return redirect("dossiers:phrase", pk)
    messages.success(request, f"La phrase « {ouverte.titre} » est supprimée.")
    return redirect("dossiers:phrases")


@role_requis(*INSTRUCTEURS, par_service=True)
@require_POST
def inserer(request: HttpRequest, numero: int) -> HttpResponse:
    """Ajoute une phrase au bout de ce qui est déjà tapé : rien n’est envoyé, rien n’est perdu.

    Un fragment pour HTMX, la page entière sinon ; le foyer va au texte.
    """
    cible = CIBLES.get(request.POST.get("inserer", ""))
    if cible is None:
        raise Http404
    nom, classe, champ = cible
    dossier = get_dossier(request, numero)
    formulaire = classe(initial=build_saisie(request, dossier, champ))
    widget = formulaire.fields[champ].widget
    widget.attrs |= {"data-foyer": "", "autofocus": True, "rows": 8}
    if request.htmx:
        contexte = {"cible": request.POST["inserer"], "formulaire": formulaire}
        return render(request, "dossiers/agent/_saisie.html", contexte)
    return show_dossier(request, numero, **{nom: formulaire, "ouvert": request.POST["inserer"]})


def build_saisie(request: HttpRequest, dossier: Dossier, champ: str) -> dict[str, Any]:
    """Rend ce qui était tapé, avec la phrase choisie à la suite du texte."""
    saisie = {nom: request.POST[nom] for nom in ("corps", "limite", "motif", "transition")
              if nom in request.POST}  # fmt: skip
    pk = request.POST.get("phrase", "")
    choisie = None
    if pk.isdigit() and len(pk) <= 18:
        choisie = list_phrases_du_dossier(dossier).filter(pk=int(pk)).first()
    if choisie is not None:
        ajout = services.render_phrase(phrase=choisie, dossier=dossier, agent=request.user)
        avant = saisie.get(champ, "").rstrip()
        saisie[champ] = f"{avant}\n\n{ajout}" if avant else ajout
    return saisie


def read_phrase(formulaire: PhraseForm, demarches: list[Any]) -> dict[str, Any]:
    """Rend les valeurs d’une phrase ; la démarche est l’une de la collectivité."""
    donnees = formulaire.cleaned_data
    demarche = next((d for d in demarches if d.pk == donnees["demarche"]), None)
    return {"titre": donnees["titre"], "corps": donnees["corps"], "demarche": demarche}


def read_initial(phrase: PhrasePrete) -> dict[str, Any]:
    """Rend les valeurs d’une phrase, pour l’ouvrir ou la comparer."""
    return {"titre": phrase.titre, "corps": phrase.corps, "demarche": phrase.demarche_id}


def read_revision(request: HttpRequest) -> int:
    """Rend la révision que la page montrait ; absente ou illisible, aucune ne lui est égale."""
    return read_entier(request.POST.get("revision"))


def _show_versions(
    request: HttpRequest, formulaire: PhraseForm, pk: int, refus: PhraseChangeeAilleurs
) -> HttpResponse:
    """Montre la phrase enregistrée entre-temps à côté de celle qui vient d’être écrite."""
    actuelle = get_phrase(request, pk)
    ecriture = find_ecriture(objet=f"phrase:{pk}", actions=["phrase.changee"], lecteur=request.user)
    show_conflit(
        formulaire,
        refus,
        actuel=read_initial(actuelle),
        marque={},
        prendre=request.path,
        ecriture=ecriture,
    )
    return _show(request, formulaire, actuelle, revision=actuelle.revision, statut=refus.statut)


def _show(
    request: HttpRequest,
    formulaire: PhraseForm,
    ouverte: PhrasePrete | None = None,
    *,
    revision: int | None = None,
    statut: int = 0,
) -> HttpResponse:
    if revision is None:
        revision = ouverte.revision if ouverte else 0
        revision = read_revision(request) if "revision" in request.POST else revision
    contexte = {
        "formulaire": formulaire,
        "phrase": ouverte,
        "revision": revision,
        "balises": services.MODELE.toutes_balises,
    }
    statut = statut or (422 if formulaire.is_bound else 200)
    return render(request, "dossiers/agent/phrase.html", contexte, status=statut)
