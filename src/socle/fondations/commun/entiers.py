"""Lire un nombre entier qu’un inconnu a écrit : jamais d’erreur, jamais un nombre sans fin."""

CHIFFRES_MAX = 9


def read_entier(texte: object, defaut: int = -1, *, chiffres: int = CHIFFRES_MAX) -> int:
    """Rend l’entier écrit, ou `defaut`.

    Seuls les chiffres de 0 à 9 comptent : « ² » passe `str.isdigit` et arrête `int` ; au-delà de
    4 300 chiffres, `int` refuse aussi.

    >>> read_entier("42"), read_entier("²"), read_entier("9" * 5_000), read_entier(None, 1)
    (42, -1, -1, 1)
    """
    lu = texte if isinstance(texte, str) else ""
    return int(lu) if lu.isascii() and lu.isdigit() and len(lu) <= chiffres else defaut
