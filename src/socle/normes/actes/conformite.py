"""Forme d’un message : le schéma officiel s’il est donné, notre grammaire sinon.

Le schéma du ministère n’est dans aucun paquet : l’appelant donne le dossier où il l’a rangé.
Quand les deux sont là, le schéma juge, et la grammaire explique.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.grammaire import MODELES, Enfant, Modele
from socle.normes.actes.rapport import Anomalie, cut
from socle.normes.actes.vocabulaire import ACTES, XSI, Genre
from socle.normes.actes.xml import get_nom

FICHIER = "actesv1_1.xsd"
INTERNE = "grammaire de Socle (schéma officiel absent)"
ANOMALIES_MAX = 200
_NUL = f"{{{XSI}}}nil"
_XSI_ADMIS = frozenset({f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation", _NUL})
_BLANC = " \t\r\n"
_VRAI = frozenset({"true", "1"})


@dataclass(frozen=True, slots=True)
class Schema:
    """Le schéma officiel, compilé."""

    nom: str
    xsd: etree.XMLSchema


def find_schema(dossier: Path) -> Path | None:
    """Cherche le schéma dans un dossier ou dans son sous-dossier « actes »."""
    places = (dossier / FICHIER, dossier / "actes" / FICHIER)
    return next((place for place in places if place.is_file()), None)


def load_schema(chemin: Path) -> Schema:
    """Compile le schéma officiel et ceux qu’il cite, pris à côté de lui, sans réseau.

    Raises:
        ActeIllisible: ce fichier n’est pas un schéma, ou il en manque un morceau.
    """
    try:
        arbre = etree.parse(chemin, etree.XMLParser(no_network=True, resolve_entities=False))
        return Schema(f"{chemin.name} (officiel)", etree.XMLSchema(arbre))
    except (etree.LxmlError, OSError) as cause:
        raise ActeIllisible(
            f"Le schéma « {chemin} » ne se charge pas. Rangez ensemble actesv1_1.xsd, siret.xsd et"
            " insee-commun.xsd.",
            code="schema.absent",
        ) from cause


def check_forme(racine: etree._Element, genre: Genre, schema: Schema | None) -> list[Anomalie]:
    """Écarts de forme d’un message, dans l’ordre du fichier ; 200 au plus."""
    if schema is not None and schema.xsd.validate(racine):
        return []
    anomalies = []
    for anomalie in _check_element(racine, MODELES[genre], f"{{{ACTES}}}{genre.racine}"):
        anomalies.append(anomalie)
        if len(anomalies) >= ANOMALIES_MAX:
            break
    if schema is not None and not anomalies:
        anomalies = [_translate(erreur) for erreur in list(schema.xsd.error_log)[:ANOMALIES_MAX]]
    return anomalies


def _check_element(element: etree._Element, modele: Modele, nom: str) -> Iterator[Anomalie]:
    if element.tag != nom:  # seule la racine peut être d’un autre espace de noms
        yield _faute(
            element, "espace", f"Déclarez l’espace de noms « {ACTES} » et le préfixe « actes »."
        )
    yield from _check_attributs(element, modele)
    if element.get(_NUL) is not None:
        yield from _check_nul(element, modele)
        if element.get(_NUL, "").strip(_BLANC) in _VRAI and modele.nul:
            return
    if modele.valeur is not None:
        yield from _check_valeur(element, modele)
    elif not modele.libre:
        yield from _check_texte(element, modele)
        yield from _check_enfants(element, modele)


def _check_nul(element: etree._Element, modele: Modele) -> Iterator[Anomalie]:
    if not modele.nul:
        yield _faute(element, "nul", "Cet élément ne peut pas être déclaré vide par xsi:nil.")
    elif element.get(_NUL, "").strip(_BLANC) in _VRAI and (len(element) or element.text):
        yield _faute(element, "nul", "Cet élément se dit vide et ne l’est pas.")


def _check_attributs(element: etree._Element, modele: Modele) -> Iterator[Anomalie]:
    nus = {str(nom).rpartition("}")[2] for nom in element.attrib if nom not in modele.attributs}
    for nom, texte in element.attrib.items():
        place = modele.attributs.get(str(nom))
        court = str(nom).rpartition("}")[2]
        if place is None and str(nom) not in _XSI_ADMIS and not modele.libre:
            yield _faute(element, "attribut", _explain_attribut(court, modele), court)
        elif place and not place[0].admet(texte.strip(_BLANC) if place[0].replie else texte):
            message = f"L’attribut « {court} » ne convient pas : il faut {place[0].attendu}."
            yield _faute(element, "valeur", message, court, str(texte))
    for nom, (valeur, obligatoire) in modele.attributs.items():
        court = nom.rpartition("}")[2]
        if obligatoire and nom not in element.attrib and court not in nus:
            message = f"Ajoutez l’attribut « {court} » : {valeur.attendu}."
            yield _faute(element, "attribut", message, court)


def _explain_attribut(court: str, modele: Modele) -> str:
    """Le schéma veut un préfixe à chaque attribut : c’est l’oubli le plus courant."""
    proche = next((nom for nom in modele.attributs if nom.endswith(f"}}{court}")), "")
    if not proche:
        return f"L’attribut « {court} » est de trop : ôtez-le."
    prefixe = "actes" if ACTES in proche else "insee"
    return f"L’attribut « {court} » porte un préfixe : écrivez « {prefixe}:{court} »."


def _check_valeur(element: etree._Element, modele: Modele) -> Iterator[Anomalie]:
    if len(element):
        yield _faute(element, "element", "Cet élément porte un texte, sans autre élément dedans.")
        return
    texte, valeur = element.text or "", modele.valeur
    if valeur and not valeur.admet(texte.strip(_BLANC) if valeur.replie else texte):
        message = f"« {get_nom(element)} » ne convient pas : il faut {valeur.attendu}."
        yield _faute(element, "valeur", message, cellule=texte)


def _check_texte(element: etree._Element, modele: Modele) -> Iterator[Anomalie]:
    textes = [element.text, *(enfant.tail for enfant in element)]
    if not modele.enfants and not len(element) and element.text:  # pas même un blanc
        yield _faute(element, "texte", "Cet élément est vide : ôtez ce qu’il contient.",
                     cellule=element.text)  # fmt: skip
        return
    perdu = next((texte for texte in textes if texte and texte.strip(_BLANC)), "")
    if perdu:
        yield _faute(
            element, "texte", "Ce texte est hors de tout champ : ôtez-le.", cellule=perdu.strip()
        )


def _check_enfants(element: etree._Element, modele: Modele) -> Iterator[Anomalie]:
    enfants, rang = [], 0
    for enfant in element:
        if any(_find(place, enfant) for place in modele.enfants):
            enfants.append(enfant)
        else:
            yield _en_trop(enfant)
    for place in modele.enfants:
        trouves = 0
        while rang < len(enfants) and (sous := _find(place, enfants[rang])) is not None:
            if place.maximum is not None and trouves >= place.maximum:
                break
            yield from _check_element(enfants[rang], sous, str(enfants[rang].tag))
            rang, trouves = rang + 1, trouves + 1
        if trouves < place.minimum:
            noms = " ou ".join(place.modeles)
            devant = f" avant « {get_nom(enfants[rang])} »" if rang < len(enfants) else ""
            message = f"Il manque « {noms} »{devant} dans « {get_nom(element)} ». Ajoutez-le."
            yield _faute(element, "manque", message, noms)
            return
    if rang < len(enfants):
        yield _en_trop(enfants[rang])


def _en_trop(enfant: etree._Element) -> Anomalie:
    nom = cut(get_nom(enfant))
    message = f"« {nom} » n’est pas attendu à cet endroit. Ôtez-le, ou remettez-le à sa place."
    return _faute(enfant, "element", message)


def _find(place: Enfant, enfant: etree._Element) -> Modele | None:
    espace, _, nom = str(enfant.tag).rpartition("}")
    return place.modeles.get(nom) if espace == f"{{{ACTES}" else None


def _faute(
    element: etree._Element, code: str, message: str, champ: str = "", cellule: str = ""
) -> Anomalie:
    return Anomalie(
        code=f"schema.{code}",
        message=message,
        ligne=element.sourceline,
        champ=cut(champ or get_nom(element)),
        cellule=cut(cellule),
    )


def _translate(erreur: etree._LogEntry) -> Anomalie:
    nom = re.search(r"Element '(?:\{[^}]*\})?([^']*)'", erreur.message)
    return Anomalie(
        code="schema.officiel",
        message="Cet élément ne suit pas le schéma officiel. Comparez cette ligne au schéma.",
        ligne=erreur.line,
        champ=nom[1] if nom else "",
    )
