"""Octets hostiles : toujours un rapport, jamais d’exception, jamais longtemps."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from socle.normes.decp.correction import correct_decp
from socle.normes.decp.ecriture import write_json, write_xml
from socle.normes.decp.errors import DecpIllisible
from socle.normes.decp.lecture import read_decp
from socle.normes.decp.rapport import Rapport
from socle.normes.decp.validation import validate_decp
from tests.conftest import DONNEES_OFFICIELLES
from tests.normes.bornes import FUZZ, bornes
from tests.normes.decp.fabrique import CONTRATS

JSON, XML = write_json(CONTRATS), write_xml(CONTRATS)
RIRES = b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha") for n in range(12)
)
CAS: list[tuple[str, Callable[[], bytes], str]] = [
    ("vide", lambda: b"", "vide"),
    ("blancs", lambda: b" \n" * 9, "vide"),
    ("nul json", lambda: JSON.replace(b"Exploitation", b"a\0b"), "signe de contrôle"),
    ("nul xml", lambda: XML.replace(b"Exploitation", b"a\0b"), "bien formé"),
    ("zip", lambda: b"PK\x03\x04", "ni du JSON"),
    ("utf-16", lambda: JSON.decode().encode("utf-16"), "UTF-8"),
    ("latin-1", lambda: JSON.decode().encode("cp1252", "replace"), "UTF-8"),
    ("tronqué json", lambda: JSON[:900], "bien formé"),
    ("tronqué xml", lambda: XML[:900], "bien formé"),
    ("xxe", lambda: b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
     b"<marches>&x;</marches>", "DOCTYPE"),
    ("dtd au loin", lambda: b'<!DOCTYPE m SYSTEM "http://127.0.0.1:9/a.dtd"><m/>', "DOCTYPE"),
    ("mille rires", lambda: b"<!DOCTYPE m [" + RIRES + b"]><marches>&e11;</marches>", "DOCTYPE"),
    ("rires en attribut", lambda: b"<!DOCTYPE m [" + RIRES + b']><marches a="&e11;"/>', "DOCTYPE"),
    ("profond json", lambda: b"[" * 900_000, "niveaux"),
    ("profond json fermé", lambda: b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "niveaux"),
    ("profond xml", lambda: b"<marches>" + b"<a>" * 200_000, "niveaux"),
    ("trop de listes", lambda: b"[" + b"[]," * 2_000_000 + b"[]]", "trop de valeurs"),
    ("trop de valeurs", lambda: b"[" + b"0," * 4_000_000 + b"0]", "trop de valeurs"),
    ("trop gros", lambda: b"{" + b" " * (33 << 20), "32 Mo"),
    ("10 Mo entre balises", lambda: XML.replace(b"Exploitation", b"a" * 10_000_001), "démesuré"),
    ("contrat démesuré", lambda: b"<marches><marche>" + b"<a/>" * 500_000, "démesuré"),
    ("nombre sans fin", lambda: JSON.replace(b"118400.50", b"1" * 5000), "démesuré"),
    ("exposant", lambda: JSON.replace(b"118400.50", b"1e999999999"), "démesuré"),
    ("virgule sans fin", lambda: JSON.replace(b"118400.50", b"1." + b"1" * 9_000_000), "démesuré"),
    ("pas un nombre", lambda: JSON.replace(b"118400.50", b"NaN"), "démesuré"),
]  # fmt: skip
LISIBLES: list[tuple[str, Callable[[], bytes], str]] = [
    ("10 Mo sur une ligne", lambda: JSON.replace(b"Exploitation", b"a" * 10_000_000), "maxLength"),
    ("100 000 clés", lambda: b'{"marches":{"marche":[{' + b",".join(
        b'"k%d":0' % n for n in range(100_000)) + b"}]}}", "additionalProperties"),
    ("100 000 éléments", lambda: JSON.replace(b'"Tranches"', b",".join(
        b'"%d"' % n for n in range(100_000))), "enum"),
    ("100 000 attributs", lambda: b"<marches " + b" ".join(b'a%d=""' % n for n in range(100_000))
     + b"/>", "attribut"),
    ("listes cachées", lambda: JSON.replace(
        b'"Tranches"', b"[" * 500 + b"]" * 500 + b"," + b"[" * 500 + b"]" * 500), "enum"),
    ("listes en identifiant", lambda: JSON.replace(
        b'"2026-014"', b"[" * 900 + b"]" * 900), "type"),
    ("substitut seul", lambda: JSON.replace(b"Exploitation", b"\\ud800"), "caractere"),
    ("clé abîmée", lambda: JSON.replace(b'"ccag"', b'"\\udfff"'), "additionalProperties"),
    ("espace de noms", lambda: XML.replace(b"<marches>", b'<marches xmlns="urn:x">'), "racine"),
    ("racine JSON", lambda: b"[]", "type"),
]  # fmt: skip


def check(octets: bytes) -> Rapport:
    """Le rapport se rend en JSON UTF-8, chaque faute dit quoi faire ; corriger ne casse rien."""
    with bornes(octets[:300]):
        rapport = validate_decp(octets)
        with suppress(DecpIllisible):
            correct_decp(octets).contenu.decode()
        str(rapport.to_json()).encode()
    assert all(a.message and len(a.message) < 600 for a in rapport.erreurs)
    return rapport


@pytest.mark.parametrize(("build", "phrase"), [c[1:] for c in CAS], ids=[c[0] for c in CAS])
def test_fichier_hostile_is_refused_with_a_sentence(
    build: Callable[[], bytes], phrase: str
) -> None:
    rapport = check(build())

    assert (rapport.lisible, rapport.valide) == (False, False)
    assert phrase in rapport.erreurs[-1].message
    assert rapport.erreurs[-1].code == "illisible"


@pytest.mark.parametrize(
    ("build", "code"),
    [
        pytest.param(*c[1:], id=c[0], marks=[pytest.mark.lent] if "100 000" in c[0] else [])
        for c in LISIBLES
    ],
)
def test_fichier_lisible_but_absurd_is_judged(build: Callable[[], bytes], code: str) -> None:
    rapport = check(build())

    assert (rapport.lisible, rapport.valide) == (True, False)
    assert code in rapport.comptes
    assert len(rapport.erreurs) <= 10_000


def test_no_entity_reads_the_disk_or_the_network() -> None:
    """Le contenu d’une entité ne paraît nulle part, DOCTYPE ou non."""
    octets = b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><marches>&x;</marches>'

    assert "root" not in str(check(octets).to_json())


def hurt(octets: bytes, graine: int) -> bytes:
    """Quelques octets changés, ôtés, répétés ou déplacés au hasard."""
    hasard, abime = random.Random(graine), bytearray(octets)
    for _ in range(hasard.randint(1, 8)):
        debut = hasard.randrange(len(abime) or 1)
        fin = debut + hasard.choice([0, 1, 2, 40])
        morceau = hasard.choice(
            [b"", hasard.randbytes(2), b"\0", b"<", b"]]>", b'"', b"}", b"\xed\xa0\x80", b"&x;",
             bytes(abime[debut:fin]) * 3, b"<!DOCTYPE a>", b"[[[[", b"1e9", b"\\u0000"]
        )  # fmt: skip
        abime[debut:fin] = morceau
    return bytes(abime)


@settings(max_examples=50)
@given(st.binary(max_size=300), st.integers(0, 10**6))
@example(b"{}", 0)
@example(b"\xef\xbb\xbf<marches/>", 1)
def test_octets_abimes_get_a_report(octets: bytes, graine: int) -> None:
    check(octets)
    check(hurt(XML if graine % 2 else JSON, graine))


@pytest.mark.lent
@pytest.mark.parametrize("forme", ["json", "xml"])
def test_two_thousand_mutants_octet_par_octet(forme: str) -> None:
    """Nos contrats et les exemples officiels ; ceux-ci n’existent qu’en JSON, nous les écrivons."""
    exemples = (DONNEES_OFFICIELLES / "decp" / "exemples" / "json").glob("*.json")
    bases = [JSON, *(exemple.read_bytes() for exemple in sorted(exemples))]
    if forme == "xml":
        bases = [write_xml(read_decp(base)) for base in bases]
    for graine in range(FUZZ):
        check(hurt(bases[graine % len(bases)], graine))
