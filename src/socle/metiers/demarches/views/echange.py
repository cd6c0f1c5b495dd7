"""Copier une démarche, l’emporter dans un fichier, en ajouter une venue d’ailleurs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.demarches import services
from socle.metiers.demarches.forms.elements import ImportForm
from socle.metiers.demarches.services.echange import TAILLE_MAX
from socle.metiers.demarches.views.chantier import EDITEURS, get_demarche, read_editables

GABARIT = "demarches/agent/importer.html"


@role_requis(*EDITEURS, par_service=True)
@require_POST
def dupliquer(request: HttpRequest, pk: int) -> HttpResponse:
    """Copie la démarche et mène à la copie."""
    copie = services.duplicate_demarche(
        demarche=get_demarche(request, pk), agent=request.user, maintenant=timezone.now()
    )
    messages.success(request, f"« {copie.titre} » est prête : changez ce qui doit l’être.")
    return redirect("demarches:editeur", copie.pk)


@role_requis(*EDITEURS, par_service=True)
@require_safe
def telecharger(request: HttpRequest, pk: int) -> HttpResponse:
    """Rend la démarche dans un fichier JSON, sans dossier ni personne."""
    demarche = get_demarche(request, pk)
    reponse = HttpResponse(services.export_demarche(demarche), content_type="application/json")
    nom = content_disposition_header(as_attachment=True, filename=f"{demarche.chemin}.json")
    reponse.headers["Content-Disposition"] = str(nom)
    return reponse


@role_requis(*EDITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    """Crée un brouillon depuis un fichier exporté."""
    formulaire = ImportForm(
        request.POST or None,
        request.FILES or None,
        collectivite=request.collectivite,
        portee=read_editables(request),
    )
    if request.method != "POST":
        return render(request, GABARIT, {"formulaire": formulaire})
    if not formulaire.is_valid():
        return render(request, GABARIT, {"formulaire": formulaire}, status=422)
    try:
        demarche, manques = services.import_demarche(
            collectivite=request.collectivite,
            contenu=formulaire.cleaned_data["fichier"].read(TAILLE_MAX + 1),
            service=formulaire.cleaned_data.get("service"),
            agent=request.user,
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        formulaire.add_error("fichier", f"{refus.message} {refus.suite}")
        return render(request, GABARIT, {"formulaire": formulaire}, status=refus.statut)
    messages.success(request, f"« {demarche.titre} » est ajoutée en brouillon.")
    for manque in manques:
        messages.warning(request, manque)
    return redirect("demarches:editeur", demarche.pk)
