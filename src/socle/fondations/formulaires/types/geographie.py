"""Accès aux communes, départements et pays : la seule porte du moteur vers les référentiels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from socle.fondations.formulaires.textes import fold

_CODE_POSTAL = re.compile(r"\b(\d{5})\b", re.ASCII)
_HORS_NOM = re.compile(r"[^a-z0-9]+")
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


def normalize_nom(nom: str) -> str:
    """Rend un nom de commune comparable : « St-Étienne » et « SAINT ETIENNE » se valent."""
    mots = _HORS_NOM.sub(" ", fold(nom)).split()
    return " ".join({"st": "saint", "ste": "sainte"}.get(mot, mot) for mot in mots)


def split_code_postal(texte: str) -> tuple[str, str]:
    """Sépare « Clamart (92140) » en (« Clamart », « 92140 »)."""
    trouve = _CODE_POSTAL.search(texte)
    if not trouve:
        return texte.strip(), ""
    reste = texte[: trouve.start()] + texte[trouve.end() :]
    return reste.strip(" (),-"), trouve.group(1)


def search_communes(texte: str) -> list[CommuneTrouvee]:
    """Rend les communes qui portent ce nom, ce code postal, ou les deux."""
    nom, code_postal = split_code_postal(texte)
    cherche = code_postal or nom
    if len(cherche) < 2:
        return []
    trouvees = [_read_commune(c) for c in _queries().search_communes(cherche, CANDIDATES_MAX)]
    if code_postal:
        trouvees = [c for c in trouvees if code_postal in c.codes_postaux]
    if nom and code_postal:
        trouvees = [c for c in trouvees if normalize_nom(c.nom) == normalize_nom(nom)] or trouvees
    return trouvees


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
    trouvee = _queries().get_commune(code) if len(code) == 5 and code.isascii() else None
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
        lignes = getattr(_queries(), f"list_{nom}")()
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


def _queries() -> Any:
    # Import tardif : les formulaires sans champ de lieu se lisent sans base de données.
    from socle.fondations.referentiels import queries  # noqa: PLC0415

    return queries
