import tempfile

import pytest


@pytest.fixture(autouse=True)
def atelier_a_soi(monkeypatch, tmp_path_factory) -> None:
    """Places et fichiers de passage à ce seul essai : un autre processus n’y change rien."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("atelier")))
