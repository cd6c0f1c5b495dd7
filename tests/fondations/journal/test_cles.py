"""Clés du journal : hors de la base, à nous seuls, et toujours retrouvables."""

import threading

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal import services
from socle.fondations.journal.models import Entree
from socle.fondations.journal.services import cles
from socle.normes.preuve.notes import ClePublique
from tests.fondations.journal.conftest import MAINTENANT


def _list_actions() -> list[str]:
    with operateur():
        return list(
            Entree.objects.filter(objet="journal")
            .order_by("survenu_le", "id")
            .values_list("action", flat=True)
        )


def test_cle_is_created_once_and_said(base_vive):
    premiere = services.load_signataire(maintenant=MAINTENANT)
    seconde = services.load_signataire(maintenant=MAINTENANT)

    assert premiere.cle_publique == seconde.cle_publique
    assert _list_actions() == ["journal.cle_creee"]
    assert premiere.nom.startswith("socle/")
    for fichier in settings.DOSSIER_CLES.iterdir():
        assert fichier.stat().st_mode & 0o077 == 0, fichier.name


def test_processes_that_start_together_share_one_cle(base_vive, django_db_blocker):
    trouvees: list[ClePublique] = []

    def load() -> None:
        with django_db_blocker.unblock():
            trouvees.append(services.load_signataire(maintenant=MAINTENANT).cle_publique)
            connection.close()

    fils = [threading.Thread(target=load) for _ in range(6)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert len(trouvees) == 6
    assert len(set(trouvees)) == 1
    assert _list_actions() == ["journal.cle_creee"]


def test_rotation_changes_the_cle_and_keeps_the_nom(base_vive):
    ancienne = services.load_signataire(maintenant=MAINTENANT).cle_publique
    nouvelle = services.rotate_cle(maintenant=MAINTENANT)

    assert services.load_signataire(maintenant=MAINTENANT).cle_publique == nouvelle
    assert services.list_cles() == [nouvelle, ancienne]
    assert nouvelle.nom == ancienne.nom
    assert ancienne.octets not in (settings.DOSSIER_CLES / cles.PRIVEE).read_bytes()
    assert _list_actions() == ["journal.cle_creee", "journal.cle_changee"]


def test_publiques_lost_are_made_again(base_vive):
    cle = services.load_signataire(maintenant=MAINTENANT).cle_publique
    (settings.DOSSIER_CLES / cles.PUBLIQUES).unlink()
    assert services.load_signataire(maintenant=MAINTENANT).cle_publique == cle
    assert services.list_cles() == [cle]


def test_commande_shows_and_changes_the_cle(base_vive, capsys):
    call_command("cle_preuve")
    avant = capsys.readouterr().out.splitlines()
    call_command("cle_preuve", "--changer")
    apres = capsys.readouterr().out.splitlines()
    assert avant[1:] == apres[2:]
    assert ClePublique.from_texte(apres[1]).empreinte in apres[0]


@pytest.mark.parametrize("octets", [b"pas du PEM", b""])
def test_cle_illisible_is_an_error_not_a_new_cle(base_vive, octets):
    services.load_signataire(maintenant=MAINTENANT)
    (settings.DOSSIER_CLES / cles.PRIVEE).write_bytes(octets)
    with pytest.raises(ValueError, match=r".+"):
        services.load_signataire(maintenant=MAINTENANT)
