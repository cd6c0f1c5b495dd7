"""Deux accusés : celui d’enregistrement, aussitôt ; celui de réception, à sa suite.

Source : CRPA, art. L. 112-11, R. 112-11-1 et R. 112-11-2.
"""

from contextlib import suppress
from datetime import date, timedelta

from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.utils import timezone

from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import depot
from socle.metiers.dossiers.tasks import emettre_accuse
from socle.normes.delais.echeances import compute_accuse_enregistrement
from tests.metiers.conftest import MAINTENANT

BASE = "/c/clamart/dossiers"


class Coupure(Exception):
    pass


def count_accuses_en_file(numero: int) -> int:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'dossiers.emettre_accuse'"
            " AND args ->> 'numero' = %s AND status = 'todo'",
            [str(numero)],
        )
        return curseur.fetchone()[0]


def read_accuse(client, numero: int) -> str:
    """Rend ce que dit l’encadré de l’accusé, sur la page du dossier."""
    soupe = BeautifulSoup(client.get(f"{BASE}/{numero}/").text, "html.parser")
    texte = soupe.select_one("section.accuse").get_text(" ")
    return " ".join(texte.replace("\xa0", " ").replace("\u202f", " ").split())


def test_filing_queues_the_receipt_in_its_own_transaction(brouillon, usager):
    numero, acces = brouillon.numero, Acces(compte=usager)
    with suppress(Coupure), transaction.atomic():
        depot.file_dossier(numero=numero, acces=acces, maintenant=MAINTENANT)
        assert count_accuses_en_file(numero) == 1
        raise Coupure
    brouillon.refresh_from_db()
    assert (brouillon.etat, count_accuses_en_file(numero)) == (EtatDossier.BROUILLON, 0)

    depot.file_dossier(numero=numero, acces=acces, maintenant=MAINTENANT)
    assert count_accuses_en_file(numero) == 1


def test_page_after_filing_registers_at_once_whatever_the_worker_does(
    client, brouillon, usager, monkeypatch
):
    """Travailleur arrêté quatre jours : enregistré à l’instant ; la réception suit, à sa date."""
    numero = brouillon.numero
    client.force_login(usager)
    suite = client.post(f"{BASE}/{numero}/deposer/", {"accord_portail": "oui"})
    assert suite["Location"] == f"{BASE}/{numero}/"

    aussitot = read_accuse(client, numero)

    for mention in (
        "Accusé d’enregistrement électronique",
        "Reçu le 21 novembre 2026 à 10 h 30",
        f"n° {numero}",
        "Écoles",
        "01 23 45 67 80",
        "service@exemple.fr",
        "le 4 décembre 2026 au plus tard",  # dix jours ouvrés après le samedi 21
    ):
        assert mention in aussitot, mention
    assert "Accusé de réception électronique" not in aussitot

    tard = MAINTENANT + timedelta(days=4)
    monkeypatch.setattr(timezone, "now", lambda: tard)
    assert compute_accuse_enregistrement(date(2026, 11, 21)).date < tard.date()
    client.force_login(usager)  # sa session a pris fin
    assert read_accuse(client, numero) == aussitot

    emettre_accuse(collectivite_id=brouillon.collectivite_id, numero=numero)
    ensuite = read_accuse(client, numero)
    assert "Accusé de réception électronique Reçu le 21 novembre 2026 à 10 h 30" in ensuite
    assert "Accusé de réception (PDF)" in ensuite
    assert Dossier.objects.get(numero=numero).depose_le == MAINTENANT
