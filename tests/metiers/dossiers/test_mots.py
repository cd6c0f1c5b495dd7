"""Découper en mots, et mesurer les fautes de frappe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.metiers.dossiers.queries.mots import (
    allow_ecart,
    compute_ecart,
    pick_proches,
    split_mots,
    write_vecteur,
)
from socle.metiers.dossiers.queries.recherche import read_demande

COURTS = st.text(alphabet="abcde", max_size=7)


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        ("Éléonore d’Aubigné", ["eleonore", "d", "aubigne"]),
        ("rue Jean-Jaurès", ["rue", "jean", "jaures"]),
        ("ma_sœur, ma SŒUR", ["ma", "soeur"]),
        ("yanis.orbellec@exemple.fr", ["yanis", "orbellec", "exemple", "fr"]),
        ("'); DROP TABLE--", ["drop", "table"]),
        ("Straße 12bis", ["strasse", "12bis"]),
        ("北京", ["北京"]),
        ("21\u202f600 et 06\u00a012", ["21600", "et", "0612"]),
        ("\0 & | ! ( ) :* <->", []),
    ],
)
def test_words_are_cut_the_same_way_everywhere(texte, mots):
    assert split_mots(texte) == mots


@given(st.text(max_size=200))
def test_vector_never_carries_syntax(texte):
    for lexeme in write_vecteur(texte).split():
        assert lexeme.startswith("'")
        assert lexeme.endswith("':1A")
        assert lexeme[1:-4].isalnum()


@given(COURTS, COURTS)
def test_distance_is_symmetrical_and_bounded(a, b):
    ecart = compute_ecart(a, b)
    assert ecart == compute_ecart(b, a)
    assert abs(len(a) - len(b)) <= ecart <= max(len(a), len(b))
    assert (ecart == 0) == (a == b)


@pytest.mark.parametrize(
    ("ecrit", "voulu"),
    [
        ("belkasem", "belkacem"),
        ("belcakem", "belkacem"),
        ("belkcaem", "belkacem"),
        ("belkas", "belkacem"),
        ("fournell", "fournel"),
        ("lefebvre", "lefevre"),
        ("dialo", "diallo"),
        ("echaffaudage", "echafaudage"),
        ("nguien", "nguyen"),
    ],
)
def test_typo_finds_its_word(ecrit, voulu):
    vocabulaire = ["belkacem", "diallo", "echafaudage", "fournel", "lefevre", "nguyen", "rue"]
    assert pick_proches(ecrit, vocabulaire) == [voulu]


@pytest.mark.parametrize("ecrit", ["rue", "ali", "2026", "zzzzzz", "belkacem"])
def test_word_too_short_or_too_far_is_not_replaced(ecrit):
    assert pick_proches(ecrit, ["ruse", "aly", "2027", "belkacem"]) == []


def test_tolerance_grows_with_the_word():
    assert [allow_ecart("a" * n) for n in (3, 4, 6, 12)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("texte", "numero"),
    [("44171", 44171), ("44 171", 44171), ("44\u202f171", 44171), ("n° 44171", 44171),
     ("dossier n° 44 171", 44171), ("#12", 12), ("0", None), ("99999999999", None),
     ("٤٤", None), ("12 rue", None)],
)  # fmt: skip
def test_number_is_read_with_its_spaces(texte, numero):
    assert read_demande(texte).numero == numero


@pytest.mark.parametrize(
    "texte", ["06 12 34 56 78", "06.12.34.56.78", "+33 6 12 34 56 78", "0033612345678"]
)
def test_telephone_is_read_whole(texte):
    assert read_demande(texte).chiffres == "0612345678"


def test_reference_is_read_alone():
    demande = read_demande(" 219200235-2026-44171 ")
    assert (demande.reference, demande.mots) == ("219200235-2026-44171", ())
