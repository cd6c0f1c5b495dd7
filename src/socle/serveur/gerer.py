"""`./socle gerer` : commandes de gestion de Django, base prête et bons rôles.

Ne crée jamais d’installation : `servir` et `demo` le font.
"""

import os

from socle.serveur.arguments import UsageIncorrect
from socle.serveur.base import Base, open_base, read_adresse_exterieure
from socle.serveur.console import say
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import Installation
from socle.serveur.migrations import forget_empreinte, is_current, record_empreinte
from socle.serveur.service import read_port

# Ces commandes changent le schéma ou vident des tables : elles prennent le rôle du propriétaire.
POUR_PROPRIETAIRE = frozenset({"migrate", "flush", "sqlflush", "dbshell"})
SANS_BASE = frozenset(
    {
        "help",
        "version",
        "--version",
        "check",
        "makemigrations",
        "findstatic",
        "documenter",
        "assembler_statiques",
    }
)
# Celles-là servent justement quand le schéma n’est pas à jour.
SANS_SCHEMA = frozenset({"migrate", "showmigrations", "sqlmigrate", "dbshell"})
# Celles-là durent : leurs lignes JSON sont un vrai journal. Ailleurs, elles noieraient la réponse.
DURABLES = frozenset({"travailler", "procrastinate", "runserver"})
AIDES = frozenset({"-h", "--help"})


def main(arguments: list[str]) -> int:
    """Lance une commande de gestion dans ce processus.

    `--donnees DOSSIER` se donne avant la commande : le reste est pour Django.
    """
    donnees, arguments = read_donnees(arguments)
    commande = arguments[0] if arguments else "help"
    if commande in AIDES:
        commande, arguments = "help", arguments[1:]
    if commande in SANS_BASE or AIDES & set(arguments):
        os.environ.setdefault("SOCLE_SECRET_KEY", "sans-objet-ici-" * 3)
        return _run(arguments or ["help"])
    dossier = DossierDonnees.choose(donnees)
    if not read_adresse_exterieure() and not dossier.has_base():
        raise ErreurServeur(
            f"Aucune installation dans {dossier.chemin}.",
            "Donnez --donnees DOSSIER avant la commande, ou SOCLE_DONNEES.",
        )
    with open_base(dossier) as base:
        installation = build_installation(dossier, base)
        environnement = installation.build_environnement(proprietaire=commande in POUR_PROPRIETAIRE)
        os.environ.clear()
        os.environ.update(environnement)
        if commande not in DURABLES:
            os.environ.setdefault("SOCLE_NIVEAU_JOURNAL", "WARNING")
        if commande not in SANS_SCHEMA:
            check_schema(base)
        code = _run(arguments)
        if commande == "migrate":
            _note_schema(base)
        return code


def read_donnees(arguments: list[str]) -> tuple[str, list[str]]:
    """Sépare `--donnees DOSSIER`, en tête, de la commande de Django.

    Raises:
        UsageIncorrect: l’option n’a pas de valeur.
    """
    if not arguments or arguments[0].partition("=")[0] != "--donnees":
        return "", arguments
    _, egal, valeur = arguments[0].partition("=")
    suite = arguments[1:]
    if not egal and suite:
        valeur, suite = suite[0], suite[1:]
    if not valeur:
        raise UsageIncorrect(
            "--donnees : une valeur est attendue.", "./socle gerer --donnees DOSSIER COMMANDE"
        )
    return valeur, suite


def build_installation(dossier: DossierDonnees, base: Base) -> Installation:
    """L’installation telle que la voit le site : le port est celui du serveur qui tourne."""
    return Installation(
        dossier,
        base.acces,
        port=dossier.find_port_servi() or read_port(None),
        bac_a_sable=dossier.demonstration or os.environ.get("SOCLE_BAC_A_SABLE") == "1",
        simulateurs_url=os.environ.get("SOCLE_SIMULATEURS_URL", ""),
    )


def check_schema(base: Base) -> None:
    """Vérifie que la base a reçu toutes les migrations.

    Raises:
        ErreurServeur: il en manque : la commande échouerait sur une table ou une colonne.
    """
    if is_current(base.acces.proprietaire_url) or not _count_manquantes():
        return
    raise ErreurServeur(
        "La base de données n’est pas à jour pour cette version de Socle.",
        "Lancez ./socle servir une fois, ou ./socle gerer migrate.",
    )


def _note_schema(base: Base) -> None:
    """Tient l’empreinte du schéma après `migrate`, dans un sens comme dans l’autre."""
    note = forget_empreinte if _count_manquantes() else record_empreinte
    note(base.acces.proprietaire_url)


def _count_manquantes() -> int:
    _setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executeur = MigrationExecutor(connection)
    manquantes = len(executeur.migration_plan(executeur.loader.graph.leaf_nodes()))
    connection.close()
    return manquantes


def _setup() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def _run(arguments: list[str]) -> int:
    """Lance la commande ; une erreur prévue devient une phrase, sans nom de classe ni trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management.base import CommandError
    from django.db.utils import Error

    from socle.serveur.gestion import Gestion

    try:
        Gestion(arguments).execute()
    except SystemExit as fin:
        if isinstance(fin.code, str):
            say(fin.code)
            return 1
        return fin.code or 0
    except CommandError as refus:
        say(str(refus))
        return int(refus.returncode)
    except Error as cause:
        if "--traceback" in arguments:
            raise
        raise ErreurServeur(
            f"La base de données a refusé : {str(cause).strip().partition(chr(10))[0]}",
            "Lancez ./socle diagnostiquer. Le détail vient avec --traceback.",
        ) from cause
    return 0
