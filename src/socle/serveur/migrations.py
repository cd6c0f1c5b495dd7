"""Schéma de la base : à jour, à migrer, ou plus récent que ce programme.

L’empreinte des fichiers de migration est gardée dans la base : au démarrage courant, une requête
suffit et Django n’est pas importé. Une base restaurée apporte la sienne.
"""

import hashlib
import re
from pathlib import Path

import psycopg

from socle.serveur.dossier import RACINE
from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import Installation
from socle.serveur.postgres.roles import connect

CREATION = """
create table if not exists socle_schema (
  empreinte text primary key,
  applique_le timestamptz not null default now()
)
"""


def list_fichiers() -> list[Path]:
    """Fichiers de migration de Socle, dans un ordre stable."""
    return sorted((RACINE / "src" / "socle").glob("**/migrations/[0-9]*.py"))


def compute_empreinte() -> str:
    """Empreinte de tout ce qui fait le schéma : nos migrations et les versions des paquets."""
    somme = hashlib.sha256((RACINE / "requirements.lock").read_bytes())
    for fichier in list_fichiers():
        somme.update(str(fichier.relative_to(RACINE)).encode() + b"\0" + fichier.read_bytes())
    return somme.hexdigest()


def is_current(url_proprietaire: str) -> bool:
    """Dit si la base a déjà reçu exactement ces migrations."""
    with connect(url_proprietaire) as connexion:
        return _read_empreinte(connexion) == compute_empreinte()


def list_inconnues(url_proprietaire: str) -> list[str]:
    """Migrations de Socle présentes dans la base et inconnues de ce programme.

    Une migration remplacée par une fusion (« squash ») est nommée dans celle qui la remplace.
    """
    par_app: dict[str, list[Path]] = {}
    for fichier in list_fichiers():
        par_app.setdefault(fichier.parents[1].name, []).append(fichier)
    with connect(url_proprietaire) as connexion:
        if _read_table(connexion, "django_migrations") is None:
            return []
        lignes = connexion.execute(
            "select app, name from django_migrations where app = any(%s) order by id",
            [list(par_app)],
        ).fetchall()
    return [f"{app}.{nom}" for app, nom in lignes if not _is_known(str(nom), par_app[str(app)])]


def migrate(installation: Installation) -> bool:
    """Applique les migrations s’il le faut, sous le propriétaire ; dit si quelque chose a été fait.

    Raises:
        ErreurServeur: base plus récente que le programme, ou migration en échec.
    """
    url = installation.acces.proprietaire_url
    if is_current(url):
        return False
    inconnues = list_inconnues(url)
    if inconnues:
        raise ErreurServeur(
            "La base de données vient d’une version plus récente de Socle"
            f" (migration inconnue : {inconnues[-1]}).",
            "Installez cette version ou une plus récente, ou restaurez une sauvegarde plus"
            " ancienne.",
        )
    essai = installation.run_django("migrate", "--no-input", "-v", "0", proprietaire=True)
    if essai.returncode:
        raise ErreurServeur(
            "La mise à jour de la base a échoué ; rien de cette migration n’a été gardé.\n"
            + last_lines(essai.stderr),
            "Lancez ./socle gerer migrate pour le détail, ou restaurez votre sauvegarde.",
        )
    record_empreinte(url)
    return True


def load_cog(installation: Installation) -> bool:
    """Charge le code officiel géographique si la base n’en a aucun ; dit si elle l’a reçu.

    Sans lui, aucune collectivité ne s’ouvre. Celui que l’exploitant a chargé n’est pas remplacé.

    Raises:
        ErreurServeur: le chargement a échoué.
    """
    with connect(installation.acces.proprietaire_url) as connexion:
        if connexion.execute("select from referentiels_commune limit 1").fetchone() is not None:
            return False
    essai = installation.run_django("charger_cog")
    if essai.returncode:
        raise ErreurServeur(
            "Les communes de France n’ont pas pu être chargées.\n" + last_lines(essai.stderr),
            "Lancez ./socle gerer charger_cog pour le détail.",
        )
    return True


def record_empreinte(url_proprietaire: str) -> None:
    """Note dans la base que ces migrations y sont toutes."""
    with connect(url_proprietaire) as connexion, connexion.transaction():
        connexion.execute(CREATION)
        connexion.execute("delete from socle_schema")
        connexion.execute("insert into socle_schema (empreinte) values (%s)", [compute_empreinte()])


def forget_empreinte(url_proprietaire: str) -> None:
    """Note dans la base qu’il y manque des migrations."""
    with connect(url_proprietaire) as connexion, connexion.transaction():
        connexion.execute(CREATION)
        connexion.execute("delete from socle_schema")


def last_lines(sortie: bytes, nombre: int = 6) -> str:
    """Dernières lignes de ce qu’un processus a écrit."""
    return "\n".join(sortie.decode(errors="replace").strip().splitlines()[-nombre:])


def _read_empreinte(connexion: psycopg.Connection[tuple[object, ...]]) -> str:
    if _read_table(connexion, "socle_schema") is None:
        return ""
    ligne = connexion.execute("select empreinte from socle_schema").fetchone()
    return str(ligne[0]) if ligne else ""


def _read_table(connexion: psycopg.Connection[tuple[object, ...]], nom: str) -> object | None:
    ligne = connexion.execute("select to_regclass(%s)", [f"public.{nom}"]).fetchone()
    return ligne[0] if ligne else None


def _is_known(nom: str, fichiers: list[Path]) -> bool:
    if any(fichier.stem == nom for fichier in fichiers):
        return True
    cite = re.compile(rf"[\"']{re.escape(nom)}[\"']")
    return any("replaces" in (texte := f.read_text()) and cite.search(texte) for f in fichiers)
