"""Écrire des données essentielles conformes, toujours les mêmes octets pour les mêmes contrats."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lxml import etree

from socle.normes.decp.errors import DecpInvalide
from socle.normes.decp.grammaire import CONTRATS, Liste, Noeud, Objet, Suite
from socle.normes.decp.jugement import Juge
from socle.normes.decp.modele import Contrats, dump_contrats
from socle.normes.decp.rapport import Rapport


def write_json(contrats: Contrats) -> bytes:
    """Rend le fichier JSON 2.0.4, UTF-8, deux espaces par niveau, un saut de ligne à la fin.

    Raises:
        DecpInvalide: un contrat n’est pas conforme ; porte les anomalies.
    """
    return ("".join(_write(_check(contrats), "")) + "\n").encode()


def write_xml(contrats: Contrats) -> bytes:
    """Rend le fichier XML, conforme au XSD 2.0.2.

    Raises:
        DecpInvalide: un contrat n’est pas conforme ; porte les anomalies.
    """
    arbre = _check(contrats)["marches"]
    racine = etree.Element("marches")
    for nom, grammaire in CONTRATS.items():
        for contrat in arbre.get(nom, ()):
            _grow(racine, nom, grammaire, contrat)
    etree.indent(racine)
    octets: bytes = etree.tostring(racine, encoding="UTF-8", xml_declaration=True)
    return octets + b"\n"


def _check(contrats: Contrats) -> dict[str, Any]:
    arbre = dump_contrats(contrats)
    rapport = Rapport()
    for _ in Juge(rapport).judge_racine(arbre):
        pass
    if not rapport.valide:
        raise DecpInvalide(rapport.erreurs)
    return arbre


def _write(valeur: Any, retrait: str) -> Iterator[str]:
    """Le JSON, avec des nombres exacts que `json` ne sait pas écrire."""
    dedans = f"{retrait}  "
    if isinstance(valeur, dict) and valeur:
        for rang, (cle, contenu) in enumerate(valeur.items()):
            yield f"{',' if rang else '{'}\n{dedans}{json.dumps(cle, ensure_ascii=False)}: "
            yield from _write(contenu, dedans)
        yield f"\n{retrait}}}"
    elif isinstance(valeur, list) and valeur:
        for rang, contenu in enumerate(valeur):
            yield f"{',' if rang else '['}\n{dedans}"
            yield from _write(contenu, dedans)
        yield f"\n{retrait}]"
    elif isinstance(valeur, Decimal):
        yield _write_nombre(valeur)
    else:
        yield json.dumps(valeur, ensure_ascii=False)


def _write_nombre(valeur: Decimal) -> str:
    return f"{valeur:f}"


def _grow(parent: etree._Element, nom: str, noeud: Noeud, valeur: Any) -> None:
    element = etree.SubElement(parent, nom)
    if isinstance(noeud, Objet):
        for champ in noeud.champs:
            if champ.nom in valeur:
                _grow(element, champ.nom, champ.noeud, valeur[champ.nom])
    elif isinstance(noeud, Liste):
        for contenu in valeur[noeud.nom]:
            _grow(element, noeud.nom, noeud.noeud, contenu)
    elif isinstance(noeud, Suite):
        for contenu in valeur:
            _grow(element, noeud.nom_xml or noeud.nom, noeud.noeud, contenu[noeud.nom])
    else:
        element.text = _write_simple(valeur)


def _write_simple(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    return _write_nombre(valeur) if isinstance(valeur, Decimal) else str(valeur)
