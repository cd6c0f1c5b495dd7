"""Agir sur plusieurs dossiers : choisir dans la liste, confirmer, lire le bilan."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import can_open, mark_roles, role_requis
from socle.metiers.dossiers.enums import GesteEnLot
from socle.metiers.dossiers.forms import AccepterEnLotForm, ConfierForm
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import REPARTITEURS, read_lisibles
from socle.metiers.dossiers.queries.agents import list_instructeurs
from socle.metiers.dossiers.queries.lot import (
    NOMBRE_MAX,
    Choix,
    explain_refus,
    list_choisis,
    parse_choix,
)
from socle.metiers.dossiers.services.lot import apply_lot
from socle.metiers.dossiers.views.presentation import describe_etat

BILAN = "dossiers.lot"


@hors_transaction
def lot(request: HttpRequest) -> HttpResponse:
    """Confirme puis fait le geste. Hors transaction : chaque dossier a la sienne."""
    with locataire(request.collectivite.pk, personne_id=request.user.pk):
        if not can_open(request.user, request.collectivite, lot):
            raise AccesRefuse
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        numeros = read_numeros(request)
        geste = request.POST.get("geste", "")
        if not numeros or len(numeros) > NOMBRE_MAX or geste not in GesteEnLot:
            return _refuse(request, len(numeros))
        dossiers = list_lisibles(request, numeros)
        collegues = list_collegues(request, dossiers)
        formulaire = build_formulaire(request, GesteEnLot(geste), collegues)
        if "confirmer" not in request.POST or (formulaire and not formulaire.is_valid()):
            return _confirm(request, GesteEnLot(geste), dossiers, formulaire)
        donnees = read_donnees(formulaire, collegues)
    bilan = apply_lot(
        collectivite=request.collectivite,
        agent=request.user,
        geste=GesteEnLot(geste),
        choix=read_choix(request),
        maintenant=timezone.now(),
        **donnees,
    )
    request.session[BILAN] = {
        "geste": bilan.geste.value,
        "faits": bilan.faits,
        "deja": bilan.deja,
        "laisses": [[numero, raison] for numero, raison in bilan.laisses.items()],
        "retour": read_retour(request),
    }
    return redirect("dossiers:bilan")


mark_roles(lot, *REPARTITEURS, par_service=True)  # vérifiés au début de la vue


@role_requis(*REPARTITEURS, par_service=True)
@require_safe
def bilan(request: HttpRequest) -> HttpResponse:
    """Ce qui vient d’être fait, et ce qui ne l’a pas été. Recharger la page ne refait rien."""
    garde = request.session.get(BILAN)
    if not garde:
        return redirect("dossiers:liste")
    laisses = dict(garde["laisses"])
    numeros = [*garde["faits"], *garde["deja"], *laisses]
    noms = {d.numero: d for d in list_lisibles(request, numeros)}
    contexte = {
        "geste": GesteEnLot(garde["geste"]),
        "faits": [noms[n] for n in garde["faits"] if n in noms],
        "deja": [noms[n] for n in garde["deja"] if n in noms],
        "laisses": [(noms[n], raison) for n, raison in laisses.items() if n in noms],
        "retour": f"{reverse('dossiers:liste')}{garde['retour']}",
    }
    return render(request, "dossiers/agent/bilan.html", contexte)


def list_lisibles(request: HttpRequest, numeros: list[int]) -> list[Dossier]:
    """Rend ceux de ces dossiers que l’agent lit ; les autres n’existent pas pour lui."""
    portee = read_lisibles(request.user, request.collectivite)
    return list_choisis(request.collectivite, portee, numeros)


def read_numeros(request: HttpRequest) -> list[int]:
    """Rend les numéros cochés dans la liste, ou ceux de la confirmation, sans doublon."""
    coches = [int(n) for n in request.POST.getlist("d") if n.isdigit() and len(n) <= 9]
    return list(dict.fromkeys([*coches, *(un.numero for un in read_choix(request))]))


def read_choix(request: HttpRequest) -> list[Choix]:
    lus = [parse_choix(texte) for texte in request.POST.getlist("choix")]
    return [un for un in lus if un is not None]


def read_retour(request: HttpRequest) -> str:
    """Rend les critères de la liste, « ?file=bientot », recomposés : jamais un autre site."""
    parametres = QueryDict(request.POST.get("retour", "")[:2000].lstrip("?"))
    return f"?{parametres.urlencode()}" if parametres else ""


def build_formulaire(
    request: HttpRequest, geste: GesteEnLot, collegues: QuerySet[Compte]
) -> ConfierForm | AccepterEnLotForm | None:
    """Rend ce que le geste demande de plus : un collègue, un motif, ou rien."""
    donnees = request.POST if "confirmer" in request.POST else None
    if geste == GesteEnLot.CONFIER:
        return ConfierForm(donnees, collegues=collegues)
    return AccepterEnLotForm(donnees) if geste == GesteEnLot.ACCEPTER else None


def read_donnees(
    formulaire: ConfierForm | AccepterEnLotForm | None, collegues: QuerySet[Compte]
) -> dict[str, Any]:
    if formulaire is None:
        return {}
    if isinstance(formulaire, AccepterEnLotForm):
        return {"motif": formulaire.cleaned_data["motif"]}
    voulu = formulaire.cleaned_data["suivi_par"]
    return {"suivi_par": collegues.get(pk=voulu)}


def list_collegues(request: HttpRequest, dossiers: list[Dossier]) -> QuerySet[Compte]:
    """Rend les autres agents qui peuvent instruire : pour soi, il y a « M’attribuer »."""
    services = {dossier.demarche.service_id for dossier in dossiers}
    return list_instructeurs(request.collectivite, services).exclude(pk=request.user.pk)


def _refuse(request: HttpRequest, nombre: int) -> HttpResponse:
    if nombre > NOMBRE_MAX:
        phrase = f"Plus de {NOMBRE_MAX} dossiers sont choisis : faites-le en plusieurs fois."
    elif nombre:
        phrase = "Choisissez ce qu’il faut faire de ces dossiers."
    else:
        phrase = "Choisissez au moins un dossier, en cochant sa case."
    messages.error(request, phrase)
    return redirect(f"{reverse('dossiers:liste')}{read_retour(request)}")


def _confirm(
    request: HttpRequest, geste: GesteEnLot, dossiers: list[Dossier], formulaire: Any
) -> HttpResponse:
    """Liste ce qui sera fait, et ce qui ne peut pas l’être avec sa raison."""
    vus = {un.numero: un for un in read_choix(request)}
    possibles, impossibles = [], []
    for dossier in dossiers:
        raison = explain_refus(dossier, geste, request.user)
        if raison:
            impossibles.append((dossier, raison))
            continue
        choix = vus.get(dossier.numero) or Choix(
            dossier.numero, dossier.revision, dossier.suivi_par_id
        )
        possibles.append((dossier, choix, describe_etat(dossier.etat)))
    contexte = {
        "geste": geste,
        "possibles": possibles,
        "impossibles": impossibles,
        "formulaire": formulaire,
        "retour": read_retour(request),
        "liste": f"{reverse('dossiers:liste')}{read_retour(request)}",
    }
    statut = 422 if formulaire is not None and formulaire.is_bound else 200
    return render(request, "dossiers/agent/lot.html", contexte, status=statut)
