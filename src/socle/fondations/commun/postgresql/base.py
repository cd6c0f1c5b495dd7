"""Le pilote de Django, avec moins d’allers-retours vers PostgreSQL.

Une connexion gardée se vérifie sans instruction ; `BEGIN` part avec les variables du locataire ;
une lecture fréquente est préparée une fois par connexion (voir `lectures`).
"""

import select
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn


def is_silencieuse(lien: PGconn) -> bool:
    """Vrai si la connexion est au repos et n’a rien à lire.

    Une prise lisible dit que le serveur l’a fermée, ou qu’il a écrit un avis.
    """
    if lien.transaction_status != TransactionStatus.IDLE:
        return False
    guet = select.poll()
    guet.register(lien.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return not guet.poll(0)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connexion de Django.

    Attributes:
        prelude: instructions qui partent avec le prochain `BEGIN` (`SET LOCAL …`), sans réponse.
    """

    prelude = ""

    def is_usable(self) -> bool:
        """Dit si la connexion gardée peut resservir ; au moindre doute, `SELECT 1` tranche."""
        if self.connection is None or self.connection.closed:
            return False
        return is_silencieuse(self.connection.pgconn) or bool(super().is_usable())

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Ouvre une connexion ; rien n’y est encore préparé."""
        self._preparees: dict[str, str] = {}
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        """Ouvre la transaction d’`atomic()` ; psycopg enverrait `BEGIN` seul, puis le reste."""
        prelude, self.prelude = self.prelude, ""
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
            self.connection.execute(f"BEGIN;{prelude}")

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]

    def create_cursor(self, name: str | None = None) -> Any:
        """Un curseur nommé ne survit à sa transaction que s’il est ouvert hors d’une transaction.

        Django le demande à psycopg, qui ne sait pas que nous avons envoyé `BEGIN` nous-mêmes.
        """
        if name is None:
            return super().create_cursor()
        nomme: Any = base.ServerSideCursor
        return nomme(self.connection, name=name, scrollable=False, withhold=self.autocommit)

    def fetch_prepared(self, sql: str, valeurs: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Exécute une lecture que PostgreSQL prépare une fois par connexion, et rend ses lignes.

        Args:
            sql: toujours le même texte ; ses valeurs y sont `$1`, `$2`…
        """
        self.close_if_health_check_failed()  # avant de regarder ce qui est préparé
        self.ensure_connection()
        nom = self._preparees.get(sql)
        if nom is None:
            nom = f"lecture_{len(self._preparees)}"
            with self.wrap_database_errors:
                self.connection.execute(f"PREPARE {nom} AS {sql}")
            self._preparees[sql] = nom
        places = ", ".join(["%s"] * len(valeurs))
        with self.cursor() as curseur:
            curseur.execute(f"EXECUTE {nom} ({places})" if places else f"EXECUTE {nom}", valeurs)
            lignes: list[tuple[Any, ...]] = curseur.fetchall()
        return lignes
