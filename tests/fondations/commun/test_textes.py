"""Typographie française : mêmes mots partout, rien qui se coupe mal."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Template

from socle.fondations.commun import textes
from socle.fondations.commun.templatetags import textes as filtres

HIVER = datetime(2026, 11, 20, 9, 51, tzinfo=UTC)
ETE = datetime(2026, 7, 1, 22, 0, tzinfo=UTC)


def test_format_instant_uses_heure_de_paris():
    assert textes.format_instant(HIVER) == "20\xa0novembre 2026 à\xa010\xa0h\xa051"
    assert textes.format_instant(ETE) == "2\xa0juillet 2026 à\xa00\xa0h"


def test_format_instant_of_a_day_has_no_hour():
    assert textes.format_instant(date(2026, 12, 1)) == "1er\xa0décembre 2026"


def test_format_jour_can_name_the_day_of_week():
    assert textes.format_jour(date(2026, 11, 20), semaine=True) == "vendredi 20\xa0novembre 2026"


def test_format_jour_court_is_short():
    assert textes.format_jour_court(HIVER) == "20\xa0nov. 2026"


@pytest.mark.parametrize(
    ("octets", "texte"),
    [
        (0, "0\xa0octet"),
        (1, "1\xa0octet"),
        (999, "999\xa0octets"),
        (1000, "1\xa0Ko"),
        (84_000, "84\xa0Ko"),
        (999_499, "999\xa0Ko"),
        (999_500, "1\xa0Mo"),
        (1_240_000, "1,2\xa0Mo"),
        (9_960_000, "10\xa0Mo"),
        (200 * 1024 * 1024, "210\xa0Mo"),
        (10**16, "10000\xa0To"),
    ],
)
def test_format_taille_reads_like_people_say_it(octets, texte):
    assert textes.format_taille(octets) == texte


@pytest.mark.parametrize(
    ("mots", "phrase"),
    [([], ""), (["lundi"], "lundi"), (["lundi", "mardi", "jeudi"], "lundi, mardi et jeudi")],
)
def test_join_mots_makes_a_phrase(mots, phrase):
    assert textes.join_mots(mots) == phrase


@pytest.mark.parametrize(
    "filtre",
    [
        filtres.jour,
        filtres.jour_semaine,
        filtres.jour_court,
        filtres.heure,
        filtres.instant,
        filtres.iso,
        filtres.taille,
        filtres.telephone,
        filtres.horaires,
        filtres.de,
    ],
)
def test_filtres_render_nothing_for_an_absent_value(filtre):
    assert filtre(None) == ""


def test_filtre_taille_shows_an_empty_fichier():
    assert filtres.taille(0) == "0\xa0octet"


def test_filtre_telephone_never_breaks_a_number():
    assert filtres.telephone("01 46 00 00 00") == "01\u00a046\u00a000\u00a000\u00a000"


def test_lien_tel_dials_the_number_however_it_is_written():
    assert filtres.lien_tel("01 46.00-00\u00a000") == "tel:0146000000"
    assert filtres.lien_tel("+33 1 46 00 00 00") == "tel:+33146000000"


def test_filtre_horaires_never_breaks_an_hour():
    ecrits = "Lundi : 8 h 30 à 12 h\nSamedi : 9 h à 17 h 30, 2 heures de pause"

    assert filtres.horaires(ecrits) == (
        "Lundi : 8\xa0h\xa030 à 12\xa0h\nSamedi : 9\xa0h à 17\xa0h\xa030, 2 heures de pause"
    )


@pytest.mark.parametrize(
    ("nom", "phrase"),
    [
        ("Aurélien", "d’Aurélien"),
        ("Élodie Martin", "d’Élodie Martin"),
        ("œuvre des Écoles", "d’œuvre des Écoles"),
        ("Hélène", "d’Hélène"),
        ("HENRI", "d’HENRI"),
        ("Yves", "d’Yves"),
        ("Yann", "de Yann"),
        ("Halima", "de Halima"),
        ("Zoé", "de Zoé"),
        ("3 Petits Points", "de 3 Petits Points"),
    ],
)
def test_filtre_de_elides_before_a_vowel_or_a_silent_h(nom, phrase):
    assert filtres.de(nom) == phrase


def test_no_page_breaks_an_hour_between_its_words():
    """« 17 h 30 » tient sur une ligne : ses espaces sont insécables, ou c’est le filtre `heure`."""
    pages = Path("src").rglob("*.html")
    assert [p.name for p in pages if "G \\h" in p.read_text() or "\\h i" in p.read_text()] == []


@pytest.mark.parametrize(
    ("unite", "un"),
    [
        ("comptes", "compte"), ("collectivités actives", "collectivité active"),
        ("millions d’euros", "million d’euros"), ("démarches en ligne", "démarche en ligne"),
        ("nouvelles demandes", "nouvelle demande"), ("mois", "mois"), ("%", "%"), ("", ""),
        ("e édition", "e édition"), ("tableaux", "tableau"), ("pass", "pass"),
    ],
)  # fmt: skip
def test_unit_agrees_below_two(unite, un):
    assert [textes.accorde(unite, n) for n in (0, 1, Decimal("1.9"))] == [un] * 3
    assert [textes.accorde(unite, n) for n in (2, 700, None)] == [unite] * 3


@pytest.mark.parametrize(
    ("nombre", "attendu"),
    [(0, ""), ("0", ""), (1, ""), (2, "s"), ("3", "s"), ([1], ""), ([1, 2], "s")],
)
def test_plural_begins_at_two_in_every_template(nombre, attendu):
    gabarit = Template("{{ n|pluralize }}")
    assert gabarit.render(Context({"n": nombre})) == attendu


def test_plural_takes_two_endings():
    gabarit = Template('{{ n|pluralize:"t,ent" }}')
    assert [gabarit.render(Context({"n": n})) for n in (0, 1, 2)] == ["t", "t", "ent"]
