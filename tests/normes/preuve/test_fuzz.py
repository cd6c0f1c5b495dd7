"""Tout ce qui se lit de l’extérieur – dossier, note, clés, jeton – est lu, ou refusé d’une phrase.

Cinquante cas à chaque fois, deux mille dans la part lente, davantage si `bornes` le dit.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.horodatage import build_requete, load_autorites, verify_jeton
from socle.normes.preuve.json_canonique import decode_json
from socle.normes.preuve.notes import parse_cles
from socle.normes.preuve.points import PointDeControle, parse_note_point
from socle.normes.preuve.verification import verify_dossier_de_preuve
from tests.normes.bornes import FUZZ, bornes
from tests.normes.preuve.autorite import Autorite
from tests.normes.preuve.fabrique import build_dossier, build_signataire

TEXTE = b"point de controle"
SIGNATAIRE = build_signataire()
NOTE = PointDeControle("socle/1f2e3d4c", 42, b"\7" * 32).sign(SIGNATAIRE)
CLES = [SIGNATAIRE.cle_publique]
JSON = b'{"a":[1,2.5,"\xc3\xa9"],"b":{"c":null}}'
PIEGES = [
    b"\0", b"\xff", b"\xed\xa0\x80", b"\r\n", b"\n\n", b"PK\3\4", b"PK\5\6", b"../../etc/passwd",
    b"\x30\x84\xff\xff\xff\xff", b"\x30\x80", b"[" * 5000, b"9" * 5000, b"1e999", b"A" * 100_000,
    "— x ".encode(), b"-----BEGIN PUBLIC KEY-----\n", b"+00000000+",
]  # fmt: skip


@pytest.fixture(scope="module")
def lecteurs(tmp_path_factory) -> dict[str, tuple[Callable[[bytes], object], bytes]]:
    """Chaque lecteur, et une pièce qu’il accepte."""
    autorite = Autorite(tmp_path_factory.mktemp("tsa"))
    connues = load_autorites(autorite.pem)
    jeton = autorite.stamp(build_requete(TEXTE).der)
    return {
        "dossier": (lambda o: verify_dossier_de_preuve(o, CLES).to_json(), build_dossier()),
        "note": (lambda o: parse_note_point(o)[1].verify(CLES), NOTE),
        "clés": (parse_cles, f"# nos clés\n{CLES[0].to_texte()}\n".encode()),
        "clé PEM": (parse_cles, CLES[0].to_pem()),
        "jeton": (lambda o: verify_jeton(o, TEXTE, autorites=connues), jeton),
        "jeton sans autorité": (lambda o: verify_jeton(o, TEXTE), jeton),
        "autorités": (load_autorites, autorite.pem),
        "JSON": (decode_json, JSON),
    }


@st.composite
def mutations(tirage: st.DrawFn) -> Callable[[bytes], bytes]:
    """Une à quatre coupes, chacune remplacée par un piège, des octets au hasard, ou une copie."""
    gestes = tirage(
        st.lists(
            st.tuples(
                st.floats(0, 1),
                st.floats(0, 1),
                st.sampled_from(PIEGES) | st.binary(max_size=8) | st.none(),
            ),
            min_size=1,
            max_size=4,
        )
    )

    def mutate(octets: bytes) -> bytes:
        for place, longueur, piege in gestes:
            debut = int(place * len(octets))
            fin = debut + int(longueur**4 * (len(octets) - debut))
            milieu = octets[debut:fin] * 2 if piege is None else piege
            octets = octets[:debut] + milieu + octets[fin:]
        return octets

    return mutate


def check_lecteurs(lecteurs: dict, mutate: Callable[[bytes], bytes]) -> None:
    for nom, (lire, piece) in lecteurs.items():
        abimee = mutate(piece)
        with bornes(nom), suppress(PreuveInvalide):
            lire(abimee)


SANTE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=50, deadline=None, suppress_health_check=SANTE)
@given(mutations())
def test_any_piece_is_read_or_refused_in_one_sentence(lecteurs, mutate):
    check_lecteurs(lecteurs, mutate)


@pytest.mark.lent
@pytest.mark.timeout(0)
def test_thousands_of_pieces_are_read_or_refused(lecteurs):
    @settings(max_examples=FUZZ, deadline=None, suppress_health_check=SANTE)
    @given(mutations())
    def fuzz(mutate: Callable[[bytes], bytes]) -> None:
        check_lecteurs(lecteurs, mutate)

    fuzz()


def test_each_whole_piece_is_accepted(lecteurs):
    for nom, (lire, piece) in lecteurs.items():
        assert lire(piece), nom
