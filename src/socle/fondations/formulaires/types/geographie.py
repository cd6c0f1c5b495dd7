"""Accès aux communes, départements et pays : la seule porte du moteur vers les référentiels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from socle.fondations.referentiels import queries
from socle.fondations.referentiels.models import normalize_nom

_CODE_POSTAL = re.compile(r"\b(\d{5})\b", re.ASCII)
CANDIDATES_MAX = 30


@dataclass(frozen=True, slots=True)
class CommuneTrouvee:
    code: str
    nom: str
    departement: str
    region: str
    codes_postaux: tuple[str, ...]

    def choose_code_postal(self, demande: str = "") -> str:
        """Rend le code postal demandé s’il est de la commune, le seul possible sinon, ou rien."""
        if demande in self.codes_postaux:
            return demande
        return self.codes_postaux[0] if len(self.codes_postaux) == 1 else ""

    def write(self, demande: str = "") -> dict[str, str]:
        """Rend la réponse JSON d’un champ commune."""
        return {
            "code": self.code,
            "nom": self.nom,
            "code_postal": self.choose_code_postal(demande),
            "departement": self.departement,
            "region": self.region,
        }


@dataclass(frozen=True, slots=True)
class Territoire:
    """Département ou pays."""

    code: str
    nom: str
    region: str = ""


def split_code_postal(texte: str) -> tuple[str, str]:
    """Sépare « Clamart (92140) » en (« Clamart », « 92140 »)."""
    trouve = _CODE_POSTAL.search(texte)
    if not trouve:
        return texte.strip(), ""
    reste = texte[: trouve.start()] + texte[trouve.end() :]
    return reste.strip(" (),-"), trouve.group(1)


def search_communes(texte: str) -> list[CommuneTrouvee]:
    """Rend les communes qui portent ce nom ou s’en approchent, ce code postal, ou les deux."""
    nom, code_postal = split_code_postal(texte)
    if len(code_postal or nom) < 2:
        return []
    trouvees = [_read_commune(c) for c in queries.search_communes(texte, CANDIDATES_MAX)]
    if not trouvees and nom and code_postal:
        trouvees = [_read_commune(c) for c in queries.search_communes(code_postal, CANDIDATES_MAX)]
    return [c for c in trouvees if code_postal in c.codes_postaux] or trouvees


def match_communes(texte: str, trouvees: Sequence[CommuneTrouvee]) -> list[CommuneTrouvee]:
    """Rend parmi les communes trouvées celles que le texte désigne exactement."""
    nom, code_postal = split_code_postal(texte)
    if not nom:
        return list(trouvees)
    return [
        c
        for c in trouvees
        if normalize_nom(c.nom) == normalize_nom(nom)
        and (not code_postal or code_postal in c.codes_postaux)
    ]


def get_commune(code: str) -> CommuneTrouvee | None:
    """Rend une commune par son code Insee."""
    trouvee = queries.get_commune(code) if len(code) == 5 and code.isascii() else None
    return _read_commune(trouvee) if trouvee else None


def list_departements() -> Sequence[Territoire]:
    """Rend les départements, dans l’ordre de leur code."""
    return _load_once("departements")


def list_pays() -> Sequence[Territoire]:
    """Rend les pays, la France d’abord si le référentiel la met d’abord."""
    return _load_once("pays")


_listes: dict[str, tuple[Territoire, ...]] = {}


def _load_once(nom: str) -> tuple[Territoire, ...]:
    """Lit une liste une fois par processus : elle ne change qu’avec le millésime du COG."""
    if nom not in _listes:
        lignes = getattr(queries, f"list_{nom}")()
        liste = tuple(Territoire(t.code, t.nom, getattr(t, "region", "") or "") for t in lignes)
        if not liste:
            return ()
        _listes[nom] = liste
    return _listes[nom]


def _read_commune(commune: Any) -> CommuneTrouvee:
    return CommuneTrouvee(
        commune.code,
        commune.nom,
        commune.departement,
        commune.region,
        tuple(commune.codes_postaux),
    )
