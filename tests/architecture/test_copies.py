"""Les copies qui se partagent les essais : rien ne se perd, ni un échec, ni un processus mort."""

import subprocess
import sys

from tests.conftest import RACINE

ESSAIS = {
    "test_bien.py": """
import pytest
@pytest.fixture(scope="module", autouse=True)
def _defait(tmp_path_factory):
    yield
    print("défait")
    assert tmp_path_factory.getbasetemp().name.startswith("copie")
@pytest.mark.parametrize("rang", range(20))
def test_passe(rang): pass
""",
    "test_faux.py": "def test_echoue(): assert 1 == 2\n",
    "test_mort.py": """
import os
def test_un(): pass
def test_meurt(): os._exit(0)
def test_apres(): pass
""",
}


def test_every_test_is_told_even_when_its_process_dies(tmp_path):
    for nom, texte in ESSAIS.items():
        (tmp_path / nom).write_text(texte)
    sans = [f"-pno:{nom}" for nom in ("django", "playwright", "randomly", "xdist")]

    essai = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-p", "tests.copies", "--copies", "2", *sans,
         "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=RACINE, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert essai.returncode == 1, essai.stderr
    assert "3 failed, 21 passed" in essai.stdout
    assert "assert 1 == 2" in essai.stdout
    assert essai.stdout.count("Pas joué jusqu’au bout") == 2
    assert "test_mort.py::test_meurt" in essai.stdout
    assert "test_mort.py::test_apres" in essai.stdout
