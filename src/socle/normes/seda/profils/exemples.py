"""Paquet d’exemple d’un profil, et bordereaux fautifs que ce profil doit refuser."""

import copy
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from socle.normes.seda.grammaire import get_espace
from socle.normes.seda.grammaire.noeuds import CHOIX, ELEMENT, Noeud, get_grammaire
from socle.normes.seda.grammaire.simples import ATTRIBUTS, SIMPLES, get_simple
from socle.normes.seda.profils.compilation import is_annulable, is_cite
from socle.normes.seda.profils.modele import (
    RACINE,
    NoeudProfil,
    ProfilAbstrait,
)

CONTENU = "Pièce d’exemple\n".encode()
_DATE_FIXE = (1980, 1, 1, 0, 0, 0)
_PROFONDEUR_MAX = 80
_EXEMPLES = {
    "instant": "2026-01-15T10:00:00Z",
    "date": "2026-01-15",
    "jour": "2026-01-15",
    "moment": "2026-01-15",
    "bool": "false",
    "entier": "1",
    "integer": "1",
    "mesure": "1",
    "taille": str(len(CONTENU)),
    "langue": "fra",
    "empreinte": hashlib.sha512(CONTENU).hexdigest(),
    "base64": "AAAA",
}
_ATTRIBUTS = {"algorithm": "SHA-512", "unit": "centimetre", "type": "lien", "target": "ID1"}
# Vitam les exige ; le standard et le profil peuvent les taire.
_TOUJOURS = {"BinaryDataObject": ("Uri", "MessageDigest", "Size"), "Content": ("Title",)}


@dataclass(frozen=True, slots=True)
class Mutant:
    """Bordereau fautif : un nom de fichier, ce qui y est faux, et son XML."""

    nom: str
    faute: str
    xml: bytes


class _Fabrique:
    """Écrit un bordereau d’exemple, et note quel nœud du profil a donné quel élément."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.grammaire = get_grammaire(version)
        self.espace = f"{{{get_espace(version)}}}"
        self.notes: list[tuple[NoeudProfil, etree._Element, str]] = []
        self.uris: list[str] = []
        self._groupes: list[str] = []
        self._renvois: list[etree._Element] = []
        self._rang = 0

    def build(self, profil: ProfilAbstrait) -> etree._Element:
        racine = etree.Element(f"{self.espace}{RACINE}", nsmap={None: self.espace[1:-1]})
        self._fill(racine, profil.racine, RACINE, 0)
        for rang, renvoi in enumerate(self._renvois):
            renvoi.text = self._groupes[rang % len(self._groupes)] if self._groupes else "ID0"
        return racine

    def _add(
        self, parent: etree._Element, noeud: NoeudProfil, type_: str, niveau: int
    ) -> etree._Element:
        element = etree.SubElement(parent, f"{self.espace}{noeud.element}")
        self._set_attributs(element, type_)
        if type_ in SIMPLES:
            element.text = self._choose_texte(noeud, type_, element)
        else:
            self._fill(element, noeud, type_, niveau + 1)
        return element

    def _set_attributs(self, element: etree._Element, type_: str) -> None:
        simple = SIMPLES.get(type_)
        exiges = simple.exiges if simple else ATTRIBUTS.get(type_, ((), ()))[0]
        for nom in exiges:
            if nom == "id":
                self._rang += 1
                element.set("id", f"ID{self._rang}")
            else:
                element.set(nom, _ATTRIBUTS.get(nom, "1"))
        if type_ == "DataObjectGroup":
            self._groupes.append(element.get("id", ""))

    def _choose_texte(self, noeud: NoeudProfil, type_: str, element: etree._Element) -> str:
        simple = get_simple(type_, self.version)
        if noeud.element == "DataObjectGroupReferenceId":
            self._renvois.append(element)
        if noeud.element == "Uri":
            self.uris.append(f"content/exemple_{len(self.uris) + 1}.txt")
            return self.uris[-1]
        if type_ in {"empreinte", "taille"}:
            return _EXEMPLES[type_]
        if noeud.valeurs or noeud.exemple:
            return noeud.valeurs[0] if noeud.valeurs else noeud.exemple
        if simple.valeurs:
            return simple.valeurs[0]
        if noeud.element == "DataObjectVersion":
            return "BinaryMaster_1"
        return _EXEMPLES.get(type_, "ID0" if type_ in {"renvoi", "nom"} else "Exemple")

    def _fill(self, element: etree._Element, noeud: NoeudProfil, type_: str, niveau: int) -> None:
        if niveau > _PROFONDEUR_MAX:
            return
        enfants = noeud.enfants or ()
        connus = {e.nom for e in self.grammaire[type_].iter_elements()}
        if noeud.enfants is None:
            forces = (n for n in _TOUJOURS.get(type_, ()) if n in connus)
            enfants = tuple(NoeudProfil(element=nom) for nom in forces)
        self._write(element, self.grammaire[type_], enfants, niveau)

    def _write(
        self, parent: etree._Element, regle: Noeud, enfants: tuple[NoeudProfil, ...], niveau: int
    ) -> None:
        if regle.genre == ELEMENT:
            self._write_homonymes(parent, regle, enfants, niveau)
        elif regle.maxi is None:
            self._write_dans_lordre(parent, regle, enfants, niveau)
        elif is_cite(regle, enfants) or not is_annulable(regle):
            branches = regle.enfants
            if regle.genre == CHOIX:
                citees = (b for b in branches if is_cite(b, enfants))
                branches = (next(citees, branches[-1]),)
            for branche in branches:
                self._write(parent, branche, enfants, niveau)

    def _write_dans_lordre(
        self, parent: etree._Element, regle: Noeud, enfants: tuple[NoeudProfil, ...], niveau: int
    ) -> None:
        types = {element.nom: element.type for element in regle.iter_elements()}
        for noeud in enfants:
            if noeud.element in types:
                self._note(parent, noeud, types[noeud.element], niveau)

    def _write_homonymes(
        self, parent: etree._Element, regle: Noeud, enfants: tuple[NoeudProfil, ...], niveau: int
    ) -> None:
        noeuds = [noeud for noeud in enfants if noeud.element == regle.nom]
        for noeud in noeuds:
            self._note(parent, noeud, regle.type, niveau)
        if not noeuds and regle.obligatoire:
            self._add(parent, NoeudProfil(element=regle.nom), regle.type, niveau)

    def _note(self, parent: etree._Element, noeud: NoeudProfil, type_: str, niveau: int) -> None:
        self.notes.append((noeud, self._add(parent, noeud, type_, niveau), type_))


def build_bordereau(profil: ProfilAbstrait, version: str) -> bytes:
    """Écrit un bordereau qui suit le profil : tous ses nœuds y sont, une fois chacun."""
    return _write_xml(_Fabrique(version).build(profil))


def build_exemple(profil: ProfilAbstrait, version: str) -> bytes:
    """Écrit un paquet SIP complet qui suit le profil, avec une pièce par objet."""
    fabrique = _Fabrique(version)
    bordereau = _write_xml(fabrique.build(profil))
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as paquet:
        for uri in fabrique.uris:
            paquet.writestr(zipfile.ZipInfo(uri, _DATE_FIXE), CONTENU)
        paquet.writestr(zipfile.ZipInfo("manifest.xml", _DATE_FIXE), bordereau)
    return tampon.getvalue()


def iter_mutants(profil: ProfilAbstrait, version: str) -> Iterator[Mutant]:
    """Donne, pour chaque contrainte du profil, un bordereau qui ne viole qu’elle.

    Le profil compilé doit les refuser tous ; celui qu’il accepte montre une règle sans effet.
    """
    fabrique = _Fabrique(version)
    racine = fabrique.build(profil)
    arbre = racine.getroottree()
    rang = 0
    for noeud, element, type_ in fabrique.notes:
        chemin = arbre.getpath(element)
        for genre, faute in _list_fautes(fabrique, noeud, element, type_):
            copie = copy.deepcopy(racine)
            [cible] = copie.getroottree().xpath(chemin)
            _mutate(cible, genre, fabrique)
            rang += 1
            yield Mutant(f"{rang:03}-{noeud.element}-{genre}.xml", faute, _write_xml(copie))


def _list_fautes(
    fabrique: _Fabrique, noeud: NoeudProfil, element: etree._Element, type_: str
) -> Iterator[tuple[str, str]]:
    nom = noeud.element
    if noeud.valeurs or noeud.motif:
        yield "valeur", f"« {nom} » a une valeur que le profil n’admet pas."
    if noeud.mini:
        yield "absent", f"« {nom} » manque."
    parent = element.getparent()
    freres = [f for f in parent if f.tag == element.tag] if parent is not None else []
    if noeud.maxi == 1 and len(freres) == 1:
        yield "double", f"« {nom} » est là deux fois."
    if noeud.enfants is not None and _find_intrus(fabrique, noeud, type_):
        yield "intrus", f"« {nom} » contient un élément que le profil ne prévoit pas."


def _find_intrus(fabrique: _Fabrique, noeud: NoeudProfil, type_: str) -> str:
    """Un élément facultatif que le standard admet dans ce type, et pas le profil."""
    regle = fabrique.grammaire.get(type_)
    cites = {enfant.element for enfant in noeud.enfants or ()}
    for candidat in regle.iter_elements() if regle else ():
        if candidat.nom not in cites and not candidat.obligatoire:
            return candidat.nom
    return ""


def _mutate(cible: etree._Element, genre: str, fabrique: _Fabrique) -> None:
    parent = cible.getparent()
    if genre == "valeur":
        cible.text = "valeur interdite"
    elif genre == "intrus":
        cible.append(etree.Element(f"{fabrique.espace}Intrus"))
    elif parent is not None and genre == "absent":
        parent.remove(cible)
    elif parent is not None:
        cible.addnext(copy.deepcopy(cible))


def _write_xml(racine: etree._Element) -> bytes:
    return etree.tostring(racine, xml_declaration=True, encoding="UTF-8", pretty_print=True)
