"""Écrire un graphe en Turtle 1.1."""

import re
from collections.abc import Iterable, Iterator

from socle.normes.dcat.graphe import PREFIXES, Litteral, Noeud, Objet, Ref

TYPE_MIME, SUFFIXE = "text/turtle", ".ttl"
_A_ECHAPPER = re.compile('[\\\\"\n\r\t]')
_ECHAPPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_turtle(noeuds: Iterable[Noeud]) -> Iterator[str]:
    """Rend le document par morceaux ; adresses valides, textes sans signe interdit."""
    for prefixe, uri in PREFIXES.items():
        yield f"@prefix {prefixe}: <{uri}> .\n"
    for noeud in noeuds:
        yield f"\n{_write_noeud(noeud)}"


def _write_noeud(noeud: Noeud) -> str:
    return f"<{noeud.uri}> " + " ;\n    ".join(_list_parties(noeud)) + " .\n"


def _list_parties(noeud: Noeud) -> Iterator[str]:
    if noeud.types:
        yield f"a {', '.join(noeud.types)}"
    for predicat, objets in noeud.proprietes:
        yield f"{predicat} {', '.join(map(_write_objet, objets))}"


def _write_objet(objet: Objet) -> str:
    if isinstance(objet, Ref):
        return f"<{objet.uri}>"
    if isinstance(objet, Litteral):
        texte = _A_ECHAPPER.sub(lambda signe: _ECHAPPES[signe[0]], objet.texte)
        if objet.langue:
            return f'"{texte}"@{objet.langue}'
        return f'"{texte}"^^{objet.type}' if objet.type else f'"{texte}"'
    return f"[ {' ; '.join(_list_parties(objet))} ]"
