"""Lire ce qu’un autre catalogue envoie : trois formats, tous hostiles jusqu’à preuve du contraire.

Une fiche avec du HTML, une formule de tableur ou un signe de contrôle est refusée seule, avec sa
raison ; un fichier démesuré ou mal formé est refusé tout entier. Rien n’est corrigé en silence.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from socle.fondations.commun.tableur import FORMULE
from socle.metiers.catalogue.errors import FichierRefuse
from socle.metiers.catalogue.services.publiccode import map_publiccode
from socle.normes.publiccode.errors import PubliccodeIllisible
from socle.normes.publiccode.lecture import read_publiccode
from socle.normes.publiccode.validation import BALISE, is_adresse

OCTETS_MAX = 4 * 1024 * 1024
FICHES_MAX = 5_000
ADRESSES_MAX = 200
CELLULE_MAX = 20_000
CONTROLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # ou moitié de signe
COLONNES = {
    "identifiant": "cle", "id": "cle", "nom": "nom", "name": "nom", "phrase": "phrase",
    "resume": "phrase", "description": "description", "licence": "licence", "license": "licence",
    "depot": "depot", "url": "depot", "site": "site", "version": "version",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FicheLue:
    """Une fiche acceptée. `champs` : ceux d’une solution, `nom` compris."""

    cle: str
    champs: dict[str, Any]


@dataclass(slots=True)
class Lecture:
    """Ce qu’un fichier a donné. `refus` : fiche → raison."""

    fiches: list[FicheLue] = field(default_factory=list)
    refus: list[dict[str, str]] = field(default_factory=list)
    tableur: bool = False

    def add(self, cle: str, champs: dict[str, Any]) -> None:
        """Garde une fiche, ou note pourquoi elle est refusée."""
        nom = str(champs.get("nom") or "")
        raison = find_raison(champs, tableur=self.tableur)
        if not raison and CONTROLE.search(cle):
            raison = "Un signe de contrôle dans sa clé."
        if raison:
            self.refus.append({"fiche": CONTROLE.sub("?", nom or cle)[:120], "raison": raison})
        else:
            self.fiches.append(FicheLue(cle[:300], champs))
        if len(self.fiches) + len(self.refus) > FICHES_MAX:
            raise FichierRefuse(f"Ce catalogue compte plus de {FICHES_MAX} fiches.")


def find_raison(champs: dict[str, Any], *, tableur: bool = False) -> str:
    """Dit pourquoi une fiche est refusée ; vide si elle est bonne.

    Args:
        tableur: refuse aussi ce qu’un tableur prendrait pour une formule.
    """
    if not champs.get("nom"):
        return "Elle n’a pas de nom."
    for nom, texte in _iter_textes(champs):
        raison = _find_defaut(texte, tableur=tableur)
        if raison:
            return f"{raison} dans « {nom} »."
    for nom in ("depot", "site"):
        if champs.get(nom) and not is_adresse(champs[nom]):
            return f"L’adresse « {nom} » est mal formée."
    return ""


def _find_defaut(texte: str, *, tableur: bool) -> str:
    if BALISE.search(texte):
        return "Du HTML"
    if tableur and FORMULE.match(texte):
        return "Une formule de tableur"
    if CONTROLE.search(texte):
        return "Un signe de contrôle"
    return "Un texte démesuré" if len(texte) > CELLULE_MAX else ""


def _iter_textes(champs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for nom, valeur in champs.items():
        if isinstance(valeur, str):
            yield nom, valeur
        elif isinstance(valeur, list):
            yield from ((nom, v) for v in valeur if isinstance(v, str))


def read_publiccodes(fichiers: list[tuple[str, bytes]]) -> Lecture:
    """Lit des publiccode.yml déjà reçus : (adresse, octets) chacun."""
    lecture = Lecture()
    for adresse, octets in fichiers:
        try:
            champs = map_publiccode(read_publiccode(octets))
        except PubliccodeIllisible as cause:
            lecture.refus.append({"fiche": adresse[:120], "raison": str(cause)})
            continue
        lecture.add(adresse, champs)
    return lecture


def read_adresses(octets: bytes) -> list[str]:
    """Lit une liste d’adresses de publiccode.yml : une par ligne, ou une liste JSON.

    Raises:
        FichierRefuse: illisible, trop longue, ou une ligne n’est pas une adresse.
    """
    texte = _decode(octets)
    if texte.lstrip().startswith("["):
        lues = _load_json(texte)
        lignes = [str(ligne) for ligne in lues] if isinstance(lues, list) else []
    else:
        lignes = [ligne.strip() for ligne in texte.splitlines()]
    adresses = [ligne for ligne in lignes if ligne and not ligne.startswith("#")]
    if len(adresses) > ADRESSES_MAX:
        raise FichierRefuse(f"Cette liste compte plus de {ADRESSES_MAX} adresses.")
    fausse = next((adresse for adresse in adresses if not is_adresse(adresse)), "")
    if fausse:
        dite = CONTROLE.sub("?", fausse)[:80]
        raise FichierRefuse(f"« {dite} » n’est pas une adresse complète.")
    return adresses


def read_sill(octets: bytes) -> Lecture:
    """Lit une liste JSON à la façon du SILL : `[{name, description, license, …}]`.

    Raises:
        FichierRefuse: pas du JSON, ou pas une liste d’objets.
    """
    lues = _load_json(_decode(octets))
    if isinstance(lues, dict):
        lues = lues.get("softwares") or lues.get("solutions")
    if not isinstance(lues, list) or not all(isinstance(ligne, dict) for ligne in lues):
        raise FichierRefuse("Ce JSON n’est pas une liste de logiciels.")
    lecture = Lecture()
    for rang, ligne in enumerate(lues):
        champs = _map_sill(ligne)
        cle = ligne.get("id") or ligne.get("externalId") or ligne.get("name") or rang
        lecture.add(str(cle), champs)
    return lecture


def _map_sill(ligne: dict[str, Any]) -> dict[str, Any]:
    version = ligne.get("latestVersion")
    numero = version.get("semVer") if isinstance(version, dict) else ligne.get("versionMin")
    champs = {
        "nom": _texte(ligne.get("name") or ligne.get("softwareName"), 120),
        "description": _texte(ligne.get("description") or ligne.get("softwareDescription"), 10_000),
        "licence": _texte(ligne.get("license"), 120),
        "version": _texte(numero, 40),
        "depot": _texte(ligne.get("codeRepositoryUrl"), 300),
        "site": _texte(ligne.get("officialWebsiteUrl") or ligne.get("officialWebsite"), 300),
    }
    champs["phrase"] = champs["description"][:150]
    return {nom: valeur for nom, valeur in champs.items() if valeur}


def read_csv(octets: bytes) -> Lecture:
    """Lit un CSV avec en-tête, séparé par « ; » ou « , ».

    Raises:
        FichierRefuse: en-tête inconnu, cellule démesurée, ligne coupée.
    """
    texte = _decode(octets)
    entete = texte.partition("\n")[0]
    separateur = ";" if entete.count(";") >= entete.count(",") else ","
    lignes = csv.reader(io.StringIO(texte), delimiter=separateur, strict=True)
    lecture = Lecture(tableur=True)
    try:
        noms = [COLONNES.get(nom.strip().lower(), "") for nom in next(lignes, [])]
        if "nom" not in noms:
            raise FichierRefuse("La colonne « nom » manque à l’en-tête.")
        for rang, ligne in enumerate(lignes, start=2):
            if not any(ligne):
                continue
            paires = zip(noms, ligne, strict=False)
            champs = {nom: valeur.strip() for nom, valeur in paires if nom and valeur.strip()}
            cle = champs.pop("cle", "") or champs.get("nom", "") or str(rang)
            lecture.add(cle, _cut(champs))
    except csv.Error as cause:
        raise FichierRefuse("Ce CSV est mal formé.") from cause
    return lecture


def _cut(champs: dict[str, Any]) -> dict[str, Any]:
    tailles = {"nom": 120, "phrase": 150, "licence": 120, "version": 40}
    return {nom: valeur[: tailles.get(nom, CELLULE_MAX + 1)] for nom, valeur in champs.items()}


def _decode(octets: bytes) -> str:
    if len(octets) > OCTETS_MAX:
        raise FichierRefuse(f"Ce fichier dépasse {OCTETS_MAX // (1024 * 1024)} Mo.")
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise FichierRefuse("Ce fichier n’est pas en UTF-8.") from cause
    if "\x00" in texte:
        raise FichierRefuse("Ce fichier n’est pas du texte.")
    return texte


def _load_json(texte: str) -> Any:
    try:
        return json.loads(texte)
    except (ValueError, RecursionError) as cause:
        raise FichierRefuse("Ce n’est pas du JSON bien formé.") from cause


def _texte(valeur: Any, maximum: int) -> str:
    return valeur.strip()[:maximum] if isinstance(valeur, str) else ""
