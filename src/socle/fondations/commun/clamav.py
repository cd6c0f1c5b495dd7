"""Client ClamAV : la commande INSTREAM, sur une socket locale ou réseau.

Source: manuel de clamd, « INSTREAM » (morceaux précédés de leur taille sur quatre octets).
"""

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible

DELAI = 60.0  # secondes sans réponse : une archive profonde prend du temps
MORCEAU = 256 * 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """Réponse de l’antivirus. `menace` est vide si rien n’est trouvé."""

    menace: str


class AnalyseImpossible(ErreurConnecteur):
    """L’antivirus a refusé d’analyser : trop gros, ou format qu’il ne lit pas."""


def scan(adresse: str, morceaux: Iterable[bytes]) -> Verdict:
    """Fait analyser un contenu, envoyé par morceaux.

    Args:
        adresse: « unix:/run/clamav/clamd.ctl » ou « tcp:127.0.0.1:3310 ».

    Raises:
        SystemeIndisponible: injoignable ou muet ; à relancer.
        AnalyseImpossible: refus de l’antivirus, le même à chaque essai.
    """
    with _connect(adresse) as prise:
        prise.sendall(b"zINSTREAM\0")
        try:
            for morceau in morceaux:
                prise.sendall(struct.pack(">I", len(morceau)) + morceau)
            prise.sendall(struct.pack(">I", 0))
        except BrokenPipeError:
            pass  # il coupe quand sa limite est passée, mais répond d’abord pourquoi
        reponse = _read_reponse(prise)
    etat = reponse.partition(": ")[2] or reponse
    if etat.endswith(" FOUND"):
        return Verdict(etat.removesuffix(" FOUND"))
    if etat == "OK":
        return Verdict("")
    if not reponse:
        raise SystemeIndisponible("L’antivirus a coupé sans répondre.")
    raise AnalyseImpossible(f"L’antivirus répond : {reponse}")


def check(adresse: str) -> str:
    """Rend la version de l’antivirus (« ClamAV 1.4.6/27000/… »).

    Raises:
        SystemeIndisponible: injoignable.
    """
    with _connect(adresse) as prise:
        prise.sendall(b"zVERSION\0")
        return _read_reponse(prise)


@contextmanager
def _connect(adresse: str) -> Iterator[socket.socket]:
    try:
        prise = _open_prise(adresse)
    except (OSError, ValueError) as cause:
        raise SystemeIndisponible("L’antivirus ne répond pas.") from cause
    try:
        yield prise
    except OSError as cause:
        raise SystemeIndisponible("L’antivirus a coupé la liaison.") from cause
    finally:
        prise.close()


def _open_prise(adresse: str) -> socket.socket:
    genre, _, ou = adresse.partition(":")
    if genre != "unix":
        hote, _, port = ou.rpartition(":")
        return socket.create_connection((hote, int(port)), timeout=DELAI)
    prise = socket.socket(socket.AF_UNIX)
    try:
        prise.settimeout(DELAI)
        prise.connect(ou)
    except OSError:
        prise.close()
        raise
    return prise


def _read_reponse(prise: socket.socket) -> str:
    recu = b""
    while not recu.endswith(b"\0") and len(recu) < 4096:
        try:
            morceau = prise.recv(4096)
        except ConnectionResetError:
            break
        if not morceau:
            break
        recu += morceau
    return recu.rstrip(b"\0").decode("utf-8", "replace").strip()
