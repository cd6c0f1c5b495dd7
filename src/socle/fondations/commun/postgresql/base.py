"""Le pilote de Django, avec moins d’allers-retours vers PostgreSQL.

Une connexion gardée se vérifie sans instruction ; une lecture fréquente est préparée une fois par
connexion (voir `lectures`). Ce qui n’attend pas de réponse (`BEGIN`, variables du locataire, points
de reprise) part avec l’instruction qui le suit, et ne part pas s’il n’y en a pas.
"""

import select
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import debug_transaction
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn

CurseurDjango: Any = base.Cursor  # les types de Django ne savent pas quel psycopg est là
DEBUT = "BEGIN"
IDLE = TransactionStatus.IDLE


def is_silencieuse(lien: PGconn) -> bool:
    """Vrai si la connexion est au repos et n’a rien à lire.

    Une prise lisible dit que le serveur l’a fermée, ou qu’il a écrit un avis.
    """
    if lien.transaction_status != IDLE:
        return False
    guet = select.poll()
    guet.register(lien.socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return not guet.poll(0)


class Curseur(CurseurDjango):
    """Curseur de Django : ce qui attend sur sa connexion part dans le même envoi.

    PostgreSQL lit tout l’envoi avant d’en rien exécuter : une faute de syntaxe emporte aussi ce qui
    attendait. La transaction n’est alors pas ouverte : son `BEGIN` attend de nouveau.
    """

    porteuse: "DatabaseWrapper | None" = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        porteuse = self.porteuse
        if porteuse is None or not porteuse.attente:
            return super().execute(query, params, **options)
        texte = self.mogrify(query, params)  # ses valeurs d’abord : un refus ici n’a rien envoyé
        attente, porteuse.attente = porteuse.attente, []
        try:
            super().execute(";".join([*attente, texte]), **options)
        except Exception:
            if attente[0] == DEBUT and self.connection.pgconn.transaction_status == IDLE:
                porteuse.attente = attente
            raise
        for _ in attente:
            self.nextset()
        return self

    def executemany(self, *arguments: Any, **options: Any) -> None:
        self._send_attente()
        super().executemany(*arguments, **options)

    def stream(self, *arguments: Any, **options: Any) -> Any:
        self._send_attente()
        return super().stream(*arguments, **options)

    def copy(self, *arguments: Any, **options: Any) -> Any:
        self._send_attente()
        return super().copy(*arguments, **options)

    def _send_attente(self) -> None:
        if self.porteuse is not None:
            self.porteuse.send_attente()


class Operations(DatabaseOperations):
    """Le journal des instructions (essais, débogage) montre chacune sans ce qui attendait."""

    def last_executed_query(self, _curseur: Any, sql: Any, params: Any) -> str:
        return str(self.compose_sql(sql, params))


class DatabaseWrapper(base.DatabaseWrapper):
    """Connexion de Django.

    Attributes:
        prelude: instructions qui suivent le prochain `BEGIN` (`SET LOCAL …`).
        attente: instructions sans réponse, qui partiront avec la prochaine qui en a une.
    """

    ops_class = Operations

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.prelude: Sequence[str] = ()
        self.attente: list[str] = []

    def is_usable(self) -> bool:
        """Dit si la connexion gardée peut resservir ; au moindre doute, `SELECT 1` tranche."""
        if self.connection is None or self.connection.closed:
            return False
        return is_silencieuse(self.connection.pgconn) or bool(super().is_usable())

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Ouvre une connexion ; rien n’y est encore préparé, rien n’y attend."""
        self._preparees: dict[str, str] = {}
        self.attente = []
        lien = super().get_new_connection(conn_params)
        lien.cursor_factory = Curseur
        return lien

    def send_attente(self) -> None:
        """Envoie seul ce qui attend, avant une instruction qui ne sait pas l’emporter."""
        if self.attente:
            attente, self.attente = self.attente, []
            with self.wrap_database_errors:
                self.connection.execute(";".join(attente))

    def _start_transaction_under_autocommit(self) -> None:
        """Ouvre la transaction d’`atomic()` ; psycopg enverrait `BEGIN` seul, puis le reste."""
        with debug_transaction(self, DEBUT):
            self.attente = [DEBUT, *self.prelude]
        self.prelude = ()

    def _commit(self) -> None:
        """Ce qui attend encore ne sert plus : valider ferme les points de reprise."""
        self.attente = []
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self.attente = []
        super()._rollback()  # type: ignore[misc]

    def _savepoint(self, sid: str) -> None:
        self.attente.append(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        pose = self.ops.savepoint_create_sql(sid)
        if self.attente and self.attente[-1] == pose:
            self.attente.pop()
            return
        self.attente.append(self.ops.savepoint_commit_sql(sid))
        if self.connection.pgconn.transaction_status == TransactionStatus.INERROR:
            self.send_attente()  # une erreur avalée dans le bloc : la fin du bloc la dit

    def _savepoint_rollback(self, sid: str) -> None:
        pose = self.ops.savepoint_create_sql(sid)
        if pose in self.attente:  # rien n’a été envoyé depuis
            del self.attente[self.attente.index(pose) + 1 :]
            return
        self.attente = []
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]

    def create_cursor(self, name: str | None = None) -> Any:
        """Un curseur nommé ne survit à sa transaction que s’il est ouvert hors d’une transaction.

        Django le demande à psycopg, qui ne sait pas que nous avons envoyé `BEGIN` nous-mêmes.
        """
        if name is None:
            curseur = super().create_cursor()
            curseur.porteuse = self
            return curseur
        self.send_attente()
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
