"""Lire ce qu’un inconnu envoie : borné, jamais interprété, toujours une phrase."""

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.normes.publiccode.errors import PubliccodeIllisible
from socle.normes.publiccode.lecture import TAILLE_MAX, read_publiccode
from socle.normes.publiccode.validation import check_publiccode
from tests.normes.bornes import FUZZ, bornes

BOMBE = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 5)}]\n" for i in range(9)
)


def test_reads_texts_and_guesses_nothing():
    lu = read_publiccode(
        b'\xef\xbb\xbfversion: 0.4\njour: 2026-11-21\npays: no\nvrai: true\nrien:\nun: [1, "2"]\n'
    )

    assert lu == {
        "version": "0.4",
        "jour": "2026-11-21",
        "pays": "no",
        "vrai": True,
        "rien": None,
        "un": ["1", "2"],
    }


def test_reads_a_few_aliases():
    assert read_publiccode(b"a: &x [un]\nb: *x\n") == {"a": ["un"], "b": ["un"]}


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (BOMBE.encode(), "Les renvois feraient un document démesuré."),
        (b"a: &a [*a]", "Un renvoi se contient lui-même."),
        (b"a: &a [x]\nb: [" + b"*a," * 60 + b"]", "Plus de 50 renvois (« *nom »)."),
        (b"[" * 5000, "Plus de 20 niveaux imbriqués."),
        (b"a: !!python/object/apply:os.system ['x']", "Les étiquettes (« !… ») sont refusées."),
        (b'a: "un\\0deux"', "Un signe qui n’est pas du texte."),
        (b'"\\ud800": b', "Un signe qui n’est pas du texte."),
        (b"a: 1\na: 2", "La clé « a » est en double."),
        (b"? [a]\n: b", "Une clé doit être un mot."),
        (b"\n".join(b"k%d: v" % i for i in range(12000)), "Le fichier compte trop d’éléments."),
        (b"\xff\xfe", "Le fichier n’est pas en UTF-8."),
        (b"a" * (TAILLE_MAX + 1), "Le fichier dépasse 256 Ko."),
        (b"- a", "Le fichier ne décrit pas un logiciel : « clé: valeur »."),
        (b"", "Le fichier ne décrit pas un logiciel : « clé: valeur »."),
        (b"a: b\n---\nc: d", "Ce n’est pas du YAML bien formé."),
        (b"a: \x00", "Ce n’est pas du YAML bien formé."),
    ],
)
def test_hostile_file_is_refused_with_a_sentence(octets, phrase):
    with bornes(phrase), pytest.raises(PubliccodeIllisible) as refus:
        read_publiccode(octets)

    assert refus.value.message == phrase


def test_fault_names_its_line():
    with pytest.raises(PubliccodeIllisible) as refus:
        read_publiccode(b"a: 1\nb: [\n")

    assert str(refus.value).startswith("Ligne ")


def read_ou_refuse(octets):
    """Rend ce qui est lu, ou la phrase du refus."""
    try:
        return read_publiccode(octets)
    except PubliccodeIllisible as refus:
        return refus.message


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(octets):
    assert isinstance(read_ou_refuse(octets), dict | str)


@given(st.text(alphabet="ab:-[]{}&*!?|>\n '\"#%@`,~<", max_size=120))
def test_any_yaml_soup_is_read_or_refused(texte):
    assert isinstance(read_ou_refuse(texte.encode()), dict | str)


@pytest.mark.lent
def test_two_thousand_mutants_are_judged_or_refused():
    """Notre propre fiche, abîmée : octets changés, lignes répétées, indentations perdues."""
    sain = Path(__file__).parents[3].joinpath("publiccode.yml").read_bytes()
    juges = 0
    for graine in range(FUZZ):
        hasard, abime = random.Random(graine), bytearray(sain)
        for _ in range(hasard.randint(1, 8)):
            place = hasard.randrange(len(abime) or 1)
            fin = place + hasard.choice([0, 1, 3, 60])
            piece = hasard.choice(
                [b"", hasard.randbytes(1), b"\n", b"  ", b"\t", b": ", b"- ", b"&a ", b"*a", b"[",
                 b"{", b"!!x ", b"\0", b"\xed\xa0\x80", b"|", b"9" * 400,
                 bytes(abime[place:fin]) * 3]
            )  # fmt: skip
            abime[place:fin] = piece
        with bornes(graine), suppress(PubliccodeIllisible):
            anomalies = check_publiccode(read_publiccode(bytes(abime)))
            "".join(a.message + a.lieu for a in anomalies).encode()  # rien qui ne s’écrive pas
            juges += 1
    assert FUZZ // 20 < juges < FUZZ
