"""Notre grammaire écrite en Relax NG : celle que Vitam admet, extensions comprises."""

from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import escape

from lxml import etree

from socle.normes.seda.grammaire import get_espace
from socle.normes.seda.grammaire.definitions import MESSAGES
from socle.normes.seda.grammaire.noeuds import (
    CHOIX,
    ELEMENT,
    LIBRE,
    OUVERT,
    TOUS,
    Noeud,
    get_grammaire,
)
from socle.normes.seda.grammaire.simples import ATTRIBUTS, SIMPLES, Simple, get_simple

ENTETE = (
    '<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{espace}"'
    ' datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">'
)
# Un attribut d’un autre espace de noms (xml:id, xsi:schemaLocation) ne dérange jamais.
ATTRIBUTS_AUTRES = (
    '<define name="autres.attributs"><zeroOrMore><attribute><anyName><except><nsName ns=""/>'
    "</except></anyName></attribute></zeroOrMore></define>"
)
QUELCONQUE = (
    '<define name="quelconque"><zeroOrMore><choice><attribute><anyName/></attribute>'
    "<text/><element><anyName/><ref name='quelconque'/></element></choice></zeroOrMore></define>"
)
_OCCURRENCES = {(1, 1): "", (0, 1): "optional", (0, None): "zeroOrMore", (1, None): "oneOrMore"}


def build_rng(version: str, *, vitam: bool = False, racines: tuple[str, ...] = MESSAGES) -> str:
    """Écrit la grammaire d’une version en Relax NG."""
    grammaire = get_grammaire(version, vitam=vitam)
    lignes = [ENTETE.format(espace=get_espace(version)), "<start><choice>"]
    lignes += [f'<element name="{nom}"><ref name="{nom}"/></element>' for nom in racines]
    lignes += ["</choice></start>", *write_communs(version)]
    for nom in grammaire:
        lignes += write_type(nom, grammaire)
    return "\n".join([*lignes, "</grammar>"])


@cache
def load_grammaire_vitam(version: str) -> etree.RelaxNG:
    """Compile ce que Vitam admet dans une version, une fois par processus."""
    return etree.RelaxNG(etree.fromstring(build_rng(version, vitam=True)))


def write_communs(version: str) -> Iterator[str]:
    """Écrit les définitions communes : attributs libres, contenu libre, types simples."""
    yield ATTRIBUTS_AUTRES
    yield QUELCONQUE
    for nom in SIMPLES:
        simple = get_simple(nom, version)
        yield f'<define name="{nom}">{write_valeur(simple)}{write_attributs(simple)}</define>'


def write_type(nom: str, grammaire: dict[str, Noeud]) -> Iterator[str]:
    """Écrit la définition d’un type composé."""
    exiges, facultatifs = ATTRIBUTS.get(nom, ((), ()))
    connus = [element.nom for element in grammaire[nom].iter_elements()]
    yield f'<define name="{nom}">'
    yield write_attributs(Simple((), attributs=facultatifs, exiges=exiges))
    yield from _write(grammaire[nom], connus)
    yield "</define>"


def write_valeur(simple: Simple) -> str:
    """Écrit la valeur d’un type simple."""
    if simple.valeurs:
        return (
            "<choice>"
            + "".join(f"<value>{escape(v)}</value>" for v in simple.valeurs)
            + ("</choice>")
        )
    minimum = '<param name="minLength">1</param>' if simple.non_vide else ""
    donnees = "".join(f'<data type="{t}">{minimum}</data>' for t in simple.xsd)
    if simple.nul:
        donnees += "<value></value>"
    return f"<choice>{donnees}</choice>" if len(simple.xsd) > 1 or simple.nul else donnees


def write_attributs(simple: Simple) -> str:
    """Écrit les attributs admis sur un élément."""
    exiges = "".join(f'<attribute ns="" name="{nom}"/>' for nom in simple.exiges)
    facultatifs = "".join(
        f'<optional><attribute ns="" name="{nom}"/></optional>' for nom in simple.attributs
    )
    return f'<ref name="autres.attributs"/>{exiges}{facultatifs}'


def write_occurrences(noeud: Noeud, dedans: str) -> str:
    """Entoure un motif de la balise qui dit combien il en faut."""
    balise = _OCCURRENCES[noeud.mini, noeud.maxi]
    return f"<{balise}>{dedans}</{balise}>" if balise else dedans


def _write(noeud: Noeud, connus: list[str]) -> Iterator[str]:
    yield write_occurrences(noeud, "".join(_write_dedans(noeud, connus)))


def _write_dedans(noeud: Noeud, connus: list[str]) -> Iterator[str]:
    if noeud.genre == ELEMENT:
        yield f'<element name="{noeud.nom}"><ref name="{noeud.type}"/></element>'
    elif noeud.genre == OUVERT:
        yield '<element><anyName><except><nsName/></except></anyName><ref name="quelconque"/>'
        yield "</element>"
    elif noeud.genre == LIBRE:
        sauf = "".join(f"<name>{nom}</name>" for nom in dict.fromkeys(connus))
        exception = f"<except>{sauf}</except>" if sauf else ""
        yield f'<element><anyName>{exception}</anyName><ref name="quelconque"/></element>'
    else:
        balise = {CHOIX: "choice", TOUS: "interleave"}.get(noeud.genre, "group")
        yield f"<{balise}>"
        for enfant in noeud.enfants:
            yield from _write(enfant, connus)
        if not noeud.enfants:
            yield "<empty/>"
        yield f"</{balise}>"
