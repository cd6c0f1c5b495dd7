"""`./socle normes bal` : rapport, correction, codes de sortie ; les exemples de la page d’aide."""

import doctest
import json
from pathlib import Path

import pytest

from socle.serveur.__main__ import main
from socle.serveur.dossier import RACINE
from tests.normes.bal.fabrique import build_fichier

PAGE = RACINE / "docs" / "reference" / "normes-bal.md"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["normes", "bal", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_command_checks_then_mends_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "adresses.csv"
    fichier.write_bytes(build_fichier({"x": "539416,13"}))

    code, sortie = run(capsys, "valider", fichier, "--json", "--html", tmp_path / "page.html")
    assert "<td>Ligne 2, x</td>" in (tmp_path / "page.html").read_text()
    rapport = json.loads(sortie.splitlines()[-1])
    assert (code, rapport["valide"], rapport["avertissements"]) == (1, False, [])
    assert [(e["ligne"], e["champ"], e["code"], e["cellule"]) for e in rapport["erreurs"]] == [
        (2, "x", "x.separateur_decimal_invalide", "539416,13")
    ]

    code, sortie = run(capsys, "corriger", fichier)
    assert (code, "1 cellule changée, écrite dans" in sortie) == (0, True)
    assert (tmp_path / "adresses_corrige.csv").read_bytes() == build_fichier()
    assert run(capsys, "corriger", fichier, "--sortie", fichier)[0] == 2

    for inutilisable in (b"PK\x03\x04", b"", b"\xef\xbb\xbf\r\n"):
        fichier.write_bytes(inutilisable)
        assert run(capsys, "valider", fichier)[0] == 2


def test_page_shows_what_the_code_does() -> None:
    echecs, essais = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")

    assert (echecs, essais > 8) == (0, True)
