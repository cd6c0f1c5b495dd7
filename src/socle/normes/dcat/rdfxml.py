"""Écrire un graphe en RDF/XML 1.1."""

from collections.abc import Iterable, Iterator

from socle.normes.dcat.graphe import PREFIXES, Litteral, Noeud, Objet, Ref, expand

TYPE_MIME, SUFFIXE = "application/rdf+xml", ".xml"
_ECHAPPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
)  # un retour chariot nu serait lu comme un saut de ligne


def write_rdfxml(noeuds: Iterable[Noeud]) -> Iterator[str]:
    """Rend le document par morceaux ; textes sans signe interdit en XML."""
    espaces = "".join(f'\n  xmlns:{prefixe}="{uri}"' for prefixe, uri in PREFIXES.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{espaces}>\n'
    for noeud in noeuds:
        yield "\n".join(_write_noeud(noeud, "")) + "\n"
    yield "</rdf:RDF>\n"


def _write_noeud(noeud: Noeud, retrait: str) -> Iterator[str]:
    about = f' rdf:about="{noeud.uri.translate(_ECHAPPES)}"' if noeud.uri else ""
    yield f"{retrait}<rdf:Description{about}>"
    for type_ in noeud.types:
        yield f'{retrait}  <rdf:type rdf:resource="{expand(type_)}"/>'
    for predicat, objets in noeud.proprietes:
        for objet in objets:
            yield from _write_objet(predicat, objet, f"{retrait}  ")
    yield f"{retrait}</rdf:Description>"


def _write_objet(predicat: str, objet: Objet, retrait: str) -> Iterator[str]:
    if isinstance(objet, Ref):
        yield f'{retrait}<{predicat} rdf:resource="{objet.uri.translate(_ECHAPPES)}"/>'
    elif isinstance(objet, Litteral):
        attribut = f' xml:lang="{objet.langue}"' if objet.langue else ""
        if objet.type:
            attribut = f' rdf:datatype="{expand(objet.type)}"'
        yield f"{retrait}<{predicat}{attribut}>{objet.texte.translate(_ECHAPPES)}</{predicat}>"
    else:
        yield f"{retrait}<{predicat}>"
        yield from _write_noeud(objet, f"{retrait}  ")
        yield f"{retrait}</{predicat}>"
