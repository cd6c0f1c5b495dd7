"""Démarches vues par l’administrateur : liste, fiche, publication."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.verrou import show_conflit
from socle.fondations.comptes.permissions import read_portee, role_requis
from socle.fondations.comptes.queries import find_ecriture
from socle.fondations.formulaires.enums import Gravite
from socle.fondations.formulaires.validation import check_formulaire
from socle.metiers.demarches import queries, services
from socle.metiers.demarches.errors import (
    FicheIncomplete,
    FicheModifieeAilleurs,
    VersionModifieeAilleurs,
)
from socle.metiers.demarches.forms.fiche import FicheForm, NouvelleDemarcheForm, read_fiche
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.views import au_fil
from socle.metiers.demarches.views.chantier import (
    EDITEURS,
    LECTEURS,
    get_demarche,
    list_changements,
    read_editables,
)

FICHE = "demarches/agent/fiche.html"
EN_LIGNE = "cette démarche est en ligne. Pressez « Enregistrer la fiche » pour la changer."
A_RELIRE = "Relisez ci-dessous ce qui a changé, puis choisissez."


@role_requis(*LECTEURS, par_service=True)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Démarches dont l’agent lit les dossiers, avec leur état ; à changer, s’il les administre."""
    editables = read_editables(request)
    lisibles = editables | read_portee(request.user, request.collectivite, *LECTEURS)
    demarches = queries.list_demarches(request.collectivite, lisibles)
    contexte = {
        "demarches": [(d, editables.covers(d.service_id)) for d in demarches],
        "peut_creer": bool(editables),
    }
    return render(request, "demarches/agent/liste.html", contexte)


@role_requis(*EDITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Crée une démarche vide et mène à son formulaire."""
    formulaire = NouvelleDemarcheForm(
        request.POST or None, collectivite=request.collectivite, portee=read_editables(request)
    )
    if request.method == "POST" and formulaire.is_valid():
        demarche = services.create_demarche(
            collectivite=request.collectivite,
            titre=formulaire.cleaned_data["titre"],
            service=formulaire.cleaned_data.get("service"),
            agent=request.user,
            maintenant=timezone.now(),
            definition={"pages": [{"id": "vous", "titre": "Vous", "champs": []}]},
        )
        return redirect("demarches:editeur", demarche.pk)
    statut = 422 if formulaire.is_bound else 200
    contexte = {"formulaire": formulaire}
    return render(request, "demarches/agent/nouvelle.html", contexte, status=statut)


@role_requis(*EDITEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def fiche(request: HttpRequest, pk: int) -> HttpResponse:
    """Fiche : textes, service, règle de conservation, silence, décision.

    Elle s’enregistre au fil de la saisie tant que la démarche n’est pas en ligne : ensuite, chaque
    mot serait lu du public avant d’être fini.
    """
    demarche = get_demarche(request, pk)
    depart = read_fiche(demarche)
    formulaire = FicheForm(
        request.POST or None,
        initial=depart,
        collectivite=request.collectivite,
        portee=read_editables(request),
    )
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "formulaire": formulaire,
        "empreinte": request.POST.get("empreinte", "")[:64]
        or services.compute_empreinte(demarche, *depart),
    }
    if not demarche.is_ouverte:
        contexte |= au_fil.prepare(request, formulaire)
    if request.method != "POST":
        return render(request, FICHE, contexte)
    if demarche.is_ouverte and au_fil.is_au_fil(request):
        return au_fil.answer(request, formulaire, refus=EN_LIGNE)
    return _save_fiche(request, contexte)


def _save_fiche(request: HttpRequest, contexte: dict[str, Any]) -> HttpResponse:
    demarche, formulaire = contexte["demarche"], contexte["formulaire"]
    marque: dict[str, str] = {}
    if formulaire.is_valid():
        try:
            marque = _update_fiche(request, demarche, formulaire.cleaned_data)
        except FicheModifieeAilleurs as refus:
            contexte["empreinte"] = _show_versions(request, demarche.pk, formulaire, refus)
            return au_fil.show_page(request, FICHE, contexte, refus.statut)
        except FicheIncomplete as refus:
            for defaut in refus.defauts:
                cible = "service" if defaut.ou == "service" else defaut.cible
                formulaire.add_error(cible, defaut.message.removeprefix("Fiche : "))
        except ErreurMetier as refus:
            formulaire.add_error("chemin", f"{refus.message} {refus.suite}")
    if au_fil.is_au_fil(request):
        return au_fil.answer(request, formulaire, marque)
    if not marque:
        return au_fil.show_page(request, FICHE, contexte, 422)
    messages.success(request, "La fiche est enregistrée.")
    return redirect("demarches:publication", demarche.pk)


def _update_fiche(
    request: HttpRequest, demarche: Demarche, fiche: dict[str, Any]
) -> dict[str, str]:
    """Enregistre la fiche ; rend l’empreinte d’où part l’envoi suivant."""
    services.update_demarche(
        demarche=demarche,
        agent=request.user,
        maintenant=timezone.now(),
        empreinte=request.POST.get("empreinte", "")[:64],
        onglet=au_fil.read_onglet(request),
        garde=au_fil.is_au_fil(request),
        **fiche,
    )
    demarche.refresh_from_db()
    return {"empreinte": services.compute_empreinte(demarche, *fiche)}


def _show_versions(
    request: HttpRequest, pk: int, formulaire: FicheForm, refus: FicheModifieeAilleurs
) -> str:
    """Montre la fiche enregistrée entre-temps à côté de la saisie ; rend la nouvelle empreinte."""
    actuelle = get_demarche(request, pk)
    valeurs = read_fiche(actuelle)
    ecriture = find_ecriture(
        objet=f"demarche:{pk}", actions=["demarche.modifiee"], lecteur=request.user
    )
    if ecriture is not None:  # le journal n’a pas chaque enregistrement au fil de la saisie
        ecriture = replace(ecriture, le=actuelle.modifie_le)
    show_conflit(
        formulaire, refus, actuel=valeurs, marque={}, prendre=request.path, ecriture=ecriture
    )
    return services.compute_empreinte(actuelle, *valeurs)


@role_requis(*EDITEURS, par_service=True)
@require_safe
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Ce qui change depuis la dernière publication, ce qui empêche de publier, et le bouton."""
    demarche = get_demarche(request, pk)
    brouillon = queries.get_brouillon(demarche)
    publiee = queries.get_version_publiee(demarche)
    a_publier = brouillon or publiee
    anomalies = check_formulaire(a_publier.definition) if a_publier else []
    contexte = {
        "demarche": demarche,
        "brouillon": brouillon,
        "publiee": publiee,
        "defauts": services.check_publication(demarche, a_publier) if a_publier else [],
        "conseils": [a for a in anomalies if a.gravite is Gravite.CONSEIL],
        "changements": list_changements(publiee, brouillon),
    }
    return render(request, "demarches/agent/publication.html", contexte)


@role_requis(*EDITEURS, par_service=True)
@require_POST
def publier(request: HttpRequest, pk: int) -> HttpResponse:
    """Publie le brouillon."""
    demarche = get_demarche(request, pk)
    try:
        version = services.publish_version(
            demarche=demarche,
            agent=request.user,
            maintenant=timezone.now(),
            revision=_read_revision(request),
        )
    except VersionModifieeAilleurs as refus:
        messages.error(request, f"{refus.message} Rien n’est publié. {A_RELIRE}")
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} Les points à corriger sont listés ci-dessous.")
    else:
        messages.success(request, f"La version {version.numero} est en ligne.")
    return redirect("demarches:publication", pk)


@role_requis(*EDITEURS, par_service=True)
@require_POST
def fermer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ferme la démarche aux nouvelles demandes."""
    demarche = get_demarche(request, pk)
    services.close_demarche(demarche=demarche, agent=request.user, maintenant=timezone.now())
    messages.success(request, "La démarche est fermée. Publiez-la à nouveau pour la rouvrir.")
    return redirect("demarches:publication", pk)


@role_requis(*EDITEURS, par_service=True)
@require_POST
def abandonner(request: HttpRequest, pk: int) -> HttpResponse:
    """Jette les changements en attente : le formulaire en ligne ne change pas."""
    try:
        fait = services.discard_brouillon(
            demarche=get_demarche(request, pk),
            agent=request.user,
            maintenant=timezone.now(),
            revision=_read_revision(request),
        )
    except VersionModifieeAilleurs as refus:
        messages.error(request, f"{refus.message} Rien n’est abandonné. {A_RELIRE}")
    else:
        message = "Les changements en attente sont abandonnés." if fait else "Rien à abandonner."
        messages.info(request, message)
    return redirect("demarches:publication", pk)


def _read_revision(request: HttpRequest) -> int | None:
    """Rend la révision du brouillon que la page montrait ; None si l’envoi n’en porte pas."""
    lue = request.POST.get("revision")
    if lue is None:
        return None
    return read_entier(lue)
