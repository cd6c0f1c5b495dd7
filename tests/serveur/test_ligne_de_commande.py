"""La porte `./socle` : aide, codes de sortie, phrases et jamais de trace."""

import pytest

from socle.serveur.__main__ import COMMANDES, main
from socle.serveur.arguments import Analyseur, UsageIncorrect
from socle.serveur.console import format_duree, format_tableau, format_taille
from tests.serveur.outils import run_socle


def test_alone_shows_a_short_help(capsys):
    assert main([]) == 0

    aide = capsys.readouterr().out
    assert [nom for nom in COMMANDES if f"  {nom} " not in aide] == []
    assert len(aide.splitlines()) < 20


@pytest.mark.parametrize(
    ("arguments", "code", "phrase"),
    [
        (["inconnue"], 2, "La commande « inconnue » n’existe pas."),
        (["servir", "--port", "beaucoup"], 2, "--port : « beaucoup » ne convient pas."),
        (["servir", "--port", "70000"], 2, "--port : « 70000 » ne convient pas."),
        (["servir", "--vite"], 2, "Argument inconnu : --vite."),
        (["sauvegarder"], 2, "Il manque : FICHIER."),
        (["banc", "--duree"], 2, "--duree : une valeur est attendue."),
        (["restaurer", "/nulle/part.zip"], 1, "/nulle/part.zip n’existe pas."),
    ],
)
def test_mistake_is_one_sentence(arguments, code, phrase, capsys):
    assert main(arguments) == code

    dit = capsys.readouterr().err
    assert phrase in dit
    assert "Traceback" not in dit


@pytest.mark.parametrize("commande", [c for c in COMMANDES if c not in {"gerer", "preuve"}])
def test_help_is_in_french(commande, capsys):
    try:
        code = main([commande, "--help"])
    except SystemExit as fin:
        code = fin.code

    aide = capsys.readouterr().out
    assert code in {0, None}
    assert f"usage : ./socle {commande}" in aide
    assert "show this help" not in aide


@pytest.mark.parametrize(
    ("variable", "valeur", "phrase"),
    [
        ("SOCLE_BAC_A_SABLE", "1", "SOCLE_BAC_A_SABLE est activé"),
        ("SOCLE_DEBUG", "true", "SOCLE_DEBUG est activé"),
        ("SOCLE_SECRET_KEY", "court", "SOCLE_SECRET_KEY est vide"),
        ("SOCLE_SECRET_KEY", "", "SOCLE_SECRET_KEY est vide"),
        ("SOCLE_PORT", "http", "ce n’est pas un numéro de port"),
        ("SOCLE_PG_REGLAGES", "n'importe quoi", "SOCLE_PG_REGLAGES contient"),
        ("DATABASE_URL", "postgresql://x@127.0.0.1:1/x", "ne répond pas"),
        ("DATABASE_URL_FILE", "/nulle/part", "est illisible"),
    ],
)
def test_servir_refuses_by_name(variable, valeur, phrase, dossier, monkeypatch, capsys):
    monkeypatch.setenv(variable, valeur)

    code = main(
        ["servir", "--donnees", str(dossier), "--port", "8099"][: 3 if "PORT" in variable else 5]
    )

    assert code == 1
    assert phrase in capsys.readouterr().err


def test_servir_refuses_the_demonstration(dossier, capsys):
    (dossier / "etat").mkdir()
    (dossier / "etat" / "demonstration").touch()

    assert main(["servir", "--donnees", str(dossier)]) == 1
    assert "identités fictives" in capsys.readouterr().err


def test_demo_refuses_a_real_installation(dossier, capsys):
    (dossier / "postgres").mkdir()

    assert main(["demo", "--donnees", str(dossier)]) == 1
    assert "contient déjà une installation" in capsys.readouterr().err


def test_unusable_folder_is_explained(dossier, capsys):
    fichier = dossier / "fichier"
    fichier.touch()

    assert main(["servir", "--donnees", str(fichier / "donnees")]) == 1
    assert "est inutilisable" in capsys.readouterr().err


def test_closed_output_is_not_a_crash():
    essai = run_socle("--help")
    assert essai.returncode == 0
    assert essai.stderr == ""


def test_analyseur_never_guesses_an_option():
    analyseur = Analyseur("essai", "")
    analyseur.add_argument("--donnees")

    with pytest.raises(UsageIncorrect, match="inconnu"):
        analyseur.parse_args(["--don", "x"])


@pytest.mark.parametrize(
    ("secondes", "texte"), [(0.4312, "0,43"), (12.34, "12,3"), (125, "2 min 05")]
)
def test_durees_are_readable(secondes, texte):
    assert format_duree(secondes).startswith(texte)


@pytest.mark.parametrize(("octets", "texte"), [(12, "12"), (12_400, "12,4"), (3e9, "3,0")])
def test_tailles_are_readable(octets, texte):
    assert format_taille(octets).startswith(texte)


def test_tableau_is_aligned():
    assert format_tableau(("point", "n"), [("accueil", "5"), ("liste", "12")]).splitlines() == [
        "point     n",
        "───────  ──",
        "accueil   5",
        "liste    12",
    ]
