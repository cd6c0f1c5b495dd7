"""Le service entier, dans de vrais processus : démarrage, pannes, arrêt."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from socle.serveur import migrations
from socle.serveur.base import open_base
from socle.serveur.diagnostic import Niveau, list_constats
from socle.serveur.dossier import DossierDonnees
from socle.serveur.ports import find_port_libre
from socle.serveur.postgres import processus
from socle.serveur.postgres.roles import change_url, connect
from socle.serveur.sauvegarde import base_sql
from tests.base_essais import prepare_modele
from tests.serveur.outils import ServeurLance, is_running, run_socle, wait_until

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def modele(grappe: Path) -> Iterator[Path]:
    """Données d’une installation déjà migrée, à copier : la base des essais, restaurée."""
    chemin = Path(tempfile.mkdtemp(prefix="socle-service-"))
    chemin.chmod(0o711)
    donnees = DossierDonnees(chemin / "donnees")
    donnees.prepare()
    subprocess.run(["cp", "-a", str(grappe), str(donnees.postgres)], check=True)
    essais, nom = prepare_modele()
    source = change_url(essais.proprietaire_url, base=nom)
    with base_sql.open_instantane(source) as (_, instantane):
        base_sql.dump(source, chemin / "base.dump", instantane=instantane)
    with open_base(donnees, reglages={"fsync": "off"}) as base:
        base_sql.restore(base.acces.proprietaire_url, chemin / "base.dump")
        migrations.record_empreinte(base.acces.proprietaire_url)
    donnees.read_secret_key()
    yield donnees.chemin
    shutil.rmtree(chemin, ignore_errors=True)


@pytest.fixture
def donnees(modele: Path, dossier: Path) -> Path:
    """Copie d’une installation migrée."""
    subprocess.run(["cp", "-a", str(modele), str(dossier / "donnees")], check=True)
    return dossier / "donnees"


@pytest.fixture
def serveur(donnees: Path) -> Iterator[ServeurLance]:
    """Serveur à soi, que l’essai peut maltraiter."""
    with run_serveur(donnees) as serveur:
        yield serveur


@pytest.fixture(scope="module")
def partage(modele: Path) -> Iterator[ServeurLance]:
    """Serveur que plusieurs essais ne font que regarder."""
    donnees = modele.with_name("partage")
    subprocess.run(["cp", "-a", str(modele), str(donnees)], check=True)
    with run_serveur(donnees) as serveur:
        yield serveur.wait()


@contextmanager
def run_serveur(donnees: Path) -> Iterator[ServeurLance]:
    serveur = ServeurLance(donnees)
    try:
        yield serveur
    finally:
        if serveur.stop() != 0:
            grappe = next((donnees / "postgres").glob("pg[0-9]*"))
            wait_until(lambda: not processus.list_orphelins(grappe))
            with open_base(DossierDonnees(donnees)):
                pass  # la base restée sans usager s’arrête avec celui-ci


def test_servir_updates_answers_logs_and_stops_cleanly(donnees):
    """Le premier démarrage : clé tirée, schéma mis à jour, journal, et plus rien après."""
    dossier = DossierDonnees(donnees)
    (dossier.cles / "secret_key").unlink()
    with open_base(dossier) as base:
        migrations.forget_empreinte(base.acces.proprietaire_url)
    with run_serveur(donnees) as serveur:
        check_serveur(serveur)
    with open_base(dossier) as base:
        assert migrations.is_current(base.acces.proprietaire_url)
    assert (dossier.cles / "secret_key").stat().st_mode & 0o777 == 0o600
    assert dossier.read_secret_key() == dossier.read_secret_key()
    assert len(dossier.read_secret_key()) >= 32


def check_serveur(serveur: ServeurLance) -> None:
    serveur.wait()
    familles = serveur.list_processus()
    lignes = [json.loads(ligne) for ligne in serveur.read_journal().splitlines() if ligne[0] == "{"]

    code = serveur.stop()

    assert code == 0
    assert [requete["statut"] for requete in lignes if requete.get("route", "").endswith("sante")]
    assert len(familles) > 5
    assert [pid for pid in familles if is_running(pid)] == []
    assert serveur.read_journal().count("Base de données mise à jour") == 1
    assert "Communes de France chargées" not in serveur.read_journal()  # elles y étaient
    assert serveur.read_journal().endswith("Socle est arrêté.\n")


@pytest.mark.lent
def test_ctrl_c_stops_cleanly_and_nothing_is_updated_again(serveur):
    serveur.wait()
    assert serveur.stop(signal.SIGINT) == 0
    assert "Base de données mise à jour" not in serveur.read_journal()


@pytest.mark.lent
def test_empty_folder_becomes_an_installation(dossier):
    """De rien : grappe, rôles, toutes les migrations, puis le service."""
    with run_serveur(dossier / "neuve") as serveur:
        serveur.wait()
        assert "Base de données mise à jour" in serveur.read_journal()
    with open_base(DossierDonnees(dossier / "neuve")) as base:
        assert migrations.list_inconnues(base.acces.proprietaire_url) == []
        assert migrations.is_current(base.acces.proprietaire_url)


def test_taken_port_is_explained(donnees):
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()
        port = str(occupant.getsockname()[1])

        essai = run_socle("servir", "--donnees", str(donnees), "--port", port)

    assert essai.returncode == 1
    assert f"Le port {port} est déjà pris" in essai.stderr


@pytest.mark.lent
def test_second_serveur_on_same_data_is_refused(partage):
    essai = run_socle("servir", "--donnees", str(partage.donnees), "--port", str(find_port_libre()))

    assert essai.returncode == 1
    assert f"Socle tourne déjà sur ces données, sur le port {partage.port}" in essai.stderr


@pytest.mark.lent
def test_diagnostic_sees_a_running_service(partage):
    constats = list_constats(DossierDonnees(partage.donnees), partage.port)

    etats = {constat.partie: constat.niveau for constat in constats}
    assert etats["service"] == Niveau.BIEN
    assert etats["base"] == Niveau.BIEN
    assert etats["schéma"] == Niveau.BIEN
    assert etats["clés"] == Niveau.ATTENTION  # jamais sauvegardées
    muets = {Niveau.BIEN, Niveau.INACTIF}  # rien à faire
    assert [c.partie for c in constats if c.niveau not in muets and not c.suite] == []


@pytest.mark.lent
def test_newer_schema_is_refused(donnees):
    with open_base(DossierDonnees(donnees)) as base, connect(base.acces.proprietaire_url) as c:
        c.execute(
            "insert into django_migrations (app, name, applied)"
            " values ('commun', '9999_du_futur', now())"
        )
        c.execute("delete from socle_schema")

    essai = run_socle("servir", "--donnees", str(donnees), "--port", str(find_port_libre()))

    assert essai.returncode == 1
    assert "plus récente de Socle (migration inconnue : commun.9999_du_futur)" in essai.stderr


@pytest.mark.lent
def test_schema_state_is_kept_in_the_database(donnees):
    with open_base(DossierDonnees(donnees)) as base:
        url = base.acces.proprietaire_url
        assert migrations.is_current(url)
        with connect(url) as connexion:
            connexion.execute("update socle_schema set empreinte = 'ancienne'")
        assert not migrations.is_current(url)
        assert migrations.list_inconnues(url) == []


@pytest.mark.lent
def test_gerer_uses_the_role_of_the_app_and_refuses_an_unknown_command(donnees):
    """Deux commandes, une seule base ouverte : chacune la rejoint."""
    code = (
        "from django.db import connection as c; k = c.cursor(); k.execute('select current_user');"
        " print(k.fetchone()[0])"
    )
    with open_base(DossierDonnees(donnees)):
        env = {"SOCLE_DONNEES": str(donnees)}
        essai = run_socle("gerer", "shell", "-v", "0", "-c", code, env=env)
        refus = run_socle("gerer", "inconnue", env=env)

    assert (essai.returncode, essai.stdout) == (0, "socle_app\n")
    assert refus.returncode == 1
    assert "Traceback" not in refus.stderr


@pytest.mark.lent
def test_killed_service_restarts_at_once(serveur):
    serveur.wait()
    familles = serveur.list_processus()
    serveur.processus.kill()
    serveur.processus.wait()

    suivant = ServeurLance(serveur.donnees, serveur.port).wait()

    assert suivant.stop() == 0
    assert wait_until(lambda: not any(is_running(pid) for pid in familles))


@pytest.mark.lent
@pytest.mark.parametrize("qui", ["postgres", "socle-atelier", "socle-web", "socle-taches"])
def test_killed_part_comes_back(serveur, qui):
    serveur.wait()
    victime = serveur.find_processus(qui)[0]

    os.kill(victime, signal.SIGKILL)

    assert wait_until(lambda: not is_running(victime))
    assert wait_until(serveur.is_pret), serveur.read_journal()
    assert wait_until(lambda: [pid for pid in serveur.find_processus(qui) if pid != victime])
    assert serveur.stop() == 0


@pytest.mark.lent
def test_external_server_is_used(donnees, dossier, monkeypatch):
    """`DATABASE_URL` : un PostgreSQL 15 de Debian et un propriétaire ordinaire."""
    debian = Path("/usr/lib/postgresql/15/bin")
    if not debian.exists():
        pytest.skip("PostgreSQL 15 absent (apt install postgresql-15)")
    from socle.serveur.postgres.embarque import PostgresEmbarque

    monkeypatch.setenv("SOCLE_PG_BIN", str(debian))
    with PostgresEmbarque(dossier / "pg15", durable=False) as exterieur:
        with psycopg.connect(exterieur.url(), autocommit=True) as connexion:
            connexion.execute("create role mairie login createrole password 'essai'")
            connexion.execute("create database mairie owner mairie")
        serveur = ServeurLance(
            dossier / "neuf", DATABASE_URL=exterieur.url("mairie", "mairie", "essai")
        )
        try:
            serveur.wait()
        finally:
            code = serveur.stop()

    assert code == 0
    assert not (dossier / "neuf" / "postgres").exists()
