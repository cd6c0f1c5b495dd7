"""Ce qu’un tableur ouvre sans surprise : CSV à la française, aucun texte pris pour une formule."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

FORMULE = re.compile(r"^\s*[=+\-@\t\r]")
MARQUE = b"\xef\xbb\xbf"


def neutralize(valeur: Any) -> Any:
    """Désamorce un texte qu’un tableur prendrait pour une formule (OWASP, CSV injection).

    Les nombres restent des nombres ; un texte qui commence par = + - @ reçoit une apostrophe.
    """
    return f"'{valeur}" if isinstance(valeur, str) and FORMULE.match(valeur) else valeur


def iter_csv(lignes: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rend le CSV par morceaux : UTF-8 avec marque et point-virgule, comme l’attend un tableur."""
    tampon = io.StringIO()
    ecriture = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    yield MARQUE
    for ligne in lignes:
        ecriture.writerow([neutralize(valeur) for valeur in ligne])
        yield tampon.getvalue().encode()
        tampon.seek(0)
        tampon.truncate()
