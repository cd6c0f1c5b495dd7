"""S²LOW : réponses dans les deux encodages, états, objets et noms."""

import pytest

from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.s2low import (
    Etat,
    clean_nom,
    read_etat,
    read_reponse,
    to_latin1,
)

NOTICE = {
    -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22,
}  # fmt: skip


def test_every_state_of_the_notice_is_known() -> None:
    assert {int(etat) for etat in Etat} == NOTICE
    assert all(etat.libelle for etat in Etat)
    assert [int(e) for e in Etat if e.is_acquitte] == [4, 5, 12, 13, 14, 19, 20]
    assert [int(e) for e in Etat if e.is_echec] == [-1, 6]
    assert not any(e.is_en_cours and (e.is_echec or e.is_acquitte) for e in Etat)


@pytest.mark.parametrize("encodage", ["utf-8", "latin-1"])
def test_answer_is_read_in_both_encodings(encodage: str) -> None:
    reponse = read_reponse("KO\nNuméro interne déjà utilisé\n".encode(encodage))

    assert (reponse.reussite, reponse.message) == (False, "Numéro interne déjà utilisé")


def test_receipt_keeps_the_encoding_it_declares() -> None:
    accuse = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")

    lu = read_etat(b"OK\r\n4\r\n" + accuse)

    assert (lu.etat, lu.etat and lu.etat.is_acquitte, lu.corps) == (Etat.ACQUITTE, True, accuse)


@pytest.mark.parametrize(("code", "etat"), [("-1", Etat.ERREUR), ("99", None), ("quatre", None)])
def test_unknown_state_is_kept_as_text(code: str, etat: Etat | None) -> None:
    lu = read_etat(f"OK\n{code}\n".encode())

    assert (lu.code, lu.etat) == (code, etat)


@pytest.mark.parametrize(
    "octets",
    [b"", b"<html>OK</html>", b"OKAY\n1", b"ok\n1", b"\0" * 50, b"OK\n" + b"x" * (9 << 20)],
)
def test_page_of_error_is_not_an_answer(octets: bytes) -> None:
    with pytest.raises(ActeIllisible):
        read_reponse(octets)


def test_refused_state_says_what_the_operator_says() -> None:
    with pytest.raises(ActeIllisible, match="transaction inconnue"):
        read_etat(b"KO\ntransaction inconnue\n")


def test_subject_is_written_in_latin1() -> None:
    ecrit = to_latin1("L’« œuvre » – 3 € … “ok” Dvořák \ud800 日")

    assert ecrit == 'L\'« oeuvre » - 3 EUR ... "ok" Dvorák ? ?'
    ecrit.encode("latin-1")
    assert clean_nom("délibération n°1.pdf") == "d_lib_ration n_1.pdf"
