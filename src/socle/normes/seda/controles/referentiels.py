"""Référentiels d’un service d’archives, lus de leurs fichiers et reconnus à leur forme.

Les formes sont celles que Vitam importe et exporte : contrats, contextes, profils et profils
d’unité en JSON ; règles et services en CSV. Une liste simple (un identifiant par ligne) dit les
niveaux (`niveaux.txt`), les formats (`formats.txt`) ou les unités déjà archivées (`unites.txt`).
"""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from socle.normes.seda.controles.limites import Attentes, Contrat, ProfilConnu, ProfilUnite

OCTETS_MAX = 64 << 20
FICHIERS_MAX = 200
_LISTES = {
    "niveaux": "niveaux_de_classification",
    "formats": "formats",
    "unites": "unites",
    "contexte": "contexte",
}


class ReferentielIllisible(Exception):
    """Un fichier de référentiel ne se lit pas, ou n’a pas une forme connue."""


def load_referentiels(
    chemins: Iterable[Path],
    attentes: Attentes | None = None,
    *,
    ignores: list[str] | None = None,
) -> Attentes:
    """Complète des attentes avec les fichiers donnés ; un dossier vaut tous ses fichiers.

    Args:
        chemins: fichiers et dossiers.
        attentes: ce que l’on savait déjà.
        ignores: reçoit la raison de chaque fichier de dossier que l’on ne sait pas lire ; sans
            elle, un tel fichier est une erreur. Un fichier nommé doit toujours se lire.

    Raises:
        ReferentielIllisible: fichier trop gros, mal formé, ou de forme inconnue.
    """
    attentes = attentes or Attentes()
    grammaires: dict[str, bytes] = {}
    nommes = set(chemins := list(chemins))
    for chemin in _iter_fichiers(chemins):
        if chemin.suffix.lower() == ".rng":
            grammaires[chemin.stem] = _read(chemin)
            continue
        try:
            champs = _recognise(chemin)
        except ReferentielIllisible as refus:
            if ignores is None or chemin in nommes:
                raise
            ignores.append(str(refus))
            continue
        for champ, valeur in champs.items():
            attentes = replace(attentes, **{champ: _merge(getattr(attentes, champ), valeur)})
    return _add_grammaires(attentes, grammaires)


def _iter_fichiers(chemins: Iterable[Path]) -> Iterable[Path]:
    fichiers: list[Path] = []
    for chemin in chemins:
        if chemin.is_dir():
            fichiers += sorted(f for f in chemin.iterdir() if f.is_file() and f.name[0] != ".")
        else:
            fichiers.append(chemin)
    if len(fichiers) > FICHIERS_MAX:
        raise ReferentielIllisible(f"Plus de {FICHIERS_MAX} fichiers de référentiel.")
    return fichiers


def _read(chemin: Path) -> bytes:
    with chemin.open("rb") as flux:
        octets = flux.read(OCTETS_MAX + 1)
    if len(octets) > OCTETS_MAX:
        raise ReferentielIllisible(f"« {chemin.name} » dépasse {OCTETS_MAX >> 20} Mo.")
    return octets


def _recognise(chemin: Path) -> dict[str, Any]:
    try:
        texte = _read(chemin).decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise ReferentielIllisible(f"« {chemin.name} » n’est pas en UTF-8.") from cause
    extension = chemin.suffix.lower()
    if extension == ".json":
        return _recognise_json(chemin.name, texte)
    if extension == ".csv":
        return _recognise_csv(chemin.name, texte)
    champ = _LISTES.get(chemin.stem.lower())
    if extension == ".txt" and champ:
        return {champ: frozenset(ligne.strip() for ligne in texte.splitlines() if ligne.strip())}
    raise ReferentielIllisible(
        f"« {chemin.name} » n’est pas un référentiel connu. Donnez du JSON ou du CSV de Vitam, "
        f"ou une liste nommée {', '.join(f'{nom}.txt' for nom in _LISTES)}."
    )


def _recognise_json(nom: str, texte: str) -> dict[str, Any]:
    try:
        objets = json.loads(texte)
    except (ValueError, RecursionError) as cause:
        raise ReferentielIllisible(f"« {nom} » n’est pas du JSON.") from cause
    objets = objets if isinstance(objets, list) else [objets]
    if not all(isinstance(o, dict) and isinstance(o.get("Identifier", ""), str) for o in objets):
        raise ReferentielIllisible(f"« {nom} » n’est pas une liste d’objets avec « Identifier ».")
    cles = {cle for objet in objets for cle in objet}
    if "ControlSchema" in cles:
        return {"profils_unites": {o.get("Identifier", ""): _to_pua(o) for o in objets}}
    if "Format" in cles:
        return {"profils": {o.get("Identifier", ""): _to_profil(o) for o in objets}}
    if "Permissions" in cles:
        return {"contexte": frozenset(_iter_contrats_de_contexte(objets))}
    if cles & {"MasterMandatory", "EveryDataObjectVersion", "ArchiveProfiles", "LinkParentId"}:
        if cles & {"OriginatingAgencies", "EveryOriginatingAgency"}:
            return {}  # contrats d’accès : ils ne disent rien d’une entrée
        return {"contrats": {o.get("Identifier", ""): _to_contrat(o) for o in objets}}
    return {}  # griffons, scénarios : sans effet sur une entrée


def _recognise_csv(nom: str, texte: str) -> dict[str, Any]:
    try:
        lignes = list(csv.DictReader(io.StringIO(texte)))
    except csv.Error as cause:
        raise ReferentielIllisible(f"« {nom} » n’est pas un CSV lisible.") from cause
    colonnes = set(lignes[0]) if lignes else set()
    if {"RuleId", "RuleType"} <= colonnes:
        return {"regles": {ligne["RuleId"]: ligne["RuleType"] for ligne in lignes}}
    if "PUID" in colonnes:
        return {"formats": frozenset(ligne["PUID"] for ligne in lignes)}
    if "Identifier" in colonnes:
        return {"services": frozenset(ligne["Identifier"] for ligne in lignes)}
    raise ReferentielIllisible(
        f"« {nom} » n’a pas les colonnes attendues : RuleId et RuleType (règles), Identifier "
        "(services) ou PUID (formats)."
    )


def _is_actif(objet: dict[str, Any]) -> bool:
    return objet.get("Status", "ACTIVE") == "ACTIVE"


def _textes(valeur: Any) -> frozenset[str]:
    return (
        frozenset(t for t in valeur if isinstance(t, str))
        if isinstance(valeur, list)
        else (frozenset())
    )


def _to_contrat(objet: dict[str, Any]) -> Contrat:
    tous = objet.get("EveryFormatType", True) is not False
    return Contrat(
        identifiant=objet.get("Identifier", ""),
        actif=_is_actif(objet),
        profils=_textes(objet.get("ArchiveProfiles")),
        formats=None if tous else _textes(objet.get("FormatType")),
        formats_inconnus_admis=objet.get("FormatUnidentifiedAuthorized") is True,
        original_exige=objet.get("MasterMandatory", True) is not False,
        rattachements_admis=objet.get("CheckParentLink", "AUTHORIZED") != "UNAUTHORIZED",
        rattachement_exige=objet.get("CheckParentLink") == "REQUIRED",
    )


def _to_profil(objet: dict[str, Any]) -> ProfilConnu:
    return ProfilConnu(identifiant=objet.get("Identifier", ""), actif=_is_actif(objet))


def _to_pua(objet: dict[str, Any]) -> ProfilUnite:
    schema = objet.get("ControlSchema")
    return ProfilUnite(
        identifiant=objet.get("Identifier", ""),
        actif=_is_actif(objet),
        schema=schema if isinstance(schema, str) else "",
    )


def _iter_contrats_de_contexte(objets: list[dict[str, Any]]) -> Iterable[str]:
    for contexte in objets:
        permissions = contexte.get("Permissions")
        for permission in permissions if isinstance(permissions, list) else ():
            if isinstance(permission, dict):
                yield from _textes(permission.get("IngestContracts"))


def _merge(ancienne: Any, nouvelle: Any) -> Any:
    return nouvelle if ancienne is None else ancienne | nouvelle


def _add_grammaires(attentes: Attentes, grammaires: dict[str, bytes]) -> Attentes:
    """Donne à chaque profil le fichier RNG qui porte son identifiant."""
    if not grammaires:
        return attentes
    profils = dict(attentes.profils or {})
    for nom, octets in grammaires.items():
        connu = profils.get(nom, ProfilConnu(identifiant=nom))
        profils[nom] = replace(connu, rng=octets)
    return replace(attentes, profils=profils)
