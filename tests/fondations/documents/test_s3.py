"""Entrepôt S3, sur un vrai serveur compatible (nanio) qui vérifie les signatures."""

import os
import secrets
import socket
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from socle.fondations.documents.errors import EntrepotIndisponible
from socle.fondations.documents.models import Document
from socle.fondations.documents.services import entrepot, purge_retires, remove_document
from socle.fondations.documents.services.entrepot import get_entrepot, iter_contenu
from tests.fondations.documents.echantillons import PDF, build_image

pytestmark = [pytest.mark.django_db, pytest.mark.lent, pytest.mark.timeout(90)]
CLE, SECRET, SEAU = "cle-essai", secrets.token_hex(16), "socle"


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    pytest.importorskip("nanio", reason="nanio n’est pas installé")
    dossier = tmp_path_factory.mktemp("s3")
    with socket.create_server(("127.0.0.1", 0)) as libre:
        port = libre.getsockname()[1]
    environnement = os.environ | {"NANIO_ACCESS_KEY": CLE, "NANIO_SECRET_KEY": SECRET}
    processus = subprocess.Popen(
        [sys.executable, "-m", "nanio", "serve", "--host", "127.0.0.1", "--port", str(port),
         "--data-dir", str(dossier)],
        env=environnement, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    adresse = f"http://127.0.0.1:{port}"
    try:
        _create_seau(adresse, port)
        yield adresse
    finally:
        processus.terminate()
        processus.wait(20)


def _create_seau(adresse: str, port: int) -> None:
    import boto3

    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    client = boto3.client(
        "s3", endpoint_url=adresse, aws_access_key_id=CLE, aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )  # fmt: skip
    client.create_bucket(Bucket=SEAU)


@pytest.fixture
def sur_s3(s3, settings, racine):
    settings.S3_ADRESSE, settings.S3_SEAU, settings.S3_CLE, settings.S3_SECRET = (
        s3, SEAU, CLE, SECRET,
    )  # fmt: skip
    entrepot._get_s3.cache_clear()
    yield racine
    entrepot._get_s3.cache_clear()


def list_chemins(collectivite) -> list[str]:
    return sorted(get_entrepot().iter_chemins(collectivite.pk))


def test_document_goes_to_the_bucket_and_back(sur_s3, depose, collectivite):
    document = depose()

    assert list_chemins(collectivite) == [document.chemin]
    assert b"".join(iter_contenu(document)) == PDF
    assert b"".join(iter_contenu(document, 5, 8)) == PDF[5:9]
    assert not [f for f in sur_s3.rglob("*") if f.is_file()]


def test_large_document_goes_by_parts(sur_s3, depose):
    contenu = PDF + os.urandom(20_000_000)

    document = depose(contenu)

    assert b"".join(iter_contenu(document)) == contenu


def test_download_from_the_bucket(sur_s3, depose, metier, client):
    document = depose()
    adresse = f"/c/clamart/documents/{document.pk}/"

    assert client.get(adresse).getvalue() == PDF
    assert client.get(adresse, headers={"Range": "bytes=2-4"}).getvalue() == PDF[2:5]


def test_missing_content_is_404(sur_s3, depose, metier, client):
    document = depose()
    Document.objects.update(sha256="0" * 64)

    assert client.get(f"/c/clamart/documents/{document.pk}/").status_code == 404


def test_purge_removes_from_the_bucket(
    sur_s3, depose, collectivite, maintenant, django_capture_on_commit_callbacks
):
    retire, garde = depose(build_image("TIFF")), depose()
    remove_document(document=retire, maintenant=maintenant)
    dans_longtemps = maintenant + timedelta(days=3650)

    with django_capture_on_commit_callbacks(execute=True):
        purge_retires(maintenant=dans_longtemps)

    assert garde.chemin in list_chemins(collectivite)
    assert retire.chemin not in list_chemins(collectivite)


def test_wrong_secret_or_bucket_down_is_said_to_the_person(sur_s3, depose, settings):
    settings.S3_SECRET = "faux"
    entrepot._get_s3.cache_clear()
    with pytest.raises(EntrepotIndisponible):
        depose(build_image("JPEG"))

    settings.S3_ADRESSE = "http://127.0.0.1:1"
    with pytest.raises(EntrepotIndisponible):
        depose(build_image("WEBP"))
    assert Document.objects.count() == 0
