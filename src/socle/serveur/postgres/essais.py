"""Base de données des essais : un serveur embarqué sans fsync, ou celui qu’on désigne."""

import atexit
import getpass
import os
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres import roles
from socle.serveur.postgres.embarque import PostgresEmbarque
from socle.serveur.postgres.roles import connect, ensure_roles

# Le nom change avec ce qui prépare la base : un vieux serveur d’essais ne sert pas un vieux modèle.
MODELE = f"socle_modele_{zlib.crc32(Path(roles.__file__).read_bytes()):08x}"
REGLAGES = {"max_connections": "120", "log_min_duration_statement": "-1"}


@dataclass(frozen=True)
class BaseEssais:
    """Accès au serveur des essais.

    `cles` garde le mot de passe de l’application. `modele` est une base vide, prête (extensions,
    droits par défaut) : une base créée avec `create database … template modele` en hérite.
    """

    proprietaire_url: str
    app_url: str
    modele: str
    cles: Path


def prepare_base_essais(dossier: Path | None = None) -> BaseEssais:
    """Démarre ou rejoint le serveur des essais, qui s’arrête avec le dernier processus.

    Ordre : `SOCLE_TESTS_DATABASE_URL` (propriétaire d’un serveur extérieur, qui peut créer rôles et
    bases), `dossier`, `SOCLE_TESTS_BASE`, puis un dossier du compte.
    """
    dossier = dossier or Path(os.environ.get("SOCLE_TESTS_BASE") or _default_dossier())
    exterieur = os.environ.get("SOCLE_TESTS_DATABASE_URL", "")
    if exterieur:
        return _prepare_modele(exterieur, dossier, reprendre=False)
    serveur = PostgresEmbarque(dossier, base="socle", durable=False, reglages=REGLAGES).start()
    atexit.register(serveur.stop)
    return _prepare_modele(serveur.url(), dossier, reprendre=True)


def _prepare_modele(url: str, dossier: Path, *, reprendre: bool) -> BaseEssais:
    cles = dossier / "cles"
    nom = sql.Identifier(MODELE)
    with connect(url) as connexion:
        # Verrou : deux processus d’essais peuvent arriver ensemble.
        connexion.execute("select pg_advisory_lock(hashtext('socle.essais'))")
        requete = "select datistemplate from pg_database where datname = %s"
        ligne = connexion.execute(requete, [MODELE]).fetchone()
        if ligne is None:
            connexion.execute(sql.SQL("create database {}").format(nom))
        if ligne != (True,):
            ensure_roles(url, MODELE, dossier_cles=cles, reprendre=reprendre)
            # Fermé aux connexions : une copie échoue si quelqu’un est connecté au modèle.
            connexion.execute(
                sql.SQL("alter database {} allow_connections false is_template true").format(nom)
            )
        acces = ensure_roles(url, dossier_cles=cles, reprendre=reprendre)
    return BaseEssais(acces.proprietaire_url, acces.app_url, MODELE, cles)


def _default_dossier() -> Path:
    """Un dossier par compte et par copie du code : deux copies ne partagent pas leurs bases."""
    empreinte = zlib.crc32(__file__.encode())
    dossier = Path(tempfile.gettempdir()) / f"socle-essais-{getpass.getuser()}-{empreinte:08x}"
    if dossier.exists() and dossier.stat().st_uid != os.geteuid():
        raise ErreurServeur(
            f"{dossier} appartient à un autre compte.", "Donnez un dossier dans SOCLE_TESTS_BASE."
        )
    return dossier
