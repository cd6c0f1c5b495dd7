"""Dossiers d’essai que le compte sans droit de PostgreSQL peut traverser, et processus à part."""

import logging
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from socle.fondations.commun.traces import FormatJson


@pytest.fixture(autouse=True)
def _journal_remis() -> Iterator[None]:
    """Une commande jouée dans l’essai lie le journal à une sortie que pytest ferme ensuite."""
    avant = list_poignees()
    yield
    for poignee in list_poignees():
        logging.root.removeHandler(poignee)
    for poignee in avant:
        logging.root.addHandler(poignee)


def list_poignees() -> list[logging.Handler]:
    """Les sorties du journal du produit ; pytest a les siennes."""
    return [p for p in logging.root.handlers if isinstance(p.formatter, FormatJson)]


@pytest.fixture
def dossier() -> Iterator[Path]:
    """Dossier jetable, ouvert au passage : `tmp_path` est fermé aux autres comptes."""
    chemin = Path(tempfile.mkdtemp(prefix="socle-essai-"))
    chemin.chmod(0o711)
    yield chemin
    shutil.rmtree(chemin, ignore_errors=True)


@pytest.fixture(scope="session")
def grappe() -> Iterator[Path]:
    """Grappe toute faite, à copier : la créer coûte une demi-seconde de processeur."""
    from socle.serveur.postgres.embarque import PostgresEmbarque

    chemin = Path(tempfile.mkdtemp(prefix="socle-grappe-"))
    chemin.chmod(0o711)
    with PostgresEmbarque(chemin, durable=False):
        pass
    yield chemin
    shutil.rmtree(chemin, ignore_errors=True)


@pytest.fixture
def installe(grappe: Path) -> Callable[[Path], Path]:
    """Pose une copie de la grappe dans un dossier."""

    def pose(chemin: Path) -> Path:
        chemin.mkdir(mode=0o711, parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", f"{grappe}/.", str(chemin)], check=True)
        return chemin

    return pose


@pytest.fixture
def pret(dossier: Path, installe: Callable[[Path], Path]) -> Path:
    """Dossier jetable qui contient déjà une grappe."""
    return installe(dossier / "postgres")


@pytest.fixture(autouse=True, scope="module")
def _environnement_neutre() -> Iterator[None]:
    """Les réglages de la machine ne changent rien à ces essais, ni aux services d’un module."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for nom in list(os.environ):
            if nom.startswith("SOCLE_") and not nom.startswith("SOCLE_TESTS_"):
                monkeypatch.delenv(nom)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        yield
