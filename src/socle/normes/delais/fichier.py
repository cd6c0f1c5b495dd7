"""Calcule les délais qu’un fichier demande, en TOML ou en JSON.

Le fichier porte une liste `delai` ; chaque délai a un `code` et un `depart`. Il est lu avec
méfiance : taille, nombre et dates sont bornés, et chaque faute a sa place et sa phrase.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, TypeVar

from socle.normes.delais.calendrier import FRANCE, Calendrier, find_calendrier, list_territoires
from socle.normes.delais.moteur import Echeance, compute_delai
from socle.normes.delais.regles import Unite, list_regles
from socle.normes.delais.suspension import Suspension
from socle.normes.delais.urbanisme import Pieces, compute_instruction, list_motifs, list_natures

T = TypeVar("T")
TAILLE_MAX = 1024 * 1024
DELAIS_MAX = 10_000
PERIODES_MAX = 100
ANNEES = range(1950, 2201)
_DEPARTEMENT = re.compile(r"[0-9]{2,3}|2[AB]")
INSTRUCTION = "urbanisme_instruction"
_COMMUNS = {"code", "depart", "territoire"}
_CHAMPS = _COMMUNS | {"suspensions", "interruptions"}
_CHAMPS_INSTRUCTION = _COMMUNS | {"nature", "motifs", "pieces_recues_le", "pieces_completes_le"}


class FichierIllisible(ValueError):
    """Le fichier n’est ni du TOML ni du JSON, ou ne porte aucune liste de délais."""


class _Refus(ValueError):
    """Un champ ne convient pas."""

    def __init__(self, champ: str, code: str, message: str, cellule: object = None) -> None:
        self.champ, self.code, self.cellule = champ, code, cellule
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Faute:
    """Un délai qui ne se calcule pas ; `ligne` est son rang dans le fichier, à partir de 1."""

    ligne: int | None
    champ: str
    code: str
    nom: str
    message: str
    cellule: str | None


@dataclass(slots=True)
class Rapport:
    """Les échéances calculées, et les fautes."""

    echeances: list[tuple[int, Echeance]] = field(default_factory=list)
    fautes: list[Faute] = field(default_factory=list)

    @property
    def valide(self) -> bool:
        """Vrai si tout s’est calculé."""
        return not self.fautes

    def to_json(self) -> dict[str, Any]:
        """Objet du rapport."""
        return {
            "valide": self.valide,
            "erreurs": [asdict(faute) for faute in self.fautes],
            "avertissements": [
                {"ligne": rang, "code": "reserve", "message": echeance.reserve}
                for rang, echeance in self.echeances
                if echeance.reserve
            ],
            "echeances": [_to_json(rang, echeance) for rang, echeance in self.echeances],
        }


def _to_json(rang: int, echeance: Echeance) -> dict[str, Any]:
    dates = {
        cle: valeur.isoformat() if isinstance(valeur, date) else valeur
        for cle, valeur in asdict(echeance).items()
    }
    return {"ligne": rang} | dates


def compute_fichier(octets: bytes) -> Rapport:
    """Calcule tous les délais d’un fichier ; une faute n’empêche pas les autres.

    Raises:
        FichierIllisible: ni TOML ni JSON, trop gros, ou sans liste `delai`.
    """
    lu = _parse(octets)
    delais = lu.get("delai")
    if not isinstance(delais, list) or not delais:
        raise FichierIllisible("Le fichier ne porte aucun délai : ajoutez « [[delai]] ».")
    if len(delais) > DELAIS_MAX:
        raise FichierIllisible(f"Le fichier porte plus de {DELAIS_MAX} délais : coupez-le.")
    rapport = Rapport()
    for rang, delai in enumerate(delais, 1):
        try:
            if not isinstance(delai, dict):
                raise _Refus(
                    "code",
                    "delai-mal-forme",
                    "Écrivez un délai comme une table, avec code et depart.",
                )
            rapport.echeances.append((rang, _compute(delai, lu.get("territoire"))))
        except _Refus as refus:
            rapport.fautes.append(_build_faute(rang, refus))
    return rapport


def _parse(octets: bytes) -> Mapping[str, Any]:
    if len(octets) > TAILLE_MAX:
        raise FichierIllisible("Le fichier dépasse 1 Mo.")
    try:
        texte = octets.decode("utf-8-sig")
        lu = json.loads(texte) if texte.lstrip().startswith("{") else tomllib.loads(texte)
    except (ValueError, RecursionError) as cause:
        raise FichierIllisible("Le fichier n’est ni du TOML ni du JSON, en UTF-8.") from cause
    return lu


def _compute(delai: Mapping[str, Any], territoire: object) -> Echeance:
    code = delai.get("code")
    if not isinstance(code, str) or (code != INSTRUCTION and code not in list_regles()):
        raise _Refus("code", "delai-inconnu", _propose(code), code)
    permis = _CHAMPS_INSTRUCTION if code == INSTRUCTION else _CHAMPS
    for champ in delai:
        if champ not in permis:
            raise _Refus(champ, "champ-inconnu", f"Ôtez ce champ ; au choix : {_join(permis)}.")
    if "depart" not in delai:
        raise _Refus("depart", "champ-manquant", "Ajoutez le jour de départ, 2026-11-20.")
    try:
        if code == INSTRUCTION:
            return _compute_instruction(delai)
        return _compute_regle(code, delai, _read_calendrier(delai.get("territoire", territoire)))
    except OverflowError as cause:
        raise _Refus("depart", "date-incorrecte", "Cette date est hors du calendrier.") from cause


def _propose(code: object) -> str:
    """Dit le nom le plus proche de celui qui n’existe pas."""
    proches = get_close_matches(str(code)[:80], [*list_regles(), INSTRUCTION], n=1)
    if proches:
        return f"Aucun délai ne porte ce nom. Le plus proche est « {proches[0]} »."
    return "Aucun délai ne porte ce nom : la page docs/reference/normes-delais.md les donne."


def _compute_regle(code: str, delai: Mapping[str, Any], calendrier: Calendrier) -> Echeance:
    regle = list_regles()[code][0]
    if regle.unite is Unite.HEURE:
        depart: date | datetime = _read_instant(delai["depart"])
    else:
        depart = _read_jour("depart", delai["depart"])
    suspensions = _read_liste("suspensions", delai, _read_suspension)
    interruptions = _read_liste("interruptions", delai, lambda v: _read_jour("interruptions", v))
    if (regle.avant or regle.unite is Unite.HEURE) and (suspensions or interruptions):
        champ = "suspensions" if suspensions else "interruptions"
        raise _Refus(champ, "valeur-incorrecte", "Ce délai ne se suspend pas : ôtez ce champ.")
    return compute_delai(
        code,
        depart,
        calendrier=calendrier,
        suspensions=suspensions,
        interruptions=interruptions,
    )


def _compute_instruction(delai: Mapping[str, Any]) -> Echeance:
    nature, motifs = delai.get("nature"), delai.get("motifs", [])
    if nature not in list(list_natures()):
        raise _Refus("nature", "valeur-incorrecte", f"Au choix : {_join(list_natures())}.", nature)
    if not isinstance(motifs, list) or any(motif not in list(list_motifs()) for motif in motifs):
        raise _Refus("motifs", "valeur-incorrecte", f"Au choix : {_join(list_motifs())}.", motifs)
    pieces = None
    if "pieces_recues_le" in delai:
        complet = delai.get("pieces_completes_le")
        pieces = Pieces(
            recue_le=_read_jour("pieces_recues_le", delai["pieces_recues_le"]),
            completes_le=_read_jour("pieces_completes_le", complet) if complet else None,
        )
    depart = _read_jour("depart", delai["depart"])
    try:
        return compute_instruction(str(nature), depart, motifs=motifs, pieces=pieces)
    except ValueError as refus:
        raise _Refus("motifs", "valeur-incorrecte", str(refus)) from refus


def _read_calendrier(lieu: object) -> Calendrier:
    if lieu is None:
        return FRANCE
    if isinstance(lieu, str) and lieu in list_territoires():
        return Calendrier(territoire=lieu)
    if not isinstance(lieu, str) or not _DEPARTEMENT.fullmatch(lieu):
        raise _Refus("territoire", "valeur-incorrecte", "Écrivez un département, « 57 ».", lieu)
    return find_calendrier(lieu)


def _read_jour(champ: str, valeur: object) -> date:
    lue: date | None = None
    if isinstance(valeur, datetime):
        lue = valeur.date()
    elif isinstance(valeur, date):
        lue = valeur
    elif isinstance(valeur, str):
        try:
            lue = date.fromisoformat(valeur)
        except ValueError:
            lue = None
    if lue is None or lue.year not in ANNEES:
        raise _Refus(champ, "date-incorrecte", "Écrivez une date comme 2026-11-20.", valeur)
    return lue


def _read_instant(valeur: object) -> datetime:
    lu: datetime | None = valeur if isinstance(valeur, datetime) else None
    if isinstance(valeur, str):
        try:
            lu = datetime.fromisoformat(valeur)
        except ValueError:
            lu = None
    if lu is None or lu.tzinfo is None or lu.year not in ANNEES:
        message = "Écrivez un instant et son fuseau, comme 2026-11-20T14:30:00+01:00."
        raise _Refus("depart", "date-incorrecte", message, valeur)
    return lu


def _read_suspension(valeur: object) -> Suspension:
    if not isinstance(valeur, dict) or set(valeur) != {"debut", "fin"}:
        message = "Une suspension a un début et une fin : { debut = …, fin = … }."
        raise _Refus("suspensions", "valeur-incorrecte", message, valeur)
    debut, fin = (_read_jour("suspensions", valeur[cle]) for cle in ("debut", "fin"))
    return Suspension(debut, fin)


def _read_liste(champ: str, delai: Mapping[str, Any], lire: Callable[[object], T]) -> list[T]:
    valeurs = delai.get(champ, [])
    if not isinstance(valeurs, list) or len(valeurs) > PERIODES_MAX:
        message = f"Donnez une liste, de {PERIODES_MAX} périodes au plus."
        raise _Refus(champ, "valeur-incorrecte", message)
    return [lire(valeur) for valeur in valeurs]


def _build_faute(rang: int, refus: _Refus) -> Faute:
    cellule = None if refus.cellule is None else str(refus.cellule)[:200]
    return Faute(rang, refus.champ, refus.code, "Délai incalculable", str(refus), cellule)


def _join(noms: Iterable[str]) -> str:
    return ", ".join(sorted(noms))
