"""Barèmes : les tables à seuils que les formules utilisent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.formulaires import edition
from socle.metiers.demarches.forms.elements import BaremeForm
from socle.metiers.demarches.views.chantier import (
    EDITEURS,
    get_chantier,
    keep_revision,
    redirect_editeur,
    save,
    tell_refus,
)
from socle.metiers.demarches.views.editeur import perform

GABARIT = "demarches/agent/bareme.html"


@role_requis(*EDITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def bareme(request: HttpRequest, pk: int, bareme_id: str = "") -> HttpResponse:
    """Crée, modifie ou supprime un barème."""
    demarche, version = get_chantier(request, pk)
    connu = edition.find_bareme(version.definition, bareme_id) if bareme_id else None
    if request.POST.get("geste") == "supprimer" and connu:
        return _delete(request, pk, connu, version.definition)
    formulaire = BaremeForm(request.POST or None, bareme=connu, definition=version.definition)
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "version": version,
        "revision": keep_revision(request, version),
        "formulaire": formulaire,
        "bareme": connu,
        "titre": connu.get("libelle", "") if connu else "Nouveau barème",
    }
    if request.method != "POST":
        return render(request, GABARIT, contexte)
    if not formulaire.is_valid():
        return render(request, GABARIT, contexte, status=422)
    valeurs = formulaire.bareme()
    try:
        save(
            request,
            demarche,
            version,
            lambda d: edition.set_bareme(d, valeurs),
            f"Barème « {valeurs['libelle']} » enregistré",
        )
    except ErreurMetier as refus:
        tell_refus(request, formulaire, refus, version)
        contexte["revision"] = version.revision
        return render(request, GABARIT, contexte, status=refus.statut)
    return redirect_editeur(pk, f"bareme-{valeurs['id']}")


def _delete(
    request: HttpRequest, pk: int, connu: dict[str, Any], definition: edition.Definition
) -> HttpResponse:
    identifiant = connu["id"]
    cites = edition.list_dependants(definition, identifiant)
    suite = f" ; à reprendre : {', '.join(cites[:3])}" if cites else ""
    libelle = f"Barème « {connu.get('libelle') or identifiant} » supprimé{suite}"
    return perform(request, pk, lambda d: edition.delete_bareme(d, identifiant), libelle)
