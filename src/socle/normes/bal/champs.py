"""Lire une cellule : sa valeur, les codes de ce qui ne va pas, ce qui la corrige.

Mêmes règles que `schema/fields` du validateur officiel. Chaque lecteur reçoit un texte sans blancs
autour et non vide ; `build_lecteur` s’occupe des blancs et du vide.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from socle.normes.bal.communes import Communes
from socle.normes.bal.noms import deburr
from socle.normes.bal.vocabulaire import BLANCS, POSITIONS, REQUIS

UUID4 = re.compile(
    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
)
# Possessives : une colonne entière se compare d’un coup (`bloc.Forme`), sans retour en arrière.
NOMBRE = re.compile(r"-?+(?:[1-9][0-9]*+(?:\.[0-9]++)?+|0(?:\.[0-9]++|[0-9])?+)")
CLE_EXACTE = re.compile("[0-9a-z]{5}_[0-9a-z]{4}_[0-9]{5}(?:_[0-9a-z]++)*+")
_NOMBRE_VIRGULE = re.compile("-?(?:0(?:[0-9]|,[0-9]+)?|[1-9][0-9]*(?:,[0-9]+)?)")
_CHIFFRES = re.compile("[0-9]+")
_SUFFIXE = re.compile(
    f"[a-zA-ZàáâãäåæçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸ0-9{BLANCS}]+"
)
_JOUR = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ANCIENNE = date(2010, 1, 1)
_CHIFFRES_MAX = 15


class Lecture(NamedTuple):
    """Une cellule lue : `valeur` None si elle manque ou ne vaut rien, `codes` sans le champ."""

    valeur: Any = None
    codes: tuple[str, ...] = ()
    remede: str | None = None


class Cle(NamedTuple):
    """Début d’une clé d’interopérabilité ; `voie` None si elle n’est pas renseignée."""

    commune: str
    voie: str | None


class Ids(NamedTuple):
    """Identifiants BAN d’un `uid_adresse`."""

    commune: str | None
    toponyme: str | None
    adresse: str | None


@dataclass(frozen=True, slots=True)
class Contexte:
    """Ce que les règles doivent savoir et ne peuvent pas deviner.

    Attributes:
        communes: communes actuelles et anciennes.
        aujourd_hui: jour de Paris, pour les dates dans le futur.
        ids_communes: code Insee → identifiant de la commune donné par la BAN ; vide si inconnu.
    """

    communes: Communes
    aujourd_hui: date
    ids_communes: dict[str, str]


Lecteur = Callable[[str], Lecture]


def build_lecteur(champ: str, contexte: Contexte, *, localise: bool = False) -> Lecteur:
    """Rend la fonction qui lit une cellule brute d’un champ."""
    lire = _choose_lecteur(champ, contexte)
    vide = Lecture(None, ("valeur_manquante",) if champ in REQUIS and not localise else ())

    def read(brut: str) -> Lecture:
        texte = brut.strip(BLANCS)
        lecture = lire(texte) if texte else vide
        if texte == brut:
            return lecture
        return lecture._replace(codes=("espaces_debut_fin", *lecture.codes))

    return read


def _choose_lecteur(champ: str, contexte: Contexte) -> Lecteur:
    communes = contexte.communes
    if champ in {"x", "y", "long", "lat"}:
        return _read_coordonnee
    if champ in {"voie_nom", "toponyme"}:
        return _read_toponyme
    if champ in {"id_ban_commune", "id_ban_toponyme", "id_ban_adresse"}:
        return _read_uuid
    speciaux: dict[str, Lecteur] = {
        "cle_interop": lambda v: _read_cle(v, communes),
        "uid_adresse": _read_uid,
        "numero": _read_numero,
        "suffixe": _read_suffixe,
        "commune_insee": lambda v: _read_commune(v, communes),
        "commune_nom": _read_nom_de_commune,
        "commune_deleguee_insee": lambda v: _read_deleguee(v, communes),
        "position": _read_position,
        "cad_parcelles": _read_parcelles,
        "date_der_maj": lambda v: _read_date(v, contexte.aujourd_hui),
        "certification_commune": _read_certification,
    }
    return speciaux.get(champ, Lecture)


def _read_uuid(v: str) -> Lecture:
    return Lecture(v) if UUID4.fullmatch(v) else Lecture(None, ("type_invalide",))


def _read_coordonnee(v: str) -> Lecture:
    if NOMBRE.fullmatch(v):
        return Lecture(float(v))
    if _NOMBRE_VIRGULE.fullmatch(v):
        return Lecture(float(v.replace(",", ".")), ("separateur_decimal_invalide",))
    return Lecture(None, ("valeur_invalide",))


def _read_toponyme(v: str) -> Lecture:
    if (taille := count_signes(v)) < 3:
        return Lecture(None, ("trop_court",))
    if taille > 200:
        return Lecture(None, ("trop_long",))
    if "\ufffd" in v:
        return Lecture(None, ("caractere_invalide",))
    codes = ["contient_tiret_bas"] if "_" in v else []
    v = v.replace("_", " ")
    if v.upper() == v:
        codes.append("casse_incorrecte")
    return Lecture(v, tuple(codes))


def count_signes(texte: str) -> int:
    """Compte comme le validateur officiel : un signe hors du plan de base vaut deux."""
    return len(texte) + (0 if texte.isascii() else sum(signe > "\uffff" for signe in texte))


def _read_numero(v: str) -> Lecture:
    if not _CHIFFRES.fullmatch(v):
        return Lecture(None, ("type_invalide",))
    utiles = v.lstrip("0")
    if len(utiles) > 5:
        return Lecture(None, ("trop_grand",))
    if not utiles:
        return Lecture(0, ("not_to_be_zero",))
    return Lecture(int(utiles), ("contient_prefixe",) if utiles != v else ())


def _read_suffixe(v: str) -> Lecture:
    if not (v[0].isascii() and v[0].isalnum()):
        return Lecture(None, ("debut_invalide",))
    if count_signes(v) > 9:
        return Lecture(None, ("trop_long",))
    return Lecture(v, () if _SUFFIXE.fullmatch(v) else ("caractere_invalide",))


def _read_commune(v: str, communes: Communes) -> Lecture:
    code = v.upper()
    if code in communes.codes_anciens:
        return Lecture(code, ("commune_ancienne",))
    return Lecture(code) if code in communes.noms else Lecture(None, ("commune_invalide",))


def _read_deleguee(v: str, communes: Communes) -> Lecture:
    code = v.upper()
    connu = code in communes.noms or code in communes.codes_anciens
    return Lecture(code, () if connu else ("commune_invalide",))


def _read_nom_de_commune(v: str) -> Lecture:
    fautes = (v.lower() == v) + (v.upper() == v)
    return Lecture(v, ("casse_incorrecte",) * fautes)


def _normalize_position(v: str) -> str:
    texte = deburr(unicodedata.normalize("NFC", v))
    return re.sub("[^A-Za-z0-9_]+", " ", texte).strip(BLANCS).lower()


_POSITIONS = {_normalize_position(position): position for position in POSITIONS}


def _read_position(v: str) -> Lecture:
    position = _POSITIONS.get(_normalize_position(v))
    if position is None:
        return Lecture(None, ("valeur_invalide",))
    exacte = position == unicodedata.normalize("NFC", v)
    return Lecture(position, () if exacte else ("enum_fuzzy",))


def _read_parcelles(v: str) -> Lecture:
    propre = v.strip("|")
    codes = ("pipe_debut_fin",) if propre != v else ()
    parcelles = propre.split("|")
    if any(count_signes(parcelle) not in (14, 15) for parcelle in parcelles):
        return Lecture(None, (*codes, "valeur_invalide"))
    return Lecture(tuple(p if count_signes(p) == 14 else p[:2] + p[3:] for p in parcelles), codes)


def _read_certification(v: str) -> Lecture:
    return Lecture(v == "1") if v in {"0", "1"} else Lecture(None, ("valeur_invalide",))


def _read_uid(v: str) -> Lecture:
    trouves = [re.search(f"@{lettre}:([^{BLANCS}]+)", v, re.IGNORECASE) for lettre in "cva"]
    ids = Ids(*(trouve.group(1) if trouve else None for trouve in trouves))
    if any(lu and not UUID4.fullmatch(lu) for lu in ids):
        return Lecture(None, ("type_invalide",))
    return Lecture(ids)


def _read_cle(v: str, communes: Communes) -> Lecture:
    """Rend (Cle, numéro) ; le numéro 0 vaut None."""
    codes = ["casse_invalide"] if v.lower() != v else []
    parties = v.split("_")
    if len(parties) < 3 or not all(parties):
        return Lecture(None, (*codes, "structure_invalide"))
    commune, voie, numero = parties[0].upper(), parties[1], parties[2]
    if commune in communes.codes_anciens:
        codes.append("commune_ancienne")
    elif commune not in communes.noms:
        codes.append("commune_invalide")
    voie_lue: str | None = voie.upper()
    if count_signes(voie) != 4:
        codes.append("voie_invalide")
        voie_lue = None
    elif voie_lue == "XXXX" or voie == "0000":
        codes.append("voie_non_renseignee")
        voie_lue = None
    if not _CHIFFRES.fullmatch(numero):
        return Lecture(None, (*codes, "numero_invalide"))
    if len(numero) != 5:
        codes.append("numero_prefixe_manquant")
    utile = numero.lstrip("0")
    nombre = None if not utile else int(utile[:_CHIFFRES_MAX])
    return Lecture((Cle(commune, voie_lue), nombre), tuple(codes))


# Dates --------------------------------------------------------------------------------------------
_MOIS = {
    nom: rang
    for rang, noms in enumerate(
        ("janvier janv", "février fevrier févr fevr", "mars", "avril avr", "mai", "juin",
         "juillet juil juill", "août aout", "septembre sept", "octobre oct", "novembre nov",
         "décembre decembre déc dec"), 1)
    for nom in noms.split()
}  # fmt: skip
_J, _M, _A = "(?P<j>[0-9]{1,2})", "(?P<m>[0-9]{1,2})", "(?P<a>[0-9]{1,4})"
_FORMES = tuple(
    re.compile(forme)
    for forme in (
        f"{_J}/{_M}/(?P<aa>[0-9]{{1,2}})", f"{_J}/{_M}/{_A}", f"{_A}/{_M}/{_J}",
        f"{_J}-{_M}-{_A}", f"{_A}-{_M}-{_J}", f"{_J} {_M} {_A}", f"{_A} {_M} {_J}",
        f"{_J} (?P<nom>[^0-9 .]+)\\.? {_A}", f"{_A}-{_M}-{_J} ([01]?[0-9]|2[0-3]):[0-5]?[0-9]",
    )
)  # fmt: skip


def _read_date(v: str, aujourd_hui: date) -> Lecture:
    jour = _parse_jour(v)
    if jour is None:
        return Lecture(None, ("date_invalide",), remede=_find_date(v, aujourd_hui))
    codes = ("date_ancienne",) if jour < _ANCIENNE else ()
    if jour > aujourd_hui:
        return Lecture(None, (*codes, "date_future"))
    return Lecture(v, codes)


def _parse_jour(v: str) -> date | None:
    if not _JOUR.fullmatch(v):
        return None
    try:
        return date.fromisoformat(v)
    except ValueError:
        return None


def _find_date(v: str, aujourd_hui: date) -> str | None:
    """Rend AAAA-MM-JJ si l’une des neuf écritures courantes donne un jour plausible."""
    for forme in _FORMES:
        trouve = forme.fullmatch(v)
        if trouve is None:
            continue
        parties = trouve.groupdict()
        mois = _MOIS.get(parties["nom"].lower()) if "nom" in parties else int(parties["m"])
        annee = _expand_annee(parties, aujourd_hui)
        try:
            jour = date(annee, mois or 0, int(parties["j"]))
        except ValueError:
            continue
        if _ANCIENNE < jour <= aujourd_hui:
            return jour.isoformat()
    return None


def _expand_annee(parties: dict[str, str], aujourd_hui: date) -> int:
    if "aa" not in parties:
        return int(parties["a"])
    siecle = aujourd_hui.year // 100 * 100
    annee = siecle + int(parties["aa"])
    return annee - 100 if annee > aujourd_hui.year + 50 else annee
