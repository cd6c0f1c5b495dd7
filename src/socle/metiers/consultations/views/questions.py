"""Construire les questions : chaque geste s’enregistre aussitôt et peut être annulé."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.verrou import show_revision
from socle.fondations.formulaires import edition
from socle.fondations.formulaires.conditions import describe_condition
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.edition.champ import ChampForm
from socle.fondations.formulaires.edition.groupes import EXPLICATIONS
from socle.fondations.formulaires.edition.page import PageForm
from socle.fondations.formulaires.moteur import Saisie, compile_formulaire
from socle.fondations.formulaires.rendu import ContexteRendu, render_page
from socle.fondations.formulaires.types import types
from socle.fondations.formulaires.validation import check_formulaire, list_bloquantes
from socle.metiers.consultations.errors import ModifieAilleurs
from socle.metiers.consultations.forms.equipe import QuestionForm
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.permissions import equipe_requise
from socle.metiers.consultations.services import formulaire as services
from socle.metiers.consultations.services.formulaire import Geste
from socle.metiers.consultations.views.commun import (
    FORMULAIRE,
    get_campagne,
    read_acteur,
    read_revision,
    say_refus,
    show_form,
)

PAS = {"monter": -1, "descendre": 1}


@equipe_requise
@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """Pages et questions, dans l’ordre, avec ce qui reste à corriger."""
    campagne = get_campagne(slug)
    lu = Formulaire.model_validate(campagne.definition)
    champs = {champ.id: champ for _, _, champ in lu.iter_champs()}
    contexte = {
        "campagne": campagne,
        "pages": [_present_page(p, champs) for p in campagne.definition.get("pages", [])],
        "anomalies": list_bloquantes(check_formulaire(lu)),
        "ajout": QuestionForm(initial={"revision": campagne.revision}, auto_id=False),
        "foyer": request.GET.get("foyer", "")[:100],
        "dernier": campagne.defaits[-1]["libelle"] if campagne.defaits else "",
    }
    return render(request, "consultations/equipe/questions.html", contexte)


def _present_page(page: dict[str, Any], champs: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": page["id"],
        "titre": page.get("titre") or "Sans titre",
        "phrase": describe_condition(page.get("condition"), champs),
        "champs": [
            {
                "id": champ["id"],
                "libelle": champ.get("libelle") or "Sans libellé",
                "nom_type": types[champ["type"]].nom,
                "facultatif": types[champ["type"]].saisi
                and not getattr(champs[champ["id"]], "obligatoire", True),
                "phrase": describe_condition(champ.get("condition"), champs),
            }
            for champ in page.get("champs", [])
        ],
    }


@equipe_requise
@require_POST
def gestes(request: HttpRequest, slug: str) -> HttpResponse:
    """Monte, descend, copie ou supprime une question ; ajoute, monte ou supprime une page."""
    campagne = get_campagne(slug)
    nom, _, cible = request.POST.get("geste", "").partition(":")
    try:
        trouve = _find_geste(campagne, nom, cible, request.POST.get("titre", "").strip()[:300])
    except ErreurMetier as refus:
        say_refus(request, refus)
        return redirect("consultations:questions", slug)
    if trouve is None:
        messages.error(request, "Ce geste n’existe pas.")
        return redirect("consultations:questions", slug)
    geste, libelle = trouve
    return _perform(request, campagne, geste, libelle, f"{nom}-{cible}")


def _find_geste(campagne: Campagne, nom: str, cible: str, titre: str) -> tuple[Geste, str] | None:
    """Rend le geste pur et ce qu’il fait, en quelques mots ; None s’il n’existe pas."""
    if nom in ("page_ajouter", "page_monter", "page_descendre", "page_supprimer"):
        return _find_geste_de_page(campagne, nom, cible, titre)
    if nom not in (*PAS, "copier", "supprimer"):
        return None
    champ = edition.find_champ(campagne.definition, cible)
    libelle = f"« {champ.get('libelle') or cible} »"
    if nom in PAS:
        return lambda d: edition.move_champ(d, cible, PAS[nom]), f"{libelle} déplacée"
    if nom == "copier":
        return lambda d: edition.duplicate_champ(d, cible)[0], f"{libelle} copiée"
    cites = edition.list_dependants(campagne.definition, cible)
    suite = f" ; à reprendre : {', '.join(cites[:3])}" if cites else ""
    return lambda d: edition.delete_champ(d, cible), f"{libelle} supprimée{suite}"


def _find_geste_de_page(
    campagne: Campagne, nom: str, cible: str, titre: str
) -> tuple[Geste, str] | None:
    if nom == "page_ajouter":
        nouveau = titre or "Nouvelle page"
        return lambda d: edition.add_page(d, nouveau)[0], f"Page « {nouveau} » ajoutée"
    page = edition.find_page(campagne.definition, cible)
    libelle = f"Page « {page.get('titre') or cible} »"
    if nom == "page_supprimer":
        return lambda d: edition.delete_page(d, cible), f"{libelle} supprimée"
    pas = -1 if nom == "page_monter" else 1
    return lambda d: edition.move_page(d, cible, pas), f"{libelle} déplacée"


@equipe_requise
@require_POST
def annuler_geste(request: HttpRequest, slug: str) -> HttpResponse:
    """Rétablit le formulaire d’avant le dernier geste."""
    campagne = get_campagne(slug)
    try:
        fait = services.undo_formulaire(
            campagne=campagne, revision=read_revision(request, campagne.revision),
            acteur=read_acteur(request), maintenant=timezone.now(),
        )  # fmt: skip
        messages.success(request, f"Annulé : {fait}." if fait else "Il n’y a rien à annuler.")
    except ErreurMetier as refus:
        say_refus(request, refus)
    return redirect("consultations:questions", slug)


@equipe_requise
@require_http_methods(FORMULAIRE)
def ajouter(request: HttpRequest, slug: str, page_id: str) -> HttpResponse:
    """Pose une question de plus, puis mène à ses réglages."""
    campagne = get_campagne(slug)
    page = edition.find_page(campagne.definition, page_id)
    form = QuestionForm(request.POST or None, initial={"revision": campagne.revision})
    if form.is_valid():
        type_, libelle = form.cleaned_data["type"], form.cleaned_data["libelle"]
        _, champ = edition.add_champ(
            campagne.definition, dans=page_id, type_=type_, libelle=libelle
        )
        return _perform(
            request, campagne,
            lambda d: edition.add_champ(d, dans=page_id, type_=type_, libelle=libelle)[0],
            f"« {libelle} » ajoutée", "", suite=reverse("consultations:question",
                                                        args=[slug, champ]),
        )  # fmt: skip
    titre = f"Question dans « {page.get('titre') or page_id} »"
    return show_form(
        request, "consultations/equipe/formulaire.html", form, campagne=campagne, titre=titre,
        bouton="Ajouter", retour=reverse("consultations:questions", args=[slug]),
    )  # fmt: skip


@equipe_requise
@require_http_methods(FORMULAIRE)
def question(request: HttpRequest, slug: str, champ_id: str) -> HttpResponse:
    """Règle une question : son libellé, ses réponses possibles, quand elle s’affiche."""
    campagne = get_campagne(slug)
    actuel = edition.find_champ(campagne.definition, champ_id)
    form = ChampForm(request.POST or None, champ=actuel, definition=campagne.definition)
    return _regler(
        request, campagne, form, actuel, edition.update_champ, nom="libelle",
        nom_type=types[actuel["type"]].nom, explication=EXPLICATIONS[actuel["type"]],
    )  # fmt: skip


@equipe_requise
@require_http_methods(FORMULAIRE)
def page(request: HttpRequest, slug: str, page_id: str) -> HttpResponse:
    """Règle une page : son titre, son texte, quand elle s’affiche."""
    campagne = get_campagne(slug)
    actuelle = edition.find_page(campagne.definition, page_id)
    form = PageForm(request.POST or None, page=actuelle, definition=campagne.definition)
    return _regler(
        request, campagne, form, actuelle, edition.update_page, nom="titre",
        nom_type="Page", explication="Son titre, son texte, et quand elle s’affiche",
    )  # fmt: skip


def _regler(
    request: HttpRequest,
    campagne: Campagne,
    form: ChampForm | PageForm,
    actuel: dict[str, Any],
    update: Callable[..., Any],
    *,
    nom: str,
    **contexte: str,
) -> HttpResponse:
    """Montre les réglages d’un élément, ou les enregistre ; un refus garde la saisie."""
    statut = 422 if form.is_bound else 200
    conflit: ErreurMetier | None = None
    revision = read_revision(request, campagne.revision)
    if form.is_bound and form.is_valid():
        attributs = form.attributs()
        try:
            services.change_formulaire(
                campagne=campagne, revision=revision,
                geste=lambda d: update(d, actuel["id"], **attributs),
                libelle=f"« {attributs.get(nom) or actuel['id']} » modifiée",
                acteur=read_acteur(request), maintenant=timezone.now(),
            )  # fmt: skip
            return _redirect(campagne.slug, f"regler-{actuel['id']}")
        except ModifieAilleurs as refus:
            show_revision(form, refus, objet=campagne, actuel={}, prendre=request.path)
            revision, statut = campagne.revision, refus.statut
        except ErreurMetier as refus:
            conflit, statut = refus, refus.statut
    return render(
        request, "consultations/equipe/question.html",
        contexte | {
            "campagne": campagne, "formulaire": form, "champ": actuel, "conflit": conflit,
            "revision": revision,
            "titre": actuel.get(nom) or contexte["nom_type"],
            "phrase": describe_condition(actuel.get("condition"), form.contexte.champs),
        },
        status=statut,
    )  # fmt: skip


@equipe_requise
@require_http_methods(FORMULAIRE)
def apercu(request: HttpRequest, slug: str, rang: int) -> HttpResponse:
    """Essaie une page ; les réponses ne sont gardées que dans la session."""
    campagne = get_campagne(slug)
    formulaire, maintenant = compile_formulaire(campagne.definition), timezone.now()
    cle = f"apercu_consultation_{campagne.pk}"
    reponses = request.session.get(cle, {}) if rang > 1 or request.method == "POST" else {}
    pages = formulaire.list_pages(reponses, maintenant=maintenant)
    if not 1 <= rang <= len(pages):
        request.session.pop(cle, None)
        messages.info(request, "Fin de l’aperçu : rien n’a été déposé.")
        return redirect("consultations:equipe_campagne", slug)
    saisie: Saisie | None = None
    if request.method == "POST":
        saisie = formulaire.read_page(
            pages[rang - 1].id, request.POST, {}, reponses, maintenant=maintenant
        )
        request.session[cle] = reponses = saisie.valeurs
        if vers := _find_suite(request, saisie, rang):
            return redirect("consultations:apercu", slug, vers)
    rendu = render_page(
        formulaire, pages[rang - 1].id, reponses, maintenant=maintenant, saisie=saisie,
        contexte=ContexteRendu(),
    )  # fmt: skip
    contexte = {"campagne": campagne, "rendu": rendu}
    statut = 422 if saisie and not saisie.is_complete else 200
    return render(request, "consultations/equipe/apercu.html", contexte, status=statut)


def _find_suite(request: HttpRequest, saisie: Saisie, rang: int) -> int:
    """Rend la page où aller ; 0 pour rester ici."""
    if "passer" in request.POST:
        return rang + 1
    if saisie.action.nom == "retour":
        return max(1, rang - 1)
    return rang + 1 if saisie.action.nom == "continuer" and saisie.is_complete else 0


def _perform(
    request: HttpRequest, campagne: Campagne, geste: Geste, libelle: str, foyer: str,
    *, suite: str = "",
) -> HttpResponse:  # fmt: skip
    """Applique un geste, puis mène à la liste des questions, le foyer sur le bouton pressé."""
    try:
        change = services.change_formulaire(
            campagne=campagne, geste=geste, libelle=libelle,
            revision=read_revision(request, campagne.revision),
            acteur=read_acteur(request), maintenant=timezone.now(),
        )  # fmt: skip
    except ModifieAilleurs as refus:
        messages.error(request, f"{refus.message} Voici le formulaire tel qu’il est maintenant.")
        return _redirect(campagne.slug, foyer)
    except ErreurMetier as refus:
        if refus.statut == 404:
            raise Http404 from refus
        say_refus(request, refus)
        return _redirect(campagne.slug, foyer)
    if not change:
        messages.info(request, "Rien à changer : c’est déjà le bord du formulaire.")
    return redirect(suite) if suite and change else _redirect(campagne.slug, foyer)


def _redirect(slug: str, foyer: str) -> HttpResponse:
    adresse = reverse("consultations:questions", args=[slug])
    return redirect(f"{adresse}?{urlencode({'foyer': foyer})}" if foyer else adresse)
