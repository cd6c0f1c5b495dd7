"""Dix mille lettres par le vrai travailleur, tué net cinq fois : personne n’en reçoit deux.

Celui qui n’en reçoit pas est nommé : l’arrêt est tombé entre la base et le dernier signe envoyé.
Le travailleur naît comme en service, copie d’un atelier déjà chargé ; relancé, il retrouve seul la
tâche du mort. Un seul délai est raccourci : les trente secondes de silence qui font un mort.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from socle.metiers.diffusion.services.envoi import ESPACE_DES_VERROUS
from socle.serveur.postgres.essais import prepare_base_essais
from socle.serveur.postgres.roles import change_url, connect
from tests.base_essais import RACINE, open_base

pytestmark = [pytest.mark.lent, pytest.mark.timeout(900)]
NOMBRE, ARRETS, GRAINE = 10_000, 5, 20261121
PREPARER = """
import django; django.setup()
from tests.metiers.diffusion.fabrique import subscribe, write_lettre, ACTEUR
from tests.metiers.conftest import MAINTENANT
from socle.metiers.diffusion.services.lettres import queue_lettre
subscribe(%d)
lettre = write_lettre()
queue_lettre(lettre=lettre, revision=lettre.revision, acteur=ACTEUR, maintenant=MAINTENANT)
"""
# Une ligne reçue : un travailleur de plus, dont il écrit le numéro.
ATELIER = """
import sys
from socle.serveur.atelier import load_django, run_travailleur
from socle.serveur.enfants import Copie
load_django()
for _ in sys.stdin:
    print(Copie("socle-taches", run_travailleur).pid, flush=True)
"""
# L’entretien passe toutes les quinze secondes : il passe ici dès qu’un travailleur revient.
VIEILLIR = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
REPRENDRE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
VALUES ('default', 'commun.reprendre', jsonb_build_object('timestamp', %s::bigint))
"""
TENUE = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
ETATS = "SELECT etat, count(*) FROM diffusion_remise GROUP BY etat"
FINIE = "SELECT count(*) FROM diffusion_lettre WHERE etat = 'envoyee'"


def wait(voulu: Callable[[], bool]) -> None:
    """Attend ; la durée est bornée par celle de l’essai."""
    while not voulu():
        time.sleep(0.02)


def count(base: psycopg.Connection, instruction: str, *valeurs: int) -> int:
    return base.execute(instruction, valeurs).fetchone()[0]


@contextmanager
def open_atelier(milieu: dict[str, str]) -> Iterator[Callable[[], int]]:
    """De quoi lancer un travailleur, et rendre son numéro ; le dernier s’arrête avec l’atelier."""
    with subprocess.Popen(
        [sys.executable, "-c", ATELIER], env=milieu, cwd=RACINE, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    ) as atelier:  # fmt: skip

        def start() -> int:
            atelier.stdin.write("\n")
            atelier.stdin.flush()
            return int(atelier.stdout.readline())

        try:
            yield start
        finally:
            os.killpg(atelier.pid, signal.SIGKILL)


def test_worker_killed_five_times_nobody_receives_two(boite, settings):
    hasard, boite.lire = random.Random(GRAINE), False
    with open_base("envoi_tue") as acces:
        url = change_url(prepare_base_essais().app_url, base=str(acces["NAME"]))
        milieu = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'src'}",
            "SOCLE_SECRET_KEY": "tests",
            "SOCLE_DATABASE_URL": url,
            "SOCLE_SMTP_HOTE": "127.0.0.1",
            "SOCLE_SMTP_PORT": str(settings.EMAIL_PORT),
        }
        subprocess.run(
            [sys.executable, "-c", PREPARER % NOMBRE], env=milieu, cwd=RACINE, check=True
        )
        proprietaire = change_url(prepare_base_essais().proprietaire_url, base=acces["NAME"])
        with connect(proprietaire) as base, open_atelier(milieu) as start:
            for _ in range(ARRETS):
                seuil = len(boite.recus) + hasard.randint(50, NOMBRE // 10)
                travailleur = start()
                wait(lambda seuil=seuil: len(boite.recus) >= seuil)
                os.kill(travailleur, signal.SIGKILL)
                wait(lambda: not count(base, TENUE, ESPACE_DES_VERROUS))
                assert not count(base, FINIE)
                base.execute(VIEILLIR)
                base.execute(REPRENDRE, [int(time.time()) - 2])
            start()
            wait(lambda: count(base, FINIE) == 1)
            etats = dict(base.execute(ETATS).fetchall())
            assert not count(base, TENUE, ESPACE_DES_VERROUS)
    recus = Counter(adresse for adresse, _ in boite.recus)
    assert max(recus.values()) == 1
    assert NOMBRE - len(recus) <= etats.get("incertaine", 0) <= ARRETS
    assert etats["remise"] + etats.get("incertaine", 0) == NOMBRE
