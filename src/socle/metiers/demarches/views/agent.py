"""Démarches vues par l’administrateur : liste, fiche, publication."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.moteur import compare_versions
from socle.metiers.demarches import queries, services
from socle.metiers.demarches.forms.fiche import FicheForm, NouvelleDemarcheForm, read_fiche
from socle.metiers.demarches.models import Demarche, Version

EDITEURS = (Role.ADMINISTRATEUR,)
LECTEURS = (Role.ADMINISTRATEUR, Role.INSTRUCTEUR, Role.VALIDEUR, Role.DPO, Role.ARCHIVISTE)


def get_demarche(request: HttpRequest, pk: int) -> Demarche:
    demarche = queries.list_demarches(request.collectivite).filter(pk=pk).first()
    if demarche is None:
        raise Http404
    return demarche


@role_requis(*LECTEURS)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Toutes les démarches de la collectivité, avec leur état."""
    contexte = {"demarches": queries.list_demarches(request.collectivite)}
    return render(request, "demarches/agent/liste.html", contexte)


@role_requis(*EDITEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Crée une démarche vide et mène à son formulaire."""
    formulaire = NouvelleDemarcheForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        demarche = services.create_demarche(
            collectivite=request.collectivite,
            titre=formulaire.cleaned_data["titre"],
            agent=request.user,
            maintenant=timezone.now(),
            definition={"pages": [{"id": "vous", "titre": "Vous", "champs": []}]},
        )
        return redirect("demarches:editeur", demarche.pk)
    statut = 422 if formulaire.is_bound else 200
    contexte = {"formulaire": formulaire}
    return render(request, "demarches/agent/nouvelle.html", contexte, status=statut)


@role_requis(*EDITEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """Fiche : textes, service, règle de conservation, silence, décision."""
    demarche = get_demarche(request, pk)
    formulaire = FicheForm(
        request.POST or None, initial=read_fiche(demarche), collectivite=request.collectivite
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.update_demarche(
                demarche=demarche,
                agent=request.user,
                maintenant=timezone.now(),
                **formulaire.cleaned_data,
            )
        except ErreurMetier as refus:
            formulaire.add_error("chemin", f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "La fiche est enregistrée.")
            return redirect("demarches:publication", pk)
    statut = 422 if formulaire.is_bound else 200
    contexte = {"demarche": demarche, "formulaire": formulaire}
    return render(request, "demarches/agent/fiche.html", contexte, status=statut)


@role_requis(*EDITEURS)
@require_safe
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Ce qui change depuis la dernière publication, ce qui empêche de publier, et le bouton."""
    demarche = get_demarche(request, pk)
    brouillon = queries.get_brouillon(demarche)
    publiee = queries.get_version_publiee(demarche)
    contexte = {
        "demarche": demarche,
        "brouillon": brouillon,
        "publiee": publiee,
        "defauts": services.check_publication(demarche, brouillon) if brouillon else [],
        "changements": list_changements(publiee, brouillon),
    }
    return render(request, "demarches/agent/publication.html", contexte)


def list_changements(publiee: Version | None, brouillon: Version | None) -> list[str]:
    """Rend, en phrases, ce que le brouillon change à la version publiée."""
    if publiee is None or brouillon is None:
        return []
    avant = Formulaire.model_validate(publiee.definition)
    apres = Formulaire.model_validate(brouillon.definition)
    return [str(changement) for changement in compare_versions(avant, apres)]


@role_requis(*EDITEURS)
@require_POST
def publier(request: HttpRequest, pk: int) -> HttpResponse:
    """Publie le brouillon."""
    demarche = get_demarche(request, pk)
    try:
        version = services.publish_version(
            demarche=demarche, agent=request.user, maintenant=timezone.now()
        )
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} Les points à corriger sont listés ci-dessous.")
    else:
        messages.success(request, f"La version {version.numero} est en ligne.")
    return redirect("demarches:publication", pk)


@role_requis(*EDITEURS)
@require_POST
def fermer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ferme la démarche aux nouvelles demandes."""
    demarche = get_demarche(request, pk)
    services.close_demarche(demarche=demarche, agent=request.user, maintenant=timezone.now())
    messages.success(request, "La démarche est fermée. Publiez-la à nouveau pour la rouvrir.")
    return redirect("demarches:publication", pk)
