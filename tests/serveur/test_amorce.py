"""Le script `./socle` : environnement fait une fois, repris après une interruption."""

import importlib.machinery
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from socle.serveur.ports import find_port_libre
from tests.serveur.outils import RACINE, run_python, wait_until

VERROU = "paquet==1.0 \\\n    --hash=sha256:00\n"


@pytest.fixture
def copie(dossier):
    """Copie du script avec des verrous factices."""
    racine = dossier / "copie à essayer"
    racine.mkdir()
    shutil.copy(RACINE / "socle", racine / "socle")
    (racine / "requirements.lock").write_text(VERROU)
    (racine / "requirements-dev.lock").write_text(VERROU * 2)
    return racine


def load(racine: Path):
    chargeur = importlib.machinery.SourceFileLoader("amorce", str(racine / "socle"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("amorce", chargeur))
    chargeur.exec_module(module)
    return module


def fake_venv(amorce, *noms: str) -> None:
    (amorce.VENV / "bin").mkdir(parents=True)
    amorce.PYTHON.symlink_to(sys.executable)
    for nom in noms:
        (amorce.VENV / f".socle-{nom}").write_text(amorce.compute_cle(nom))


def test_nothing_is_ready_at_first(copie):
    amorce = load(copie)
    assert not amorce.is_ready(developpe=False)


def test_development_tools_are_asked_by_tests_only(copie):
    amorce = load(copie)
    fake_venv(amorce, "exploitation")

    assert amorce.is_ready(developpe=False)
    assert not amorce.is_ready(developpe=True)


@pytest.mark.parametrize("verrou", ["requirements.lock", "requirements-dev.lock"])
def test_changed_lock_installs_again(copie, verrou):
    amorce = load(copie)
    fake_venv(amorce, "exploitation", "dev")
    assert amorce.is_ready(developpe=True)

    (copie / verrou).write_text(VERROU.replace("1.0", "1.1"))

    assert amorce.is_ready(developpe=True) == (verrou == "requirements.lock")
    (copie / "requirements-dev.lock").write_text("autre")
    assert amorce.is_ready(developpe=False) == (verrou != "requirements.lock")


def test_moved_copy_installs_again(copie):
    fake_venv(load(copie), "exploitation")
    ailleurs = copie.with_name("ailleurs")
    copie.rename(ailleurs)

    assert not load(ailleurs).is_ready(developpe=False)


def test_interrupted_installation_starts_from_scratch(copie):
    amorce = load(copie)
    fake_venv(amorce)
    (amorce.VENV / amorce.EN_COURS).touch()
    (amorce.VENV / "reste").touch()

    amorce.create_venv()

    assert amorce.PYTHON.exists()
    assert not (amorce.VENV / "reste").exists()


def test_adding_tools_keeps_what_runs(copie):
    amorce = load(copie)
    fake_venv(amorce, "exploitation")

    amorce.create_venv()

    assert amorce.is_ready(developpe=False)


def test_pip_settings_are_translated_for_uv(copie, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://depot.exemple/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    amorce = load(copie)
    amorce.create_venv()

    assert amorce.translate_pip()["UV_DEFAULT_INDEX"] == "https://depot.exemple/simple"


def test_two_installations_wait_for_each_other(copie):
    amorce = load(copie)
    code = f"""
import importlib.machinery, importlib.util
c = importlib.machinery.SourceFileLoader("amorce", {str(copie / "socle")!r})
m = importlib.util.module_from_spec(importlib.util.spec_from_loader("amorce", c))
c.exec_module(m)
with m.lock(m.RACINE):
    print("passé")
"""
    with amorce.lock(copie):
        autre = run_python(code)
        assert "attente" in autre.stderr.readline()
        assert autre.poll() is None
    assert autre.communicate(timeout=60)[0] == "passé\n"


@pytest.mark.lent
@pytest.mark.timeout(120)
def test_failed_installation_is_explained(copie):
    essai = subprocess.run(
        [sys.executable, str(copie / "socle"), "servir"],
        env=os.environ | {"PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_RETRIES": "0"}
        | {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1", "UV_NO_CACHE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip

    assert essai.returncode == 1
    assert "L’installation n’a pas abouti" in essai.stderr
    assert "Traceback" not in essai.stderr


def copy_projet(dossier: Path) -> Path:
    """Le projet tel qu’un clone le donne : un fichier oublié au dépôt y manque.

    Sans dépôt ni git (archive téléchargée), les fichiers sont copiés tels quels.
    """
    racine = dossier / "clone à neuf"
    racine.mkdir()
    if shutil.which("git") and (RACINE / ".git").exists():
        archive = dossier / "clone.tar"
        # Sous un autre compte que celui du dépôt, git refuse de lire sans cet aveu.
        git = ["git", "-c", f"safe.directory={RACINE}", "-C", str(RACINE)]
        subprocess.run([*git, "archive", "--output", str(archive), "HEAD"], check=True)
        shutil.unpack_archive(archive, racine)
        archive.unlink()
        return racine
    for nom in ("socle", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(RACINE / nom, racine / nom)
    for nom in ("src", "config"):
        shutil.copytree(RACINE / nom, racine / nom, ignore=shutil.ignore_patterns("__pycache__"))
    return racine


@pytest.mark.lent
@pytest.mark.timeout(400)
def test_bare_debian_python_installs_everything(dossier):
    """Le Python de Debian : ni venv complet, ni ensurepip, et l’interdiction PEP 668.

    La démonstration s’y joue sans les paquets de développement : ce qu’elle emploie est au verrou.
    """
    python = "/usr/bin/python3"
    if not Path(python).exists():
        pytest.skip("pas de Python du système")
    if subprocess.run([python, "-m", "pip", "--version"], check=False).returncode:
        pytest.skip("le Python du système n’a pas pip")
    racine = copy_projet(dossier)

    premier = subprocess.run(
        [python, str(racine / "socle")], capture_output=True, text=True, check=False
    )
    second = subprocess.run([str(racine / "socle")], capture_output=True, text=True, check=False)

    assert (premier.returncode, "usage : ./socle" in premier.stdout) == (0, True)
    assert "Environnement prêt" in premier.stderr
    assert (second.returncode, second.stderr) == (0, "")
    demo = subprocess.run(
        [
            *(str(racine / "socle"), "demo", "--sans-serveur"),
            *("--port", str(find_port_libre()), "--donnees", str(dossier / "demo")),
        ],
        env={nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("SOCLE_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert demo.returncode == 0, demo.stdout[-1500:] + demo.stderr[-1500:]


@pytest.mark.lent
@pytest.mark.timeout(400)
def test_killed_installation_is_done_again(dossier):
    racine = copy_projet(dossier)
    venv = racine / ".venv"
    premier = subprocess.Popen(
        [sys.executable, str(racine / "socle")], stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert wait_until((venv / ".socle-en-cours").exists)
    wait_until(lambda: any(venv.glob("lib/python*/site-packages/django")))
    os.killpg(premier.pid, 9)
    premier.wait()

    second = subprocess.run(
        [sys.executable, str(racine / "socle")], capture_output=True, text=True, check=False
    )

    assert second.returncode == 0
    assert "environnement isolé" in second.stderr
    assert not (venv / ".socle-en-cours").exists()


@pytest.mark.lent
@pytest.mark.timeout(400)
@pytest.mark.skipif(os.geteuid() != 0, reason="il faut être root pour changer de compte")
def test_ordinary_user_installs_everything(dossier):
    compte = pwd.getpwnam("nobody")
    racine = copy_projet(dossier)
    subprocess.run(["chown", "-R", "nobody", str(racine)], check=True)

    essai = subprocess.run(
        ["/usr/bin/python3", str(racine / "socle")],
        user=compte.pw_uid,
        group=compte.pw_gid,
        extra_groups=[],
        env=os.environ | {"HOME": str(racine)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (essai.returncode, "usage : ./socle" in essai.stdout) == (0, True), essai.stderr
