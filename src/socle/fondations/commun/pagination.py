"""Pages par clé : la page suivante commence après la dernière ligne vue, jamais à un rang.

Une liste longue reste rapide à toute profondeur, et une ligne ajoutée en tête ne décale rien. La
page précédente se lit à l’envers, de la première ligne vue vers le début.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet


@dataclass(frozen=True, slots=True)
class PageDeListe:
    """Lignes d’une page et jetons pour continuer.

    Attributes:
        lignes: au plus `taille` lignes.
        suivante: jeton `apres` de la page suivante, vide à la fin.
        est_premiere: vrai si rien ne précède cette page.
        precedente: jeton `avant` de la page précédente, vide au début.
    """

    lignes: list[Any]
    suivante: str
    est_premiere: bool
    precedente: str = ""


def paginate_keyset(
    queryset: QuerySet[Any, Any],
    *,
    cles: Sequence[str],
    apres: str,
    taille: int,
    croissant: bool = False,
    avant: str = "",
) -> PageDeListe:
    """Rend une page d’une liste triée du plus récent au plus ancien, ou l’inverse.

    Args:
        queryset: lignes (objets ou dictionnaires), pas encore triées.
        cles: champs de tri jamais vides, le dernier unique (« depose_le », « numero »).
        apres: jeton d’une page précédente ; un jeton illisible ramène au début.
        taille: nombre de lignes, 1 à 200.
        croissant: du plus petit au plus grand (une échéance : le plus pressé d’abord).
        avant: jeton d’une page suivante, pour reculer ; il l’emporte sur `apres`.
    """
    recule = decode_jeton(avant, len(cles))
    borne = recule or decode_jeton(apres, len(cles))
    montant = croissant != bool(recule)
    try:
        filtre = _build_suite(cles, borne, "gt" if montant else "lt") if borne else Q()
        lignes = _read_lignes(queryset.filter(filtre), cles, montant, taille + 1)
    except (ValidationError, ValueError, TypeError):  # jeton fabriqué : d’autres types que les clés
        return paginate_keyset(queryset, cles=cles, apres="", taille=taille, croissant=croissant)
    reste, lignes = len(lignes) > taille, lignes[:taille]
    if recule:
        lignes.reverse()
    precede, suit = (reste, bool(lignes)) if recule else (bool(borne), reste)
    return PageDeListe(
        lignes,
        suivante=_write_jeton(lignes[-1], cles) if suit else "",
        est_premiere=not precede,
        precedente=_write_jeton(lignes[0], cles) if precede and lignes else "",
    )


def find_voisins(
    queryset: QuerySet[Any, Any],
    *,
    cles: Sequence[str],
    valeurs: Sequence[Any],
    croissant: bool = False,
) -> tuple[Any, Any]:
    """Rend la ligne d’avant et celle d’après une place de la liste, ou None. Deux lectures.

    La place peut être celle d’une ligne qui n’est plus dans la liste.

    Args:
        valeurs: celles de `cles` à cette place.
    """

    def read(montant: bool) -> Any:
        suite = _build_suite(cles, valeurs, "gt" if montant else "lt")
        return next(iter(_read_lignes(queryset.filter(suite), cles, montant, 1)), None)

    return read(not croissant), read(croissant)


def _read_lignes(
    queryset: QuerySet[Any, Any], cles: Sequence[str], montant: bool, nombre: int
) -> list[Any]:
    sens = "" if montant else "-"
    return list(queryset.order_by(*(f"{sens}{cle}" for cle in cles))[:nombre])


def _build_suite(cles: Sequence[str], valeurs: Sequence[Any], sens: str) -> Q:
    """Rend (a, b) < (x, y), ou >, avec une borne simple sur a pour que l’index serve."""
    suite = Q()
    for rang, (cle, valeur) in enumerate(zip(cles, valeurs, strict=True)):
        egales = dict(zip(cles[:rang], valeurs[:rang], strict=True))
        suite |= Q(**egales, **{f"{cle}__{sens}": valeur})
    return Q(**{f"{cles[0]}__{sens}e": valeurs[0]}) & suite


def _write_jeton(ligne: Any, cles: Sequence[str]) -> str:
    return encode_jeton([_read(ligne, cle) for cle in cles])


def encode_jeton(valeurs: Sequence[Any]) -> str:
    """Rend un jeton d’adresse pour des valeurs de tri."""
    textes = [_encode(v) for v in valeurs]
    return base64.urlsafe_b64encode(json.dumps(textes).encode()).rstrip(b"=").decode()


def decode_jeton(jeton: str, nombre: int) -> list[Any] | None:
    """Lit un jeton ; None s’il est vide, trop long, ou n’a pas la bonne forme."""
    if not jeton or len(jeton) > 400:
        return None
    try:
        textes = json.loads(base64.urlsafe_b64decode(jeton + "=" * (-len(jeton) % 4)))
        valeurs = [_decode(t) if isinstance(t, dict) else t for t in textes]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    simples = all(isinstance(v, date | int | str) and not isinstance(v, bool) for v in valeurs)
    return valeurs if simples and len(valeurs) == nombre else None


def _encode(valeur: Any) -> Any:
    if isinstance(valeur, datetime):
        return {"d": valeur.isoformat()}
    return {"j": valeur.isoformat()} if isinstance(valeur, date) else valeur


def _decode(texte: dict[str, str]) -> date:
    return date.fromisoformat(texte["j"]) if "j" in texte else datetime.fromisoformat(texte["d"])


def _read(ligne: Any, cle: str) -> Any:
    return ligne[cle] if isinstance(ligne, dict) else getattr(ligne, cle)
