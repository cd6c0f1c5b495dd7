"""Les vérifications : verrous, ordre de marche, code de sortie."""

import pytest

from socle.serveur import test as essais
from socle.serveur import verifier

BON = (
    "django==5.2.19 \\\n    --hash=sha256:00\n    # via socle\nlxml==6.1 \\\n    --hash=sha256:11\n"
)


@pytest.fixture
def racine(tmp_path, monkeypatch):
    monkeypatch.setattr(verifier, "RACINE", tmp_path)
    for nom in verifier.VERROUS:
        (tmp_path / nom).write_text(BON)
    return tmp_path


def test_good_locks_pass(racine):
    assert verifier.check_verrous() == (True, "")


@pytest.mark.parametrize(
    ("avant", "apres", "faute"),
    [
        ("# via socle", "--index-url https://depot.exemple", "contient une adresse"),
        ("django==5.2.19", "django @ https://exemple/django.whl", "contient une adresse"),
        ("    --hash=sha256:11\n", "", "pas d’empreinte pour lxml==6.1"),
        ("lxml==6.1", "lxml==6.2", "lxml n’a pas la même version"),
    ],
)
def test_bad_lock_is_named(racine, avant, apres, faute):
    (racine / "requirements.lock").write_text(BON.replace(avant, apres))

    bon, dit = verifier.check_verrous()

    assert not bon
    assert faute in dit


def test_real_locks_pass():
    assert verifier.check_verrous() == (True, "")


def test_failure_is_shown_and_counted(monkeypatch, capsys):
    verifications = {"bonne": lambda: (True, "tu"), "fautive": lambda: (False, "ligne 12")}
    monkeypatch.setattr(verifier, "list_verifications", lambda: verifications)

    assert verifier.main([]) == 1

    dit = capsys.readouterr().out
    assert "ÉCHEC  fautive" in dit
    assert "ligne 12" in dit
    assert "tu" not in dit.replace("toutes", "").split()
    assert "1 vérifications sur 2" in dit


def test_every_tool_is_called():
    assert list(verifier.list_verifications()) == [
        "types (mypy)",
        "gabarits (djlint)",
        "contrats (import-linter)",
        "migrations manquantes",
        "style (ruff check)",
        "mise en forme (ruff format)",
        "verrous",
    ]


@pytest.mark.parametrize(
    ("suite", "lents", "attendus", "absents"),
    [
        ([], False, ["-m", "not lent", "-n", "3"], []),
        ([], True, ["-m", "lent", "-n", "2"], []),
        (["tests/serveur"], False, ["tests/serveur"], ["-n"]),
        (["-k", "sauvegarde", "-n0"], False, ["-k", "-n0"], ["-n"]),
    ],
)
def test_pytest_gets_the_right_options(suite, lents, attendus, absents, monkeypatch):
    monkeypatch.setattr(essais.os, "cpu_count", lambda: 2)

    commande = essais.build_commande(suite, lents=lents)

    assert [mot for mot in attendus if mot not in commande] == []
    assert [mot for mot in absents if mot in commande] == []


def test_missing_browser_is_said(monkeypatch, capsys):
    monkeypatch.setattr(essais.shutil, "which", lambda _nom: None)

    essais.say_absences(lents=True)

    dit = capsys.readouterr().err
    assert "Chromium est absent" in dit
    assert "ClamAV est absent" in dit


def test_tests_never_see_a_real_installation(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://production")
    monkeypatch.setenv("SOCLE_DONNEES", "/var/lib/socle")

    environnement = essais.build_environnement()

    assert {"DATABASE_URL", "SOCLE_DONNEES"} & set(environnement) == set()
