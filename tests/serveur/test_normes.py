"""`./socle normes` : rapport, JSON, HTML et codes de sortie ; les exemples de la page d’aide."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from socle.serveur.__main__ import main
from socle.serveur.dossier import RACINE
from tests.normes.preuve.fabrique import build_dossier

PAGE = RACINE / "docs" / "reference" / "normes-scdl.md"
BON = "COLL_NOM,COLL_SIRET,DELIB_ID,DELIB_DATE,DELIB_MATIERE_CODE,DELIB_MATIERE_NOM,DELIB_OBJET\n"
LIGNE = "Clamart,21920023500014,2026-1,{jour},2.1,Urbanisme/documents,<b>Plan</b>\n"


@pytest.fixture
def fichier(tmp_path) -> Path:
    chemin = tmp_path / "deliberations.csv"
    chemin.write_text(BON + LIGNE.format(jour="21/11/2026"))
    return chemin


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = main(["normes", "scdl", *map(str, arguments), "--schema", "scdl/deliberations"])
    return code, capsys.readouterr().out


def test_invalid_file_gives_one_object_on_the_last_line(fichier, capsys):
    code, sortie = run(capsys, "valider", fichier, "--json")

    rapport = json.loads(sortie.splitlines()[-1])
    assert code == 1
    assert rapport["valide"] is False
    assert rapport["erreurs"] == [
        {
            "ligne": 2, "champ": "DELIB_DATE", "code": "type-error", "nom": "Date incorrecte",
            "message": "Écrivez 2026-11-21.", "cellule": "21/11/2026",
        }
    ]  # fmt: skip
    assert {a["code"] for a in rapport["avertissements"]} == {"missing-header-warn"}


def test_terminal_of_another_age_gets_its_report(fichier):
    """Une sortie en ASCII ou en latin-1 : pas de trace, et un JSON entier."""
    commande = [sys.executable, "-P", "-m", "socle.serveur", "normes", "scdl", "valider", fichier,
                "--schema", "scdl/deliberations"]  # fmt: skip

    for encodage, option in (("ascii", "--json"), ("latin-1", "--nom")):
        fait = subprocess.run(
            [*commande, option], capture_output=True, check=False,
            env=os.environ | {"PYTHONIOENCODING": encodage},
        )  # fmt: skip
        assert (fait.returncode, b"Traceback" in fait.stderr) == (1, False)
        if option == "--json":
            assert json.loads(fait.stdout)["erreurs"][0]["message"] == "Écrivez 2026-11-21."
        else:
            assert "  x Ligne 2, DELIB_DATE : Écrivez 2026-11-21." in fait.stdout.decode("latin-1")


def test_file_name_is_judged_and_one_is_proposed(fichier, capsys):
    fautes = [
        json.loads(run(capsys, "valider", fichier, "--json", *options)[1].splitlines()[-1])
        for options in (["--nom"], ["--producteur", "219200235"], ["--producteur", "12"])
    ]

    noms = [
        [a["message"] for a in faute["avertissements"] if a["code"] == "file-name-warn"]
        for faute in fautes
    ]
    assert [len(phrases) for phrases in noms] == [1, 2, 0]
    assert re.fullmatch(r"Par exemple : 20\d{6}_219200235_deliberations\.csv\.", noms[1][1])
    assert fautes[2]["valide"] is None


def test_mended_file_is_valid(fichier, capsys):
    code, sortie = run(capsys, "corriger", fichier, "--json")

    rapport = json.loads(sortie.splitlines()[-1])
    assert code == 0
    assert [c["code"] for c in rapport["changements"]] == ["date"]
    assert run(capsys, "valider", rapport["sortie"])[0] == 0
    assert "21/11/2026" in fichier.read_text()


def test_progress_is_said_to_who_looks_and_to_no_file(fichier, capsys, monkeypatch):
    run(capsys, "valider", fichier)
    assert main(["normes", "scdl", "valider", str(fichier), "--schema", "scdl/deliberations"]) == 1
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["normes", "scdl", "valider", str(fichier), "--schema", "scdl/deliberations"]) == 1

    # Une ligne qui se récrit, effacée à la fin : elle ne se mêle pas au rapport.
    assert capsys.readouterr().err == "\r\x1b[K  1 ligne lue…\r\x1b[K"


@pytest.mark.parametrize(
    ("norme", "verbe", "bon", "faux", "code_faux"),
    [
        ("preuve", "controler", build_dossier(),
         build_dossier().replace(b"%PDF-1.7 decision", b"%PDF-1.7 decisioN"), "faute"),
        ("publiccode", "valider", (RACINE / "publiccode.yml").read_bytes(),
         b"publiccodeYmlVersion: '0.4'\nname: <b>Guichet</b>\n", "html"),
    ],
    ids=["preuve", "publiccode"],
)  # fmt: skip
def test_command_gives_its_three_statuses(tmp_path, capsys, norme, verbe, bon, faux, code_faux):
    fichier, page = tmp_path / "fichier", tmp_path / "page.html"
    for contenu, statut in ((bon, 0), (faux, 1), (b"\0rien", 2)):
        fichier.write_bytes(contenu)
        options = [str(fichier), "--json", "--html", str(page)]
        assert main(["normes", norme, verbe, *options]) == statut
        objet = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert objet["norme"].startswith(norme)
        assert objet["valide"] is {0: True, 1: False, 2: None}[statut]
        if statut == 1:
            assert code_faux in {erreur["code"] for erreur in objet["erreurs"]}
            assert "<h1>Fichier à corriger</h1>" in page.read_text()
            assert "<b>Guichet" not in page.read_text()


def test_html_page_escapes_the_file(fichier, capsys, tmp_path):
    fichier.write_text(BON + LIGNE.format(jour="<script>"))

    run(capsys, "valider", fichier, "--html", tmp_path / "rapport.html")

    page = (tmp_path / "rapport.html").read_text()
    assert '<html lang="fr">' in page
    assert "<script" not in page
    assert "DELIB_DATE" in page


@pytest.mark.parametrize("contenu", [b"", b"\0\1", b"PK\3\4"])
def test_unusable_file_has_status_two(fichier, capsys, contenu):
    fichier.write_bytes(contenu)

    code, sortie = run(capsys, "valider", fichier, "--json")

    assert code == 2
    assert json.loads(sortie)["valide"] is None


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["inconnue"], "La norme « inconnue » n’existe pas."),
        (["scdl", "manger"], "« scdl » ne sait pas « manger »."),
        (["scdl", "valider", "f.csv"], "Il manque : --schema."),
        (
            ["scdl", "valider", "f.csv", "--schema", "non"],
            "n’est ni un fichier",
        ),
        (["scdl", "valider", "/nul", "--schema", "scdl/budget"], "il n’existe pas"),
    ],
)
def test_mistake_is_one_sentence(arguments, phrase, capsys):
    assert main(["normes", *arguments]) == 2
    assert phrase in capsys.readouterr().err


def test_polars_is_only_loaded_when_a_file_is_judged():
    code = "import sys, socle.serveur.normes.scdl; sys.exit('polars' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_examples_of_the_page_are_true(tmp_path, capsys, monkeypatch):
    """Chaque commande de la page est lancée sur le fichier que la page montre."""
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text()
    contenu = re.search(r"```csv\n(.*?)```", page, re.DOTALL)
    Path("prenoms.csv").write_text(contenu[1])
    exemples = re.findall(r"```console\n\$ \./socle (.*?)\n(.*?)```", page, re.DOTALL)

    assert len(exemples) >= 2
    for commande, attendu in exemples:
        main(commande.split())
        assert capsys.readouterr().out.strip() == attendu.strip()


def test_bounded_worker_says_everything_briefly(fichier):
    """L’ouvrier de la page : un objet, des listes et des textes bornés, un refus s’il le faut."""
    fichier.write_bytes((BON + LIGNE.format(jour="x" * 9000) * 3).encode() + b"\xed\xa0\x80")
    ouvrier = [sys.executable, "-I", "-m", "socle.serveur.normes.ouvrier", "1500", "20", "1000000"]
    options = ["scdl", "valider", str(fichier), "--schema", "scdl/deliberations"]

    fait = subprocess.run([*ouvrier, "2", *options], capture_output=True, check=True)
    lu = json.loads(fait.stdout)
    assert (lu["nombre"] > 2, len(lu["fautes"]), len(lu["objet"]["erreurs"])) == (True, 2, 2)
    assert len(lu["objet"]["erreurs"][0]["cellule"]) < 2100

    options[2] = str(fichier.parent / "absent.csv")
    absent = subprocess.run([*ouvrier, "2", *options], capture_output=True, check=True)
    assert json.loads(absent.stdout)["refus"]["code"] == "source-error"
