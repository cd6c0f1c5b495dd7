"""Notes signées et points de contrôle : vecteurs C2SP, puis ce qu’une lecture stricte refuse."""

import base64
import contextlib
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.notes import ClePublique, Signataire, parse_note
from socle.normes.preuve.points import PointDeControle, parse_note_point, parse_point
from tests.normes.preuve.fabrique import build_signataire

# Vecteur de golang.org/x/mod/sumdb/note, repris par toutes les implémentations de C2SP.
CLE = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GRAINE = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{TEXTE}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
# Clé de la base de sommes de contrôle de Go, publiée dans la distribution de Go.
CLE_GO = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def test_note_of_reference_is_verified():
    cle = ClePublique.from_texte(CLE)
    note = parse_note(NOTE)
    assert (note.texte, note.verify([cle])) == (TEXTE, (cle,))


def test_note_of_reference_is_written_to_the_byte():
    signataire = Signataire("PeterNeumann", Ed25519PrivateKey.from_private_bytes(GRAINE))
    assert signataire.cle_publique.to_texte() == CLE
    assert signataire.sign_note(TEXTE) == NOTE


def test_cle_of_go_reads_back():
    assert ClePublique.from_texte(CLE_GO).to_texte() == CLE_GO


@pytest.mark.parametrize(
    "texte",
    [
        "",
        "PeterNeumann",
        CLE.replace("c74f20a3", "c74f20a4"),
        CLE.replace("c74f20a3", "C74F20A3"),
        CLE.replace("Peter", "Pierre"),
        CLE.replace("ARpc", "Ahpc"),
        CLE[:-4],
        CLE + "=",
        CLE + "\n",
        "Peter Neumann" + CLE[12:],
        "a" * 500 + CLE[12:],
    ],
)
def test_cle_publique_mal_formee_is_refused(texte):
    with pytest.raises(PreuveInvalide):
        ClePublique.from_texte(texte)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"texte sans signature\n",
        NOTE[:-1],
        NOTE.replace("— ".encode(), b"-- "),
        NOTE.replace(b"\n\n", b"\n"),
        NOTE.replace(b"AM=\n", b"AN=\n"),
        NOTE.replace(b"AM=\n", b"AM\n"),
        NOTE.replace(b"is.\n", b"is.\r\n"),
        NOTE.replace(b"is.", b"is\0"),
        NOTE.replace(b"is.", b"is\xff"),
        NOTE + b"suite\n",
        NOTE + NOTE.split(b"\n\n")[1] * 40,
        b"a" * 70_000 + NOTE,
        "\n\n— a AAAAAA==\n".encode(),
    ],
    ids=range(14),
)
def test_note_mal_formee_is_refused(octets):
    with pytest.raises(PreuveInvalide):
        parse_note(octets)


def test_note_modifiee_is_refused():
    note = parse_note(NOTE.replace(b"answer", b"Answer"))
    with pytest.raises(PreuveInvalide, match="fausse"):
        note.verify([ClePublique.from_texte(CLE)])


def test_signature_of_an_unknown_cle_is_ignored_but_never_enough():
    connue, inconnue = build_signataire(1), build_signataire(2)
    texte = "bonjour\n"
    deux = connue.sign_note(texte) + inconnue.sign_note(texte).split(b"\n\n")[1]
    assert parse_note(deux).verify([connue.cle_publique]) == (connue.cle_publique,)
    with pytest.raises(PreuveInvalide, match="Aucune"):
        parse_note(deux).verify([build_signataire(3).cle_publique])


def test_signature_fausse_of_a_known_cle_refuses_the_note():
    connue, autre = build_signataire(1), build_signataire(2)
    note = connue.sign_note("bonjour\n") + autre.sign_note("bonsoir\n").split(b"\n\n")[1]
    with pytest.raises(PreuveInvalide, match="fausse"):
        parse_note(note).verify([connue.cle_publique, autre.cle_publique])


@pytest.mark.parametrize("texte", ["", "\n", "sans fin", "retour\r\n", "nul\0\n", "\ud800\n"])
def test_texte_that_no_note_can_carry_is_refused(texte):
    with pytest.raises(PreuveInvalide):
        build_signataire().sign_note(texte)


@settings(deadline=None)
@given(st.text(max_size=80), st.integers(0, 2**40), st.binary(min_size=32, max_size=32))
def test_point_reads_back_or_is_refused(origine, taille, racine):
    point = PointDeControle(origine, taille, racine)
    try:
        note = point.sign(build_signataire())
    except PreuveInvalide:
        return
    relu, signee = parse_note_point(note)
    signee.verify([build_signataire().cle_publique])
    assert relu == point


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_octets_are_read_or_refused(octets):
    with contextlib.suppress(PreuveInvalide):
        parse_note_point(octets)


RACINE = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_point_of_the_norme_is_read():
    # Exemple de C2SP tlog-checkpoint.
    point = parse_point(f"example.com/behind-the-sofa\n20852163\n{RACINE}\n")
    assert (point.origine, point.taille) == ("example.com/behind-the-sofa", 20_852_163)
    assert point.to_texte() == f"example.com/behind-the-sofa\n20852163\n{RACINE}\n"


@pytest.mark.parametrize(
    "texte",
    [
        "",
        f"a\n1\n{RACINE}",
        f"a\n1\n{RACINE[:-1]}\n",
        f"a\n01\n{RACINE}\n",
        f"a\n+1\n{RACINE}\n",
        f"a\n-1\n{RACINE}\n",
        f"a\n١\n{RACINE}\n",
        f"a\n1 \n{RACINE}\n",
        f"a\n{2**63}\n{RACINE}\n",
        f"a\n{'9' * 5000}\n{RACINE}\n",
        f"\n1\n{RACINE}\n",
        "a\n1\nAAAA\n",
        f"a\n1\n{RACINE.replace('2I=', '2J=')}\n",
        f"a\n1\n{RACINE}\n\nb\n",
    ],
)
def test_point_mal_forme_is_refused(texte):
    with pytest.raises(PreuveInvalide):
        parse_point(texte)


def test_openssl_verifies_our_signature(tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("la commande openssl est absente")
    note = PointDeControle("socle/1f2e3d4c", 42, b"\7" * 32).sign(build_signataire())
    texte, _, ligne = note.partition(b"\n\n")
    (tmp_path / "texte").write_bytes(texte + b"\n")
    (tmp_path / "signature").write_bytes(base64.b64decode(ligne.split()[-1])[4:])
    (tmp_path / "cle.pem").write_bytes(build_signataire().cle_publique.to_pem())
    commande = "openssl pkeyutl -verify -pubin -inkey cle.pem -rawin -in texte -sigfile signature"

    def verify() -> int:
        return subprocess.run(
            commande.split(), cwd=tmp_path, capture_output=True, check=False
        ).returncode

    assert verify() == 0
    (tmp_path / "texte").write_bytes(texte + b" \n")
    assert verify() == 1
