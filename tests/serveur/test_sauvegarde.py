"""Sauvegarder, restaurer : tout ou rien, et le moindre octet changé se voit."""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from socle.serveur.base import open_base
from socle.serveur.diagnostic import Niveau, check_cles
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres.embarque import PostgresEmbarque
from socle.serveur.postgres.grappe import write_secret
from socle.serveur.postgres.roles import connect
from socle.serveur.restaurer import check_restauration, restore
from socle.serveur.restaurer import main as restaurer
from socle.serveur.sauvegarde import cles
from socle.serveur.sauvegarde.archive import MANIFESTE, open_archive, write_archive
from socle.serveur.sauvegarder import main as sauvegarder
from socle.serveur.sauvegarder import save
from tests.serveur.outils import wait_until
from tests.serveur.postgres.test_roles import TABLE

pytestmark = pytest.mark.timeout(300)
MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PHRASE = "cantine quotient mairie clamart"
IMMUABLE = """
create function refuse() returns trigger language plpgsql as
  $$begin raise exception 'le journal ne se change pas'; end$$;
create table journal (n int generated always as identity primary key, dit text);
create trigger immuable before update or delete on journal
  for each row execute function refuse();
insert into journal (dit) values ('un'), ('deux');
revoke update, delete on journal from socle_app;
"""


@pytest.fixture(scope="module")
def mairie(grappe: Path) -> Iterator[Path]:
    """Dossier d’une installation (deux tables, un document, un dépôt en cours) et son archive."""
    racine = Path(tempfile.mkdtemp(prefix="socle-mairie-"))
    racine.chmod(0o711)
    donnees = DossierDonnees(racine / "mairie")
    donnees.prepare()
    subprocess.run(["cp", "-a", str(grappe), str(donnees.postgres)], check=True)
    with open_base(donnees) as base, connect(base.acces.proprietaire_url) as connexion:
        connexion.execute(TABLE + IMMUABLE)
    document = donnees.documents / "ab" / "abcd"
    document.parent.mkdir()
    document.write_bytes(os.urandom(300_000))
    (donnees.documents / "en-cours").mkdir()
    (donnees.documents / "en-cours" / "depot").touch()
    write_secret(donnees.cles / "champs", "clé de chiffrement")
    donnees.read_secret_key()
    save(donnees, racine / "mairie.zip", phrase=PHRASE, maintenant=MAINTENANT)
    yield racine
    shutil.rmtree(racine, ignore_errors=True)


@pytest.fixture
def installation(mairie: Path, dossier: Path) -> DossierDonnees:
    """Copie de l’installation, à changer sans crainte."""
    subprocess.run(["cp", "-a", str(mairie / "mairie"), str(dossier / "mairie")], check=True)
    return DossierDonnees(dossier / "mairie")


@pytest.fixture
def archive(mairie: Path) -> Path:
    return mairie / "mairie.zip"


def read_textes(donnees: DossierDonnees) -> list[str]:
    with open_base(donnees) as base, connect(base.acces.proprietaire_url) as connexion:
        return [t for (t,) in connexion.execute("select texte from ligne order by 1")]


def test_restored_installation_is_the_same_and_stays_locked(
    installation, archive, dossier, monkeypatch, capsys
):
    monkeypatch.setenv("SOCLE_PHRASE", PHRASE)
    neuf = DossierDonnees(dossier / "neuf")

    assert restaurer([str(archive), "--donnees", str(neuf.chemin)]) == 0

    assert "4 lignes, 1 documents, vérifiés" in capsys.readouterr().out
    document = neuf.documents / "ab" / "abcd"
    assert document.read_bytes() == (installation.documents / "ab" / "abcd").read_bytes()
    assert (neuf.cles / "champs").read_text() == "clé de chiffrement"
    assert (neuf.cles / "champs").stat().st_mode & 0o077 == 0
    assert check_cles(neuf).niveau == Niveau.BIEN
    with open_base(neuf) as base:
        with connect(base.acces.proprietaire_url) as connexion:
            textes = [t for (t,) in connexion.execute("select texte from ligne order by 1")]
        assert textes == ["Clamart", "Vanves"]
        with psycopg.connect(base.acces.app_url) as connexion:
            assert connexion.execute("select count(*) from ligne").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connexion.execute("delete from journal")
        with (
            connect(base.acces.proprietaire_url) as connexion,
            pytest.raises(psycopg.errors.RaiseException, match="ne se change pas"),
        ):
            connexion.execute("delete from journal")


def test_manifeste_describes_everything(archive):
    with open_archive(archive) as lecture:
        manifeste = lecture.manifeste

    assert manifeste.tables == {"journal": 2, "ligne": 2}
    assert sorted(manifeste.fichiers) == ["base.dump", "cles.chiffre", "documents/ab/abcd"]
    assert manifeste.cree_le == "2026-11-21T09:30:00+00:00"
    assert manifeste.fichiers["documents/ab/abcd"]["taille"] == 300_000


def test_archive_is_readable_by_us_only(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


def test_keys_stay_out_without_a_phrase(installation, dossier, capsys):
    fichier = dossier / "sans.zip"
    (installation.etat / cles.MARQUE).unlink()

    assert sauvegarder([str(fichier), "--donnees", str(installation.chemin)]) == 0

    with open_archive(fichier) as lecture:
        assert sorted(lecture.manifeste.fichiers) == ["base.dump", "documents/ab/abcd"]
    assert "Les clés n’y sont pas" in capsys.readouterr().err
    assert check_cles(installation).niveau == Niveau.ATTENTION


def test_saved_keys_are_known_until_they_change(installation, archive):
    avant = check_cles(installation).niveau

    (installation.cles / "champs").write_text("clé tournée")

    assert (avant, check_cles(installation).niveau) == (Niveau.BIEN, Niveau.ATTENTION)


@pytest.mark.parametrize("position", [0.01, 0.2, 0.5, 0.8, 0.99])
def test_changed_byte_is_seen(archive, dossier, position):
    contenu = bytearray(archive.read_bytes())
    contenu[int(len(contenu) * position)] ^= 1
    abimee = dossier / "abimee.zip"
    abimee.write_bytes(contenu)

    with pytest.raises(ErreurServeur, match="abîmé"), open_archive(abimee) as lecture:
        check_restauration(lecture, DossierDonnees(dossier / "neuf"))


@pytest.mark.parametrize("reste", [0.0, 0.3, 0.9, 0.999])
def test_truncated_archive_is_refused(archive, dossier, reste):
    coupee = dossier / "coupee.zip"
    contenu = archive.read_bytes()
    coupee.write_bytes(contenu[: int(len(contenu) * reste)])

    with pytest.raises(ErreurServeur, match="abîmé"), open_archive(coupee):
        pass


def rewrite(archive: Path, cible: Path, change) -> Path:
    """Refait une archive dont `change(noms → octets)` a modifié le contenu."""
    with zipfile.ZipFile(archive) as source:
        contenu = {nom: source.read(nom) for nom in source.namelist()}
    change(contenu)
    with zipfile.ZipFile(cible, "w") as sortie:
        for nom, octets in contenu.items():
            sortie.writestr(nom, octets)
    return cible


@pytest.mark.parametrize(
    "nom", ["../evade", "/etc/evade", "documents/../../evade", "documents\\evade", "a//b"]
)
def test_hostile_name_is_refused(archive, dossier, nom):
    def change(contenu: dict[str, bytes]) -> None:
        manifeste = json.loads(contenu[MANIFESTE])
        contenu[nom] = b"x"
        manifeste["fichiers"][nom] = {"taille": 1, "sha256": "0"}
        contenu[MANIFESTE] = json.dumps(manifeste).encode()

    hostile = rewrite(archive, dossier / "hostile.zip", change)

    with pytest.raises(ErreurServeur, match="abîmé"), open_archive(hostile):
        pass


def test_undeclared_file_is_refused(archive, dossier):
    hostile = rewrite(archive, dossier / "plus.zip", lambda c: c.update({"en-plus": b"x"}))

    with pytest.raises(ErreurServeur, match="abîmé"), open_archive(hostile):
        pass


def test_compressed_bomb_is_refused(dossier):
    bombe = dossier / "bombe.zip"
    with zipfile.ZipFile(bombe, "w", zipfile.ZIP_DEFLATED) as sortie:
        sortie.writestr("base.dump", b"0" * 10_000_000)
        fiche = {"base.dump": {"taille": 10_000_000, "sha256": "0"}}
        manifeste = {"socle": "", "cree_le": "", "postgresql": "", "roles": {}, "tables": {}}
        manifeste |= {"fichiers": fiche, "format": "socle-sauvegarde", "version_format": 1}
        sortie.writestr(MANIFESTE, json.dumps(manifeste))

    with pytest.raises(ErreurServeur, match="abîmé"), open_archive(bombe):
        pass


def test_archive_of_the_future_is_refused(archive, dossier):
    def change(contenu: dict[str, bytes]) -> None:
        manifeste = json.loads(contenu[MANIFESTE]) | {"version_format": 99}
        contenu[MANIFESTE] = json.dumps(manifeste).encode()

    future = rewrite(archive, dossier / "future.zip", change)

    with pytest.raises(ErreurServeur, match="plus récente"), open_archive(future):
        pass


@pytest.mark.lent
def test_wrong_row_count_keeps_nothing(archive, dossier):
    def change(contenu: dict[str, bytes]) -> None:
        manifeste = json.loads(contenu[MANIFESTE])
        manifeste["tables"]["ligne"] = 3
        contenu[MANIFESTE] = json.dumps(manifeste).encode()

    fausse = rewrite(archive, dossier / "fausse.zip", change)
    neuf = DossierDonnees(dossier / "neuf")

    with pytest.raises(ErreurServeur, match="ne sont pas celles"), open_archive(fausse) as lecture:
        restore(lecture, neuf, cles_restituees={})

    assert not neuf.chemin.exists()
    assert list(dossier.glob(".neuf*")) == []


def test_occupied_folder_is_refused(archive, installation, capsys):
    with pytest.raises(ErreurServeur, match="n’est pas vide"):
        restaurer([str(archive), "--donnees", str(installation.chemin)])

    assert read_textes(installation) == ["Clamart", "Vanves"]


def test_other_role_names_are_refused(archive, dossier, monkeypatch):
    monkeypatch.setenv("SOCLE_ROLE_APP", "autre_app")

    with pytest.raises(ErreurServeur, match="autres noms de rôles"):
        restaurer([str(archive), "--donnees", str(dossier / "neuf")])


def test_existing_archive_is_not_overwritten(archive, installation):
    avant = archive.read_bytes()

    with pytest.raises(ErreurServeur, match="existe déjà"):
        save(installation, archive, phrase="", maintenant=MAINTENANT)

    assert archive.read_bytes() == avant


def test_failed_writing_leaves_nothing(dossier):
    def write() -> None:
        with write_archive(dossier / "x.zip") as archive:
            archive.add_flux("a", io.BytesIO(b"a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()

    assert list(dossier.iterdir()) == []


@pytest.mark.parametrize("phrase", ["", "courte"])
def test_weak_phrase_is_refused(phrase, monkeypatch):
    monkeypatch.setenv("SOCLE_PHRASE", phrase)

    with pytest.raises(ErreurServeur, match="phrase"):
        cles.ask_phrase(None, confirmer=True)


def test_wrong_phrase_is_refused(archive, dossier, monkeypatch):
    monkeypatch.setenv("SOCLE_PHRASE", "une tout autre phrase")

    with pytest.raises(ErreurServeur, match="n’est pas la bonne"):
        restaurer([str(archive), "--donnees", str(dossier / "neuf")])

    assert not (dossier / "neuf").exists()


@pytest.mark.lent
def test_restoring_without_keys_says_so(archive, dossier, capsys):
    assert restaurer([str(archive), "--donnees", str(dossier / "neuf"), "--sans-cles"]) == 0
    assert "champs chiffrés resteront illisibles" in capsys.readouterr().err


def test_costly_parameters_are_refused(installation):
    enveloppe = json.loads(cles.encrypt_cles(installation.cles, PHRASE)) | {"n": 2**30}

    with pytest.raises(ErreurServeur, match="illisibles"):
        cles.decrypt_cles(json.dumps(enveloppe).encode(), PHRASE)


def test_keys_cannot_be_written_elsewhere(tmp_path):
    with pytest.raises(ErreurServeur, match="interdit"):
        cles.write_cles({"../evade": b"x"}, tmp_path / "cles")


def test_other_keys_are_never_replaced(tmp_path):
    (tmp_path / "champs").write_text("en service")

    with pytest.raises(ErreurServeur, match="est déjà dans"):
        cles.write_cles({"champs": b"ancienne"}, tmp_path)

    assert (tmp_path / "champs").read_text() == "en service"


def test_database_password_stays_with_its_server(installation):
    assert sorted(cles.read_cles(installation.cles)) == ["champs", "secret_key"]


@pytest.mark.lent
def test_ordinary_owner_must_see_every_row(installation, dossier, monkeypatch, pret):
    """Serveur extérieur : une table qui cacherait ses lignes arrête la sauvegarde."""
    with PostgresEmbarque(pret, durable=False) as exterieur:
        with connect(exterieur.url()) as connexion:
            connexion.execute("create role mairie login createrole password 'essai'")
            connexion.execute("create database mairie owner mairie")
        monkeypatch.setenv("DATABASE_URL", exterieur.url("mairie", "mairie", "essai"))
        donnees = DossierDonnees(dossier / "exterieur")
        with open_base(donnees) as base, connect(base.acces.proprietaire_url) as connexion:
            connexion.execute(TABLE)
            bonne = save(donnees, dossier / "ok.zip", phrase="", maintenant=MAINTENANT)
            connexion.execute("drop policy ligne_proprietaire on ligne")

            with pytest.raises(ErreurServeur, match="ne verrait pas toutes les lignes de : ligne"):
                save(donnees, dossier / "non.zip", phrase="", maintenant=MAINTENANT)

        monkeypatch.delenv("DATABASE_URL")
        with open_archive(dossier / "ok.zip") as lecture:
            restore(lecture, DossierDonnees(dossier / "neuf"), cles_restituees={})

    assert bonne.tables == {"ligne": 2}
    assert not (dossier / "non.zip").exists()
    assert read_textes(DossierDonnees(dossier / "neuf")) == ["Clamart", "Vanves"]


@pytest.mark.lent
def test_killed_restauration_leaves_nothing_to_the_next_one(archive, dossier, monkeypatch):
    monkeypatch.setenv("SOCLE_PHRASE", PHRASE)
    neuf = dossier / "neuf"
    tue = subprocess.Popen(
        [*(sys.executable, "-P", "-m", "socle.serveur"),
         *("restaurer", str(archive), "--donnees", str(neuf))],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert wait_until(lambda: any(dossier.glob(".neuf.*/postgres/pg*/postmaster.pid")))
    tue.kill()
    tue.wait()
    assert list(dossier.glob(".neuf.*")) != []

    assert restaurer([str(archive), "--donnees", str(neuf)]) == 0

    assert [chemin.name for chemin in dossier.iterdir()] == ["neuf"]
    assert read_textes(DossierDonnees(neuf)) == ["Clamart", "Vanves"]
