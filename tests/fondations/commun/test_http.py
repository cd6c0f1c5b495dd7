"""La porte vers le réseau, contre un vrai serveur local (celui des simulateurs)."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from socle.fondations.commun import http
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible

FIN = b"\r\n0\r\n\r\n"


@contextmanager
def serve(*morceaux: bytes, pause: float = 0.0) -> Iterator[tuple[str, list[bytes]]]:
    """Sert une réponse brute, morceau par morceau ; rend l’origine et les requêtes reçues."""
    recues: list[bytes] = []
    ecoute = socket.create_server(("127.0.0.1", 0))
    ecoute.settimeout(60)

    def run() -> None:
        while True:
            try:
                flux, _ = ecoute.accept()
            except OSError:
                return
            with flux:
                recues.append(flux.recv(65536))
                try:
                    for morceau in morceaux:
                        flux.sendall(morceau)
                        time.sleep(pause)
                except OSError:
                    pass

    fil = threading.Thread(target=run, daemon=True)
    fil.start()
    try:
        yield f"http://127.0.0.1:{ecoute.getsockname()[1]}", recues
    finally:
        ecoute.shutdown(socket.SHUT_RDWR)
        ecoute.close()
        fil.join(timeout=6)


@pytest.fixture
def sert(settings):
    """Sert des octets à une adresse que le bac à sable permet."""
    with ExitStack() as pile:

        def ouvre(
            *morceaux: bytes, pause: float = 0.0, chemin: str = ""
        ) -> tuple[str, list[bytes]]:
            origine, recues = pile.enter_context(serve(*morceaux, pause=pause))
            settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, origine + chemin
            return origine, recues

        yield ouvre


def get(origine: str, chemin: str = "/", **options) -> object:
    """Un échange complet, comme dans un connecteur."""
    with http.client(origine, **options) as client, http.translate_errors("L’API"):
        return http.read_objet(client.get(chemin))


def reponse(corps: bytes, entetes: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(corps)}\r\n{entetes}\r\n".encode() + corps


def test_client_reads_a_simulateur(sert):
    origine, recues = sert(reponse(b'{"bon": true}'))
    with http.client(origine, jeton="secret-long") as client:
        assert http.read_objet(client.get("/x")) == {"bon": True}

    assert b"authorization: bearer secret-long" in recues[0].lower()
    assert b"accept-encoding: identity" in recues[0].lower()
    assert b"user-agent: socle/" in recues[0].lower()


@pytest.mark.parametrize(
    "hote",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "[::1]", "[fe80::1]", "[fc00::1]", "[ff02::1]",
        "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::]",
    ],
)  # fmt: skip
def test_adresses_internes_are_refused(hote):
    with pytest.raises(http.AdresseRefusee):
        http.client(f"https://{hote}/")


@pytest.mark.parametrize("hote", ["localhost", "2130706433", "0x7f.1", "127.1"])
def test_noms_that_resolve_inside_are_refused_at_connection(hote):
    with http.client(f"http://{hote}:9/") as client, pytest.raises(http.AdresseRefusee):
        client.get("/")


@pytest.mark.parametrize(
    "adresse",
    ["ftp://exemple.fr/", "file:///etc/passwd", "https://", "https://a:b@exemple.fr/", "//x", "",
     "https://exemple.fr:port/", "https://[::1"],
)  # fmt: skip
def test_adresses_that_are_not_services_are_refused(adresse):
    with pytest.raises(http.AdresseRefusee):
        http.client(adresse)


def test_jeton_never_leaves_in_clear_nor_to_another_origin(sert):
    with pytest.raises(http.AdresseRefusee, match="en clair"):
        http.client("http://exemple.fr/", jeton="secret")
    origine, recues = sert(reponse(b"{}"))
    with pytest.raises(http.AdresseRefusee, match="vers un autre"):
        get(origine, "https://exemple.fr/vole", jeton="secret")
    assert recues == []


def test_simulateurs_exception_stops_at_their_prefix_and_at_the_bac_a_sable(sert, settings):
    origine, recues = sert(reponse(b"{}"), chemin="/simulateurs")
    with http.client(f"{origine}/simulateurs/api") as client:
        assert client.get("").status_code == 200
    for chemin in ("/sante/", "/simulateurs-faux/", "/simulateurs/../sante/",
                   "/simulateurs/%2e%2e/sante/"):  # fmt: skip
        with pytest.raises(http.AdresseRefusee):
            http.client(origine + chemin)
    settings.BAC_A_SABLE = False
    with pytest.raises(http.AdresseRefusee):
        http.client(f"{origine}/simulateurs/api")
    assert len(recues) == 1


def test_name_is_resolved_once_and_the_checked_address_is_used(monkeypatch):
    """Un nom qui change de réponse après la vérification (DNS rebinding) ne sert à rien."""
    demandes = []

    def repond(hote, port, **_):
        demandes.append(hote)
        ip = "203.0.114.7" if len(demandes) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    jointes = []
    monkeypatch.setattr(socket, "getaddrinfo", repond)
    monkeypatch.setattr(
        socket, "create_connection", lambda adresse, *a, **k: jointes.append(adresse) or refuse()
    )

    def refuse():
        raise ConnectionRefusedError

    with http.client("http://exemple.fr/") as client, pytest.raises(httpx.ConnectError):
        client.get("/")
    assert (demandes, jointes) == (["exemple.fr"], [("203.0.114.7", 80)])


def test_one_internal_address_among_several_refuses_all(monkeypatch):
    reponses = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("203.0.114.7", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: reponses)

    with http.client("http://exemple.fr/") as client, pytest.raises(http.AdresseRefusee):
        client.get("/")


def test_redirections_are_not_followed(sert):
    brute = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    origine, recues = sert(brute)
    with pytest.raises(ErreurConnecteur, match=r"L’API refuse la demande \(302\)"):
        get(origine)
    assert len(recues) == 1


@pytest.mark.parametrize(
    "brute",
    [
        reponse(b"x" * 2000),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2000 + FIN,
    ],
)  # fmt: skip
def test_reponse_trop_grande_is_cut(sert, brute):
    origine, _ = sert(brute)
    with http.client(origine, taille_max=1000) as client, pytest.raises(http.ReponseTropGrande):
        client.get("/")


def test_reponse_compressee_is_refused(sert):
    origine, _ = sert(reponse(b"x", "Content-Encoding: gzip\r\n"))
    with http.client(origine) as client, pytest.raises(ErreurConnecteur):
        client.get("/")


@pytest.mark.parametrize(
    "morceaux",
    [
        [b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n", *[b"x"] * 400],
        [b"H", b"T", b"T", b"P", b"/", b"1", b".", b"1", *[b" "] * 400],
    ],
)
def test_delai_covers_the_whole_exchange(sert, morceaux):
    """Un serveur qui répond octet par octet n’allonge pas l’attente."""
    origine, _ = sert(*morceaux, pause=0.1)
    debut = time.monotonic()
    with pytest.raises(SystemeIndisponible):
        get(origine, delai=0.5)
    assert time.monotonic() - debut < 20


@pytest.mark.parametrize(
    ("statut", "corps", "erreur"),
    [
        (503, b"", SystemeIndisponible),
        (429, b"", SystemeIndisponible),
        (400, b"", ErreurConnecteur),
        (200, b"[]", ErreurConnecteur),
        (200, b"<html>", ErreurConnecteur),
        (200, b"\xff\xfe", ErreurConnecteur),
    ],
)
def test_reponses_fausses_are_translated(sert, statut, corps, erreur):
    brute = f"HTTP/1.1 {statut} X\r\nContent-Length: {len(corps)}\r\n\r\n".encode() + corps
    origine, _ = sert(brute)
    with pytest.raises(ErreurConnecteur) as refus:
        get(origine)
    assert refus.type is erreur


@pytest.mark.parametrize(
    ("statut", "phrase"),
    [
        (503, "Le service ne répond pas en ce moment."),
        (500, "Le service ne répond pas en ce moment."),
        (429, "Le service reçoit trop de demandes."),
    ],
)
def test_panne_is_said_without_its_code_which_stays_in_the_trace(sert, caplog, statut, phrase):
    caplog.set_level(logging.INFO, logger="socle.http")
    origine, _ = sert(f"HTTP/1.1 {statut} X\r\nContent-Length: 0\r\n\r\n".encode())

    with (
        pytest.raises(SystemeIndisponible) as panne,
        http.translate_errors("Le service"),
        http.client(origine) as client,
    ):
        client.get("/").raise_for_status()

    assert str(panne.value) == phrase
    assert [trace.statut for trace in caplog.records if trace.name == "socle.http"] == [statut]


def test_panne_is_translated(sert):
    origine, _ = sert(b"")
    with pytest.raises(SystemeIndisponible):
        get(origine)


def test_trace_names_neither_path_nor_jeton(sert, caplog):
    caplog.set_level(logging.DEBUG, logger="socle.http")
    origine, _ = sert(reponse(b"{}"))
    with http.client(origine, jeton="secret-long") as client:
        client.get("/personnes/martin?nir=1")

    [trace] = [r for r in caplog.records if r.name == "socle.http"]
    assert (trace.hote, trace.methode, trace.statut) == ("127.0.0.1", "GET", 200)
    assert "martin" not in str(vars(trace))
    assert "secret" not in str(vars(trace))
