"""Agendas au format iCalendar (RFC 5545), que tout logiciel d’agenda sait suivre."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import HttpResponse

TYPE_MIME = "text/calendar; charset=utf-8"
LARGEUR = 75  # octets d’une ligne avant d’être pliée
SECONDES = len("2026-11-22T10:51:07")


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
    """Rend le fichier .ics de ces évènements, dans leur ordre.

    Écrit ligne à ligne : trois mille échéances prennent quelques dizaines de millisecondes.
    """
    lignes = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Socle//Socle//FR", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(nom)}", "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]  # fmt: skip
    for evenement in rendezvous:
        lignes += _list_lignes(evenement)
    lignes.append("END:VCALENDAR")
    return "\r\n".join([*map(_fold, lignes), ""]).encode()


def _list_lignes(evenement: Rendezvous) -> list[str]:
    """Lignes d’un évènement, pas encore pliées (RFC 5545, § 3.6.1)."""
    change = _write_instant(evenement.modifie_le)
    lignes = [
        "BEGIN:VEVENT",
        f"UID:{_escape(evenement.identifiant)}",
        f"SUMMARY:{_escape(evenement.titre)}",
        f"DTSTART{_write_moment(evenement.debut)}",
        f"DTEND{_write_moment(evenement.fin or _guess_fin(evenement.debut))}",
        f"DTSTAMP:{change}",
        f"LAST-MODIFIED:{change}",
        f"SEQUENCE:{evenement.revision}",
        f"STATUS:{'CANCELLED' if evenement.est_annule else 'CONFIRMED'}",
    ]
    if evenement.description:
        lignes.append(f"DESCRIPTION:{_escape(evenement.description)}")
    if evenement.url:
        lignes.append(f"URL:{''.join(evenement.url.split())}")
    if evenement.lieu:
        lignes.append(f"LOCATION:{_escape(evenement.lieu)}")
    lignes.append("END:VEVENT")
    return lignes


def _escape(texte: str) -> str:
    """Texte d’une valeur (RFC 5545, § 3.3.11) : jamais de fin de ligne."""
    texte = texte.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(texte.splitlines())


def _fold(texte: str) -> str:
    """Plie une ligne trop longue (§ 3.1), sans couper un caractère ni un signe échappé."""
    if len(texte) < LARGEUR and texte.isascii():
        return texte
    ligne = texte.encode()
    morceaux = []
    while len(ligne) >= LARGEUR:
        coupe = LARGEUR - 1
        while ligne[coupe] & 0xC0 == 0x80:
            coupe -= 1
        debut = ligne[:coupe]
        coupe -= (len(debut) - len(debut.rstrip(b"\\"))) % 2
        morceaux.append(ligne[:coupe])
        ligne = ligne[coupe:]
    return b"\r\n ".join([*morceaux, ligne]).decode()


def _write_moment(moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return f":{_write_instant(moment)}"
    return f";VALUE=DATE:{moment.isoformat().replace('-', '')}"


def _write_instant(instant: datetime) -> str:
    ecrit = instant.astimezone(UTC).isoformat()[:SECONDES]
    return f"{ecrit.replace('-', '').replace(':', '')}Z"


def _guess_fin(debut: datetime | date) -> datetime | date:
    return debut + (timedelta(hours=1) if isinstance(debut, datetime) else timedelta(days=1))


def respond_agenda(nom: str, fichier: str, rendezvous: Iterable[Rendezvous]) -> HttpResponse:
    """Répond le fichier, à enregistrer sous ce nom ou à suivre par son adresse."""
    reponse = HttpResponse(build_agenda(nom, rendezvous), content_type=TYPE_MIME)
    reponse.headers["Content-Disposition"] = f'inline; filename="{fichier}.ics"'
    return reponse
