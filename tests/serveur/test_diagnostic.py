"""Le diagnostic : chaque faute a son constat et sa suite."""

import json
import socket
import threading

import pytest

from socle.serveur import diagnostic
from socle.serveur.__main__ import main
from socle.serveur.diagnostic import Constat, Niveau
from socle.serveur.diagnostiquer import format_constat
from socle.serveur.dossier import DossierDonnees


def serve_once(reponse: bytes) -> int:
    """Ouvre un port qui répond une fois, et rend son numéro."""
    ecoute = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with ecoute:
            connexion, _ = ecoute.accept()
            with connexion:
                if reponse.startswith(b"PONG"):
                    connexion.recv(20)
                connexion.sendall(reponse)

    threading.Thread(target=answer, daemon=True).start()
    return int(ecoute.getsockname()[1])


def get(constats: list[Constat], partie: str) -> Constat:
    return next(constat for constat in constats if constat.partie == partie)


def test_empty_installation_is_not_a_failure(dossier, capsys):
    code = main(["diagnostiquer", "--donnees", str(dossier / "rien"), "--json"])

    constats = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (
        next(c for c in constats if c["partie"] == "données")["suite"] == "Lancez ./socle servir."
    )
    assert not (dossier / "rien").exists()


def test_open_keys_are_a_failure(dossier):
    donnees = DossierDonnees(dossier)
    donnees.prepare()
    donnees.read_secret_key()
    (donnees.cles / "secret_key").chmod(0o644)

    constat = diagnostic.check_cles(donnees)

    assert constat.niveau == Niveau.PANNE
    assert "secret_key" in constat.message


def test_full_disk_is_a_failure(dossier, monkeypatch):
    libre = type("Usage", (), {"free": 50_000_000})
    monkeypatch.setattr(diagnostic.shutil, "disk_usage", lambda _lieu: libre)

    assert diagnostic.check_place(DossierDonnees(dossier / "a" / "b")).niveau == Niveau.PANNE


def test_unreachable_base_is_a_failure(dossier, monkeypatch):
    (dossier / "etat").mkdir()
    monkeypatch.setenv("DATABASE_URL", "postgresql://x@127.0.0.1:1/x")

    constats = diagnostic.list_constats(DossierDonnees(dossier), 1)

    assert get(constats, "base").niveau == Niveau.PANNE
    assert get(constats, "base").suite


def test_new_base_needs_its_schema(dossier, installe):
    donnees = DossierDonnees(dossier)
    installe(donnees.postgres)
    donnees.prepare()

    constats = diagnostic.list_constats(donnees, 1)

    assert get(constats, "base").niveau == Niveau.BIEN
    assert get(constats, "schéma").niveau == Niveau.ATTENTION


@pytest.mark.parametrize(
    ("reponse", "niveau"), [(b"220 bonjour\r\n", Niveau.BIEN), (b"HTTP/1.1\r\n", Niveau.PANNE)]
)
def test_mail_server_is_asked(monkeypatch, reponse, niveau):
    monkeypatch.setenv("SOCLE_SMTP_HOTE", "127.0.0.1")
    monkeypatch.setenv("SOCLE_SMTP_PORT", str(serve_once(reponse)))

    assert get(diagnostic.check_exterieur(), "courriel").niveau == niveau


@pytest.mark.parametrize(
    ("reponse", "niveau"), [(b"PONG\0", Niveau.BIEN), (b"220 bonjour\r\n", Niveau.PANNE)]
)
def test_antivirus_is_asked(monkeypatch, reponse, niveau):
    monkeypatch.setenv("SOCLE_CLAMAV", f"tcp:127.0.0.1:{serve_once(reponse)}")

    assert get(diagnostic.check_exterieur(), "antivirus").niveau == niveau


def test_silent_neighbour_is_a_failure(monkeypatch):
    monkeypatch.setenv("SOCLE_CLAMAV", "unix:/nulle/part")

    assert get(diagnostic.check_exterieur(), "antivirus").niveau == Niveau.PANNE


def test_taken_port_is_seen():
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        # Un programme muet qui n’est pas Socle.
        constat = diagnostic.check_service(occupant.getsockname()[1])

    assert constat.niveau == Niveau.ATTENTION
    assert "autre programme" in constat.message


def test_constat_shows_what_to_do():
    constat = Constat("disque", Niveau.PANNE, "plein.", "Libérez de la place.")

    assert format_constat(constat).splitlines() == [
        "panne     disque : plein.",
        "          → Libérez de la place.",
    ]


def test_connector_line_becomes_a_constat():
    etat = {
        "code": "fc", "nom": "FranceConnect", "niveau": "panne", "message": "Secret refusé.",
        "suite": "Comparez.", "collectivites": ["Clamart"], "portee": "Clamart",
    }  # fmt: skip

    constat = diagnostic.read_etat(etat)

    assert format_constat(constat).splitlines() == [
        "panne     FranceConnect [Clamart] : Secret refusé.",
        "          → Comparez.",
    ]
    voisin = etat | {"code": "courriel", "nom": "Courriel", "collectivites": []}
    assert (diagnostic.read_etat(voisin).partie, diagnostic.read_etat(voisin).pour) == (
        "courriel", "",
    )  # fmt: skip
