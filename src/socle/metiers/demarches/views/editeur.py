"""Éditeur de formulaire : chaque geste s’enregistre aussitôt et peut être annulé."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.formulaires.conditions import describe_condition
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.moteur import compile_formulaire
from socle.fondations.formulaires.rendu import render_page
from socle.fondations.formulaires.types import types
from socle.fondations.formulaires.validation import check_formulaire
from socle.metiers.demarches import services
from socle.metiers.demarches.forms.champ import (
    AjoutForm,
    BaremeForm,
    ChampForm,
    PageForm,
    write_tranches,
)
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.demarches.services import edition
from socle.metiers.demarches.views.agent import EDITEURS, get_demarche

PAS = {"monter": -1, "descendre": 1}


def open_brouillon(request: HttpRequest, pk: int) -> tuple[Demarche, Version]:
    """Rend la démarche et son brouillon, ouvert depuis la version publiée au besoin."""
    demarche = get_demarche(request, pk)
    version = services.open_brouillon(
        demarche=demarche, agent=request.user, maintenant=timezone.now()
    )
    return demarche, version


@role_requis(*EDITEURS)
@require_safe
def editeur(request: HttpRequest, pk: int) -> HttpResponse:
    """Montre les pages et les champs du brouillon, avec leurs défauts."""
    demarche, version = open_brouillon(request, pk)
    formulaire = Formulaire.model_validate(version.definition)
    champs = {champ.id: champ for _, _, champ in formulaire.iter_champs()}
    contexte = {
        "demarche": demarche,
        "version": version,
        "pages": [present_page(page, champs) for page in version.definition.get("pages", [])],
        "baremes": version.definition.get("baremes", []),
        "anomalies": check_formulaire(formulaire),
        "ajout": AjoutForm(),
        "page_form": PageForm(),
        "peut_annuler": version.modifications.exists(),
    }
    return render(request, "demarches/agent/editeur.html", contexte)


def present_page(page: dict[str, Any], champs: dict[str, Any]) -> dict[str, Any]:
    return page | {
        "phrase": describe_condition(page.get("condition"), champs),
        "champs": [present_champ(champ, champs) for champ in page.get("champs", [])],
    }


def present_champ(champ: dict[str, Any], champs: dict[str, Any]) -> dict[str, Any]:
    return champ | {
        "nom_type": types[champ["type"]].nom,
        "phrase": describe_condition(champ.get("condition"), champs),
        "enfants": [present_champ(enfant, champs) for enfant in champ.get("champs", [])],
        "est_bloc": champ["type"] == "bloc_repetable",
        "obligatoire": getattr(champs.get(champ["id"]), "obligatoire", False),
    }


def apply(
    request: HttpRequest,
    pk: int,
    geste: Callable[[edition.Definition], edition.Definition],
    libelle: str,
    ancre: str = "",
) -> HttpResponse:
    """Applique un geste au brouillon vu par cette page, et revient à l’endroit touché."""
    demarche, version = open_brouillon(request, pk)
    try:
        services.update_brouillon(
            demarche=demarche,
            definition=geste(version.definition),
            revision=read_revision(request, version),
            libelle=libelle,
            agent=request.user,
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
    else:
        messages.info(request, f"{libelle}. Enregistré.")
    reponse = redirect("demarches:editeur", pk)
    if ancre:
        reponse["Location"] += f"#{ancre}"
    return reponse


def read_revision(request: HttpRequest, version: Version) -> int:
    lue = request.POST.get("revision", "")
    return int(lue) if lue.isdigit() and len(lue) < 10 else version.revision


@role_requis(*EDITEURS)
@require_POST
def annuler(request: HttpRequest, pk: int) -> HttpResponse:
    """Annule le dernier geste."""
    demarche = get_demarche(request, pk)
    libelle = services.undo_modification(
        demarche=demarche, agent=request.user, maintenant=timezone.now()
    )
    fait = f"Annulé : {libelle}." if libelle else "Il n’y a plus rien à annuler."
    messages.info(request, fait)
    return redirect("demarches:editeur", pk)


@role_requis(*EDITEURS)
@require_POST
def ajouter_page(request: HttpRequest, pk: int) -> HttpResponse:
    titre = request.POST.get("titre", "").strip()[:300] or "Nouvelle page"
    return apply(request, pk, lambda d: edition.add_page(d, titre)[0], f"Page « {titre} » ajoutée")


@role_requis(*EDITEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int, page_id: str) -> HttpResponse:
    """Modifie, monte, descend ou supprime une page."""
    geste = request.POST.get("geste", "")
    if geste in PAS:
        pas = PAS[geste]
        return apply(
            request, pk, lambda d: edition.move_page(d, page_id, pas), "Page déplacée", page_id
        )
    if geste == "supprimer":
        return apply(request, pk, lambda d: edition.delete_page(d, page_id), "Page supprimée")
    demarche, version = open_brouillon(request, pk)
    actuelle = edition.find_page(version.definition, page_id)
    formulaire = PageForm(request.POST or None, initial=actuelle)
    if request.method == "POST" and formulaire.is_valid():
        valeurs = formulaire.cleaned_data
        return apply(
            request,
            pk,
            lambda d: edition.update_page(d, page_id, **valeurs),
            f"Page « {valeurs['titre']} » modifiée",
            page_id,
        )
    contexte = {
        "demarche": demarche,
        "version": version,
        "formulaire": formulaire,
        "titre": "Modifier la page",
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "demarches/agent/element.html", contexte, status=statut)


@role_requis(*EDITEURS)
@require_POST
def ajouter_champ(request: HttpRequest, pk: int, dans: str) -> HttpResponse:
    """Ajoute un champ, puis ouvre ses réglages."""
    formulaire = AjoutForm(request.POST)
    if not formulaire.is_valid():
        messages.error(request, "Choisissez un type de champ et écrivez son libellé.")
        return redirect("demarches:editeur", pk)
    donnees = formulaire.cleaned_data
    demarche, version = open_brouillon(request, pk)
    try:
        definition, identifiant = edition.add_champ(
            version.definition, dans=dans, type_=donnees["type"], libelle=donnees["libelle"]
        )
        services.update_brouillon(
            demarche=demarche,
            definition=definition,
            revision=read_revision(request, version),
            libelle=f"Champ « {donnees['libelle']} » ajouté",
            agent=request.user,
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
        return redirect("demarches:editeur", pk)
    return redirect("demarches:champ", pk, identifiant)


@role_requis(*EDITEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def champ(request: HttpRequest, pk: int, champ_id: str) -> HttpResponse:
    """Règle un champ ; ou le monte, le descend, le dépose, le copie, le supprime."""
    geste = request.POST.get("geste", "")
    if geste:
        return move_champ(request, pk, champ_id, geste)
    demarche, version = open_brouillon(request, pk)
    actuel = edition.find_champ(version.definition, champ_id)
    formulaire = ChampForm(request.POST or None, champ=actuel, definition=version.definition)
    if request.method == "POST" and formulaire.is_valid():
        attributs = formulaire.attributs()
        libelle = attributs.get("libelle") or actuel.get("libelle") or champ_id
        return apply(
            request,
            pk,
            lambda d: edition.update_champ(d, champ_id, **attributs),
            f"Champ « {libelle} » modifié",
            champ_id,
        )
    contexte = {
        "demarche": demarche,
        "version": version,
        "formulaire": formulaire,
        "titre": f"{types[actuel['type']].nom} : {actuel.get('libelle') or champ_id}",
        "identifiant": champ_id,
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "demarches/agent/element.html", contexte, status=statut)


def move_champ(request: HttpRequest, pk: int, champ_id: str, geste: str) -> HttpResponse:
    """Exécute un geste court sur un champ."""
    if geste in PAS:
        pas = PAS[geste]
        return apply(
            request, pk, lambda d: edition.move_champ(d, champ_id, pas), "Champ déplacé", champ_id
        )
    if geste == "copier":
        return apply(
            request, pk, lambda d: edition.duplicate_champ(d, champ_id)[0], "Champ copié", champ_id
        )
    if geste == "deposer":
        dans, rang = request.POST.get("dans", ""), request.POST.get("rang", "0")
        cible = int(rang) if rang.isdigit() and len(rang) < 5 else 0
        return apply(
            request,
            pk,
            lambda d: edition.place_champ(d, champ_id, dans=dans, rang=cible),
            "Champ déplacé",
            champ_id,
        )
    return apply(request, pk, lambda d: edition.delete_champ(d, champ_id), "Champ supprimé")


@role_requis(*EDITEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def bareme(request: HttpRequest, pk: int, bareme_id: str = "") -> HttpResponse:
    """Crée, modifie ou supprime un barème (table à seuils)."""
    demarche, version = open_brouillon(request, pk)
    baremes = {b["id"]: b for b in version.definition.get("baremes", [])}
    if request.POST.get("geste") == "supprimer":
        return apply(request, pk, lambda d: edition.delete_bareme(d, bareme_id), "Barème supprimé")
    connu = baremes.get(bareme_id)
    depart = connu | {"tranches": write_tranches(connu["tranches"])} if connu else {}
    formulaire = BaremeForm(request.POST or None, initial=depart)
    if request.method == "POST" and formulaire.is_valid():
        valeurs = dict(formulaire.cleaned_data)
        return apply(
            request,
            pk,
            lambda d: edition.set_bareme(d, valeurs),
            f"Barème « {valeurs['libelle']} » enregistré",
        )
    contexte = {
        "demarche": demarche,
        "version": version,
        "formulaire": formulaire,
        "titre": "Barème",
    }
    statut = 422 if formulaire.is_bound else 200
    return render(request, "demarches/agent/element.html", contexte, status=statut)


@role_requis(*EDITEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def apercu(request: HttpRequest, pk: int, rang: int) -> HttpResponse:
    """Essaie le brouillon comme un usager : les réponses ne sont gardées que dans la session."""
    demarche, version = open_brouillon(request, pk)
    formulaire = compile_formulaire(version.definition)
    cle, maintenant = f"apercu_{version.pk}", timezone.now()
    reponses = request.session.get(cle, {})
    pages = formulaire.list_pages(reponses, maintenant=maintenant)
    if not 1 <= rang <= len(pages):
        request.session.pop(cle, None)
        messages.info(request, "Fin de l’aperçu : rien n’a été déposé.")
        return redirect("demarches:editeur", pk)
    page_id, saisie = pages[rang - 1].id, None
    if request.method == "POST":
        saisie = formulaire.read_page(
            page_id, request.POST, request.FILES, reponses, maintenant=maintenant
        )
        reponses = request.session[cle] = saisie.valeurs
        if saisie.action.nom == "retour":
            return redirect("demarches:apercu", pk, max(1, rang - 1))
        if saisie.action.nom == "continuer" and saisie.is_complete:
            return redirect("demarches:apercu", pk, rang + 1)
    contexte = {
        "demarche": demarche,
        "rendu": render_page(formulaire, page_id, reponses, maintenant=maintenant, saisie=saisie),
    }
    return render(request, "demarches/agent/apercu.html", contexte)
