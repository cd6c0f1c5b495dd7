"""Charger un référentiel : en une transaction, par COPY, et noter sa version."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from socle.fondations.referentiels.models import (
    CODE_COG,
    Autorite,
    Commune,
    Departement,
    Epci,
    Referentiel,
    normalize_nom,
)

DOSSIER = Path(__file__).resolve().parent / "donnees"
AUTORITES = DOSSIER / "autorites.sql"
TAILLE_MAX = 40 * 1024 * 1024  # décompressé


def find_cog() -> Path:
    """Rend le fichier du COG embarqué, le plus récent."""
    return max(DOSSIER.glob("cog-*.json.gz"))


@transaction.atomic
def load_cog(fichier: Path | None = None) -> tuple[Referentiel, bool]:
    """Charge le code officiel géographique, environ une seconde ; sans effet s’il l’est déjà.

    Remplace tout : une commune disparue du fichier disparaît de la table. Deux appels ensemble
    n’en font qu’un.

    Returns:
        La version chargée, et vrai si elle vient de l’être.
    """
    brut = (fichier or find_cog()).read_bytes()
    empreinte = hashlib.sha256(brut).hexdigest()
    _execute("SELECT pg_advisory_xact_lock(hashtext('socle.referentiels.cog'))")
    presente = Referentiel.objects.filter(code=CODE_COG).order_by("-modifie_le", "-pk").first()
    if presente and presente.empreinte == empreinte:
        if not Autorite.objects.exists():  # base d’avant cette table
            _execute(AUTORITES.read_text(encoding="utf-8"))
        return presente, False
    donnees = _read(brut)
    _replace(Departement, donnees["departements"])
    _replace(Epci, ([*e[:2], normalize_nom(e[1]), *e[2:]] for e in donnees["epci"]))
    _replace(Commune, _iter_communes(donnees))
    _execute("ANALYZE referentiels_commune")
    _execute(AUTORITES.read_text(encoding="utf-8"))
    version, _ = Referentiel.objects.update_or_create(
        code=CODE_COG,
        version=donnees["version"],
        defaults={
            "source": donnees["source"],
            "licence": donnees["licence"],
            "empreinte": empreinte,
            "nombre": len(donnees["communes"]),
        },
    )
    return version, True


def _read(brut: bytes) -> dict[str, Any]:
    """Décompresse avec une borne : le fichier peut venir d’ailleurs que du produit."""
    with gzip.open(BytesIO(brut)) as flux:
        texte = flux.read(TAILLE_MAX + 1)
    if len(texte) > TAILLE_MAX:
        raise ValueError("Fichier de référentiel trop gros.")
    donnees: dict[str, Any] = json.loads(texte)
    return donnees


def _iter_communes(donnees: dict[str, Any]) -> Iterator[list[Any]]:
    regions = {departement[0]: departement[2] for departement in donnees["departements"]}
    for code, nom, departement, siren, epci, population, postaux, anciens in donnees["communes"]:
        yield [
            code, nom, normalize_nom(nom), departement, regions[departement], siren, epci,
            population, postaux.split(), anciens.split(),
        ]  # fmt: skip


def _replace(modele: Any, lignes: Iterable[list[Any]]) -> None:
    """Vide la table et la remplit par COPY. Les lecteurs voient l’ancienne jusqu’à la fin."""
    table = modele._meta.db_table
    colonnes = ", ".join(champ.column for champ in modele._meta.concrete_fields)
    _execute(f"DELETE FROM {table}")  # noqa: S608  nom de table de nos modèles
    with (
        connection.cursor() as curseur,
        curseur.copy(f"COPY {table} ({colonnes}) FROM STDIN") as copie,
    ):
        for ligne in lignes:
            copie.write_row(ligne)


def _execute(instruction: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute(instruction)
