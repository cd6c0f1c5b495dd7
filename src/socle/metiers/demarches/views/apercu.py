"""Aperçu : essayer le brouillon comme un usager. Rien n’est déposé, aucun service n’est appelé."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.identifiants import uuid7
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.formulaires.moteur import FormulaireCompile, Saisie, compile_formulaire
from socle.fondations.formulaires.rendu import ContexteRendu, render_page
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.views.chantier import EDITEURS, get_chantier

SOURCE_MUETTE = "Dans l’aperçu, aucun service n’est appelé : répondez vous-même."


@role_requis(*EDITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def apercu(request: HttpRequest, pk: int, rang: int) -> HttpResponse:
    """Essaie une page ; les réponses ne sont gardées que dans la session de l’agent."""
    demarche, version = get_chantier(request, pk)
    formulaire = compile_formulaire(version.definition)
    cle, maintenant = f"apercu_{pk}", timezone.now()
    reponses = request.session.get(cle, {}) if rang > 1 or request.method == "POST" else {}
    pages = formulaire.list_pages(reponses, maintenant=maintenant)
    if not 1 <= rang <= len(pages):
        request.session.pop(cle, None)
        fin = "Fin de l’aperçu : rien n’a été déposé." if pages else "Ajoutez d’abord une page."
        messages.info(request, fin)
        return redirect("demarches:editeur", pk)
    page_id, saisie = pages[rang - 1].id, None
    if request.method == "POST":
        saisie = formulaire.read_page(
            page_id, request.POST, request.FILES, reponses, maintenant=maintenant
        )
        reponses = request.session[cle] = attach_fichiers(formulaire, saisie)
        if not request.htmx and (vers := find_suite(request, saisie, rang)):
            return redirect("demarches:apercu", pk, vers)
        saisie = saisie if saisie.action.nom == "continuer" and not request.htmx else None
    contexte = build_contexte(demarche, formulaire, page_id, reponses, saisie, rang)
    gabarit = "demarches/agent/apercu.html"
    statut = 422 if saisie and not saisie.is_complete else 200
    return render(request, f"{gabarit}#zone" if request.htmx else gabarit, contexte, status=statut)


def find_suite(request: HttpRequest, saisie: Saisie, rang: int) -> int:
    """Rend la page où aller ; 0 pour rester ici."""
    if "passer" in request.POST:
        return rang + 1
    if saisie.action.nom == "retour":
        return max(1, rang - 1)
    return rang + 1 if saisie.action.nom == "continuer" and saisie.is_complete else 0


def attach_fichiers(formulaire: FormulaireCompile, saisie: Saisie) -> dict[str, Any]:
    """Rend les réponses, les fichiers joints pour de faux : leur nom, jamais leurs octets."""
    reponses = saisie.valeurs
    for chemin, fichiers in saisie.fichiers.items():
        pieces = [
            {
                "document": str(uuid7()),
                "nom": (fichier.name or "fichier")[:120],
                "taille": fichier.size or 1,
                "type_mime": "application/octet-stream",
            }
            for fichier in fichiers
        ]
        reponses = formulaire.attach_pieces(chemin, pieces, reponses)
        saisie.erreurs.pop(chemin, None)
    if saisie.action.nom in ("a_la_main", "appeler"):
        reponses = formulaire.fill_by_hand(saisie.action.champ, reponses, maintenant=timezone.now())
    return reponses


def build_contexte(
    demarche: Demarche,
    formulaire: FormulaireCompile,
    page_id: str,
    reponses: dict[str, Any],
    saisie: Saisie | None,
    rang: int,
) -> dict[str, Any]:
    codes = [source.code for source in formulaire.list_sources()]
    rendu = render_page(
        formulaire,
        page_id,
        reponses,
        maintenant=timezone.now(),
        saisie=saisie,
        contexte=ContexteRendu(
            url_recalculer=reverse("demarches:apercu", args=[demarche.pk, rang]),
            make_url_document=_make_url,
            sources_indisponibles=dict.fromkeys(codes, SOURCE_MUETTE),
        ),
    )
    return {"demarche": demarche, "rendu": rendu}


def _make_url(document: str) -> str:
    return reverse("documents:telecharger", args=[document])
