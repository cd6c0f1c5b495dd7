"""Notre grammaire juge comme le schéma officiel."""

import random
import re
from collections.abc import Iterator

import pytest
from lxml import etree

from socle.normes.actes.conformite import Schema, check_forme
from socle.normes.actes.ecriture import write_message
from socle.normes.actes.lecture import find_genre
from socle.normes.actes.vocabulaire import ACTES, INSEE, XSI
from tests.normes.actes.fabrique import list_messages

VALEURS = (
    "", " ", "1", "01", "001", "+1", "-1", "0", "-0", "100", "1.0", "x", " 7 ", "2026-11-20",
    "2026-13-01", "2026-11-20Z", "2026-11-20+14:00", "2026-11-20+15:00", "20261120",
    "035-213502388-20261120-1-DE", "035-213502388-20261120-1-de", "|35-213502388-20261120-1-DE",
    "035-213502388-20261120-é-DE", "035-213502388-20261120-1-ÉA", "035", "02A", "2A", "|5B", "97a",
    "a@b.fr", "a@b", "a.b-c_d@e.museum", "a@b.voyage1", "é@b.fr", "a@b.bretagne", "213502388",
    "21350238", "x" * 15, "x" * 16, "x" * 500, "x" * 501, "é" * 500, "DE", "DEX",
)  # fmt: skip


def iter_mutants(graine: int, nombre: int) -> Iterator[etree._Element]:
    hasard = random.Random(graine)
    modeles = [write_message(message) for message in list_messages()]
    for _ in range(nombre):
        racine = etree.fromstring(hasard.choice(modeles))
        for _ in range(hasard.choice((1, 1, 1, 2, 3))):
            _mutate(racine, hasard)
        yield etree.fromstring(etree.tostring(racine))


def _mutate(racine: etree._Element, hasard: random.Random) -> None:
    element = hasard.choice(list(racine.iter()))
    parent = element.getparent()
    geste = hasard.choice(
        ("ote", "double", "deplace", "texte", "attribut", "ote_attribut", "nom", "nul", "perdu")
    )
    if geste == "texte" and not len(element):
        element.text = hasard.choice(VALEURS)
    elif geste == "attribut" and element.attrib:
        element.set(hasard.choice(list(element.attrib)), hasard.choice(VALEURS))
    elif geste == "ote_attribut" and element.attrib:
        del element.attrib[hasard.choice(list(element.attrib))]
    elif geste == "nom":
        espace = hasard.choice((ACTES, ACTES, INSEE))
        element.set(f"{{{espace}}}{hasard.choice(('IDActe', 'Date', 'SIREN', 'inconnu'))}", "1")
    elif geste == "nul":
        element.set(f"{{{XSI}}}nil", hasard.choice(("true", "false", "1")))
    elif geste == "perdu":
        element.tail = hasard.choice(("\n", "perdu")) if parent is not None else None
    elif parent is not None:
        _move(element, parent, geste, hasard)


def _move(
    element: etree._Element, parent: etree._Element, geste: str, hasard: random.Random
) -> None:
    element.tail = None
    if geste == "ote":
        parent.remove(element)
    elif geste == "double":
        copie = etree.fromstring(etree.tostring(element))
        parent.insert(parent.index(element), copie)
    else:
        parent.insert(hasard.randrange(len(parent) + 1), element)


def compare(schema: Schema, graine: int, nombre: int) -> tuple[int, int]:
    valides = faux = 0
    for racine in iter_mutants(graine, nombre):
        genre = find_genre(racine)
        assert genre
        officiel, notre = schema.xsd.validate(racine), not check_forme(racine, genre, None)
        assert officiel == notre, (etree.tostring(racine), str(schema.xsd.error_log))
        valides, faux = valides + officiel, faux + (not officiel)
    return valides, faux


def test_mutants_are_judged_as_the_official_schema_does(schema: Schema) -> None:
    valides, faux = compare(schema, 1, 300)

    assert valides > 20
    assert faux > 100


@pytest.mark.lent
@pytest.mark.timeout(120)
def test_many_mutants_are_judged_as_the_official_schema_does(schema: Schema) -> None:
    for graine in range(2, 12):
        compare(schema, graine, 1_000)


def test_every_refusal_is_a_sentence_with_a_place(schema: Schema) -> None:
    for racine in iter_mutants(20, 150):
        genre = find_genre(racine)
        assert genre
        for anomalie in check_forme(racine, genre, schema):
            assert re.fullmatch(r"[A-ZÀ-ÖØ-Ý«].+[.»]", anomalie.message), anomalie
            assert anomalie.code != "schema.officiel", anomalie
            assert anomalie.champ
