"""Lancer une tâche périodique à la main."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from socle.fondations.commun.taches import periodiques

pytestmark = pytest.mark.django_db


def run(*noms: str) -> str:
    sortie = StringIO()
    call_command("lancer_tache", *noms, stdout=sortie)
    return sortie.getvalue()


def test_without_name_it_lists_them():
    assert run().split() == list(periodiques)
    assert "pilotage.relever" in periodiques


def test_a_task_is_run_with_the_time(monkeypatch):
    recus = []
    monkeypatch.setitem(
        periodiques._par_code,
        "pilotage.relever",
        lambda **valeurs: recus.append(valeurs["timestamp"]),
    )

    assert run("pilotage.relever") == "pilotage.relever : faite\n"
    assert len(recus) == 1
    assert recus[0] > 1_700_000_000


def test_an_unknown_name_runs_nothing(monkeypatch):
    monkeypatch.setitem(
        periodiques._par_code, "pilotage.relever", lambda **_: pytest.fail("lancée")
    )

    with pytest.raises(CommandError, match=r"inconnue : rien\.du_tout"):
        run("pilotage.relever", "rien.du_tout")
