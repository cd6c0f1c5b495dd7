"""`./socle normes seda` : rapport, codes de sortie ; les exemples de la page d’aide."""

import json
import re
from pathlib import Path

import pytest

from socle.normes.seda.formats import is_pygfried_installe
from socle.serveur.__main__ import main
from socle.serveur.dossier import RACINE
from tests.normes.seda.fabrique import read_manifeste, remake, write_paquet

PAGE = RACINE / "docs" / "reference" / "normes-seda.md"


@pytest.fixture(autouse=True)
def sans_schema(tmp_path, monkeypatch):
    """Ni installation ni dossier de schémas : notre grammaire juge."""
    monkeypatch.setenv("SOCLE_DONNEES", str(tmp_path / "donnees"))
    monkeypatch.delenv("SOCLE_SCHEMAS", raising=False)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main(["normes", "seda", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_command_gives_events_and_status(tmp_path, capsys):
    paquet = tmp_path / "sip.zip"
    write_paquet(paquet)
    code, sortie = run(capsys, "controler", paquet, "--json")
    rapport = json.loads(sortie.splitlines()[-1])
    assert (code, rapport["valide"], rapport["statut"]) == (0, True, "OK")
    assert rapport["schema"] == "notre grammaire de SEDA 2.2"
    assert all(set(e) == {"code", "statut", "message", "lieu"} for e in rapport["evenements"])
    assert all(e["message"] for e in rapport["evenements"])

    abime = remake(
        paquet,
        tmp_path / "abime.zip",
        manifeste=lambda t: t.replace("<ArchivalAgreement>IC-000001</ArchivalAgreement>", ""),
    )
    page = tmp_path / "rapport.html"
    code, sortie = run(capsys, "controler", abime, "--json", "--html", page)
    refus = [e for e in json.loads(sortie.splitlines()[-1])["evenements"] if e["statut"] == "KO"]
    attendu = "CHECK_HEADER.CHECK_CONTRACT_INGEST.CONTRACT_NOT_IN_MANIFEST"
    assert (code, [e["code"] for e in refus]) == (1, [attendu])
    assert attendu in page.read_text()

    niveau = remake(
        paquet,
        tmp_path / "niveau.zip",
        manifeste=lambda t: t.replace(
            "</Management>",
            "<ClassificationRule><ClassificationLevel>Inventé</ClassificationLevel>"
            "<ClassificationOwner>V</ClassificationOwner></ClassificationRule></Management>",
            1,
        ),
    )
    code, sortie = run(capsys, "controler", niveau)
    assert (code, "[CHECK_CLASSIFICATION_LEVEL]" in sortie) == (1, True)
    (tmp_path / "niveaux.txt").write_text("inventé\n")
    assert run(capsys, "controler", niveau, "--referentiel", tmp_path / "niveaux.txt")[0] == 0

    (tmp_path / "vide.zip").write_bytes(b"")
    assert run(capsys, "controler", tmp_path / "vide.zip")[0] == 2
    (tmp_path / "faux.json").write_text("[")
    arguments = ("controler", paquet, "--referentiel", tmp_path / "faux.json")
    assert run(capsys, *arguments)[0] == 2


def test_message_alone_is_read_and_checked(donnees_officielles, tmp_path, capsys):
    [atr, *_] = sorted((donnees_officielles / "seda" / "samples" / "atr").rglob("*.xml"))
    code, sortie = run(capsys, "controler", atr, "--json")
    rapport = json.loads(sortie.splitlines()[-1])
    assert rapport["message"] == "ArchiveTransferReply"
    assert rapport["valide"] is (code == 0)

    paquet, seul = tmp_path / "sip.zip", tmp_path / "manifest.xml"
    write_paquet(paquet)
    seul.write_text(read_manifeste(paquet))
    assert run(capsys, "controler", seul)[0] == 0  # sans ses fichiers
    seul.write_text(read_manifeste(paquet).replace("<Title>Inscription", "<Title/><Title>I"))
    code, sortie = run(capsys, "controler", seul, "--json")
    refus = [e for e in json.loads(sortie.splitlines()[-1])["evenements"] if e["statut"] == "KO"]
    assert (code, [e["code"] for e in refus]) == (1, ["CHECK_UNIT_SCHEMA.INVALID_UNIT"])

    (tmp_path / "x.xml").write_text("<x/>")
    code, sortie = run(capsys, "controler", tmp_path / "x.xml", "--json")
    [refus] = json.loads(sortie.splitlines()[-1])["evenements"]
    assert (code, refus["code"]) == (1, "CHECK_SEDA.NOT_XML_FILE")


def test_official_schema_of_the_named_folder_is_used(
    donnees_officielles, tmp_path, capsys, monkeypatch
):
    paquet = tmp_path / "sip.zip"
    write_paquet(paquet)
    monkeypatch.setenv("SOCLE_SCHEMAS", str(donnees_officielles / "seda"))

    code, sortie = run(capsys, "controler", paquet)

    assert (code, "schéma officiel de SEDA 2.2, dossier SOCLE_SCHEMAS" in sortie) == (0, True)


@pytest.mark.skipif(not is_pygfried_installe(), reason="pygfried absent")
def test_examples_of_the_page_are_true(tmp_path, capsys, monkeypatch):
    """Chaque commande de la page est lancée sur les fichiers que la page montre."""
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text()
    for nom, contenu in re.findall(r"Voici `([\w.]+)`.*?\n```\w+\n(.*?)```", page, re.DOTALL):
        Path(nom).write_text(contenu)
    Path("convocation.txt").write_text("Convocation du conseil\n")
    exemples = re.findall(r"```console\n\$ \./socle (.*?)\n(.*?)```", page, re.DOTALL)

    assert len(exemples) == 4
    for commande, attendu in exemples:
        main(commande.split())
        obtenu = capsys.readouterr().out
        assert obtenu.replace("\u00a0", " ").strip() == attendu.replace("\u00a0", " ").strip()


def test_description_and_profil_that_are_wrong_say_where(tmp_path, capsys):
    description = tmp_path / "d.json"
    description.write_text('{"identifiant": "1", "date": "hier"}')
    assert run(capsys, "generer", description)[0] == 2

    profil = tmp_path / "p.json"
    profil.write_text('{"identifiant": "P", "nom": "P", "racine": [{"element": "Titre"}]}')
    code, sortie = run(capsys, "profil", profil, "--json")
    [premier, *_] = json.loads(sortie.splitlines()[-1])["evenements"]
    assert (code, premier["lieu"]) == (1, "ArchiveTransfer/Titre")

    profil.write_text("pas un profil")
    assert run(capsys, "profil", profil)[0] == 2
    profil.write_text("<grammar/>")
    assert run(capsys, "profil", profil)[0] == 1
