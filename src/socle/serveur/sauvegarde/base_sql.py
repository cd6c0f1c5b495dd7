"""La base dans l’archive : un instantané, ses nombres de lignes, et sa remise en place."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres.binaires import find_outils
from socle.serveur.postgres.roles import connect, suspend_droits_par_defaut

Connexion = psycopg.Connection[tuple[object, ...]]

TABLES = """
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
  and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
order by 2
"""
# Sous une sécurité par ligne forcée, le propriétaire ordinaire ne voit que ce qu’une règle lui
# ouvre : chaque table doit en avoir une, sans condition.
TABLES_CACHEES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relrowsecurity
  and (c.relforcerowsecurity or pg_get_userbyid(c.relowner) <> current_user)
  and not exists (
    select 1 from pg_policy p where p.polrelid = c.oid and p.polpermissive
      and p.polcmd in ('*', 'r') and pg_get_expr(p.polqual, p.polrelid) = 'true'
      and p.polroles && array[0::oid, current_user::regrole::oid])
order by 1
"""
# Propres à chaque serveur : remis en place par `ensure_roles`, ou recréés au nom du propriétaire.
ECARTES = (" DEFAULT ACL ", " EXTENSION ", " SCHEMA - public ", " ACL - SCHEMA public ")
SUFFIXE_PROPRIETAIRE = "_proprietaire"


@contextmanager
def open_instantane(url: str) -> Iterator[tuple[Connexion, str]]:
    """Ouvre un instantané de toute la base ; rend la connexion et le nom de l’instantané.

    Raises:
        ErreurServeur: une table cacherait des lignes au propriétaire.
    """
    with connect(url) as connexion, connexion.transaction():
        connexion.execute("set transaction isolation level repeatable read, read only")
        if not _is_superutilisateur(connexion):
            cachees = [str(nom) for (nom,) in connexion.execute(TABLES_CACHEES)]
            if cachees:
                raise ErreurServeur(
                    f"La sauvegarde ne verrait pas toutes les lignes de : {', '.join(cachees)}.",
                    "Donnez au propriétaire de ces tables une règle « using (true) ».",
                )
        ligne = connexion.execute("select pg_export_snapshot()").fetchone()
        yield connexion, str(ligne[0]) if ligne else ""


def count_lignes(connexion: Connexion) -> dict[str, int]:
    """Nombre de lignes de chaque table."""
    nombres = {}
    for schema, table in connexion.execute(TABLES).fetchall():
        nom = sql.Identifier(str(schema), str(table))
        ligne = connexion.execute(sql.SQL("select count(*) from {}").format(nom)).fetchone()
        nombres[str(table)] = int(str(ligne[0])) if ligne else 0
    return nombres


def dump(url: str, fichier: Path, *, instantane: str) -> None:
    """Écrit la base au format « custom » de pg_dump, depuis cet instantané."""
    with connect(url) as connexion:
        ordinaire = [] if _is_superutilisateur(connexion) else ["--enable-row-security"]
    _run(
        "pg_dump", url, "--format=custom", f"--snapshot={instantane}", f"--file={fichier}",
        "--schema=public", "--no-password", *ordinaire,
    )  # fmt: skip


def restore(url: str, fichier: Path) -> None:
    """Remet la base en place, en une transaction : tout ou rien.

    Raises:
        ErreurServeur: la base n’est pas vide, ou pg_restore refuse.
    """
    with connect(url) as connexion:
        if count_lignes(connexion):
            raise ErreurServeur(
                "La base de données n’est pas vide : rien n’a été restauré.",
                "Donnez une base neuve dans DATABASE_URL.",
            )
    liste = fichier.with_name("contenu.liste")
    liste.write_text("\n".join(_list_contenu(fichier)) + "\n")
    with suspend_droits_par_defaut(url):
        _run(
            "pg_restore", url, "--no-owner", "--single-transaction", "--exit-on-error",
            f"--use-list={liste}", "--no-password", str(fichier),
        )  # fmt: skip
    with connect(url) as connexion:
        _create_regles_proprietaire(connexion)
        connexion.execute("analyze")


def _list_contenu(fichier: Path) -> list[str]:
    sortie = subprocess.run(
        [find_outils() / "pg_restore", "--list", str(fichier)],
        capture_output=True,
        text=True,
        check=False,
    )
    if sortie.returncode:
        raise ErreurServeur("La sauvegarde de la base est illisible.")
    return [
        ligne
        for ligne in sortie.stdout.splitlines()
        if not any(mot in f" {ligne} " for mot in ECARTES)
        and not (" POLICY " in ligne and SUFFIXE_PROPRIETAIRE in ligne)
    ]


def _create_regles_proprietaire(connexion: Connexion) -> None:
    """Rend au propriétaire la vue de toutes les lignes : son nom peut avoir changé de serveur."""
    tables = connexion.execute(
        "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace"
        " and c.relrowsecurity and c.relkind in ('r', 'p') order by 1"
    ).fetchall()
    for (table,) in tables:
        connexion.execute(
            sql.SQL("create policy {} on {} to current_user using (true) with check (true)").format(
                sql.Identifier(f"{table}{SUFFIXE_PROPRIETAIRE}"),
                sql.Identifier("public", str(table)),
            )
        )


def _run(outil: str, url: str, *options: str) -> None:
    """Lance un outil de PostgreSQL ; le mot de passe passe par l’environnement, pas par `ps`."""
    connexion = conninfo_to_dict(url)
    secret = str(connexion.pop("password", "") or "")
    adresse = make_conninfo(**{nom: str(valeur) for nom, valeur in connexion.items()})
    environnement = {**os.environ, "PGPASSWORD": secret, "LC_ALL": "C"}
    essai = subprocess.run(
        [find_outils() / outil, f"--dbname={adresse}", *options],
        env=environnement,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if essai.returncode:
        fin = " ".join(essai.stderr.strip().splitlines()[-3:])
        raise ErreurServeur(f"{outil} a échoué : {fin}")


def _is_superutilisateur(connexion: Connexion) -> bool:
    ligne = connexion.execute(
        "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    ).fetchone()
    return bool(ligne and ligne[0])
