"""`./socle gerer` : ne crée rien, dit ce qui manque, et parle français."""

import pytest

from socle.serveur.arguments import UsageIncorrect
from socle.serveur.base import Base, open_base
from socle.serveur.dossier import DossierDonnees
from socle.serveur.gerer import build_installation, main, read_donnees
from socle.serveur.migrations import forget_empreinte, is_current
from socle.serveur.postgres.roles import Acces, connect
from tests.serveur.outils import run_socle


def gerer(dossier, *arguments):
    return run_socle("gerer", "--donnees", str(dossier), *arguments)


def test_gerer_creates_no_installation(dossier):
    absent = dossier / "ailleurs"

    essai = gerer(absent, "agent", "inviter")

    assert essai.returncode == 1
    assert essai.stderr == (
        f"Erreur : Aucune installation dans {absent}.\n"
        "Donnez --donnees DOSSIER avant la commande, ou SOCLE_DONNEES.\n"
    )
    assert not absent.exists()


@pytest.mark.lent
def test_command_without_a_base_leaves_the_folder_empty(dossier, capsys):
    """Les migrations manquantes sont cherchées à part : Django y regarde la base."""
    essai = gerer(dossier, "makemigrations", "--check", "--dry-run")

    assert essai.returncode == 0, essai.stderr
    for commande in (["help"], ["fournisseur", "ajouter", "--help"]):
        assert main(["--donnees", str(dossier), *commande]) == 0, commande
        assert capsys.readouterr().out
    assert list(dossier.iterdir()) == []


@pytest.mark.lent
def test_old_schema_is_told_then_migrated(pret):
    donnees = pret.parent

    refus = gerer(donnees, "agent", "operateur", "--courriel", "a@exemple.fr")

    assert refus.returncode == 1
    assert "n’est pas à jour" in refus.stderr
    assert "./socle gerer migrate" in refus.stderr
    assert gerer(donnees, "migrate", "-v", "0").returncode == 0
    with open_base(DossierDonnees(donnees)) as base:
        url = base.acces.proprietaire_url
        assert is_current(url)
        # Une empreinte périmée sans migration à faire (verrous changés) n’arrête personne.
        forget_empreinte(url)
        essai = gerer(donnees, "agent", "operateur", "--courriel", "a@exemple.fr")
        assert (essai.returncode, essai.stderr) == (1, "Aucun compte d’agent sous ce courriel.\n")
        with connect(url) as connexion:
            connexion.execute("drop table comptes_compte cascade")
        panne = gerer(donnees, "agent", "operateur", "--courriel", "a@exemple.fr")
    assert panne.returncode == 1
    assert "La base de données a refusé" in panne.stderr
    assert "Traceback" not in panne.stderr


@pytest.mark.lent
def test_gestures_are_listed_in_french(pret):
    donnees = pret.parent
    assert gerer(donnees, "migrate", "-v", "0").returncode == 0

    sans_geste = gerer(donnees, "fournisseur")
    inconnue = gerer(donnees, "inconnue")

    assert sans_geste.returncode == 2
    assert sans_geste.stderr.startswith("Donnez un geste :\n  ajouter ")
    assert inconnue.returncode == 1
    assert inconnue.stderr.startswith("La commande « inconnue » n’existe pas.\n")
    assert "Type" not in inconnue.stderr


def test_list_of_commands_is_in_french(capsys):
    assert main(["help"]) == 0

    aide = capsys.readouterr().out
    assert "comptes : agent, fournisseur" in aide
    assert "Available subcommands" not in aide


@pytest.mark.parametrize(
    ("arguments", "attendu"),
    [
        (["--donnees", "/d", "migrate"], ("/d", ["migrate"])),
        (["--donnees=/d", "migrate"], ("/d", ["migrate"])),
        (["migrate", "--donnees", "/d"], ("", ["migrate", "--donnees", "/d"])),
        ([], ("", [])),
    ],
)
def test_folder_comes_before_the_command(arguments, attendu):
    assert read_donnees(arguments) == attendu


def test_folder_needs_a_value():
    with pytest.raises(UsageIncorrect, match="une valeur est attendue"):
        read_donnees(["--donnees"])


def test_port_is_the_one_of_the_running_server(dossier):
    donnees = DossierDonnees(dossier)
    donnees.prepare()
    assert donnees.find_port_servi() is None

    with donnees.lock_serveur(8123):
        assert donnees.find_port_servi() == 8123
        base = Base(Acces("", "postgresql://socle_app@/socle"), None)
        assert build_installation(donnees, base).adresse == "http://localhost:8123"
    assert donnees.find_port_servi() is None

    (donnees.etat / "serveur").write_text("8123")  # un serveur tué laisse son port
    assert donnees.find_port_servi() is None


@pytest.mark.lent
def test_backup_in_a_missing_folder_is_explained_in_french(pret):
    essai = run_socle(
        "sauvegarder", str(pret / "nulle" / "part.zip"), "--donnees", str(pret.parent)
    )

    assert essai.returncode == 1
    assert "ce dossier n’existe pas" in essai.stderr
    assert "No such file" not in essai.stderr
