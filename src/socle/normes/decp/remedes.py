"""Le remède d’une valeur seule : ce qu’il faut écrire à sa place, s’il n’y a qu’une réponse."""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from socle.normes.decp.devinettes import (
    BORDS,
    LUE_MAX,
    fold,
    guess_booleen,
    guess_choix,
    guess_jour,
    guess_nombre,
    guess_part,
)
from socle.normes.decp.grammaire import (
    LIEU,
    OPERATEUR,
    Booleen,
    Entier,
    Jour,
    Nombre,
    Simple,
    Texte,
)
from socle.normes.decp.regles import is_siret
from socle.normes.decp.simples import CHIFFRES_MAX, INTERDITS, judge_json

Remede = tuple[str, Any, str]  # code, valeur, écriture JSON
_SEPARES = re.compile(r"[\s.\u200b]")
_COMMUNE = re.compile(r"[0-9][0-9AB][0-9]{3}")


def find_remede(noeud: Simple, valeur: Any) -> Remede | None:
    """Rend le premier remède qui fait moins de fautes ; des espaces ôtés n’en font pas plus."""
    if isinstance(valeur, str) and INTERDITS.search(valeur):
        return None  # abîmé : on ne sait plus ce qui était écrit
    fautes = _count(noeud, valeur)
    for code, essai, ecriture in _REMEDES[type(noeud)](noeud, valeur):
        apres = _count(noeud, essai)
        if apres < fautes or (code == "espaces" and apres == fautes and essai != valeur):
            return code, essai, ecriture
    return None


def _count(noeud: Simple, valeur: Any) -> int:
    return sum(1 for _ in judge_json(noeud, valeur))


def _write(code: str, texte: str) -> Remede:
    return code, texte, json.dumps(texte, ensure_ascii=False)


def _mend_texte(noeud: Texte, valeur: Any) -> Iterator[Remede]:
    if isinstance(valeur, int) and not isinstance(valeur, bool):
        yield from _quote(noeud, valeur)
    if not isinstance(valeur, str):
        return
    nu = valeur.strip(BORDS)
    if nu and nu != valeur and (nu in noeud.valeurs or not noeud.valeurs):
        yield _write("espaces", nu)
    if noeud.valeurs:
        choix = guess_choix(valeur, noeud.valeurs)
        yield _write("casse" if fold(choix) == fold(valeur) else "libelle", choix)
    elif noeud.motif:
        yield _write("chiffres", _SEPARES.sub("", valeur))


def _quote(noeud: Texte, valeur: int) -> Iterator[Remede]:
    """Met un nombre entre guillemets, sauf s’il a pu perdre ses premiers zéros."""
    chiffres = str(valeur) if 0 <= valeur < 10**CHIFFRES_MAX else ""
    entier = len(chiffres) in {5, 14}  # un code de commune, un SIRET
    if chiffres and not noeud.valeurs and (noeud.motif or noeud.minimum or entier):
        yield _write("guillemets", chiffres)


def _mend_nombre(noeud: Entier | Nombre, valeur: Any) -> Iterator[Remede]:
    if isinstance(valeur, str):
        est_part = isinstance(noeud, Nombre) and noeud.maximum == 1
        ecriture = guess_part(valeur) if est_part else guess_nombre(valeur)
        if ecriture:
            nombre = Decimal(ecriture)
            if isinstance(noeud, Entier) and nombre == nombre.to_integral_value():
                ecriture = str(int(nombre))
            yield "nombre", int(ecriture) if ecriture.isdigit() else nombre, ecriture


def _mend_booleen(_noeud: Booleen, valeur: Any) -> Iterator[Remede]:
    ecriture = guess_booleen(valeur)
    if ecriture:
        yield "booleen", ecriture == "true", ecriture


def _mend_jour(_noeud: Jour, valeur: Any) -> Iterator[Remede]:
    if isinstance(valeur, str):
        jour = guess_jour(valeur)
        yield _write("espaces" if jour == valeur.strip(BORDS) else "date", jour)


_REMEDES: dict[type, Callable[[Any, Any], Iterator[Remede]]] = {
    Texte: _mend_texte,
    Entier: _mend_nombre,
    Nombre: _mend_nombre,
    Booleen: _mend_booleen,
    Jour: _mend_jour,
}


def _mend_operateur(operateur: dict[str, Any]) -> dict[str, Remede]:
    """Le SIRET d’un opérateur, si sa clé tombe juste une fois les espaces ôtés."""
    if operateur.get("typeIdentifiant") != "SIRET":
        return {}
    return _tighten("id", operateur, is_siret)


def _mend_lieu(lieu: dict[str, Any]) -> dict[str, Remede]:
    """« 92 023 » : un code postal ou de commune n’a pas d’espace."""
    if lieu.get("typeCode") not in ("Code postal", "Code commune"):
        return {}
    return _tighten("code", lieu, lambda serre: bool(_COMMUNE.fullmatch(serre)))


def _tighten(
    champ: str, objet: dict[str, Any], accepts: Callable[[str], bool]
) -> dict[str, Remede]:
    valeur = objet.get(champ)
    if not isinstance(valeur, str) or len(valeur) > LUE_MAX:
        return {}
    serre = _SEPARES.sub("", valeur)
    return {champ: _write("chiffres", serre)} if serre != valeur and accepts(serre) else {}


# Ce qu’un champ ne dit que par ses voisins.
ALENTOURS: dict[int, Callable[[dict[str, Any]], dict[str, Remede]]] = {
    id(OPERATEUR): _mend_operateur,
    id(LIEU): _mend_lieu,
}
