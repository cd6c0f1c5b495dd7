"""La lecture gardée des sessions suit les règles de celle de Django."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from socle.fondations.comptes.adapters.stockage import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    memoire = SessionStore()
    memoire["cle"] = "valeur"
    memoire.create()
    return memoire


def test_session_is_read_back(session, count_sql):
    with count_sql() as compte:
        assert SessionStore(session.session_key)["cle"] == "valeur"
    assert len(compte.instructions) == 1


@pytest.mark.parametrize("cle", ["inconnue", "' OR 1=1 --"])
def test_unknown_session_is_empty_and_forgets_its_key(session, cle):
    memoire = SessionStore(cle)
    assert "cle" not in memoire
    assert memoire.session_key is None


def test_expired_session_is_not_read(session):
    Session.objects.filter(pk=session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    assert "cle" not in SessionStore(session.session_key)
