"""Arrêt brutal (kill -9) pendant un envoi, et mémoire d’un gros envoi, dans de vrais processus."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from socle.fondations.documents.services.entrepot import remove_provisoires

RACINE = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.lent]

# Un processus chargé une fois, qui engendre puis tue ses enfants : 40 arrêts en quelques secondes.
DEPOTS_TUES = """
import io, os, random, signal, sys, time
import django
django.setup()
from django.db import connection
from django.utils import timezone
from socle.fondations.collectivites.models import Collectivite
from socle.fondations.documents.services import receive_document

collectivite = Collectivite.objects.create(
    siren="219900001", slug="arret-brutal", nom="Arrêt", genre="commune")
connection.close()
print(collectivite.pk, flush=True)
hasard = random.Random(2026)

def deposer_sans_fin():
    while True:
        contenu = b"%PDF-1.7 " + os.urandom(2_000_000)
        document = receive_document(collectivite=collectivite, fichier=io.BytesIO(contenu),
            nom="a.pdf", objet="essai:1", depose_par="usager:1", maintenant=timezone.now())
        print(document.pk, flush=True)

for _ in range(40):
    enfant = os.fork()
    if not enfant:
        deposer_sans_fin()
    time.sleep(hasard.uniform(0.005, 0.25))
    os.kill(enfant, signal.SIGKILL)
    os.waitpid(enfant, 0)
"""

GROS_ENVOI = """
import io, sys
import django
django.setup()
from django.core.handlers.wsgi import WSGIRequest
from socle.fondations.documents.models import Document
from socle.fondations.documents.services.entrepot import iter_contenu, write_contenu
def read_pic():
    # Le pic de ce programme : celui de `getrusage` commence par celui de qui l’a lancé.
    with open("/proc/self/status") as etat:
        return int(next(li.split()[1] for li in etat if li.startswith("VmHWM")))
avant = read_pic()

class Corps(io.RawIOBase):
    def __init__(self, tete, reste, queue):
        self.morceaux, self.reste = [tete], reste
        self.queue = queue
    def read(self, taille=-1):
        if self.morceaux:
            return self.morceaux.pop()
        if self.reste:
            n = min(self.reste, taille if taille > 0 else 65536, 65536)
            self.reste -= n
            return b"x" * n
        queue, self.queue = self.queue, b""
        return queue

B = "frontiere"
tete = (f"--{B}\\r\\nContent-Disposition: form-data; name=\\"fichier\\"; filename=\\"a.pdf\\"\\r\\n"
        "Content-Type: application/pdf\\r\\n\\r\\n%PDF-1.7 ").encode()
queue = f"\\r\\n--{B}--\\r\\n".encode()
taille = 200_000_000
requete = WSGIRequest({
    "REQUEST_METHOD": "POST", "PATH_INFO": "/", "SERVER_NAME": "x", "SERVER_PORT": "80",
    "CONTENT_TYPE": f"multipart/form-data; boundary={B}",
    "CONTENT_LENGTH": str(len(tete) + taille + len(queue)),
    "wsgi.input": Corps(tete, taille, queue),
})
fichier = requete.FILES["fichier"]
contenu = write_contenu(collectivite_id=1, fichier=fichier, nom=fichier.name)
document = Document(collectivite_id=1, sha256=contenu.sha256, taille=contenu.taille)
assert sum(map(len, iter_contenu(document))) == taille + 9
apres = read_pic()
print(avant, apres)
"""


def build_environnement(donnees: Path) -> dict[str, str]:
    base = connection.settings_dict
    url = " ".join(
        f"{cle}='{base[nom]}'"
        for cle, nom in [
            ("dbname", "NAME"), ("user", "USER"), ("password", "PASSWORD"), ("host", "HOST"),
            ("port", "PORT"),
        ]
        if base[nom]
    )  # fmt: skip
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{RACINE}{os.pathsep}{RACINE / 'src'}",
        "SOCLE_SECRET_KEY": "essai",
        "SOCLE_DATABASE_URL": url,
        "SOCLE_DONNEES": str(donnees),
    }


@pytest.mark.timeout(120)
def test_200_megabytes_go_through_in_constant_memory(tmp_path):
    sortie = subprocess.run(
        [sys.executable, "-c", GROS_ENVOI],
        env=build_environnement(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    avant, apres = (int(valeur) / 1024 for valeur in sortie)
    assert apres - avant < 20  # Mio de plus que Django seul


@pytest.mark.timeout(180)
def test_kill_during_upload_leaves_nothing_or_the_whole(
    tmp_path, settings, django_db_setup, django_db_blocker
):
    settings.DOSSIER_DONNEES = tmp_path
    environnement = build_environnement(tmp_path)
    sortie = subprocess.run(
        [sys.executable, "-c", DEPOTS_TUES],
        env=environnement,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    collectivite_id, confirmes = int(sortie[0]), {mot for mot in sortie[1:] if len(mot) == 36}

    lignes = read_lignes(environnement["SOCLE_DATABASE_URL"], collectivite_id)
    assert confirmes <= set(lignes)
    assert len(confirmes) > 5
    for sha256, taille in lignes.values():
        fichier = tmp_path / f"documents/{collectivite_id}/{sha256[:2]}/{sha256[2:4]}/{sha256}"
        assert fichier.stat().st_size == taille
        assert hashlib.sha256(fichier.read_bytes()).hexdigest() == sha256
    remove_provisoires(plus_vieux_que=-10)
    assert not list((tmp_path / "documents" / ".depots").iterdir())


def read_lignes(url: str, collectivite_id: int) -> dict[str, tuple[str, int]]:
    """Lit les documents inscrits, puis rend la base comme elle était."""
    with psycopg.connect(url) as base:
        base.execute(f"SET LOCAL socle.collectivite = '{collectivite_id}'")
        lignes = base.execute("SELECT id::text, sha256, taille FROM documents_document").fetchall()
        base.execute("DELETE FROM documents_document")
        base.execute("DELETE FROM collectivites_collectivite WHERE id = %s", [collectivite_id])
    return {pk: (sha256, taille) for pk, sha256, taille in lignes}
