"""Deux mille appels, vingt mille octrois : les pages tiennent. Tué net, l’envoi ne double rien."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta

import pytest

from socle.metiers.appels.models import Appel, Octroi
from socle.serveur.postgres.essais import prepare_base_essais
from socle.serveur.postgres.roles import change_url, connect
from tests.base_essais import RACINE, open_base
from tests.mesure import check_cpu
from tests.metiers.appels.fabrique import FICHE, MAINTENANT

pytestmark = [pytest.mark.lent, pytest.mark.timeout(600)]
PAGES = (
    "/appels/", "/appels/?territoire=reg-11&theme=donnees&pour=commune&q=appel",
    "/appels/?autorite=commune-92023", "/appels/appel-7/", "/appels/octrois/",
    "/appels/octrois/?autorite=commune-92023",
)  # fmt: skip
CPU = 0.050  # secondes ; le banc mesure le p95 entier
ABONNES, ARRETS = 600, 3
PREPARER = """
import django; django.setup()
from socle.metiers.appels.models import AbonneAppels
from tests.metiers.appels.fabrique import MAINTENANT, relay
AbonneAppels.objects.bulk_create(
    AbonneAppels(courriel=f"a{n}@exemple.fr", empreinte=f"{n:064x}", consenti_le=MAINTENANT)
    for n in range(%d)
)
relay()
"""
ENVOYER = """
import django; django.setup()
from socle.metiers.appels.queries.alertes import list_abonnes
from socle.metiers.appels.services.alertes import send_abonne
from tests.metiers.appels.fabrique import AUJOURDHUI, MAINTENANT
for pk in list_abonnes():
    send_abonne(abonne_id=pk, aujourdhui=AUJOURDHUI, maintenant=MAINTENANT)
"""
COMPTES = """
SELECT (SELECT count(*) FROM appels_envoiabonne),
  count(*), count(DISTINCT destinataire) FROM notifications_envoi WHERE code = 'appels_abonne'
"""


def fill() -> None:
    """Pose le volume en quelques instructions."""
    Appel.objects.bulk_create(
        Appel(
            **FICHE | {"titre": f"Appel {n}", "themes": ["donnees"] if n % 3 else []},
            slug=f"appel-{n}", etat="relaye" if n % 2 else "clos", relaye_le=MAINTENANT,
            surete="connue", cloture=date(2035, 1, 1) + timedelta(days=n),
            rang=(date(2035, 1, 1) + timedelta(days=n)).toordinal(),
            territoires=["dep-92"] if n % 5 else [], recherche=f"appel {n}",
        )
        for n in range(2_000)
    )  # fmt: skip
    Octroi.objects.bulk_create(
        [
            Octroi(
                autorite="commune-92023" if n % 9 == 0 else f"commune-{n:05d}",
                autorite_nom=f"Commune {n}", titre="Aide", origine=f"volume:{n}", attribuant="État",
                nature="aide en numéraire", montant=1000 + n, decide_le=date(2026, 1, 1),
            )
            for n in range(20_000)
        ],
        batch_size=5_000,
    )  # fmt: skip


@pytest.mark.django_db
def test_public_pages_stay_fast_with_volume(client, collectivite, count_sql):
    fill()
    for page in PAGES:
        client.get(page)  # les gabarits se lisent une fois
        check_cpu(lambda page=page: client.get(page), CPU)
        with count_sql() as compte:
            client.get(page)
        assert len(compte.instructions) <= 8, page


def test_killed_sender_neither_loses_nor_doubles_a_call():
    with open_base("appels_tues") as acces:
        url = change_url(prepare_base_essais().app_url, base=str(acces["NAME"]))
        milieu = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'src'}",
            "SOCLE_SECRET_KEY": "tests",
            "SOCLE_DATABASE_URL": url,
        }
        preparation = [sys.executable, "-c", PREPARER % ABONNES]
        subprocess.run(preparation, env=milieu, cwd=RACINE, check=True)
        commande = [sys.executable, "-c", ENVOYER]
        proprietaire = change_url(prepare_base_essais().proprietaire_url, base=acces["NAME"])
        with connect(proprietaire) as base:
            base.autocommit = True
            for _ in range(ARRETS):
                vus = base.execute(COMPTES).fetchone()[0]
                processus = subprocess.Popen(commande, env=milieu, cwd=RACINE)
                while base.execute(COMPTES).fetchone()[0] < vus + 40 and processus.poll() is None:
                    time.sleep(0.01)
                assert processus.poll() is None, "l’expéditeur s’est arrêté de lui-même"
                os.kill(processus.pid, signal.SIGKILL)
                processus.wait()
            subprocess.run(commande, env=milieu, cwd=RACINE, check=True)

            assert base.execute(COMPTES).fetchone() == (ABONNES, ABONNES, ABONNES)
