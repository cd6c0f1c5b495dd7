"""Une connexion gardée est vérifiée sans SQL, une connexion morte se voit, et ce qui attend ne se
perd pas."""

import pytest
from django.db import DatabaseError, ProgrammingError, connections
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus


@pytest.fixture
def connexion(django_db_setup, django_db_blocker):
    """Connexion à part de celle des tests."""
    with django_db_blocker.unblock():
        copie = connections["default"].copy()
        copie.ensure_connection()
        yield copie
        copie.close()
        connections["default"].close()


def test_idle_connection_is_checked_without_sql(connexion):
    with CaptureQueriesContext(connexion) as compte:
        assert connexion.is_usable()
    assert [q["sql"] for q in compte.captured_queries] == []


def test_connection_closed_by_the_server_is_seen(connexion):
    with connexion.cursor() as curseur:
        curseur.execute("SELECT pg_backend_pid()")
        [pid] = curseur.fetchone()
    with connections["default"].cursor() as curseur:
        curseur.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not connexion.is_usable()


def test_connection_replaced_at_the_next_request(connexion):
    with connexion.cursor() as curseur:
        curseur.execute("SELECT pg_backend_pid()")
        [pid] = curseur.fetchone()
    with connections["default"].cursor() as curseur:
        curseur.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    connexion.health_check_enabled = True
    connexion.close_if_unusable_or_obsolete()
    with connexion.cursor() as curseur:
        curseur.execute("SELECT pg_backend_pid()")
        assert curseur.fetchone() != (pid,)


def test_server_notice_does_not_kill_a_connection(connexion):
    """Un avis à lire rend la prise lisible sans que rien soit cassé."""
    with connexion.cursor() as curseur:
        curseur.execute("LISTEN essai_du_banc")
    with connections["default"].cursor() as curseur:
        curseur.execute("NOTIFY essai_du_banc")
    assert connexion.is_usable()


def test_prelude_leaves_with_begin(connexion):
    connexion.prelude = ["SET LOCAL socle.collectivite = '17'"]
    connexion.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with connexion.cursor() as curseur:
        curseur.execute("SELECT current_setting('socle.collectivite', true)")
        assert curseur.fetchone() == ("17",)
    connexion.commit()
    connexion.set_autocommit(True)

    with connexion.cursor() as curseur:
        curseur.execute("SELECT coalesce(current_setting('socle.collectivite', true), '')")
        assert curseur.fetchone() == ("",)


def test_prelude_serves_one_transaction(connexion):
    connexion.prelude = ["SET LOCAL socle.collectivite = '17'"]
    for attendu in ("17", ""):
        connexion.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        with connexion.cursor() as curseur:
            curseur.execute("SELECT coalesce(current_setting('socle.collectivite', true), '')")
            assert curseur.fetchone() == (attendu,)
        connexion.rollback()
        connexion.set_autocommit(True)


@pytest.mark.parametrize("dans_une_transaction", [True, False])
def test_named_cursor_outlives_only_what_it_must(connexion, dans_une_transaction):
    if dans_une_transaction:
        connexion.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with connexion.chunked_cursor() as lignes, connexion.cursor() as curseur:
        lignes.execute("SELECT 1")
        curseur.execute("SELECT is_holdable FROM pg_cursors WHERE name LIKE '\\_django%%'", [])
        assert curseur.fetchall() == [(not dans_une_transaction,)]


def begin(connexion) -> None:
    connexion.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connexion.in_atomic_block = True


def read_statut(connexion) -> TransactionStatus:
    return connexion.connection.pgconn.transaction_status


def ask(connexion, sql: str) -> list[tuple]:
    with connexion.cursor() as curseur:
        curseur.execute(sql, [])
        return curseur.fetchall() if curseur.description else []


def finish(connexion) -> None:
    connexion.in_atomic_block = False
    connexion.rollback()
    connexion.set_autocommit(True)


def test_transaction_opens_with_its_first_statement(connexion):
    begin(connexion)
    connexion.savepoint_commit(connexion.savepoint())
    assert read_statut(connexion) == TransactionStatus.IDLE
    assert ask(connexion, "SELECT 1 UNION ALL SELECT 2") == [(1,), (2,)]
    assert read_statut(connexion) == TransactionStatus.INTRANS
    finish(connexion)
    assert read_statut(connexion) == TransactionStatus.IDLE
    assert connexion.attente == []


def test_savepoints_undo_what_follows_them_and_nothing_else(connexion):
    begin(connexion)
    ask(connexion, "CREATE TEMP TABLE essai (n int) ON COMMIT DROP")
    dehors, dedans = connexion.savepoint(), connexion.savepoint()
    ask(connexion, "INSERT INTO essai VALUES (1)")
    connexion.savepoint_commit(dedans)
    vide = connexion.savepoint()
    connexion.savepoint_rollback(vide)  # rien n’a suivi : rien à défaire
    connexion.savepoint_commit(vide)
    assert ask(connexion, "SELECT n FROM essai") == [(1,)]
    ask(connexion, "INSERT INTO essai VALUES (2)")
    connexion.savepoint_rollback(dehors)
    connexion.savepoint_commit(dehors)
    assert ask(connexion, "SELECT n FROM essai") == []
    finish(connexion)


def test_error_swallowed_in_a_block_is_said_at_its_end(connexion):
    """Sinon la transaction se défait sans que personne le sache."""
    begin(connexion)
    repere = connexion.savepoint()
    with pytest.raises(DatabaseError):
        ask(connexion, "SELECT 1 / 0")
    with pytest.raises(DatabaseError, match="aborted"):
        connexion.savepoint_commit(repere)
    connexion.savepoint_rollback(repere)
    assert ask(connexion, "SELECT 1") == [(1,)]
    finish(connexion)


def test_syntax_error_leaves_no_statement_outside_the_transaction(connexion):
    """PostgreSQL n’a rien exécuté, pas même `BEGIN` : il part avec l’instruction d’après."""
    begin(connexion)
    with pytest.raises(ProgrammingError):
        ask(connexion, "SELEC 1")
    assert ask(connexion, "SELECT 1") == [(1,)]
    assert read_statut(connexion) == TransactionStatus.INTRANS
    finish(connexion)


@pytest.mark.parametrize("geste", ["copy", "stream", "executemany", "nomme"])
def test_transaction_opens_before_what_cannot_carry_it(connexion, geste):
    begin(connexion)
    if geste == "nomme":
        with connexion.chunked_cursor() as lignes:
            lignes.execute("SELECT 1")
    else:
        with connexion.cursor() as curseur:
            if geste == "copy":
                with curseur.copy("COPY (SELECT 1) TO STDOUT") as copie:
                    assert list(copie)
            elif geste == "stream":
                assert list(curseur.stream("SELECT 1")) == [(1,)]
            else:
                curseur.executemany("SELECT %s", [(1,), (2,)])
    assert read_statut(connexion) == TransactionStatus.INTRANS
    finish(connexion)
