"""Savoir, en une instruction, si une page publique du programme a pu changer.

Une table compte les changements : un déclencheur y ajoute une ligne à chaque instruction qui écrit
dans une table que montrent les pages publiques, dans la même transaction. Elle est visible quand le
changement l’est : deux lectures égales disent que rien n’a changé entre elles.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, connections
from django.db.models import Model

# Tables que les pages publiques ne montrent pas, et que l’on écrit souvent : les suivre ferait
# refaire toutes les pages.
NON_SUIVIES = frozenset(
    {
        "appels_abonneappels",
        "appels_envoiabonne",  # une ligne par appel annoncé
        "appels_rappeloctroi",
        "consultations_reponse",  # une par enregistrement ; le dépôt, lui, est suivi
        "diffusion_audience",  # une ligne par lecture d’un article
        "diffusion_abonne",
        "diffusion_remise",  # une ligne par lettre envoyée
        "diffusion_contact",
        "diffusion_opposition",
        "adoption_lignedimport",
        "pilotage_modification",
    }
)
AILLEURS = ("referentiels_autorite", "collectivites_collectivite")
LIRE = """
SELECT count(*), coalesce(sum(numero), 0)::text, coalesce(max(numero), 0) FROM commun_changement
"""
OUBLIER = """
DELETE FROM commun_changement
WHERE numero < (SELECT max(numero) FROM commun_changement) - %s
"""
GARDES = 100
SUIVRE = """
CREATE OR REPLACE TRIGGER {table}_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION commun_noter_changement()
"""


def read_version() -> str:
    """Rend de quoi reconnaître l’état des tables suivies. Une instruction SQL.

    Le nombre et la somme disent aussi un changement commis après un autre commencé plus tard.
    """
    with connection.cursor() as curseur:
        curseur.execute(LIRE)
        return "-".join(map(str, curseur.fetchone()))


def purge_changements() -> int:
    """Oublie les anciens changements, sauf les derniers ; rend leur nombre."""
    with connection.cursor() as curseur:
        curseur.execute(OUBLIER, [GARDES])
        return int(curseur.rowcount)


def list_suivies() -> list[str]:
    """Tables suivies : celles des métiers qui ne sont pas à une collectivité, et deux autres."""
    return sorted({*AILLEURS, *_iter_tables()} - NON_SUIVIES)


def _iter_tables() -> Iterator[str]:
    for modele in apps.get_models():
        if modele.__module__.startswith("socle.metiers.") and not _has_collectivite(modele):
            yield modele._meta.db_table


def _has_collectivite(modele: type[Model]) -> bool:
    return any(champ.name == "collectivite" for champ in modele._meta.get_fields())


def follow_tables(*, using: str = "default", **_signal: Any) -> None:
    """Pose les déclencheurs ; appelée à la fin de chaque mise à jour de la base."""
    base = connections[using]
    with base.cursor() as curseur:
        curseur.execute("SELECT to_regproc('commun_noter_changement')")
        if curseur.fetchone()[0] is None:
            return  # la base est revenue à une version d’avant
        presentes = set(base.introspection.table_names(curseur))
        for table in list_suivies():
            if table in presentes:
                curseur.execute(SUIVRE.format(table=table))
