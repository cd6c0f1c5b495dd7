"""Barèmes : les tables à seuils que les formules utilisent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from socle.fondations.comptes.permissions import role_requis
from socle.fondations.formulaires import edition
from socle.metiers.demarches.forms.elements import BaremeForm
from socle.metiers.demarches.views import au_fil
from socle.metiers.demarches.views.chantier import (
    EDITEURS,
    Geste,
    get_chantier,
    keep_revision,
    redirect_editeur,
    save_reglages,
    show_faux,
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
    if connu:  # neuf, son nom dans les formules vient de son libellé : il faut l’avoir fini
        contexte |= au_fil.prepare(request, formulaire)
    if request.method != "POST":
        return render(request, GABARIT, contexte)
    if not formulaire.is_valid():
        return show_faux(request, GABARIT, contexte)
    valeurs = formulaire.bareme()
    changement: tuple[Geste, str] = (
        lambda d: edition.set_bareme(d, valeurs),
        f"Barème « {valeurs['libelle']} » enregistré",
    )
    return save_reglages(
        request,
        GABARIT,
        contexte,
        changement,
        lambda: redirect_editeur(pk, f"bareme-{valeurs['id']}"),
    )


def _delete(
    request: HttpRequest, pk: int, connu: dict[str, Any], definition: edition.Definition
) -> HttpResponse:
    identifiant = connu["id"]
    cites = edition.list_dependants(definition, identifiant)
    suite = f" ; à reprendre : {', '.join(cites[:3])}" if cites else ""
    libelle = f"Barème « {connu.get('libelle') or identifiant} » supprimé{suite}"
    return perform(request, pk, lambda d: edition.delete_bareme(d, identifiant), libelle)
