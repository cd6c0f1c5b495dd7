"""Octets hostiles : toujours un rapport, jamais d’exception, jamais dix secondes ni 500 Mo."""

import resource
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from socle.normes.bal.correction import correct_bal
from socle.normes.bal.errors import BalIllisible
from tests.normes.bal.fabrique import (
    ENTETE,
    JOUR,
    build_fichier,
    build_mutant,
    load_communes,
    load_exemples,
    validate,
)
from tests.normes.bornes import FUZZ, bornes

MODELE = build_fichier({}, {"numero": "10"})


def _insert(octets: bytes) -> bytes:
    return MODELE.replace(b"Rue des 3 Places", octets, 1)


HOSTILES: list[tuple[str, Callable[[], bytes], str]] = [
    ("vide", lambda: b"", "UndetectableDelimiter"),
    ("nul", lambda: _insert(b"a\0b"), "illisible"),
    ("zip", lambda: b"PK\x03\x04" + MODELE, "illisible"),
    ("utf-16", lambda: MODELE.decode().encode("utf-16"), "illisible"),
    ("ligne de 10 Mo", lambda: _insert(b"a" * 10_000_000), "illisible"),
    ("10 Mo entre guillemets", lambda: _insert(b'"' + b"a\n" * 5_000_000), "illisible"),
    ("10 Mo sans saut", lambda: b";" * 10_000_000, "illisible"),
    ("100 000 colonnes", lambda: b"a;" * 100_000 + b"\n" + b"1;" * 100_000, "illisible"),
    ("guillemet ouvert", lambda: _insert(b'"Rue'), "MissingQuotes"),
    ("cellule de trop", lambda: _insert(b"Rue;du Bac"), "TooManyFields"),
    ("cellule manquante", lambda: MODELE + b"a;b\n", "TooFewFields"),
]


@pytest.mark.parametrize(("build", "code"), [cas[1:] for cas in HOSTILES],
                         ids=[cas[0] for cas in HOSTILES])  # fmt: skip
def test_fichier_hostile_gets_a_report(build: Callable[[], bytes], code: str) -> None:
    with bornes(code):
        rapport = validate(build())

    assert (rapport.lisible, rapport.valide) == (False, False)
    assert code in {anomalie.code for anomalie in rapport.anomalies}
    assert all(anomalie.message for anomalie in rapport.anomalies)


def test_octets_illisibles_stay_on_their_line() -> None:
    """Un substitut isolé codé en UTF-8 et un octet perdu : la faute est à sa place."""
    isole = validate(MODELE.replace("entrée".encode(), "entrée été où".encode() * 8, 1)
                     .replace(b"Rue des 3 Places", b"Rue \xed\xa0\x80 Bac", 1))  # fmt: skip

    fautes = {(a.ligne, a.code) for a in isole.anomalies}
    assert (2, "toponyme.caractere_invalide") in fautes
    assert (3, "toponyme.caractere_invalide") not in fautes


def check_rapport(octets: bytes) -> None:
    """Le fichier a un rapport, et se corrige ou se refuse, dans ses bornes."""
    with bornes(octets):
        assert isinstance(validate(octets).to_dict()["valide"], bool)
        with suppress(BalIllisible):
            correct_bal(
                octets, communes=load_communes(), aujourd_hui=JOUR, new_id=lambda: str(uuid.uuid4())
            )


@settings(max_examples=150)
@given(st.binary(max_size=300))
@example(b'"')
@example(b'a;b\n"x" y;z\n')
@example(b"\xef\xbb\xbf;\r\r\n\n")
@example(b'cle_interop;numero\n"a;b";c\rd\n"a";b\rc\n')
def test_octets_quelconques_get_a_report(octets: bytes) -> None:
    check_rapport(octets)


@settings(max_examples=150)
@given(st.lists(st.text(max_size=12), min_size=20, max_size=20))
def test_cellules_quelconques_get_a_report(cellules: list[str]) -> None:
    texte = f"{ENTETE}\n" + ";".join(cellules)
    check_rapport(texte.encode("utf-8", "surrogatepass"))


@pytest.mark.lent
@settings(max_examples=FUZZ)
@given(st.data())
def test_mutants_octet_par_octet_get_a_report(
    donnees_officielles: Path, data: st.DataObject
) -> None:
    exemples = load_exemples(donnees_officielles / "bal")
    octets = bytearray(build_mutant(data.draw(st.integers(0, 10_000)), exemples))
    for _ in range(data.draw(st.integers(0, 8))):
        rang = data.draw(st.integers(0, len(octets) - 1))
        octets[rang : rang + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        octets = octets or bytearray(b"x")

    check_rapport(bytes(octets))


@pytest.mark.lent
def test_cinquante_mille_lignes_stay_light(donnees_officielles: Path) -> None:
    entete, *lignes = (
        (donnees_officielles / "bal/exemple_genere_5000.csv").read_bytes().splitlines(keepends=True)
    )
    octets = entete + b"".join(lignes) * 10
    avant, debut = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    rapport = validate(octets)

    assert rapport.nombre == 50_000
    assert time.process_time() - debut < 4
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - avant < 200_000  # kio
