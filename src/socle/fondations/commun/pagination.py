"""Pages par clé : la page suivante commence après la dernière ligne vue, jamais à un rang.

Une liste longue reste rapide à toute profondeur, et une ligne ajoutée en tête ne décale rien.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
    queryset: QuerySet[Any, Any], *, cles: Sequence[str], apres: str, taille: int
) -> PageDeListe:
    """Rend une page d’une liste triée du plus récent au plus ancien.

    Args:
        queryset: lignes (objets ou dictionnaires), pas encore triées.
        cles: champs de tri décroissants, le dernier unique (« depose_le », « numero »).
        apres: jeton d’une page précédente ; un jeton illisible ramène au début.
        taille: nombre de lignes, 1 à 200.
    """
    valeurs = decode_jeton(apres, len(cles))
    if valeurs:
        queryset = queryset.filter(_build_suite(cles, valeurs))
    lignes = list(queryset.order_by(*(f"-{cle}" for cle in cles))[: taille + 1])
    suivante = ""
    if len(lignes) > taille:
        lignes = lignes[:taille]
        suivante = encode_jeton([_read(lignes[-1], cle) for cle in cles])
    return PageDeListe(lignes, suivante, est_premiere=not valeurs)


def _build_suite(cles: Sequence[str], valeurs: Sequence[Any]) -> Q:
    """Rend (a, b) < (x, y), avec une borne simple sur a pour que l’index serve."""
    suite = Q()
    for rang, (cle, valeur) in enumerate(zip(cles, valeurs, strict=True)):
        egales = dict(zip(cles[:rang], valeurs[:rang], strict=True))
        suite |= Q(**egales, **{f"{cle}__lt": valeur})
    return Q(**{f"{cles[0]}__lte": valeurs[0]}) & suite


def encode_jeton(valeurs: Sequence[Any]) -> str:
    """Rend un jeton d’adresse pour des valeurs de tri."""
    textes = [{"d": v.isoformat()} if isinstance(v, datetime) else v for v in valeurs]
    return base64.urlsafe_b64encode(json.dumps(textes).encode()).rstrip(b"=").decode()


def decode_jeton(jeton: str, nombre: int) -> list[Any] | None:
    """Lit un jeton ; None s’il est vide, trop long, ou n’a pas la bonne forme."""
    if not jeton or len(jeton) > 400:
        return None
    try:
        textes = json.loads(base64.urlsafe_b64decode(jeton + "=" * (-len(jeton) % 4)))
        valeurs = [datetime.fromisoformat(t["d"]) if isinstance(t, dict) else t for t in textes]
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    simples = all(isinstance(v, datetime | int | str) and not isinstance(v, bool) for v in valeurs)
    return valeurs if simples and len(valeurs) == nombre else None


def _read(ligne: Any, cle: str) -> Any:
    return ligne[cle] if isinstance(ligne, dict) else getattr(ligne, cle)
