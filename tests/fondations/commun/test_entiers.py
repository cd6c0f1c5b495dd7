"""Un entier qu’un inconnu a écrit : lu, ou remplacé ; jamais une erreur 500."""

import pytest

from socle.fondations.commun.entiers import read_entier


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [("42", 42), ("0", 0), ("²", -1), ("٣", -1), ("9" * 10, -1), ("9" * 5_000, -1), ("-1", -1),
     ("1.5", -1), ("", -1), (None, -1), (" 7", -1)],
)  # fmt: skip
def test_only_a_short_run_of_ascii_digits_is_read(texte, attendu):
    assert read_entier(texte) == attendu


def test_default_and_length_are_the_callers():
    assert (read_entier("²", 7), read_entier("12345", 7, chiffres=4)) == (7, 7)
