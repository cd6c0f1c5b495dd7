"""Éditeur de formulaire : chaque geste s’enregistre aussitôt et peut être annulé.

Sans script, un geste mène à nouveau à l’éditeur, le foyer sur le bouton pressé. Avec, la même
réponse remplace la zone `#chantier`.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.formulaires import edition
from socle.fondations.formulaires.edition.page import PageForm
from socle.metiers.demarches import queries, services
from socle.metiers.demarches.errors import VersionModifieeAilleurs
from socle.metiers.demarches.forms.elements import AjoutForm, NouvellePageForm
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.demarches.views import au_fil
from socle.metiers.demarches.views.chantier import (
    EDITEURS,
    Geste,
    build_contexte,
    get_chantier,
    get_demarche,
    keep_revision,
    redirect_editeur,
    refuse,
    save,
    save_reglages,
    show_faux,
)

PAS = {"monter": -1, "descendre": 1}
GABARIT = "demarches/agent/editeur.html"
REGLAGES_PAGE = "demarches/agent/page.html"


@role_requis(*EDITEURS, par_service=True)
@require_safe
@vary_on_headers("HX-Request")
def editeur(request: HttpRequest, pk: int) -> HttpResponse:
    """Montre les pages et les champs du brouillon, avec leurs défauts."""
    demarche, version = get_chantier(request, pk)
    contexte = build_contexte(demarche, version, request.GET.get("foyer", "")[:100])
    return render(request, f"{GABARIT}#chantier" if request.htmx else GABARIT, contexte)


def perform(
    request: HttpRequest, pk: int, geste: Geste, libelle: str, foyer: str = ""
) -> HttpResponse:
    """Applique un geste, puis rend la zone de travail (HTMX) ou mène à l’éditeur."""
    demarche, version = get_chantier(request, pk)
    try:
        change = save(request, demarche, version, geste, libelle)
    except VersionModifieeAilleurs as refus:
        return _answer(request, demarche, refus=refus)
    except ErreurMetier as refus:
        return _answer(request, demarche, foyer=foyer, refus=refus)
    avis = "" if change else "Rien à changer : c’est déjà le bord du formulaire."
    return _answer(request, demarche, foyer=foyer, avis=avis)


def _answer(
    request: HttpRequest,
    demarche: Demarche,
    *,
    foyer: str = "",
    refus: ErreurMetier | None = None,
    avis: str = "",
) -> HttpResponse:
    if not request.htmx:
        if refus is not None:
            return refuse(request, refus, demarche.pk, foyer)
        if avis:
            messages.info(request, avis)
        return redirect_editeur(demarche.pk, foyer)
    contexte = build_contexte(demarche, queries.get_chantier(demarche), foyer)
    contexte |= {"refus": refus, "avis": avis}
    return render(request, f"{GABARIT}#chantier", contexte)


@role_requis(*EDITEURS, par_service=True)
@require_POST
def gestes(request: HttpRequest, pk: int) -> HttpResponse:
    """Monte, descend, copie ou supprime un champ ; ou le dépose là où on l’a glissé."""
    nom, _, champ_id = request.POST.get("geste", "").partition(":")
    if not nom:
        return drop_champ(request, pk, request.POST.get("depot", ""))
    return move_champ(request, pk, champ_id, nom)


def drop_champ(request: HttpRequest, pk: int, depot: str) -> HttpResponse:
    """Dépose un champ glissé. `depot` : champ, page ou bloc d’arrivée, rang (« nom:page_2:0 »)."""
    champ_id, dans, rang = [*depot.split(":"), "", "", ""][:3]
    _, version = get_chantier(request, pk)
    champ = edition.find_champ(version.definition, champ_id)
    cible = int(rang) if rang.isascii() and rang.isdigit() and len(rang) < 5 else 0
    return perform(
        request,
        pk,
        lambda d: edition.place_champ(d, champ_id, dans=dans, rang=cible),
        f"« {champ.get('libelle') or champ_id} » déplacé",
        f"regler-{champ_id}",
    )


def move_champ(request: HttpRequest, pk: int, champ_id: str, nom: str) -> HttpResponse:
    """Exécute un geste court sur un champ."""
    _, version = get_chantier(request, pk)
    champ = edition.find_champ(version.definition, champ_id)
    libelle = f"« {champ.get('libelle') or champ_id} »"
    foyer = f"{nom}-{champ_id}"
    if nom in PAS:
        pas = PAS[nom]
        return perform(
            request, pk, lambda d: edition.move_champ(d, champ_id, pas), f"{libelle} déplacé", foyer
        )
    if nom == "copier":
        return perform(
            request,
            pk,
            lambda d: edition.duplicate_champ(d, champ_id)[0],
            f"{libelle} copié",
            foyer,
        )
    if nom == "supprimer":
        return _delete_champ(request, pk, champ_id, libelle, version)
    raise ErreurMetier("Ce geste n’existe pas.", "Revenez au formulaire et recommencez.")


def _delete_champ(
    request: HttpRequest, pk: int, champ_id: str, libelle: str, version: Version
) -> HttpResponse:
    """Supprime un champ ; le foyer va au champ voisin."""
    champs, rang = edition.find_place(version.definition, champ_id)
    voisins = [*champs[rang + 1 :], *reversed(champs[:rang])]
    foyer = f"regler-{voisins[0]['id']}" if voisins else ""
    cites = edition.list_dependants(version.definition, champ_id)
    suite = f" ; à reprendre : {', '.join(cites[:3])}" if cites else ""
    return perform(
        request,
        pk,
        lambda d: edition.delete_champ(d, champ_id),
        f"{libelle} supprimé{suite}",
        foyer,
    )


@role_requis(*EDITEURS, par_service=True)
@require_POST
def annuler(request: HttpRequest, pk: int) -> HttpResponse:
    """Annule le dernier geste, s’il est encore celui que la personne a sous les yeux."""
    demarche = get_demarche(request, pk)
    cle = request.POST.get("cle", "")
    try:
        libelle = services.undo_modification(
            demarche=demarche,
            agent=request.user,
            maintenant=timezone.now(),
            cle=int(cle) if cle.isascii() and cle.isdigit() and len(cle) < 19 else None,
        )
    except ErreurMetier as refus:
        return refuse(request, refus, pk)
    fait = f"Annulé : {libelle}." if libelle else "Il n’y a plus rien à annuler."
    messages.info(request, fait)
    return redirect_editeur(pk)


@role_requis(*EDITEURS, par_service=True)
@require_POST
def ajouter_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ajoute une page à la fin."""
    formulaire = NouvellePageForm(request.POST)
    if not formulaire.is_valid():
        messages.error(request, "Écrivez le titre de la nouvelle page, en 300 signes au plus.")
        return redirect_editeur(pk)
    titre = formulaire.cleaned_data["titre"]
    return perform(
        request,
        pk,
        lambda d: edition.add_page(d, titre)[0],
        f"Page « {titre} » ajoutée",
        "page_titre",
    )


@role_requis(*EDITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int, page_id: str) -> HttpResponse:
    """Règle, monte, descend ou supprime une page."""
    geste = request.POST.get("geste", "")
    demarche, version = get_chantier(request, pk)
    actuelle = edition.find_page(version.definition, page_id)
    titre = actuelle.get("titre") or page_id
    if geste in PAS:
        pas = PAS[geste]
        return perform(
            request,
            pk,
            lambda d: edition.move_page(d, page_id, pas),
            f"Page « {titre} » déplacée",
            f"{geste}-{page_id}",
        )
    if geste == "supprimer":
        if actuelle.get("champs") and "confirme" not in request.POST:
            return _ask(request, pk, page_id)
        return perform(
            request, pk, lambda d: edition.delete_page(d, page_id), f"Page « {titre} » supprimée"
        )
    return _regler_page(request, demarche, version, actuelle)


def _ask(request: HttpRequest, pk: int, page_id: str) -> HttpResponse:
    """Mène à la page de confirmation ; htmx y va lui-même."""
    adresse = reverse("demarches:supprimer_page", args=[pk, page_id])
    return HttpResponse(headers={"HX-Redirect": adresse}) if request.htmx else redirect(adresse)


def _regler_page(
    request: HttpRequest, demarche: Demarche, version: Version, actuelle: dict[str, str]
) -> HttpResponse:
    """Titre, texte et condition d’une page."""
    formulaire = PageForm(request.POST or None, page=actuelle, definition=version.definition)
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "version": version,
        "formulaire": formulaire,
    }
    contexte["revision"] = keep_revision(request, version)
    contexte["titre"] = f"Page : {actuelle.get('titre') or actuelle['id']}"
    contexte |= au_fil.prepare(request, formulaire)
    if request.method != "POST":
        return render(request, REGLAGES_PAGE, contexte)
    if not formulaire.is_valid():
        return show_faux(request, REGLAGES_PAGE, contexte)
    attributs, identifiant = formulaire.attributs(), actuelle["id"]
    changement: tuple[Geste, str] = (
        lambda d: edition.update_page(d, identifiant, **attributs),
        f"Page « {attributs['titre']} » modifiée",
    )
    return save_reglages(
        request,
        REGLAGES_PAGE,
        contexte,
        changement,
        lambda: redirect_editeur(demarche.pk, f"regler-{identifiant}"),
    )


@role_requis(*EDITEURS, par_service=True)
@require_safe
def supprimer_page(request: HttpRequest, pk: int, page_id: str) -> HttpResponse:
    """Demande confirmation avant de supprimer une page qui a des champs."""
    demarche, version = get_chantier(request, pk)
    contexte = {
        "demarche": demarche,
        "version": version,
        "page": edition.find_page(version.definition, page_id),
    }
    return render(request, "demarches/agent/supprimer_page.html", contexte)


@role_requis(*EDITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter_champ(request: HttpRequest, pk: int, dans: str) -> HttpResponse:
    """Ajoute un champ à une page ou à un bloc, puis ouvre ses réglages."""
    demarche, version = get_chantier(request, pk)
    nom, est_bloc = edition.describe_conteneur(version.definition, dans)
    formulaire = AjoutForm(request.POST or None, dans_bloc=est_bloc)
    contexte = {"demarche": demarche, "version": version, "formulaire": formulaire, "ou": nom}
    if request.method != "POST":
        return render(request, "demarches/agent/ajouter.html", contexte)
    if not formulaire.is_valid():
        return render(request, "demarches/agent/ajouter.html", contexte, status=422)
    donnees = formulaire.cleaned_data
    definition, identifiant = edition.add_champ(
        version.definition, dans=dans, type_=donnees["type"], libelle=donnees["libelle"]
    )
    try:
        save(request, demarche, version, lambda _: definition, f"« {donnees['libelle']} » ajouté")
    except ErreurMetier as refus:
        contexte["conflit"] = refus
        return render(request, "demarches/agent/ajouter.html", contexte, status=refus.statut)
    return redirect("demarches:champ", pk, identifiant)
