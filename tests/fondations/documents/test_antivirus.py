"""Antivirus : un vrai clamd avec une signature locale, et les pannes d’un faux."""

import hashlib
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest
from django.db import connection

from socle.fondations.commun import clamav
from socle.fondations.commun.errors import SystemeIndisponible
from socle.fondations.documents import tasks
from socle.fondations.documents.enums import EtatDocument
from socle.fondations.documents.models import Document
from socle.fondations.documents.signals import document_analyse
from tests.fondations.documents.echantillons import EICAR, PDF, build_zip_de

pytestmark = pytest.mark.django_db
CLAMD = shutil.which("clamd") or shutil.which("/usr/sbin/clamd")


@contextmanager
def serve_faux(reponse: bytes | None, *, lire: int = 10**9):
    """Petit clamd d’essai : lit au plus `lire` octets, répond (ou se tait) et coupe."""
    ecoute = socket.create_server(("127.0.0.1", 0))
    port = ecoute.getsockname()[1]

    def serve() -> None:
        prise, _ = ecoute.accept()
        with prise:
            lus = b""
            while len(lus) < lire and not lus.endswith(b"\0\0\0\0"):
                morceau = prise.recv(65536)
                if not morceau:
                    break
                lus += morceau
            if reponse is not None:
                prise.sendall(reponse)

    fil = threading.Thread(target=serve, daemon=True)
    fil.start()
    yield f"tcp:127.0.0.1:{port}"
    fil.join(5)
    ecoute.close()


@pytest.mark.parametrize(
    ("reponse", "menace"),
    [(b"stream: OK\0", ""), (b"stream: Eicar-Signature FOUND\0", "Eicar-Signature")],
)
def test_answer_is_read(reponse, menace):
    with serve_faux(reponse) as adresse:
        assert clamav.scan(adresse, [b"abc", b"def"]).menace == menace


def test_size_limit_of_the_daemon_is_not_retried():
    with (
        serve_faux(b"INSTREAM size limit exceeded. ERROR\0", lire=100) as adresse,
        pytest.raises(clamav.AnalyseImpossible, match="size limit"),
    ):
        clamav.scan(adresse, [b"x" * 50])


def test_silence_and_absence_are_temporary_failures(monkeypatch):
    monkeypatch.setattr(clamav, "DELAI", 0.3)
    with serve_faux(None) as adresse, pytest.raises(SystemeIndisponible):
        clamav.scan(adresse, [b"abc"])
    with pytest.raises(SystemeIndisponible, match="ne répond pas"):
        clamav.scan("tcp:127.0.0.1:1", [b"abc"])
    with pytest.raises(SystemeIndisponible, match="ne répond pas"):
        clamav.scan("unix:/absent/clamd.ctl", [b"abc"])
    with pytest.raises(SystemeIndisponible, match="ne répond pas"):
        clamav.scan("n’importe quoi", [b"abc"])


@pytest.fixture
def en_attente(depose, settings):
    settings.CLAMAV = "tcp:127.0.0.1:1"
    return depose


def analyse(document) -> Document:
    tasks.analyser(collectivite_id=document.collectivite_id, document_id=str(document.pk))
    return Document.objects.get(pk=document.pk)


def test_daemon_down_leaves_the_document_waiting(en_attente):
    document = en_attente()

    with pytest.raises(SystemeIndisponible):
        analyse(document)

    assert Document.objects.get(pk=document.pk).etat == EtatDocument.EN_ATTENTE


def test_refused_scan_is_shown_as_not_scanned(en_attente, settings):
    document = en_attente()
    with serve_faux(b"INSTREAM size limit exceeded. ERROR\0", lire=20) as adresse:
        settings.CLAMAV = adresse

        assert analyse(document).etat == EtatDocument.NON_ANALYSE


def test_file_over_the_scan_limit_is_not_sent(en_attente, settings):
    settings.CLAMAV_TAILLE_MAX = 10

    assert analyse(en_attente()).etat == EtatDocument.NON_ANALYSE


def test_scan_is_played_once(en_attente, settings):
    document, recus = en_attente(), []
    document_analyse.connect(lambda document, **_: recus.append(document.etat), weak=False)
    try:
        with serve_faux(b"stream: OK\0") as adresse:
            settings.CLAMAV = adresse
            analyse(document)
        settings.CLAMAV = "tcp:127.0.0.1:1"
        assert analyse(document).etat == EtatDocument.SAIN  # déjà fait : pas de second appel
    finally:
        document_analyse.receivers = []

    assert recus == [EtatDocument.SAIN]


def test_waiting_documents_are_queued_again(en_attente, maintenant):
    document = en_attente()

    tasks.reprendre(timestamp=int(maintenant.timestamp()))  # trop tôt : rien
    tasks.reprendre(timestamp=int(maintenant.timestamp()) + 3600)

    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'documents.analyser'"
            " AND args->>'document_id' = %s",
            [str(document.pk)],
        )
        assert curseur.fetchone() == (2,)


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    """Un vrai clamd, sans base de signatures : la seule signature est celle de l’essai EICAR."""
    if not CLAMD:
        pytest.skip("clamd n’est pas installé sur cette machine")
    dossier = tmp_path_factory.mktemp("clamav")
    (dossier / "base").mkdir()
    signature = f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Essai.EICAR\n"
    (dossier / "base" / "essai.hdb").write_text(signature)
    prise = dossier / "clamd.ctl"
    (dossier / "clamd.conf").write_text(
        f"DatabaseDirectory {dossier}/base\nLocalSocket {prise}\nForeground yes\n"
        "StreamMaxLength 5M\nLogFile /dev/null\nUser root\n"
    )
    processus = subprocess.Popen(
        [CLAMD, "-c", str(dossier / "clamd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_reponse(f"unix:{prise}", processus)
        yield f"unix:{prise}"
    finally:
        processus.terminate()
        processus.wait(20)


def _wait_reponse(adresse: str, processus) -> None:
    for _ in range(150):
        try:
            assert "ClamAV" in clamav.check(adresse)
        except SystemeIndisponible:
            assert processus.poll() is None, "clamd s’est arrêté"
            time.sleep(0.2)
        else:
            return
    pytest.fail("clamd ne répond pas")


@pytest.mark.lent
@pytest.mark.timeout(90)
def test_real_daemon_blocks_eicar_alone_and_in_a_zip(clamd, depose, settings):
    settings.CLAMAV = clamd

    nu = analyse(depose(EICAR, "eicar.txt"))
    archive = analyse(depose(build_zip_de({"eicar.com": EICAR}), "a.zip"))
    sain = analyse(depose(PDF))
    gros = analyse(depose(PDF + b"\0" * 6_000_000, "gros.pdf"))

    assert (nu.etat, nu.menace) == (EtatDocument.INFECTE, "Essai.EICAR.UNOFFICIAL")
    assert archive.etat == EtatDocument.INFECTE
    assert sain.etat == EtatDocument.SAIN
    assert gros.etat == EtatDocument.NON_ANALYSE  # plus que StreamMaxLength
