"""Lancer un verbe de `./socle normes` dans un processus borné, et lire ce qu’il a trouvé.

Le fichier d’un inconnu n’entre pas dans le serveur web : ni polars ni lxml n’y sont chargés, une
bombe ou une boucle tue l’enfant et lui seul. Une place par contrôle, pour toute l’installation :
les autres fils du serveur restent aux pages.
"""

import fcntl
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from socle.metiers.verification.errors import OutilOccupe
from socle.metiers.verification.ports import Limites

# Nommé, jamais importé : le produit n’importe pas le serveur. -I : rien de l’environnement.
COMMANDE = (sys.executable, "-I", "-m", "socle.serveur.normes.ouvrier")
SORTIE_MAX = 200 * 1024 * 1024
DEMARRAGE = 5  # secondes d’horloge en plus de celles du contrôle
ATTENTE_PLACE, PAS = 5.0, 0.1
trace = logging.getLogger("socle.verification")

TROP_LONG = (
    "trop-long",
    "Le contrôle a été arrêté : il dépassait {secondes} secondes. Coupez le fichier, ou "
    "contrôlez-le chez vous avec « ./socle normes ».",
)
TROP_GROS = (
    "trop-gros",
    "Le contrôle a été arrêté : ce fichier demande trop de mémoire. S’il vous paraît ordinaire, "
    "coupez-le.",
)
ILLISIBLE = (
    "illisible",
    "Le contrôle n’a pas abouti : ce fichier n’est pas ce qu’il annonce. Enregistrez-le de nouveau "
    "depuis le logiciel qui l’a fait.",
)


def run_verbe(arguments: list[str], *, dossier: Path, limites: Limites) -> dict[str, Any]:
    """Joue « norme verbe fichier [options] » ; un échec est un `refus`, jamais une exception.

    Args:
        dossier: où l’enfant écrit ses fichiers de passage ; effacé par qui l’a fait.

    Raises:
        OutilOccupe: toutes les places sont prises.
    """
    bornes = (limites.memoire, limites.secondes, SORTIE_MAX, limites.gardees)
    sortie = dossier / "sortie.json"
    with take_place(limites.places), sortie.open("wb") as flux:
        enfant = subprocess.Popen(  # noqa: S603  nos arguments ; le fichier est un chemin absolu
            [*COMMANDE, *map(str, bornes), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=flux,
            stderr=subprocess.DEVNULL,
            cwd=dossier,
            env=build_environnement(dossier),
            start_new_session=True,
        )
        try:
            code = enfant.wait(limites.secondes + DEMARRAGE)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if enfant.poll() is None:
                enfant.kill()
                enfant.wait()
    return _read(sortie, code, limites)


def build_environnement(dossier: Path) -> dict[str, str]:
    """Rien que le nécessaire : aucun secret de l’installation ne passe à l’enfant."""
    gardes = {nom: os.environ[nom] for nom in ("PATH", "SOCLE_SCHEMAS") if nom in os.environ}
    return gardes | {
        "SOCLE_DONNEES": str(settings.DOSSIER_DONNEES),  # les schémas officiels y sont
        "LANG": "C.UTF-8",
        "TMPDIR": str(dossier),
        "POLARS_MAX_THREADS": "2",
    }


def _read(sortie: Path, code: int | None, limites: Limites) -> dict[str, Any]:
    if code == 0:
        try:
            lu: dict[str, Any] = json.loads(sortie.read_bytes())
            return lu
        except ValueError:
            code = 1
    trace.warning("verification.interrompue", extra={"code": code})
    return {"refus": dict(zip(("code", "message"), _explain(code, limites), strict=True))}


def _explain(code: int | None, limites: Limites) -> tuple[str, str]:
    """Temps (d’horloge, ou SIGXCPU), mémoire (abandon d’une bibliothèque), ou fichier piégé."""
    if code in {None, -24}:
        return TROP_LONG[0], TROP_LONG[1].format(secondes=limites.secondes)
    return TROP_GROS if code in {-6, -9, -11} else ILLISIBLE


@contextmanager
def take_place(places: int) -> Iterator[None]:
    """Prend l’une des places, ou attend un peu.

    Raises:
        OutilOccupe: aucune ne s’est libérée.
    """
    limite = time.monotonic() + ATTENTE_PLACE
    while True:
        for rang in range(places):
            if (verrou := _try_lock(rang)) is not None:
                try:
                    yield
                finally:
                    os.close(verrou)  # rend la place, comme le ferait la mort du processus
                return
        if time.monotonic() > limite:
            raise OutilOccupe
        time.sleep(PAS)


def get_atelier() -> Path:
    """Dossier des fichiers de passage, à ce seul utilisateur du système."""
    atelier = Path(tempfile.gettempdir()) / f"socle-verifier-{os.getuid()}"
    atelier.mkdir(mode=0o700, exist_ok=True)
    if atelier.stat().st_uid != os.getuid():
        raise OutilOccupe
    return atelier


def _try_lock(rang: int) -> int | None:
    verrou = os.open(get_atelier() / f"place-{rang}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(verrou)
        return None
    return verrou
