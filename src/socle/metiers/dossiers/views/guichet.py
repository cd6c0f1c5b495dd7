"""Guichet : un agent fait la demande pour une personne présente, au téléphone ou par courrier."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from socle.fondations.comptes.permissions import read_portee, role_requis
from socle.metiers.demarches.queries import find_demarche, get_version_publiee, list_publiees
from socle.metiers.dossiers.enums import Canal
from socle.metiers.dossiers.forms import GuichetForm, ReceptionForm
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import INSTRUCTEURS
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.queries.guichet import list_saisies_commencees
from socle.metiers.dossiers.services import depot
from socle.metiers.dossiers.services.complements import read_complements
from socle.metiers.dossiers.services.guichet import can_accepter_portail, prefill_personne
from socle.metiers.dossiers.services.purge import compute_effacement
from socle.normes.delais.calculs import to_jour

PORTAIL, AGENTS = "commun/base.html", "commun/base_agent.html"
DEPOSEES = {
    Canal.GUICHET: "La demande est déposée. Remettez l’accusé de réception à la personne.",
    Canal.TELEPHONE: "La demande est déposée. Imprimez l’accusé de réception et envoyez-le.",
    Canal.COURRIER: "La demande est déposée. Imprimez l’accusé de réception et envoyez-le.",
}


@role_requis(*INSTRUCTEURS, par_service=True)
@require_safe
def guichet(request: HttpRequest) -> HttpResponse:
    """Reprendre une saisie commencée, ou choisir la démarche à saisir."""
    portee = read_portee(request.user, request.collectivite, *INSTRUCTEURS)
    commencees = list_saisies_commencees(request.collectivite, request.user, portee)
    contexte = {
        "demarches": list_publiees(request.collectivite).filter(portee.filter("service")),
        "commencees": [(dossier, compute_effacement(dossier)) for dossier in commencees],
    }
    return render(request, "dossiers/agent/guichet.html", contexte)


@role_requis(*INSTRUCTEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def saisir(request: HttpRequest, chemin: str) -> HttpResponse:
    """Noter le canal, le jour de réception et la personne, puis remplir le même formulaire.

    Qui ne répond pas pour le service de la démarche ne saisit rien : la page n’existe pas pour lui.
    """
    demarche = find_demarche(request.collectivite, chemin)
    portee = read_portee(request.user, request.collectivite, *INSTRUCTEURS)
    if demarche is None or not portee.covers(demarche.service_id):
        raise Http404
    version = get_version_publiee(demarche)
    if version is None:
        raise Http404
    maintenant = timezone.now()
    formulaire = GuichetForm(request.POST or None, maintenant=maintenant)
    if request.method == "POST" and formulaire.is_valid():
        donnees = formulaire.cleaned_data
        dossier, _ = depot.start_dossier(
            demarche=demarche,
            version=version,
            compte=request.user,
            canal=Canal(donnees["canal"]),
            reponses=prefill_personne(
                get_formulaire(version.pk), formulaire.list_personne(), maintenant
            ),
            demandeur=formulaire.describe_demandeur(),
            courriel=donnees["courriel"],
            recue_le=donnees["recue_le"],
            maintenant=maintenant,
        )
        return redirect("dossiers:etape", dossier.numero, 1)
    contexte = {"demarche": demarche, "formulaire": formulaire}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "dossiers/agent/saisir.html", contexte, status=statut)


def build_reception(request: HttpRequest, dossier: Dossier) -> ReceptionForm | None:
    """Rend le jour de réception à relire avant le dépôt ; None si la personne dépose elle-même."""
    if dossier.saisi_par_id is None:
        return None
    maintenant = timezone.now()
    donnees = request.POST if request.method == "POST" and "recue_le" in request.POST else None
    if dossier.is_brouillon:
        initial = {"recue_le": dossier.recue_le or to_jour(maintenant)}
        return ReceptionForm(donnees, maintenant=maintenant, initial=initial)
    formulaire = ReceptionForm(donnees, maintenant=maintenant, depuis=find_depuis(dossier))
    formulaire.fields["recue_le"].label = "Correction reçue le"
    return formulaire


def find_depuis(dossier: Dossier) -> date:
    """Rend le premier jour où une correction a pu arriver : celui de sa demande, ou du dépôt."""
    demandes = read_complements(dossier)
    return demandes[-1].demande_le if demandes else to_jour(dossier.depose_instant)


def describe_place(dossier: Dossier, courriel: str = "") -> dict[str, Any]:
    """Rend ce que les pages de saisie changent selon qui tient le clavier.

    Args:
        courriel: adresse lue dans les réponses, sur la page qui demande l’accord au portail.
    """
    return {
        "gabarit": AGENTS if dossier.saisi_par_id is not None else PORTAIL,
        "au_guichet": dossier.saisi_par_id is not None,
        "peut_accepter": can_accepter_portail(dossier, courriel),
    }


def leave_saisie(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Ramène l’agent à ses saisies commencées, ou au dossier qu’il corrige."""
    if dossier.is_brouillon:
        messages.info(request, "La saisie est gardée ici. Elle n’est pas encore déposée.")
        return redirect("dossiers:guichet")
    return redirect("dossiers:dossier", dossier.numero)


def tell_depot(request: HttpRequest, dossier: Dossier, *, correction: bool) -> HttpResponse:
    """Dit à l’agent ce qui est fait et ce qu’il a à remettre, et le ramène au dossier."""
    texte = DEPOSEES.get(Canal(dossier.canal), "")
    if correction:
        texte = "La correction est déposée ; le dossier garde ce qui a changé, et qui l’a saisi."
    elif dossier.courriel and dossier.canal != Canal.GUICHET:
        texte = f"La demande est déposée. L’accusé de réception part à {dossier.courriel}."
    messages.success(request, texte)
    return redirect("dossiers:dossier", dossier.numero)
