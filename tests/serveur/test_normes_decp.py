"""`./socle normes decp` : rapport, conversion, codes de sortie ; les exemples de la page d’aide."""

import doctest
import json
from pathlib import Path

import pytest

from socle.normes.decp.ecriture import write_json, write_xml
from socle.serveur.__main__ import main
from socle.serveur.dossier import RACINE
from tests.normes.decp.fabrique import CONTRATS

PAGE = RACINE / "docs" / "reference" / "normes-decp.md"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["normes", "decp", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_command_checks_then_converts_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier = tmp_path / "decp.json"
    fichier.write_bytes(write_json(CONTRATS).replace(b'"Mixte"', b'"<b>mixte"'))

    code, sortie = run(capsys, "valider", fichier, "--json", "--html", tmp_path / "page.html")
    rapport = json.loads(sortie.splitlines()[-1])
    assert (code, rapport["valide"], rapport["conforme_schema"]) == (1, False, False)
    assert [
        (e["ligne"], e["champ"], e["code"], e["nom"], e["cellule"]) for e in rapport["erreurs"]
    ] == [(60, "marches.marche[0].formePrix", "enum", "Valeur hors liste", "<b>mixte")]
    assert "<b>mixte" not in (tmp_path / "page.html").read_text()
    assert run(capsys, "convertir", fichier, "--vers", "xml")[0] == 1
    assert not (tmp_path / "decp.xml").exists()

    fichier.write_bytes(write_json(CONTRATS))
    code, sortie = run(capsys, "convertir", fichier, "--vers", "xml")
    assert (code, "Valide : 1 marché et 1 concession conformes" in sortie) == (0, True)
    assert (tmp_path / "decp.xml").read_bytes() == write_xml(CONTRATS)
    assert run(capsys, "convertir", fichier, "--vers", "json")[0] == 2
    assert fichier.read_bytes() == write_json(CONTRATS)

    fichier.write_bytes(write_json(CONTRATS).replace(b'"Mixte"', b'"mixte "'))
    code, sortie = run(capsys, "corriger", fichier, "--json")
    corrige = json.loads(sortie.splitlines()[-1])
    assert (code, corrige["valide"], [c["apres"] for c in corrige["changements"]]) == (
        0, True, ['"Mixte"'],
    )  # fmt: skip
    assert (tmp_path / "decp_corrige.json").read_bytes() == write_json(CONTRATS)
    assert run(capsys, "corriger", fichier, "--sortie", fichier)[0] == 2
    code, sortie = run(capsys, "corriger", tmp_path / "decp.xml")
    assert (code, "Rien n’est corrigé dans un fichier XML" in sortie) == (0, True)
    assert run(capsys, "corriger", fichier, "--sortie", tmp_path / "x.json")[1].startswith(
        "  ! Ligne 60, contrat 2026-014, formePrix : "
    )

    fichier.write_bytes(b"\0")
    code, sortie = run(capsys, "valider", fichier, "--json")
    assert (code, json.loads(sortie)["valide"]) == (2, None)


def test_page_shows_what_the_code_does() -> None:
    echecs, essais = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")

    assert (echecs, essais > 10) == (0, True)
