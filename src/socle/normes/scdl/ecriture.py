"""Écrire un tableau conforme depuis des lignes typées."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

from socle.normes.scdl.errors import LigneRefusee
from socle.normes.scdl.messages import explain_contrainte, explain_type
from socle.normes.scdl.regles import BORNES
from socle.normes.scdl.schema import Champ, Schema
from socle.normes.scdl.valeurs import build_lecteur


def write_csv(schema: Schema, lignes: Iterable[Mapping[str, Any]], sortie: BinaryIO) -> int:
    """Écrit les lignes au fil de l’eau : UTF-8, virgules, colonnes dans l’ordre du schéma.

    Args:
        lignes: nom de colonne → valeur (texte, nombre, date, booléen, liste ou None).

    Returns:
        le nombre de lignes écrites, sans l’en-tête.

    Raises:
        LigneRefusee: une valeur n’est pas du type, manque, ou sa colonne n’existe pas. Les liens
            entre colonnes se contrôlent ensuite, par `validate_fichier`.
    """
    texte = io.TextIOWrapper(sortie, encoding="utf-8", newline="", write_through=False)
    plume = csv.writer(texte, lineterminator="\r\n")
    plume.writerow([champ.nom for champ in schema.champs])
    noms = {champ.nom for champ in schema.champs}
    plumes = [(champ, build_lecteur(champ)) for champ in schema.champs]
    nombre = 0
    for nombre, ligne in enumerate(lignes, 1):
        inconnue = next((nom for nom in ligne if nom not in noms), None)
        if inconnue is not None:
            raise LigneRefusee(
                "cette colonne n’est pas dans le schéma.", ligne=nombre + 1, champ=inconnue
            )
        plume.writerow(
            [_write(champ, lecteur, ligne.get(champ.nom), nombre + 1) for champ, lecteur in plumes]
        )
    texte.flush()
    texte.detach()
    return nombre


def format_valeur(champ: Champ, valeur: Any) -> str:
    """Met une valeur en texte, à la forme de sa colonne ; None est une cellule vide."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return champ.vrais[0] if valeur else champ.faux[0]
    if isinstance(valeur, datetime):
        return valeur.isoformat(timespec="seconds")
    if isinstance(valeur, date):
        forme = champ.format if champ.format.startswith("%") else "%Y-%m-%d"
        return valeur.strftime(forme)
    if isinstance(valeur, time):
        return valeur.isoformat(timespec="seconds")
    if isinstance(valeur, float | Decimal):
        return f"{valeur:f}" if isinstance(valeur, Decimal) else format(Decimal(repr(valeur)), "f")
    if isinstance(valeur, list | tuple | dict):
        return json.dumps(valeur, ensure_ascii=False)
    return str(valeur)


def _write(champ: Champ, lecteur: Any, valeur: Any, ligne: int) -> str:
    cellule = format_valeur(champ, valeur)
    if not cellule:
        if champ.obligatoire:
            message = explain_contrainte(champ, "required", "")
            raise LigneRefusee(message, ligne=ligne, champ=champ.nom)
        return ""
    lue = lecteur(cellule)
    if lue is None:
        raise LigneRefusee(explain_type(champ, cellule), ligne=ligne, champ=champ.nom)
    for nom in champ.contraintes:
        if nom not in {"required", "unique"} and not _respects(champ, nom, cellule, lue):
            message = explain_contrainte(champ, nom, cellule)
            raise LigneRefusee(message, ligne=ligne, champ=champ.nom)
    return cellule


def _respects(champ: Champ, nom: str, cellule: str, lue: Any) -> bool:
    import re  # noqa: PLC0415

    borne = champ.contraintes[nom]
    if nom == "pattern":
        return champ.type != "string" or re.match(f"^{borne}$", cellule) is not None
    if nom == "enum":
        return cellule in borne or lue in borne
    if nom in {"minLength", "maxLength"}:
        return len(lue) >= borne if nom == "minLength" else len(lue) <= borne
    if nom in BORNES:
        limite = build_lecteur(champ)(str(borne))
        return {
            "minimum": lue >= limite, "maximum": lue <= limite,
            "exclusiveMinimum": lue > limite, "exclusiveMaximum": lue < limite,
        }[nom]  # fmt: skip
    return True
