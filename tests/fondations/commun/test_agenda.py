"""Les agendas se relisent, avec leurs heures et leurs jours entiers."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from socle.fondations.commun.agenda import Rendezvous, build_agenda

INSTANT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_a_calendar_is_read_back():
    fichier = build_agenda(
        "Échéancier",
        [
            Rendezvous("a@socle", "Réunion ; à 10 h, Paris", INSTANT, INSTANT, lieu="Visio"),
            Rendezvous("b@socle", "Échéance", date(2027, 9, 1), INSTANT, est_annule=True),
        ],
    )

    premier, second = Calendar.from_ical(fichier).walk("VEVENT")
    assert str(premier["summary"]) == "Réunion ; à 10 h, Paris"
    assert (premier.start, premier.end.hour) == (INSTANT, 10)
    assert (second.start, second.end) == (date(2027, 9, 1), date(2027, 9, 2))
    assert str(second["status"]) == "CANCELLED"
    assert all(len(ligne) <= 75 for ligne in fichier.split(b"\r\n"))


@pytest.mark.parametrize("suite", ["é" * 200, "\\" * 201, ",;" * 99 + "\\,"])
def test_hostile_words_stay_words_on_folded_lines(suite):
    piege = f"Été, \\ ; \r\nEND:VEVENT\r\nBEGIN:VALARM {suite}"
    fichier = build_agenda(piege, [Rendezvous("x", piege, INSTANT, INSTANT, description=piege)])

    agenda = Calendar.from_ical(fichier)
    [seul] = agenda.walk("VEVENT")
    assert seul.walk("VALARM") == []
    assert str(seul["summary"]) == str(seul["description"]) == piege.replace("\r\n", "\n")
    assert all(len(ligne) <= 75 for ligne in fichier.split(b"\r\n"))
