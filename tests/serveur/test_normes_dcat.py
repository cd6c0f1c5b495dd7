"""`./socle normes dcat` : écrire, par pages, refuser ; les exemples de la page d’aide."""

import doctest
import json
import re
from pathlib import Path

import pytest

from socle.serveur.__main__ import main
from socle.serveur.dossier import RACINE

PAGE = RACINE / "docs" / "reference" / "normes-dcat.md"
[DESCRIPTION] = re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.fixture
def fichier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    chemin = Path("catalogue.json")
    chemin.write_text(DESCRIPTION)
    return chemin


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["normes", "dcat", "ecrire", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_command_writes_a_catalogue_or_its_pages(
    fichier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, sortie = run(capsys, fichier, "--json")
    rapport = json.loads(sortie.splitlines()[-1])
    assert (code, rapport["valide"], rapport["sorties"]) == (0, True, ["catalogue.ttl"])
    assert rapport["statistiques"] == {"jeux": 1, "distributions": 1, "services": 0}

    adresse = "https://donnees.ville.fr/catalogue.xml?page={page}"
    pages = ("--par-page", 1, "--adresse", adresse, "--format", "rdfxml")
    assert run(capsys, fichier, *pages, "--sortie", "c.xml")[0] == 0
    assert (
        'rdf:about="https://donnees.ville.fr/catalogue.xml?page=1"' in Path("c-1.xml").read_text()
    )
    assert run(capsys, fichier, *pages[:2], "--adresse", "https://a.fr/")[0] == 2
    assert run(capsys, fichier, *pages[:2], "--adresse", "a b {page}")[0] == 2
    assert run(capsys, fichier, "--sortie", fichier)[0] == 2
    assert fichier.read_text() == DESCRIPTION


def test_command_refuses_and_writes_nothing(
    fichier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fichier.write_text(DESCRIPTION.replace("deliberations", "<b>délib</b>"))
    code, sortie = run(capsys, fichier, "--json", "--html", "page.html")
    rapport = json.loads(sortie.splitlines()[-1])
    assert (code, rapport["valide"]) == (1, False)
    assert ("jeux[0].uri", "adresse") in {(e["champ"], e["code"]) for e in rapport["erreurs"]}
    assert not Path("catalogue.ttl").exists()
    assert "<b>délib" not in Path("page.html").read_text()

    fichier.write_bytes(b"\0")
    code, sortie = run(capsys, fichier, "--json")
    assert (code, json.loads(sortie)["valide"]) == (2, None)


def test_page_shows_what_the_code_does(fichier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exemples = re.findall(r"```console\n\$ \./socle (.*?)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert exemples
    for commande, attendu in exemples:
        main(commande.split())
        assert capsys.readouterr().out.strip() == attendu.strip()

    echecs, essais = doctest.testfile(
        str(PAGE),
        module_relative=False,
        encoding="utf-8",
        globs={"description": DESCRIPTION.encode()},
    )
    assert (echecs, essais > 12) == (0, True)
