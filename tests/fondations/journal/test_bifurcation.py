"""Reprise d’une sauvegarde plus ancienne : le journal le dit, et ne se contredit jamais."""

from base64 import b64encode

import pytest
from django.conf import settings
from django.core.management import call_command

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal import services
from socle.fondations.journal.models import Entree, Lot
from socle.fondations.journal.services import temoin
from socle.normes.preuve.points import parse_note_point
from socle.normes.preuve.verification import verify_dossier_de_preuve
from tests.fondations.journal.conftest import CLAMART, MAINTENANT, TABLES, force, write


def _list_bifurcations() -> list[dict]:
    with operateur():
        entrees = Entree.objects.filter(action="journal.bifurcation").order_by("survenu_le")
        return [entree.donnees for entree in entrees]


@pytest.fixture
def restore(proprietaire, base_vive):
    """Photographie les tables du journal, puis les remet dans cet état."""

    def take() -> None:
        for table in TABLES:
            proprietaire.execute(f"CREATE TABLE photo_{table} AS TABLE {table}")

    def put_back() -> None:
        with force(proprietaire):
            proprietaire.execute(f"TRUNCATE {', '.join(TABLES)}")
            for table in ("journal_lot", *(t for t in TABLES if t != "journal_lot")):
                proprietaire.execute(f"INSERT INTO {table} SELECT * FROM photo_{table}")

    yield take, put_back
    for table in TABLES:
        proprietaire.execute(f"DROP TABLE IF EXISTS photo_{table}")


def test_base_that_goes_back_is_noticed(seal, restore):
    take, put_back = restore
    write(3)
    seal()
    take()
    write(2)
    [perdu] = seal()
    dossier_perdu = services.build_preuve(
        objets=["dossier:44171"],
        documents=[],
        collectivite_id=CLAMART,
        sels={},
        maintenant=MAINTENANT,
    )
    put_back()
    write(1)
    seal()
    seal()  # la ligne qui note la bifurcation, si la transaction d’un autre essai l’a retenue
    repris = seal()
    lots = _read_origines()

    [bifurcation] = _list_bifurcations()
    nom = services.list_cles()[0].nom
    assert bifurcation["origine"].startswith(f"{nom}/2026-11-21T")
    assert bifurcation["point_abandonne"] == _base64(bytes(perdu.note))
    assert lots[0] == nom
    assert set(lots[1:]) == {bifurcation["origine"]}
    assert repris == []
    assert verify_dossier_de_preuve(dossier_perdu, services.list_cles()).integre


def _read_origines() -> list[str]:
    lots = Lot.objects.order_by("id")
    for lot in lots:
        assert parse_note_point(bytes(lot.note))[0].origine == lot.origine
    return [lot.origine for lot in lots]


def _base64(octets: bytes) -> str:
    return b64encode(octets).decode()


def test_normal_sealing_never_bifurcates(seal):
    for _ in range(3):
        write(1)
        seal()
    assert _list_bifurcations() == []
    assert (settings.DOSSIER_CLES / temoin.NOM).stat().st_mode & 0o077 == 0


def test_temoin_behind_the_base_is_not_a_bifurcation(seal):
    """Le processus meurt entre la validation du lot et l’écriture du témoin."""
    write(1)
    seal()
    avant = temoin.read_temoin()
    write(1)
    seal()
    temoin.write_temoin(avant)
    write(1)
    seal()
    assert _list_bifurcations() == []


@pytest.mark.parametrize("octets", [b"abime", b"\xff"])
def test_temoin_illisible_says_nothing(seal, octets):
    write(1)
    seal()
    temoin.write_temoin(octets)
    write(1)
    assert len(seal()) == 1
    assert _list_bifurcations() == []


def test_commande_notes_the_restoration(seal, capsys):
    call_command("noter_restauration")
    assert "Rien n’avait été scellé" in capsys.readouterr().out
    write(1)
    seal()
    call_command("noter_restauration")
    assert "La reprise est notée" in capsys.readouterr().out
    write(1)
    [lot] = seal()
    assert [b["origine"] for b in _list_bifurcations()] == [lot.origine]
    write(1)
    assert [lot.origine] == [suivant.origine for suivant in seal()]
