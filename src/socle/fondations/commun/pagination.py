"""Pages par clé : la page suivante commence après la dernière ligne vue, jamais à un rang.

Une liste longue reste rapide à toute profondeur, et une ligne ajoutée en tête ne décale rien.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet


@dataclass(frozen=True, slots=True)
class PageDeListe:
    """Lignes d’une page et jetons pour continuer.

    Attributes:
        lignes: au plus `taille` lignes.
        suivante: jeton `apres` de la page suivante, vide à la fin.
        est_premiere: vrai si l’on n’a pas avancé ; sinon un lien « Revenir au début » suffit.
    """

    lignes: list[Any]
    suivante: str
    est_premiere: bool


def paginate_keyset(
    queryset: QuerySet[Any, Any],
    *,
    cles: Sequence[str],
    apres: str,
    taille: int,
    croissant: bool = False,
) -> PageDeListe:
    """Rend une page d’une liste triée du plus récent au plus ancien, ou l’inverse.

    Args:
        queryset: lignes (objets ou dictionnaires), pas encore triées.
        cles: champs de tri jamais vides, le dernier unique (« depose_le », « numero »).
        apres: jeton d’une page précédente ; un jeton illisible ramène au début.
        taille: nombre de lignes, 1 à 200.
        croissant: du plus petit au plus grand (une échéance : le plus pressé d’abord).
    """
    valeurs = decode_jeton(apres, len(cles))
    if valeurs:
        queryset = queryset.filter(_build_suite(cles, valeurs, "gt" if croissant else "lt"))
    sens = "" if croissant else "-"
    lignes = list(queryset.order_by(*(f"{sens}{cle}" for cle in cles))[: taille + 1])
    suivante = ""
    if len(lignes) > taille:
        lignes = lignes[:taille]
        suivante = encode_jeton([_read(lignes[-1], cle) for cle in cles])
    return PageDeListe(lignes, suivante, est_premiere=not valeurs)


def _build_suite(cles: Sequence[str], valeurs: Sequence[Any], sens: str) -> Q:
    """Rend (a, b) < (x, y), ou >, avec une borne simple sur a pour que l’index serve."""
    suite = Q()
    for rang, (cle, valeur) in enumerate(zip(cles, valeurs, strict=True)):
        egales = dict(zip(cles[:rang], valeurs[:rang], strict=True))
        suite |= Q(**egales, **{f"{cle}__{sens}": valeur})
    return Q(**{f"{cles[0]}__{sens}e": valeurs[0]}) & suite


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
