"""Base d’essai : un modèle migré une fois par version du schéma, cloné en 20 ms par processus.

`python -m tests.base_essais` le fait d’avance.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from socle.serveur.migrations import record_empreinte
from socle.serveur.postgres.essais import BaseEssais, prepare_base_essais
from socle.serveur.postgres.roles import change_url, connect

RACINE = Path(__file__).resolve().parent.parent


def compute_empreinte() -> str:
    """Empreinte de tout ce qui fait le schéma : migrations, règles RLS, données chargées."""
    somme = hashlib.sha256()
    fichiers = [
        *RACINE.glob("src/socle/**/migrations/*.py"),
        *RACINE.glob("src/socle/fondations/referentiels/donnees/*"),
        RACINE / "src/socle/fondations/commun/rls.py",
        RACINE / "requirements.lock",
    ]
    for fichier in sorted(fichiers):
        somme.update(str(fichier.relative_to(RACINE)).encode() + fichier.read_bytes())
    return somme.hexdigest()[:12]


@contextmanager
def open_base(processus: str) -> Iterator[dict[str, object]]:
    """Donne les réglages de connexion (rôle de l’application) d’une base jetable, déjà migrée."""
    with clone_modele(processus) as (acces, nom):
        yield parse(acces.app_url) | {"NAME": nom}


@contextmanager
def clone_modele(processus: str) -> Iterator[tuple[BaseEssais, str]]:
    """Donne le serveur des essais et le nom d’une base jetable, migrée et pourvue du COG."""
    acces, modele = prepare_modele()
    nom = f"essai_{processus}_{os.getpid()}"
    with connect(acces.proprietaire_url) as base:
        base.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*quote(nom, modele)))
    try:
        yield acces, nom
    finally:
        with connect(acces.proprietaire_url) as base:
            base.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(*quote(nom)))


def prepare_modele() -> tuple[BaseEssais, str]:
    """Donne le serveur des essais et le nom du modèle, fait une seule fois pour tous."""
    acces = prepare_base_essais()
    modele = f"essais_{compute_empreinte()}"
    with connect(acces.proprietaire_url) as base:
        base.execute("SELECT pg_advisory_lock(hashtext('socle.modele'))")
        create_modele(base, acces, modele)
    return acces, modele


def create_modele(base: psycopg.Connection, acces: BaseEssais, modele: str) -> None:
    """Migre une base neuve en propriétaire, puis la nomme : jamais de modèle à moitié fait."""
    if base.execute("SELECT 1 FROM pg_database WHERE datname = %s", [modele]).fetchone():
        return
    provisoire = f"{modele}_en_cours"
    base.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(*quote(provisoire)))
    base.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*quote(provisoire, acces.modele)))
    environnement = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'src'}",
        "SOCLE_PROPRIETAIRE": "1",
        "SOCLE_SECRET_KEY": "tests",
        "SOCLE_DATABASE_URL_PROPRIETAIRE": change_url(acces.proprietaire_url, base=provisoire),
    }
    for commande in (["migrate", "-v", "0"], ["charger_cog"]):
        subprocess.run(
            [sys.executable, "-m", "django", *commande],
            env=environnement,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    record_empreinte(environnement["SOCLE_DATABASE_URL_PROPRIETAIRE"])
    base.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*quote(provisoire, modele)))


def quote(*valeurs: str) -> list[sql.Identifier]:
    return [sql.Identifier(valeur) for valeur in valeurs]


def parse(url: str) -> dict[str, object]:
    parties = conninfo_to_dict(url)
    return {
        "USER": parties.get("user", ""),
        "PASSWORD": parties.get("password", ""),
        "HOST": parties.get("host", ""),
        "PORT": parties.get("port", ""),
    }


if __name__ == "__main__":
    # Prépare le modèle d’avance, et garde le serveur ouvert jusqu’à la fin de l’entrée.
    prepare_modele()
    sys.stdin.read()
