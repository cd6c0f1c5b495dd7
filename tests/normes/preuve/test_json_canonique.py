"""JSON canonique : vecteurs de la RFC 8785, puis ce qui n’a pas de forme canonique."""

import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.preuve.errors import JsonNonCanonique
from socle.normes.preuve.json_canonique import decode_json, encode_json

# RFC 8785, annexe B : double IEEE 754 en hexadécimal, forme attendue.
NOMBRES = """
0000000000000000 0
8000000000000000 0
0000000000000001 5e-324
8000000000000001 -5e-324
7fefffffffffffff 1.7976931348623157e+308
ffefffffffffffff -1.7976931348623157e+308
4340000000000000 9007199254740992
c340000000000000 -9007199254740992
4430000000000000 295147905179352830000
44b52d02c7e14af5 9.999999999999997e+22
44b52d02c7e14af6 1e+23
44b52d02c7e14af7 1.0000000000000001e+23
444b1ae4d6e2ef4e 999999999999999700000
444b1ae4d6e2ef4f 999999999999999900000
444b1ae4d6e2ef50 1e+21
3eb0c6f7a0b5ed8c 9.999999999999997e-7
3eb0c6f7a0b5ed8d 0.000001
41b3de4355555553 333333333.3333332
41b3de4355555554 333333333.33333325
41b3de4355555555 333333333.3333333
41b3de4355555556 333333333.3333334
41b3de4355555557 333333333.33333343
becbf647612f3696 -0.0000033333333333333333
43143ff3c1cb0959 1424953923781206.2
"""


@pytest.mark.parametrize("ligne", NOMBRES.split("\n")[1:-1])
def test_nombres_follow_rfc_8785_annexe_b(ligne):
    hexa, attendu = ligne.split()
    [nombre] = struct.unpack(">d", bytes.fromhex(hexa))
    assert encode_json(nombre) == attendu.encode()


def test_exemple_of_rfc_8785_is_reproduced():
    # RFC 8785, §3.2.2 à §3.2.4.
    valeur = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 1e-27],
        "string": '€$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    attendu = (
        '{"literals":[null,true,false],'
        '"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert encode_json(valeur) == attendu.encode()


def test_cles_are_sorted_by_unites_utf16():
    # RFC 8785, §3.2.3 : le sourire (U+1F600, demi-paire D83D) passe avant U+FB33.
    cles = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    attendu = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(encode_json(dict.fromkeys(cles, 0)))) == attendu


@pytest.mark.parametrize(
    "valeur",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        {1: "clé entière"},
        {"a": {None: 1}},
        2**53 + 1,
        -(2**53) - 1,
        35858957404457432,  # le double est exact, mais s’écrit 35858957404457430
        10**400,
        b"octets",
        {1, 2},
        "\ud800",
        {"\udfff": 1},
        object(),
    ],
    ids=range(14),
)
def test_valeur_without_forme_canonique_is_refused(valeur):
    with pytest.raises(JsonNonCanonique):
        encode_json(valeur)


def test_profondeur_is_bounded():
    valeur: list = []
    for _ in range(40):
        valeur = [valeur]
    with pytest.raises(JsonNonCanonique, match="niveaux"):
        encode_json(valeur)


@pytest.mark.parametrize(
    "texte",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b"[1.0]",
        b"[1e2]",
        b"[-0]",
        b"[NaN]",
        b"[Infinity]",
        b'["\\u00e9"]',
        b"[1]\n",
        b"",
        b"\xff",
        b"[" * 100_000,
        b"[9007199254740993]",
        b'["\\ud800"]',
    ],
    ids=lambda texte: repr(texte[:20]),
)
def test_texte_under_another_forme_is_refused(texte):
    with pytest.raises(JsonNonCanonique):
        decode_json(texte)


def test_texte_too_long_is_refused():
    with pytest.raises(JsonNonCanonique, match="plus de 4 octets"):
        decode_json(b"[1,2]", taille_max=4)


VALEURS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda enfants: st.lists(enfants) | st.dictionaries(st.text(), enfants),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALEURS)
def test_forme_canonique_is_stable_and_keeps_the_valeur(valeur):
    octets = encode_json(valeur)
    assert _read(octets) == _read(json.dumps(valeur).encode())
    assert encode_json(decode_json(octets)) == octets


def _read(octets: bytes):
    return json.loads(octets, parse_int=float)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_nombre_reads_back_exactly(nombre):
    assert float(encode_json(nombre)) == nombre
