"""`./socle preuve verifier` : codes de sortie, phrases, JSON ; ni Django ni base."""

import doctest
import json
import subprocess
import sys

import pytest

from socle.serveur.dossier import RACINE
from socle.serveur.preuve import main
from tests.normes.preuve.fabrique import build_dossier, build_signataire

EMPREINTE = build_signataire().cle_publique.empreinte


@pytest.fixture
def fichier(tmp_path):
    chemin = tmp_path / "preuve.zip"
    chemin.write_bytes(build_dossier())
    return chemin


@pytest.fixture
def cle(tmp_path):
    chemin = tmp_path / "cle.txt"
    chemin.write_text(
        f"# publiée le 21 novembre 2026\n{build_signataire().cle_publique.to_texte()}\n"
    )
    return chemin


def test_dossier_entier_with_cle_gives_zero(fichier, cle, capsys):
    assert main(["verifier", str(fichier), "--cle", str(cle)]) == 0
    sortie = capsys.readouterr().out
    assert "Clé vérifiée" in sortie
    assert "dossier:44171" in sortie


def test_dossier_without_cle_says_cle_non_verifiee(fichier, capsys):
    assert main(["verifier", str(fichier)]) == 0
    sortie = capsys.readouterr().out
    assert "Clé non vérifiée" in sortie
    assert EMPREINTE in sortie


def test_dossier_abime_names_the_first_faute(fichier, capsys):
    octets = fichier.read_bytes()
    fichier.write_bytes(octets.replace(b"%PDF-1.7 decision", b"%PDF-1.7 decisioN"))
    assert main(["verifier", str(fichier)]) == 1
    assert "FAUTE – Archive : Le contenu de « documents/decision.pdf »" in (
        capsys.readouterr().out.replace("\xa0", " ")
    )


def test_each_octet_of_the_edges_gives_one(fichier):
    octets = fichier.read_bytes()
    for rang in [*range(4), *range(len(octets) - 22, len(octets))]:
        fichier.write_bytes(octets[:rang] + bytes([octets[rang] ^ 1]) + octets[rang + 1 :])
        assert main(["verifier", str(fichier)]) == 1, rang
    for reste in (40, len(octets) // 2, len(octets) - 23, len(octets) - 1):  # envoi interrompu
        fichier.write_bytes(octets[:reste])
        assert main(["verifier", str(fichier)]) == 1, reste


def test_cle_of_another_gives_one(fichier, tmp_path, capsys):
    autre = tmp_path / "autre.txt"
    autre.write_text(build_signataire(2).cle_publique.to_texte())
    assert main(["verifier", str(fichier), "--cle", str(autre)]) == 1
    assert "Aucune des clés connues" in capsys.readouterr().out


def test_fichier_inutilisable_gives_two(tmp_path, fichier, capsys):
    (tmp_path / "photo.png").write_bytes(b"\x89PNG" + bytes(100))
    (tmp_path / "vide.zip").write_bytes(b"")
    for nom in ("absent.zip", "photo.png", "vide.zip", "."):
        assert main(["verifier", str(tmp_path / nom)]) == 2
        assert "Vérification impossible" in capsys.readouterr().err
    assert main(["verifier", str(fichier), "--cle", str(tmp_path / "photo.png")]) == 2
    assert main(["verifier", str(fichier), "--autorite", str(tmp_path / "photo.png")]) == 2


def test_json_says_the_same(fichier, cle, capsys):
    assert main(["verifier", str(fichier), "--cle", str(cle), "--json"]) == 0
    rapport = json.loads(capsys.readouterr().out)
    assert (rapport["integre"], rapport["cle_verifiee"]) == (True, True)
    assert rapport["empreinte"] == EMPREINTE
    assert main(["verifier", str(fichier.parent), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["erreur"]


def test_commande_needs_neither_django_nor_base(fichier):
    code = (
        "import sys; from socle.serveur.preuve import main; "
        f"code = main(['verifier', {str(fichier)!r}]); "
        "lourds = {'django', 'psycopg'} & set(sys.modules); sys.exit(code or len(lourds))"
    )
    fini = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert fini.returncode == 0, fini.stdout + fini.stderr


def test_page_shows_what_the_code_does():
    page = RACINE / "docs" / "reference" / "normes-preuve.md"
    echecs, essais = doctest.testfile(str(page), module_relative=False, encoding="utf-8")

    assert (echecs, essais > 15) == (0, True)
