"""Base de données des essais : un serveur embarqué sans fsync, ou celui qu’on désigne."""

import atexit
import getpass
import os
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from socle.serveur.postgres import roles
from socle.serveur.postgres.embarque import PostgresEmbarque
from socle.serveur.postgres.roles import connect, ensure_roles

# Le nom change avec ce qui prépare la base : un vieux serveur d’essais ne sert pas un vieux modèle.
MODELE = f"socle_modele_{zlib.crc32(Path(roles.__file__).read_bytes()):08x}"
REGLAGES = {"max_connections": "120", "log_min_duration_statement": "-1"}


@dataclass(frozen=True)
class BaseEssais:
    """Accès au serveur des essais.

    `modele` est une base vide, prête (extensions, droits par défaut) : une base d’essais créée avec
    `create database … template modele` en hérite. C’est ce que fait Django avec `TEST["TEMPLATE"]`.
    """

    proprietaire_url: str
    app_url: str
    modele: str


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
    return BaseEssais(acces.proprietaire_url, acces.app_url, MODELE)


def _default_dossier() -> Path:
    return Path(tempfile.gettempdir()) / f"socle-essais-{getpass.getuser()}"
