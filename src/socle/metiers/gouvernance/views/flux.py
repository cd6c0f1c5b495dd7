"""Agendas (ICS) et flux Atom, à suivre sans compte."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from socle.fondations.commun.agenda import respond_agenda
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


class FluxDecisions(Feed):
    """Décisions prises par les deux collèges."""

    feed_type = Atom1Feed
    title = "Décisions du programme"
    subtitle = "Ce que l’État et les collectivités ont décidé ensemble."

    def link(self) -> str:
        return reverse("gouvernance:decisions")

    def items(self) -> list[Decision]:
        return list(pages.list_decisions_prises())

    def item_title(self, item: Decision) -> str:
        return str(item)

    def item_description(self, item: Decision) -> str:
        return (
            f"{item.instance.nom}. Validée par le collège des collectivités le"
            f" {format_jour(item.collectivites_le)}, par celui de l’État le"
            f" {format_jour(item.etat_le)}."
        )

    def item_link(self, item: Decision) -> str:
        return reverse("gouvernance:decision", args=[item.numero])

    def item_pubdate(self, item: Decision) -> Any:
        return item.prise_le

    def item_updateddate(self, item: Decision) -> Any:
        return item.prise_le


class FluxRapports(Feed):
    """Rapports du mois."""

    feed_type = Atom1Feed
    title = "Rapports du programme"
    subtitle = "Le mois du programme, en une page."

    def link(self) -> str:
        return reverse("gouvernance:rapports")

    def items(self) -> list[LectureDuRapport]:
        return [LectureDuRapport(rapport) for rapport in list_rapports()[:24]]

    def item_title(self, item: LectureDuRapport) -> str:
        return f"Rapport {item.de_mois}"

    def item_description(self, item: LectureDuRapport) -> str:
        return item.resume

    def item_link(self, item: LectureDuRapport) -> str:
        return reverse("gouvernance:rapport", args=[item.rapport.slug])

    def item_pubdate(self, item: LectureDuRapport) -> Any:
        return item.rapport.publie_le

    def item_updateddate(self, item: LectureDuRapport) -> Any:
        return item.rapport.publie_le


@page_publique
def atom_decisions(request: HttpRequest) -> HttpResponse:
    return FluxDecisions()(request)


@page_publique
def atom_rapports(request: HttpRequest) -> HttpResponse:
    return FluxRapports()(request)
