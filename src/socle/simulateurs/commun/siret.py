"""Contrôle d’un SIRET, réécrit ici : les simulateurs n’importent rien du produit."""

LA_POSTE = "356000000"


def is_siret(siret: str) -> bool:
    """Vrai si le numéro a 14 chiffres et une clé de Luhn juste.

    La Poste fait exception : la somme simple de ses chiffres est multiple de cinq (avis Insee).
    """
    if len(siret) != 14 or not (siret.isascii() and siret.isdigit()):
        return False
    if siret.startswith(LA_POSTE) and siret != f"{LA_POSTE}00048":
        return sum(map(int, siret)) % 5 == 0
    return sum(_weigh(rang, int(chiffre)) for rang, chiffre in enumerate(siret)) % 10 == 0


def _weigh(rang: int, chiffre: int) -> int:
    double = chiffre * 2 if rang % 2 == 0 else chiffre
    return double - 9 if double > 9 else double
