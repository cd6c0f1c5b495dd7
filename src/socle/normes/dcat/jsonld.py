"""Écrire un graphe en JSON-LD 1.1, un nœud par ligne."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from socle.normes.dcat.graphe import PREFIXES, Litteral, Noeud, Objet, Ref

TYPE_MIME, SUFFIXE = "application/ld+json", ".jsonld"
_ENCODEUR = json.JSONEncoder(ensure_ascii=False)


def write_jsonld(noeuds: Iterable[Noeud]) -> Iterator[str]:
    """Rend le document par morceaux : un contexte de préfixes et un `@graph`."""
    yield f'{{"@context": {_ENCODEUR.encode(PREFIXES)},\n"@graph": ['
    for rang, noeud in enumerate(noeuds):
        yield f"{',' if rang else ''}\n{_ENCODEUR.encode(_build_noeud(noeud))}"
    yield "\n]}\n"


def _build_noeud(noeud: Noeud) -> dict[str, Any]:
    objet: dict[str, Any] = {"@id": noeud.uri} if noeud.uri else {}
    if noeud.types:
        objet["@type"] = list(noeud.types)
    for predicat, objets in noeud.proprietes:
        valeurs = [_build_objet(valeur) for valeur in objets]
        objet[predicat] = valeurs if len(valeurs) > 1 else valeurs[0]
    return objet


def _build_objet(objet: Objet) -> Any:
    if isinstance(objet, Ref):
        return {"@id": objet.uri}
    if isinstance(objet, Litteral):
        if objet.langue:
            return {"@value": objet.texte, "@language": objet.langue}
        return {"@value": objet.texte, "@type": objet.type} if objet.type else objet.texte
    return _build_noeud(objet)
