"""Agendas (ICS) et flux Atom, à suivre sans compte."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.agenda import respond_agenda
from socle.fondations.commun.flux import EntreeDeFlux, respond_atom
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.textes import format_jour
from socle.metiers.gouvernance.exports.agenda import build_rendezvous
from socle.metiers.gouvernance.exports.rapport import LectureDuRapport
from socle.metiers.gouvernance.models import Decision
from socle.metiers.gouvernance.queries import pages
from socle.metiers.gouvernance.queries.rapports import list_rapports

PASSE = timedelta(days=366)
MAX = 500


@page_publique
def agenda(request: HttpRequest) -> HttpResponse:
    """Toutes les réunions annoncées, depuis un an."""
    reunions = pages.list_reunions_publiques(depuis=timezone.now() - PASSE)[:MAX]
    nom = f"{settings.NOM_INSTALLATION} : instances"
    return respond_agenda(nom, "instances", map(build_rendezvous, reunions))


@page_publique
def agenda_instance(request: HttpRequest, slug: str) -> HttpResponse:
    """Les réunions d’une instance, depuis un an."""
    instance = pages.find_instance(slug)
    if instance is None:
        raise Http404
    reunions = pages.list_reunions_publiques(instance, depuis=timezone.now() - PASSE)[:MAX]
    return respond_agenda(instance.nom, slug, map(build_rendezvous, reunions))


@page_publique
def atom_decisions(request: HttpRequest) -> HttpResponse:
    """Décisions prises par les deux collèges."""
    return respond_atom(
        titre="Décisions du programme",
        resume="Ce que l’État et les collectivités ont décidé ensemble.",
        page=reverse("gouvernance:decisions"),
        flux=request.path,
        entrees=map(_build_entree, pages.list_decisions_prises()),
    )


def _build_entree(decision: Decision) -> EntreeDeFlux:
    return EntreeDeFlux(
        titre=str(decision),
        chemin=reverse("gouvernance:decision", args=[decision.numero]),
        resume=(
            f"{decision.instance.nom}. Validée par le collège des collectivités le"
            f" {format_jour(decision.collectivites_le)}, par celui de l’État le"
            f" {format_jour(decision.etat_le)}."
        ),
        publie_le=decision.prise_le,
    )


@page_publique
def atom_rapports(request: HttpRequest) -> HttpResponse:
    """Rapports du mois."""
    lus = [LectureDuRapport(rapport) for rapport in list_rapports()[:24]]
    entrees = [
        EntreeDeFlux(
            titre=f"Rapport {lu.de_mois}",
            chemin=reverse("gouvernance:rapport", args=[lu.rapport.slug]),
            resume=lu.resume,
            publie_le=lu.rapport.publie_le,
        )
        for lu in lus
    ]
    return respond_atom(
        titre="Rapports du programme",
        resume="Le mois du programme, en une page.",
        page=reverse("gouvernance:rapports"),
        flux=request.path,
        entrees=entrees,
    )
