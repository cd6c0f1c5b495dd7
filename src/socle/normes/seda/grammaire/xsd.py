"""Notre grammaire écrite en XML Schema : remplace le schéma officiel quand il n’est pas là."""

from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import quoteattr

from lxml import etree

from socle.normes.seda.grammaire import get_espace
from socle.normes.seda.grammaire.definitions import MESSAGES
from socle.normes.seda.grammaire.noeuds import (
    CHOIX,
    ELEMENT,
    OUVERT,
    SUITE,
    TOUS,
    Noeud,
    get_grammaire,
)
from socle.normes.seda.grammaire.simples import ATTRIBUTS, SIMPLES, Simple, get_simple

_AUTRES = '<xs:anyAttribute namespace="##other" processContents="skip"/>'


def build_xsd(version: str) -> str:
    """Écrit le schéma d’une version, avec les 14 messages et l’accusé de réception."""
    grammaire = get_grammaire(version)
    espace = get_espace(version)
    lignes = [
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{espace}"'
        f' targetNamespace="{espace}" elementFormDefault="qualified">'
    ]
    lignes += [f'<xs:element name="{nom}" type="{nom}"/>' for nom in MESSAGES]
    for nom in SIMPLES:
        lignes += _write_simple(nom, get_simple(nom, version))
    for nom, noeud in grammaire.items():
        lignes.append(f'<xs:complexType name="{nom}">')
        lignes += _write_racine(noeud)
        exiges, facultatifs = ATTRIBUTS.get(nom, ((), ()))
        lignes += [*_write_attributs(exiges, facultatifs), _AUTRES, "</xs:complexType>"]
    return "\n".join([*lignes, "</xs:schema>"])


@cache
def load_notre_schema(version: str) -> etree.XMLSchema:
    """Compile notre schéma d’une version, une fois par processus."""
    return etree.XMLSchema(etree.fromstring(build_xsd(version)))


def _write_racine(noeud: Noeud) -> Iterator[str]:
    if noeud.genre not in {SUITE, TOUS}:
        yield "<xs:sequence>"
        yield from _write(noeud)
        yield "</xs:sequence>"
    else:
        yield from _write(noeud)


def _write(noeud: Noeud) -> Iterator[str]:
    bornes = f' minOccurs="{noeud.mini}" maxOccurs="{noeud.maxi or "unbounded"}"'
    if noeud.genre == ELEMENT:
        simple = SIMPLES.get(noeud.type)
        nul = ' nillable="true"' if simple and simple.nul else ""
        yield f'<xs:element name="{noeud.nom}" type="{noeud.type}"{bornes}{nul}/>'
    elif noeud.genre == OUVERT:
        yield f'<xs:any namespace="##other" processContents="skip"{bornes}/>'
    else:
        balise = {CHOIX: "choice", TOUS: "all"}.get(noeud.genre, "sequence")
        yield f"<xs:{balise}{bornes}>"
        for enfant in noeud.enfants:
            yield from _write(enfant)
        yield f"</xs:{balise}>"


def _write_simple(nom: str, simple: Simple) -> Iterator[str]:
    yield f'<xs:simpleType name="{nom}.valeur">'
    if len(simple.xsd) > 1:
        yield f'<xs:union memberTypes="{" ".join(f"xs:{t}" for t in simple.xsd)}"/>'
    else:
        yield f'<xs:restriction base="xs:{simple.xsd[0]}">'
        if simple.non_vide:
            yield '<xs:minLength value="1"/>'
        yield from (f"<xs:enumeration value={quoteattr(v)}/>" for v in simple.valeurs)
        yield "</xs:restriction>"
    yield "</xs:simpleType>"
    yield f'<xs:complexType name="{nom}"><xs:simpleContent>'
    yield f'<xs:extension base="{nom}.valeur">'
    yield from _write_attributs(simple.exiges, simple.attributs)
    yield f"{_AUTRES}</xs:extension></xs:simpleContent></xs:complexType>"


def _write_attributs(exiges: tuple[str, ...], facultatifs: tuple[str, ...]) -> Iterator[str]:
    for nom in exiges:
        genre = "NCName" if nom == "id" else "string"
        yield f'<xs:attribute name="{nom}" type="xs:{genre}" use="required"/>'
    yield from (f'<xs:attribute name="{nom}" type="xs:string"/>' for nom in facultatifs)
