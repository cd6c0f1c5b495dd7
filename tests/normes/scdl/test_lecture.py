"""Lire le fichier d’un inconnu : encodages, séparateurs, lignes irrégulières, entrées hostiles."""

# ruff: noqa: E501  un cas par ligne

import csv
import io
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.scdl import lots, source
from socle.normes.scdl.correction import correct_fichier
from socle.normes.scdl.definitions import get_schema
from socle.normes.scdl.errors import FichierInutilisable, SchemaInvalide
from socle.normes.scdl.schema import Champ, read_table_schema
from socle.normes.scdl.validation import validate_fichier
from tests.normes.bornes import FUZZ, bornes
from tests.normes.scdl.outils import EXEMPLES, build_schema, judge, sans_donnees, write_csv

SCHEMA = build_schema(Champ("a"), Champ("b", "integer"), Champ("é", contraintes={"required": True}))


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("separateur", [",", ";", "\t", "|"])
def test_encodings_and_separators_give_the_same_verdict(encodage, separateur):
    texte = write_csv(["a", "b", "é"], [["ça", "1", "là"], ["x", "y", ""]], sep=separateur).decode()
    texte += "é\x81" if encodage == "latin-1" else ""

    rapport = validate_fichier(io.BytesIO(texte.encode(encodage)), SCHEMA)

    fautes = [(e.ligne, e.champ, e.code) for e in rapport.erreurs][:2]
    assert fautes == [(3, "b", "type-error"), (3, "é", "constraint-error")]
    assert (rapport.encodage, rapport.separateur) == (encodage, separateur)


@pytest.mark.parametrize(
    ("corps", "fautes"),
    [
        ("1,2,3\n\n4,5,6\n", [(3, None, "blank-row")]),
        ("1,2,3,4\n1,2\n", [(2, None, "extra-cell"), (3, "é", "constraint-error"), (3, "é", "missing-cell")]),
        ('"l1\nl2",x,3\n1,y,3\n', [(2, "b", "type-error"), (3, "b", "type-error")]),
        ('"l1\n\nl2",x,3\n1,2\n1,y,3\n', [(2, "b", "type-error"), (3, "é", "constraint-error"), (3, "é", "missing-cell"), (4, "b", "type-error")]),
        ('5" tube,x,3\n1,y,3', [(2, "b", "type-error"), (3, "b", "type-error")]),
        ("1,x,3\r1,2,3\r", [(2, "b", "type-error")]),
        ('1,x,3\r\n"a,b",2,3\r\n1,2\r\n', [(2, "b", "type-error"), (4, "é", "constraint-error"), (4, "é", "missing-cell")]),
        ('"",2,"3"\n', []),
        ('"ouvert,1,2\n3,4,5\n', [(2, "b", "missing-cell"), (2, "é", "constraint-error"), (2, "é", "missing-cell")]),
    ],
)  # fmt: skip
def test_irregular_lines_keep_their_number(corps, fautes):
    assert judge(f"a,b,é\n{corps}".encode(), SCHEMA) == fautes


def test_blocks_of_any_size_give_the_verdict_of_one_block(monkeypatch):
    hasard = random.Random(7)
    cellules = ["1", "x", "", 'a"b', "l1\nl2", "a,b", "é"]
    lignes = [hasard.choices(cellules, k=hasard.choice([3, 3, 3, 2, 4, 1])) for _ in range(300)]
    contenu = write_csv(["a", "b", "é"], lignes)
    entier = judge(contenu, SCHEMA)

    for taille in (7, 64, 1000):
        monkeypatch.setattr(source, "BLOC", taille)
        assert judge(contenu, SCHEMA) == entier
    monkeypatch.undo()
    monkeypatch.setattr(lots, "CELLULES_LOT", 90)  # trente lignes de trois cellules
    assert judge(contenu, SCHEMA) == entier
    parts = list(lots._divide(contenu, 3))
    assert (b"".join(parts), len(parts) > 5) == (contenu, True)
    assert len(entier) > 200


@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "1", "x", '"', "\n", "\r", "a,b", "é", " ", "\x01"]), max_size=5
        ),
        max_size=12,
    ),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_structure_is_the_one_of_the_csv_module(lignes, propre):
    texte = io.StringIO()
    if propre:
        csv.writer(texte, lineterminator="\n").writerows(lignes)
    else:
        texte.write("\n".join(",".join(ligne) for ligne in lignes))
    corps = texte.getvalue()
    lues = list(csv.reader(io.StringIO(corps, newline="")))
    attendu = sorted(
        numero
        for numero, ligne in enumerate(lues, 2)
        if len(ligne) != 3 and any(cellule for cellule in ligne[:3])
    )

    fautes = judge(f"a,b,é\n{corps}".encode(), SCHEMA)

    assert sorted({f[0] for f in fautes if f[2] in {"missing-cell", "extra-cell"}}) == attendu


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"\n\n",
        b"a\0b",
        b"\x7fELF\0\0",
        b"x" * (9 << 20) * 2,
        b",".join(b"c%d" % n for n in range(100_000)),
        b'a,b\n"' + b"x,\n" * (6 << 20),
        "a,b,é\n".encode("utf-32"),
        bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 500,
        b"%PDF-1.7\na,b",
    ],
    ids=[
        "vide",
        "blancs",
        "nul",
        "binaire",
        "longue",
        "colonnes",
        "guillemet",
        "utf-32",
        "xls",
        "pdf",
    ],
)
def test_hostile_file_is_refused_by_a_sentence(contenu):
    with pytest.raises(FichierInutilisable) as refus:
        judge(contenu, SCHEMA)

    assert refus.value.message[-1] in ".?"


@pytest.mark.parametrize(
    "brut",
    [b"", b"[]", b"{}", b'{"fields": []}', b"[" * 100_000, b'{"fields": [{"name": 1}]}',
     b'{"fields": [{"name": "a", "type": "x"}]}', b'{"fields": [{"name": "a"}, {"name": "a"}]}',
     b'{"fields": [{"name": "a", "constraints": {"pattern": "("}}]}', b"\xff\xfe",
     b'{"fields": [{"name": "a", "constraints": {"enum": 3}}]}'],
)  # fmt: skip
def test_wrong_schema_is_refused(brut):
    with pytest.raises(SchemaInvalide):
        read_table_schema(brut)


def mutate(hasard: random.Random, contenu: bytes) -> bytes:
    brut = bytearray(contenu)
    for _ in range(hasard.randint(1, 20)):
        place = hasard.randrange(len(brut))
        geste = hasard.randrange(3)
        if geste == 0:
            brut[place] = hasard.randrange(256)
        elif geste == 1:
            brut[place:place] = hasard.choice(
                [b'"', b"\n", b"\r", b",", b";", b"\xff", b"\x00", b"\xed\xa0\x80"]
            )
        else:
            del brut[place : place + hasard.randint(1, 40)]
    return bytes(brut)


def check_mutants(nombre: int, graine: int) -> None:
    hasard, schema = random.Random(graine), get_schema("scdl/deliberations")
    graines = [chemin.read_bytes() for chemin in sorted(EXEMPLES.glob("deliberations_*.csv"))]
    for _ in range(nombre):
        octets = mutate(hasard, hasard.choice(graines))
        with bornes(octets), suppress(FichierInutilisable):
            rapport = validate_fichier(io.BytesIO(octets), schema)
            assert rapport.nombre == len(rapport.erreurs)
            correct_fichier(io.BytesIO(octets), io.BytesIO(), schema)


@sans_donnees
def test_mutated_sample_always_has_a_report():
    check_mutants(60, 1)


@sans_donnees
@pytest.mark.lent
def test_two_thousand_mutated_samples_always_have_a_report():
    check_mutants(FUZZ, 2)
