"""Guichet : un agent fait la demande pour une personne présente, au téléphone ou par courrier."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from socle.fondations.comptes.permissions import role_requis
from socle.metiers.demarches.queries import find_demarche, get_version_publiee, list_publiees
from socle.metiers.dossiers.enums import Canal
from socle.metiers.dossiers.forms import GuichetForm
from socle.metiers.dossiers.permissions import INSTRUCTEURS
from socle.metiers.dossiers.services import depot


@role_requis(*INSTRUCTEURS)
@require_safe
def guichet(request: HttpRequest) -> HttpResponse:
    """Choisir la démarche à saisir."""
    contexte = {"demarches": list_publiees(request.collectivite)}
    return render(request, "dossiers/agent/guichet.html", contexte)


@role_requis(*INSTRUCTEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def saisir(request: HttpRequest, chemin: str) -> HttpResponse:
    """Noter le canal et la personne, puis remplir le même formulaire qu’elle."""
    demarche = find_demarche(request.collectivite, chemin)
    version = get_version_publiee(demarche) if demarche else None
    if demarche is None or version is None:
        raise Http404
    formulaire = GuichetForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        donnees = formulaire.cleaned_data
        dossier, _ = depot.start_dossier(
            demarche=demarche,
            version=version,
            compte=request.user,
            canal=Canal(donnees["canal"]),
            demandeur=donnees["demandeur"],
            courriel=donnees["courriel"],
            maintenant=timezone.now(),
        )
        return redirect("dossiers:etape", dossier.numero, 1)
    contexte = {"demarche": demarche, "formulaire": formulaire}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "dossiers/agent/saisir.html", contexte, status=statut)
