"""Nettoyage, comparaison et écriture des textes et des nombres."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.fondations.formulaires.textes import (
    clean_ligne,
    clean_texte,
    fold,
    format_nombre,
    format_pluriel,
    slugify,
)
from socle.fondations.formulaires.valeurs import compute_age, read_decimal
from tests.fondations.formulaires.outils import plat


@pytest.mark.parametrize(
    ("nombre", "unite", "texte"),
    [
        ("21600", "€", "21 600 €"),
        ("3.4", "€", "3,40 €"),
        ("3.425", "€", "3,43 €"),
        ("-1234567.891", "", "−1 234 567,89"),
        ("0.004", "€", "0 €"),
        ("-0.004", "€", "0 €"),
        ("1.50", "parts", "1,5 parts"),
        ("0", "", "0"),
    ],
)
def test_numbers_are_written_in_french(nombre, unite, texte):
    assert plat(format_nombre(Decimal(nombre), unite)) == texte


def test_no_line_break_inside_an_amount():
    assert format_nombre(Decimal(21600), "€") == "21\u202f600\u00a0€"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_cleaned_text_can_be_stored_and_is_stable(texte):
    for nettoie in (clean_texte, clean_ligne):
        propre = nettoie(texte)
        assert "\x00" not in propre
        propre.encode("utf-8")
        assert nettoie(propre) == propre
    assert "\n" not in clean_ligne(texte)


@settings(deadline=None)
@given(st.decimals(-(10**12), 10**12, places=2))
def test_written_number_reads_back(nombre):
    ecrit = format_nombre(nombre, decimales=2)
    assert read_decimal(ecrit) == nombre


@pytest.mark.parametrize("texte", ["", "abc", "1e5", "1.2.3", "--1", "NaN", "1" * 50, "½", "+"])
def test_unreadable_number_is_none(texte):
    assert read_decimal(texte) is None


def test_fold_and_slugify():
    assert fold("  L’Haÿ-les-Roses ") == "l'hay-les-roses"
    assert fold("Œuvre") == "oeuvre"
    assert slugify("Garde alternée !") == "garde_alternee"
    assert slugify("…") == "option"
    assert len(slugify("a" * 200)) == 63


def test_age_on_the_birthday_and_the_day_before():
    naissance = date(2008, 2, 29)
    assert compute_age(naissance, date(2026, 2, 28)) == 17
    assert compute_age(naissance, date(2026, 3, 1)) == 18
    assert compute_age(naissance, date(2008, 2, 28)) is None


def test_plural():
    assert [plat(format_pluriel(n, "fichier")) for n in (0, 1, 2)] == [
        "0 fichier", "1 fichier", "2 fichiers",
    ]  # fmt: skip
