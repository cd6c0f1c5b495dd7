"""Ce que l’on mesure, et ce que l’on veut : les lignes du tableau « Vitesse » du cahier."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from socle.serveur.banc.normes import fabrique, taches

PYTHON = (sys.executable, "-P", "-m")
TACHE = (*PYTHON, "socle.serveur.banc.normes.taches")
Commande = Callable[[list[Path], int], list[str]]


@dataclass(frozen=True, slots=True)
class Point:
    """Une ligne du tableau.

    Attributes:
        prepare: fait les fichiers dans un dossier, à cette taille ; les rend pour la commande.
        commande: notre commande ; `tache` vaut vrai si elle dit elle-même son temps.
        pairs: pair → rapport voulu (temps du pair ÷ le nôtre).
        reference: commande à laquelle se comparer sans pair installé, avec le rapport voulu.
        secondes, memoire: objectifs en secondes et Mio, à la taille pleine ; 0 : aucun.
    """

    nom: str
    titre: str
    taille: int
    prepare: Callable[[Path, int], list[Path]]
    commande: Commande
    tache: bool = False
    pairs: dict[str, float] = field(default_factory=dict)
    reference: Commande | None = None
    nom_reference: str = "SHA-512 + zipfile"
    voulu: float = 0.0
    secondes: float = 0.0
    memoire: float = 0.0


def _prepare_scdl(dossier: Path, lignes: int) -> list[Path]:
    fichier, schema = dossier / f"deliberations-{lignes}.csv", dossier / "schema.json"
    fabrique.write_deliberations(fichier, lignes)
    fabrique.write_descripteur(schema)
    return [fichier, schema]


def _prepare_bal(dossier: Path, lignes: int) -> list[Path]:
    fichier = dossier / "bal.csv"
    fabrique.write_bal(fichier, lignes)
    return [fichier]


def _prepare_rien(dossier: Path, _taille: int) -> list[Path]:
    return [dossier / "sip.zip"]


def _prepare_sip(octets: int) -> Callable[[Path, int], list[Path]]:
    def prepare(dossier: Path, unites: int) -> list[Path]:
        chemin = dossier / f"sip-{unites}-{octets}.zip"
        taches.write_seda(str(chemin), str(unites), str(octets))
        return [chemin]

    return prepare


def _prepare_deux_sip(dossier: Path, unites: int) -> list[Path]:
    """Le grand paquet, et un dix fois plus petit : le temps doit croître de même."""
    prepare = _prepare_sip(0)
    return [*prepare(dossier, unites), *prepare(dossier, max(1, unites // 10))]


def _build_petit(fichiers: list[Path], _taille: int) -> list[str]:
    return [*TACHE, "seda_controler", str(fichiers[1])]


def _build_scdl(fichiers: list[Path], _taille: int) -> list[str]:
    options = ("--schema", fabrique.SCHEMA, "--json")
    return [*PYTHON, "socle.serveur", "normes", "scdl", "valider", str(fichiers[0]), *options]


def _build_bal(fichiers: list[Path], _taille: int) -> list[str]:
    return [*PYTHON, "socle.serveur", "normes", "bal", "valider", str(fichiers[0]), "--json"]


def _build_tache(nom: str, *, octets: int = -1, taille: bool = True) -> Commande:
    """Commande d’une tâche : son fichier, puis la taille et les octets si elle les lit."""

    def build(fichiers: list[Path], nombre: int) -> list[str]:
        nombres = [str(nombre)] if taille else []
        nombres += [str(octets)] if octets >= 0 else []
        return [*TACHE, nom, str(fichiers[0]), *nombres]

    return build


POINTS = (
    Point(
        "scdl_100k", "scdl, 100 000 délibérations, 2 % fautives", 100_000, _prepare_scdl,
        _build_scdl, pairs={"validata": 35, "frictionless": 10}, secondes=0.6,
    ),
    Point(
        "scdl_1m", "scdl, 1 000 000 de délibérations", 1_000_000, _prepare_scdl, _build_scdl,
        pairs={"frictionless": 20}, secondes=3.0, memoire=600,
    ),
    Point(
        "bal_50k", "bal, 50 000 adresses", 50_000, _prepare_bal, _build_bal,
        pairs={"validateur-bal": 10}, memoire=200,
    ),
    Point(
        "seda_ecrire", "seda, écrire 10 000 unités et objets de 50 ko", taches.OBJETS,
        _prepare_rien, _build_tache("seda_ecrire", octets=taches.OCTETS), tache=True,
        reference=_build_tache("seda_reference", octets=taches.OCTETS), voulu=1 / 1.5, memoire=60,
    ),
    Point(
        "seda_controler", "seda, contrôler ce paquet, empreintes à part", taches.OBJETS,
        _prepare_sip(taches.OCTETS), _build_tache("seda_controler", taille=False), tache=True,
        secondes=1.5,
    ),
    Point(
        "seda_100k", "seda, contrôler 100 000 unités", 100_000, _prepare_deux_sip,
        _build_tache("seda_controler", taille=False), tache=True, memoire=400,
        reference=_build_petit, nom_reference="dix fois moins d’unités", voulu=0.08,
    ),
    Point(
        "actes", "actes, un acte écrit, archivé, contrôlé", 1, _prepare_rien,
        _build_tache("actes", taille=False), tache=True, secondes=0.010,
    ),
    Point(
        "dcat", "dcat, 500 jeux de données", taches.JEUX, _prepare_rien,
        _build_tache("dcat", taille=False), tache=True, secondes=0.5,
    ),
    Point(
        "preuve_sceller", "preuve, sceller 100 000 entrées", taches.ENTREES, _prepare_rien,
        _build_tache("preuve_sceller"), tache=True, secondes=1.0,
    ),
    Point(
        "preuve_une", "preuve, prouver une entrée", taches.ENTREES, _prepare_rien,
        _build_tache("preuve_une"), tache=True, secondes=0.001,
    ),
)  # fmt: skip
