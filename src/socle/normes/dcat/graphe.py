"""Le graphe à écrire : des nœuds, leurs propriétés, et les noms courts des vocabulaires."""

from typing import NamedTuple

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Ref(NamedTuple):
    """Un lien vers un nœud, ici ou ailleurs."""

    uri: str


class Litteral(NamedTuple):
    """Un texte ; `langue` « fr » ou `type` « xsd:date », jamais les deux."""

    texte: str
    langue: str = ""
    type: str = ""


class Noeud(NamedTuple):
    """Un nœud, de noms courts « dct:title » ; sans `uri`, il est anonyme et écrit sur place."""

    uri: str
    types: tuple[str, ...]
    proprietes: list[tuple[str, list["Ref | Litteral | Noeud"]]]


Objet = Ref | Litteral | Noeud


def expand(nom: str) -> str:
    """« dct:title » → son adresse entière."""
    prefixe, _, local = nom.partition(":")
    return PREFIXES[prefixe] + local
