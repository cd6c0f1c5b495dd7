"""Numéros SIREN et SIRET, comme les juge python-stdnum, sans son temps de chargement.

Un contrôle de cent mille lignes dure moins longtemps que dix imports de cette bibliothèque : elle
n’est chargée que pour une valeur qui n’est pas en ASCII (espaces insécables, chiffres pleins…).

Source: Insee, clé de Luhn ; La Poste (SIREN 356 000 000) compte autrement ses établissements.
"""

_POSTE, _SIEGE_POSTE = "356000000", "35600000000048"
_DOUBLES = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def is_siren(valeur: str) -> bool:
    """Dit si c’est un SIREN ; espaces et points sont permis entre les chiffres."""
    if not valeur.isascii():
        from stdnum.fr import siren  # noqa: PLC0415

        return bool(siren.is_valid(valeur))
    numero = _compact(valeur)
    return len(numero) == 9 and numero.isdigit() and _is_luhn(numero)


def is_siret(valeur: str) -> bool:
    """Dit si c’est un SIRET : SIREN juste, clé juste."""
    if not valeur.isascii():
        from stdnum.fr import siret  # noqa: PLC0415

        return bool(siret.is_valid(valeur))
    numero = _compact(valeur)
    if len(numero) != 14 or not numero.isdigit() or not _is_luhn(numero[:9]):
        return False
    if numero.startswith(_POSTE) and numero != _SIEGE_POSTE:
        return sum(map(int, numero)) % 5 == 0
    return _is_luhn(numero)


def _compact(valeur: str) -> str:
    return valeur.replace(" ", "").replace(".", "").strip()


def _is_luhn(numero: str) -> bool:
    chiffres = [int(chiffre) for chiffre in reversed(numero)]
    return (sum(chiffres[::2]) + sum(_DOUBLES[c] for c in chiffres[1::2])) % 10 == 0
