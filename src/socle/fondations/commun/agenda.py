"""Agendas au format iCalendar (RFC 5545), que tout logiciel d’agenda sait suivre."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse

if TYPE_CHECKING:
    from icalendar import Event

TYPE_MIME = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """Un évènement d’agenda.

    Attributes:
        identifiant: ne change jamais (« reunion-12@exemple.fr »), pour mettre à jour sans doubler.
        debut: instant, ou jour entier pour une date.
        fin: None pour une heure (instant) ou pour ce seul jour (date).
        modifie_le: dernière modification ; les logiciels s’en servent pour mettre à jour.
    """

    identifiant: str
    titre: str
    debut: datetime | date
    modifie_le: datetime
    fin: datetime | date | None = None
    description: str = ""
    lieu: str = ""
    url: str = ""
    est_annule: bool = False
    revision: int = 0


def build_agenda(nom: str, rendezvous: Iterable[Rendezvous]) -> bytes:
    """Rend le fichier .ics de ces évènements, dans leur ordre."""
    from icalendar import Calendar  # noqa: PLC0415  lourd, rarement utile

    agenda = Calendar()
    agenda.add("prodid", "-//Socle//Socle//FR")
    agenda.add("version", "2.0")
    agenda.add("method", "PUBLISH")
    agenda.add("x-wr-calname", nom)
    agenda.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for evenement in rendezvous:
        agenda.add_component(_build_evenement(evenement))
    contenu: bytes = agenda.to_ical()
    return contenu


def _build_evenement(evenement: Rendezvous) -> "Event":
    from icalendar import Event  # noqa: PLC0415

    bloc = Event()
    bloc.add("uid", evenement.identifiant)
    bloc.add("summary", evenement.titre)
    bloc.add("dtstart", evenement.debut)
    bloc.add("dtend", evenement.fin or _guess_fin(evenement.debut))
    bloc.add("dtstamp", evenement.modifie_le)
    bloc.add("last-modified", evenement.modifie_le)
    bloc.add("sequence", evenement.revision)
    bloc.add("status", "CANCELLED" if evenement.est_annule else "CONFIRMED")
    for nom in ("description", "url"):
        if valeur := getattr(evenement, nom):
            bloc.add(nom, valeur)
    if evenement.lieu:
        bloc.add("location", evenement.lieu)
    return bloc


def _guess_fin(debut: datetime | date) -> datetime | date:
    return debut + (timedelta(hours=1) if isinstance(debut, datetime) else timedelta(days=1))


def respond_agenda(nom: str, fichier: str, rendezvous: Iterable[Rendezvous]) -> HttpResponse:
    """Répond le fichier, à enregistrer sous ce nom ou à suivre par son adresse."""
    reponse = HttpResponse(build_agenda(nom, rendezvous), content_type=TYPE_MIME)
    reponse.headers["Content-Disposition"] = f'inline; filename="{fichier}.ics"'
    return reponse
