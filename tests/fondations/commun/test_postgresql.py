"""Une connexion gardée est vérifiée sans SQL, et une connexion morte se voit."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext


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
    connexion.prelude = "SET LOCAL socle.collectivite = '17'"
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
    connexion.prelude = "SET LOCAL socle.collectivite = '17'"
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
