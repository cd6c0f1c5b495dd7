"""Contrôler un fichier : les mêmes verdicts que Validata, sans en garder plus d’un lot."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from socle.normes.scdl.classeurs import is_classeur, open_classeur
from socle.normes.scdl.controles import Verification, build_controle
from socle.normes.scdl.entete import match_entete
from socle.normes.scdl.jugement import Juge
from socle.normes.scdl.lots import Lot, iterate_lots, iterate_lots_de_lignes
from socle.normes.scdl.messages import NOMS
from socle.normes.scdl.rapport import Erreur, Rapport
from socle.normes.scdl.regles import Colonne
from socle.normes.scdl.schema import Schema
from socle.normes.scdl.source import read_forme

Avance = Callable[[int], None]


def validate_fichier(
    fichier: Path | BinaryIO,
    schema: Schema,
    *,
    nom: str = "",
    ignore_casse: bool = False,
    avance: Avance | None = None,
) -> Rapport:
    """Contrôle un CSV, un XLSX ou un ODS, quelle que soit sa taille.

    Args:
        nom: nom du fichier, s’il est donné par son contenu.
        ignore_casse: accepte « coll_nom » pour « COLL_NOM ».
        avance: appelée après chaque lot avec le nombre de lignes vues.

    Raises:
        FichierInutilisable: le fichier ne se lit pas comme un tableau.
    """
    if isinstance(fichier, Path):
        with fichier.open("rb") as flux:
            return validate_fichier(
                flux, schema, nom=nom or fichier.name, ignore_casse=ignore_casse, avance=avance
            )
    rapport = Rapport(schema.code, nom)
    entete, lots = _open_tableau(fichier, schema, rapport)
    rapport.colonnes = len(entete)
    colonnes = match_entete(entete, schema, rapport, ignore_casse=ignore_casse)
    verifications = list(_prepare(schema, colonnes, rapport))
    juge = Juge(schema, tuple(colonnes.values()), verifications, entete, rapport)
    for lot in _prefetch(lots):
        juge.judge(lot)
        rapport.lignes += lot.tableau.height
        if avance:
            avance(rapport.lignes)
    juge.finish()
    rapport.erreurs.sort(key=lambda erreur: erreur.ligne or 0)
    return rapport


def _open_tableau(
    flux: BinaryIO, schema: Schema, rapport: Rapport
) -> tuple[Sequence[str], Iterator[Lot]]:
    if is_classeur(flux):
        rapport.format, lignes = open_classeur(flux)
        entete = next(lignes, [])
        return entete, iterate_lots_de_lignes(lignes, len(entete))
    forme = read_forme(flux, [champ.nom for champ in schema.champs])
    rapport.encodage, rapport.separateur = forme.encodage, forme.separateur
    return forme.entete, iterate_lots(flux, forme)


def _prefetch(lots: Iterator[Lot]) -> Iterator[Lot]:
    """Prépare un lot pendant que le précédent est jugé : polars libère le verrou de Python."""
    with ThreadPoolExecutor(1) as atelier:
        suivant = atelier.submit(next, lots, None)
        while (lot := suivant.result()) is not None:
            suivant = atelier.submit(next, lots, None)
            yield lot


def _prepare(
    schema: Schema, colonnes: dict[str, Colonne], rapport: Rapport
) -> Iterator[Verification]:
    for controle in schema.controles:
        prepare = build_controle(controle, colonnes)
        if isinstance(prepare, Verification):
            yield prepare
        elif prepare:
            code = "one-of-required" if controle.nom == "one-of-required" else "check-error"
            rapport.add(Erreur(None, None, code, NOMS[code], prepare))
