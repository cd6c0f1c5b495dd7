"""Le superviseur : relance, arrêt propre, et rien ne survit à sa mort."""

import os
import signal
import subprocess
import sys
import time

import pytest

from socle.serveur.superviseur import ATTENTES, Superviseur
from tests.serveur.outils import is_running, run_python, wait_until

DORMIR = [sys.executable, "-c", "import time; time.sleep(600)"]
SOURD = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(600)
"""
FAMILLE = """
import subprocess, sys, time
enfant = subprocess.Popen(["sleep", "600"])
print(enfant.pid, flush=True)
time.sleep(600)
"""
PARENT = """
import sys, time
from socle.serveur.superviseur import Superviseur
superviseur = Superviseur()
enfant = superviseur.add("dormeur", ["sleep", "600"], {})
print(enfant.processus.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def superviseur():
    superviseur = Superviseur()
    yield superviseur
    superviseur.stop(delai=0)


def test_dead_child_is_restarted(superviseur):
    enfant = superviseur.add("dormeur", DORMIR, {})
    premier = enfant.processus
    premier.kill()
    premier.wait()

    assert wait_until(lambda: superviseur.tick() or enfant.processus not in {None, premier})
    assert is_running(enfant.processus.pid)


def test_restarts_slow_down(superviseur, capfd):
    enfant = superviseur.add("bref", ["/bin/true"], {})
    relances = []

    for _ in ATTENTES[:3]:
        assert wait_until(lambda: superviseur.tick() or enfant.processus is None)
        relances.append(enfant.relance_a)
        enfant.relance_a = 0.0  # l’attente est comptée, non subie

    ecrit = capfd.readouterr().err
    assert [f"relance dans {a:g} s" in ecrit for a in ATTENTES[:4]] == [True, True, True, False]
    assert relances == sorted(relances)
    assert enfant.echecs == 3


def test_stop_ends_every_child(superviseur):
    enfants = [superviseur.add(str(n), DORMIR, {}) for n in range(3)]

    superviseur.stop()

    assert [is_running(enfant.processus.pid) for enfant in enfants] == [False] * 3


def test_deaf_child_is_killed_after_the_delay(superviseur, tmp_path):
    sourd = tmp_path / "sourd"
    enfant = superviseur.add("sourd", [sys.executable, "-c", SOURD, str(sourd)], {})
    assert wait_until(sourd.exists)

    superviseur.stop(delai=0.2)

    assert enfant.processus.returncode == -signal.SIGKILL


def test_descendants_die_with_their_parent(superviseur, tmp_path):
    sortie = tmp_path / "pid"
    commande = ["/bin/sh", "-c", f'exec {sys.executable} -c "$0" > {sortie}', FAMILLE]
    enfant = superviseur.add("famille", commande, {"PATH": os.environ["PATH"]})
    assert wait_until(lambda: sortie.exists() and sortie.read_text().strip())
    petit_enfant = int(sortie.read_text())

    enfant.processus.kill()
    enfant.processus.wait()
    superviseur.tick()

    assert wait_until(lambda: not is_running(petit_enfant))


def test_killed_superviseur_leaves_nothing_behind():
    parent = run_python(PARENT)
    enfant = int(parent.stdout.readline())
    assert is_running(enfant)

    parent.kill()
    parent.communicate()

    assert wait_until(lambda: not is_running(enfant))


def test_copy_runs_a_function(superviseur, tmp_path):
    enfant = superviseur.add_copie("copie", (tmp_path / "fait").touch)

    assert enfant.processus.wait(60) == 0
    assert (tmp_path / "fait").exists()


def test_failed_copy_has_a_code_and_a_trace(superviseur, capfd):
    enfant = superviseur.add_copie("copie", lambda: 1 / 0)

    assert enfant.processus.wait(60) == 1
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_killed_copy_is_made_again(superviseur):
    enfant = superviseur.add_copie("dormeur", lambda: time.sleep(600))
    premier = enfant.processus
    os.kill(premier.pid, signal.SIGKILL)

    assert wait_until(lambda: superviseur.tick() or enfant.processus not in {None, premier})
    superviseur.stop()
    assert enfant.processus.returncode == -signal.SIGTERM


def test_held_program_waits_for_its_release(superviseur, tmp_path):
    code = f"import sys; sys.stdin.read(); open({str(tmp_path / 'parti')!r}, 'w')"
    enfant = superviseur.add_retenu("retenu", [sys.executable, "-c", code], {})

    with pytest.raises(subprocess.TimeoutExpired):
        enfant.processus.wait(0.3)
    enfant.release()

    assert enfant.processus.wait(60) == 0
    assert (tmp_path / "parti").exists()


def test_signal_asks_for_the_end(superviseur):
    with superviseur.handle_signaux():
        os.kill(os.getpid(), signal.SIGTERM)
        superviseur.watch()

    assert superviseur.arret_demande


def test_work_is_watched(superviseur):
    enfant = superviseur.add("dormeur", DORMIR, {})
    premier = enfant.processus

    def travail() -> str:
        premier.kill()
        wait_until(lambda: enfant.processus is not None and enfant.processus is not premier)
        return "fait"

    assert superviseur.run_during(travail) == "fait"
    assert is_running(enfant.processus.pid)


def test_failed_work_is_reported(superviseur):
    with pytest.raises(ZeroDivisionError):
        superviseur.run_during(lambda: 1 / 0)


def test_child_gets_its_own_group(superviseur):
    enfant = superviseur.add("dormeur", DORMIR, {})

    assert os.getpgid(enfant.processus.pid) == enfant.processus.pid
    assert isinstance(enfant.processus, subprocess.Popen)


def test_child_writes_on_the_error_output(superviseur, capfd):
    """La sortie normale ne porte que le résultat : rien ne suit la ligne JSON d’une commande."""
    dire = [sys.executable, "-c", "print('bavardage')"]
    superviseur.add("bavard", dire, {}).processus.wait()

    sortie, erreur = capfd.readouterr()
    assert (sortie, erreur) == ("", "bavardage\n")
