"""Les adresses d’un catalogue : absolues, http ou https, en ASCII, lisibles par tout moissonneur.

Source : RFC 3986. Une adresse qui n’en suit pas la forme (« https://[ ») rend tout le fichier
RDF/XML illisible à certains lecteurs.
"""

import re
from urllib.parse import quote, urlsplit

_URL = re.compile(
    r"https?://(?:[!#$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]|%[0-9A-Fa-f]{2})+", re.IGNORECASE
)
_HOTE = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?|[0-9a-f:.]*:[0-9a-f:.]*")
_POURCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def is_adresse(uri: str) -> bool:
    """Dit si c’est une adresse entière ; elle ne lève rien, quel que soit le texte."""
    if not _URL.fullmatch(uri) or uri.count("#") > 1:
        return False
    try:
        lue = urlsplit(uri)
        return bool(_HOTE.fullmatch(lue.hostname or "")) and lue.port != 0
    except ValueError:
        return False


def propose_adresse(uri: str) -> str:
    """Dit quoi écrire : l’adresse corrigée s’il n’y en a qu’une, sinon sa forme."""
    try:
        propose = _POURCENT.sub("%25", quote(_write_hote(uri.strip()), safe="!#$%&'()*+,/:;=?@[]~"))
    except ValueError:
        propose = ""
    if len(propose) <= 200 and is_adresse(propose):
        return f"Écrivez {propose}"
    return "Écrivez une adresse entière, qui commence par https://."


def _write_hote(uri: str) -> str:
    """Le nom du site en ASCII : « münchen.de » s’écrit « xn--mnchen-3ya.de »."""
    hote = urlsplit(uri).hostname or ""
    return uri if hote.isascii() else uri.replace(hote, hote.encode("idna").decode(), 1)
