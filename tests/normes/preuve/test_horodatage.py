"""Horodatage RFC 3161, avec de vrais jetons faits par `openssl ts`."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.horodatage import build_requete, load_autorites, verify_jeton
from tests.normes.preuve.autorite import Autorite

NOTE = b"point de controle"


@pytest.fixture(scope="module")
def autorite(tmp_path_factory) -> Autorite:
    return Autorite(tmp_path_factory.mktemp("tsa"))


@pytest.fixture(scope="module")
def jeton(autorite) -> bytes:
    return autorite.stamp(build_requete(NOTE).der)


def test_jeton_of_a_known_autorite_is_verified(autorite):
    requete = build_requete(NOTE)
    reponse = autorite.stamp(requete.der)

    lu = verify_jeton(reponse, NOTE, autorites=load_autorites(autorite.pem), nonce=requete.nonce)

    assert lu.verifie
    assert lu.date.utcoffset().total_seconds() == 0


def test_jeton_without_autorite_is_read_but_not_verified(jeton):
    assert not verify_jeton(jeton, NOTE).verifie


def test_jeton_of_another_autorite_is_refused(jeton, tmp_path):
    with pytest.raises(PreuveInvalide, match="autorité connue"):
        verify_jeton(jeton, NOTE, autorites=load_autorites(Autorite(tmp_path).pem))


def test_jeton_asked_and_made_by_openssl_is_verified_or_refused(autorite, tmp_path):
    """La demande aussi vient d’`openssl` ; l’autorité signe en RSA, puis sur une courbe."""
    courbe = Autorite(tmp_path, "ec -pkeyopt ec_paramgen_curve:P-256")
    for tsa in (autorite, courbe):
        reponse = tsa.stamp(tsa.ask(NOTE, "sha256"))
        assert verify_jeton(reponse, NOTE, autorites=load_autorites(tsa.pem)).verifie
    with pytest.raises(PreuveInvalide, match="autre empreinte que SHA-256"):
        verify_jeton(courbe.stamp(courbe.ask(NOTE, "sha512")), NOTE)
    with pytest.raises(PreuveInvalide, match="pas accordé"):
        verify_jeton(courbe.stamp(courbe.ask(NOTE, "sha384")), NOTE)


def test_jeton_on_other_octets_is_refused(jeton):
    with pytest.raises(PreuveInvalide, match="autre chose"):
        verify_jeton(jeton, NOTE + b" ")


def test_jeton_of_another_requete_is_refused(jeton):
    with pytest.raises(PreuveInvalide, match="autre demande"):
        verify_jeton(jeton, NOTE, nonce=1)


@pytest.mark.parametrize("reponse", [b"", b"0\0", b"\x30\x03\x02\x01\x02", b"a" * 70_000])
def test_reponse_illisible_is_refused(reponse):
    with pytest.raises(PreuveInvalide):
        verify_jeton(reponse, NOTE)


def test_autorites_illisibles_are_refused():
    with pytest.raises(PreuveInvalide, match="illisible"):
        load_autorites(b"pas du PEM")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_jeton_with_a_changed_octet_never_passes(autorite, jeton, data):
    rang = data.draw(st.integers(0, len(jeton) - 1))
    octet = data.draw(st.integers(0, 255).filter(lambda valeur: valeur != jeton[rang]))
    abime = jeton[:rang] + bytes([octet]) + jeton[rang + 1 :]
    try:
        lu = verify_jeton(abime, NOTE, autorites=load_autorites(autorite.pem))
    except PreuveInvalide:
        return
    # Des octets libres existent hors de la signature (texte du statut, certificat joint).
    assert lu.date == verify_jeton(jeton, NOTE).date
