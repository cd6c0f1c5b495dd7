"""`./socle normes actes` : rapport, codes de sortie ; les exemples de la page d’aide."""

import doctest
import json
import os
import re
from pathlib import Path

import pytest

from socle.normes.actes.ecriture import write_message
from socle.normes.actes.modele import RetourClassification
from socle.serveur.__main__ import main
from socle.serveur.dossier import RACINE
from tests.normes.actes.fabrique import build_depot, list_messages

PAGE = RACINE / "docs" / "reference" / "normes-actes.md"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["normes", "actes", *map(str, arguments)])
    return code, capsys.readouterr().out


@pytest.fixture(autouse=True)
def _sans_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOCLE_SCHEMAS", raising=False)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    depot = build_depot()
    chemin = tmp_path / depot.nom
    chemin.write_bytes(depot.octets)
    return chemin


def test_command_reads_then_checks_an_archive(
    archive: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, sortie = run(capsys, "lire", archive)
    assert (code, "matière : 7.1" in sortie, "nature : Délibération" in sortie) == (0, True, True)

    code, sortie = run(capsys, "controler", archive, "--json")
    rapport = json.loads(sortie.splitlines()[-1])
    assert (code, rapport["valide"], rapport["erreurs"]) == (0, True, [])
    assert rapport["schema"] == "grammaire de Socle (schéma officiel absent)"

    [classification] = [m for m in list_messages() if isinstance(m, RetourClassification)]
    chemin = tmp_path / "classification.xml"
    chemin.write_bytes(write_message(classification))
    assert run(capsys, "controler", archive, "--classification", chemin)[0] == 0
    assert run(capsys, "controler", archive, "--classification", archive)[0] == 2

    autre = archive.rename(tmp_path / "SLO-EACT--213502388--20261121-2.tar.gz")
    code, sortie = run(capsys, "controler", autre, "--html", tmp_path / "r.html", "--json")
    [erreur] = json.loads(sortie.splitlines()[-1])["erreurs"]
    assert (code, erreur["code"]) == (1, "archive.jumelle")
    assert "archive.jumelle" in (tmp_path / "r.html").read_text()


def test_official_schema_is_used_and_named(
    archive: Path, capsys: pytest.CaptureFixture[str], donnees_officielles: Path,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    code, sortie = run(capsys, "controler", archive, "--schemas", donnees_officielles / "actes")
    assert (code, "actesv1_1.xsd (officiel)" in sortie) == (0, True)

    monkeypatch.setenv("SOCLE_SCHEMAS", str(donnees_officielles))
    assert "actesv1_1.xsd (officiel)" in run(capsys, "controler", archive)[1]

    assert run(capsys, "controler", archive, "--schemas", tmp_path)[0] == 2
    (tmp_path / "actesv1_1.xsd").write_text("<schema/>")
    assert run(capsys, "controler", archive, "--schemas", tmp_path)[0] == 2


@pytest.mark.parametrize("contenu", [b"", b"\0\1", b"PK\3\4", b"\x1f\x8b\0", b"<html/>"])
def test_unusable_file_has_status_two(
    contenu: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chemin = tmp_path / os.fsdecode(b"acte\xff.xml")
    chemin.write_bytes(contenu)

    for verbe in ("lire", "controler"):
        code, sortie = run(capsys, verbe, chemin, "--json")
        assert (code, json.loads(sortie)["valide"]) == (2, None)


def test_examples_of_the_page_are_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chaque commande est lancée sur le fichier que la page montre ; chaque ligne de code jouée."""
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text()
    nom, contenu = re.search(r"Voici `(.*?)` :\n```xml\n(.*?)```", page, re.DOTALL).groups()
    Path(nom).write_text(contenu)
    exemples = re.findall(r"```console\n\$ \./socle (.*?)\n(.*?)```", page, re.DOTALL)

    assert len(exemples) == 2
    for commande, attendu in exemples:
        main(commande.split())
        assert capsys.readouterr().out.strip() == attendu.strip()
    echecs, essais = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (echecs, essais > 10) == (0, True)
