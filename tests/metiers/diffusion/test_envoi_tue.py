"""Dix mille lettres, l’expéditeur tué net cinq fois : personne n’en reçoit deux.

Celui qui n’en reçoit pas est nommé : l’arrêt est tombé entre la base et le dernier signe envoyé.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

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
print(lettre.pk)
"""
ENVOYER = """
import django; django.setup()
from socle.metiers.diffusion.services.envoi import send_lettre
raise SystemExit(0 if send_lettre(lettre_id=%d) else 3)
"""


def test_killed_five_times_nobody_receives_two(boite, settings):
    hasard = random.Random(GRAINE)
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
        preparation = [sys.executable, "-c", PREPARER % NOMBRE]
        lettre = int(subprocess.check_output(preparation, env=milieu, cwd=RACINE))
        commande = [sys.executable, "-c", ENVOYER % lettre]

        for _ in range(ARRETS):
            seuil = len(boite.recus) + hasard.randint(50, NOMBRE // 10)
            processus = subprocess.Popen(commande, env=milieu, cwd=RACINE)
            while len(boite.recus) < seuil and processus.poll() is None:
                time.sleep(0.002)
            assert processus.poll() is None, "l’expéditeur s’est arrêté de lui-même"
            os.kill(processus.pid, signal.SIGKILL)
            processus.wait()
            time.sleep(0.5)  # le serveur de courriel finit ce qu’il a reçu, la base rend le verrou
        assert subprocess.run(commande, env=milieu, cwd=RACINE, check=False).returncode == 0

        with connect(
            change_url(prepare_base_essais().proprietaire_url, base=acces["NAME"])
        ) as base:
            etats = dict(
                base.execute("SELECT etat, count(*) FROM diffusion_remise GROUP BY etat").fetchall()
            )
    recus = Counter(adresse for adresse, _ in boite.recus)
    assert max(recus.values()) == 1
    assert NOMBRE - len(recus) <= etats.get("incertaine", 0) <= ARRETS
    assert etats["remise"] + etats.get("incertaine", 0) == NOMBRE
