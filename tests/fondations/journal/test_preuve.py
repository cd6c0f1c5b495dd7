"""Dossiers de preuve tirés de la vraie base, vérifiés sans elle."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from socle.fondations.commun.locataire import locataire
from socle.fondations.journal import services
from socle.fondations.journal.errors import RienDeScelle
from socle.normes.preuve import engagements
from socle.normes.preuve.notes import parse_cles
from socle.normes.preuve.rapport import Etat
from socle.normes.preuve.verification import verify_dossier_de_preuve
from socle.serveur.preuve import main
from tests.fondations.journal.conftest import CLAMART, GRAND_PARIS, MAINTENANT, write

OBJET = "dossier:44171"
SEL = bytes(range(32))
PIECE, DECISION = b"avis d'impot", b"%PDF decision"


def _build(collectivite=CLAMART, objets=(OBJET,), documents=(), sels=None) -> bytes:
    return services.build_preuve(
        objets=list(objets),
        documents=documents,
        collectivite_id=collectivite,
        sels=sels or {},
        maintenant=MAINTENANT + timedelta(hours=1),
    )


@pytest.fixture
def histoire(seal):
    """Un dossier sur trois lots, au milieu d’autres, avec une pièce et une décision."""
    engage = engagements.engage(SEL, "document:a1", PIECE)
    write(260, objet="dossier:7")
    write(engagements={"document:a1": engage})
    seal()
    write(3, collectivite=GRAND_PARIS)
    write(2, objet="dossier:7")
    seal()
    write(2)
    seal()
    write(donnees={"sha256": engagements.hash_document(DECISION).hex()})
    write(40, objet="dossier:7")
    seal()
    write(5, objet="dossier:7")
    seal()


def test_dossier_of_the_base_is_verified_without_it(histoire, tmp_path):
    documents = [("pièce.txt", PIECE), ("décision.pdf", DECISION)]
    octets = _build(documents=documents, sels={OBJET: SEL})
    rapport = verify_dossier_de_preuve(octets, services.list_cles())

    assert {etape.etat for etape in rapport.etapes} == {Etat.CONFORME}
    assert rapport.cle_verifiee
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        noms = archive.namelist()
        assert sum(nom.startswith("points/") for nom in noms) == 4
        assert sum(nom.startswith("entrees/") for nom in noms) == 8
        assert SEL.hex() not in archive.read("ouvertures.json").decode()
    fichier, cle = tmp_path / "preuve.zip", tmp_path / "cle.txt"
    fichier.write_bytes(octets)
    cle.write_bytes((settings.DOSSIER_CLES / "journal.cles.txt").read_bytes())
    assert main(["verifier", str(fichier), "--cle", str(cle)]) == 0
    assert parse_cles(cle.read_bytes()) == services.list_cles()


def test_document_that_the_journal_ignores_is_a_reserve(histoire):
    octets = _build(documents=[("autre.txt", b"autre"), ("pièce.txt", PIECE)])
    [reserve] = verify_dossier_de_preuve(octets, services.list_cles()).reserves
    assert "0 document(s) rattaché(s)" in reserve.message  # la pièce, faute de sel


def test_documents_of_same_nom_are_kept_apart(histoire, tmp_path):
    chemin = tmp_path / "gros"
    chemin.write_bytes(DECISION)
    documents = [("A.pdf", b"1"), ("a.pdf", chemin), ("../a.pdf", b"3"), ("a.pdf", b"4")]
    with zipfile.ZipFile(BytesIO(_build(documents=documents))) as archive:
        noms = [nom for nom in archive.namelist() if nom.startswith("documents/")]
        assert sorted(noms) == [
            "documents/A.pdf",
            "documents/_a.pdf",
            "documents/a (2).pdf",
            "documents/a (3).pdf",
        ]


def test_entrees_not_sealed_yet_are_counted_not_shown(histoire):
    write(2)
    rapport = verify_dossier_de_preuve(_build())
    assert "2 plus récente(s)" in rapport.etapes[6].message


def test_objet_without_sealed_entree_is_refused(histoire):
    write(objet="dossier:8")
    for objet in ("dossier:8", "dossier:absent"):
        with pytest.raises(RienDeScelle):
            _build(objets=[objet])


def test_collectivite_gets_only_its_own_entrees(histoire):
    rapport = verify_dossier_de_preuve(_build(GRAND_PARIS))
    assert rapport.etapes[6].message.startswith("3 entrée(s)")
    with locataire(GRAND_PARIS):
        assert verify_dossier_de_preuve(_build(GRAND_PARIS)).integre


def test_journal_of_installation_has_its_own_dossier(histoire):
    octets = _build(None, ["journal"])
    assert verify_dossier_de_preuve(octets, services.list_cles()).integre
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        assert b"journal.cle_creee" in archive.read("entrees/0001.json")


def test_rotation_keeps_old_dossiers_and_new_ones_valid(histoire, seal):
    ancien, ancienne = _build(), services.list_cles()
    services.rotate_cle(maintenant=MAINTENANT)
    write()
    seal()

    assert len(services.list_cles()) == 2
    assert verify_dossier_de_preuve(ancien, services.list_cles()).cle_verifiee
    nouveau = _build()
    assert verify_dossier_de_preuve(nouveau, services.list_cles()).cle_verifiee
    assert not verify_dossier_de_preuve(nouveau, ancienne).integre
    with zipfile.ZipFile(BytesIO(_build(None, ["journal"]))) as archive:
        assert b"journal.cle_changee" in archive.read("entrees/0002.json")


@pytest.mark.parametrize("nombre", [2, 30])
def test_dossier_takes_few_instructions(seal, nombre):
    write(nombre)
    seal()
    with CaptureQueriesContext(connection) as requetes:
        _build()
    metier = [r["sql"] for r in requetes if r["sql"].lstrip().startswith("SELECT")]
    assert len(metier) <= 10
