"""Juger des contrats lus en XML, comme le ferait le XSD, sans garder plus d’un contrat."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from socle.normes.decp.errors import DecpIllisible
from socle.normes.decp.grammaire import CONTRATS, Liste, Noeud, Objet, Suite
from socle.normes.decp.messages import show
from socle.normes.decp.rapport import Anomalie, Chemin, Rapport, show_chemin
from socle.normes.decp.simples import read_xml

ELEMENTS_MAX = 20_000  # d’un contrat
PROFONDEUR_MAX = 30
CONTRATS_MAX = 200_000
MORCEAU = 1 << 16  # octets donnés d’un coup à l’analyseur
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ADMIS = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"}
_BLANCS = " \t\r\n"


def iterate_contrats(
    octets: bytes, rapport: Rapport, lignes: dict[Chemin, int]
) -> Iterator[tuple[str, Chemin, dict[str, Any]]]:
    """Juge tout le fichier ; rend chaque contrat sous sa forme JSON, son nom et son chemin.

    Args:
        lignes: reçoit la ligne de chaque champ du contrat rendu, et d’aucun autre.

    Raises:
        DecpIllisible: XML mal formé, DOCTYPE, ou démesuré ; ce qui précède a été jugé.
    """
    juge = _Juge(rapport, lignes)
    analyseur = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for debut in range(0, len(octets), MORCEAU):
            analyseur.feed(octets[debut : debut + MORCEAU])
            yield from juge.follow(analyseur.read_events())
            if rapport.plein:
                return
        analyseur.close()
        yield from juge.follow(analyseur.read_events())
    except etree.XMLSyntaxError as cause:
        raise DecpIllisible("xml", _explain(cause, octets), ligne=cause.lineno or 0) from cause
    except (etree.LxmlError, UnicodeError, ValueError) as cause:
        raise DecpIllisible("xml", "Ce n’est pas du XML bien formé.") from cause


def _explain(cause: etree.XMLSyntaxError, octets: bytes) -> str:
    if b"<!DOCTYPE" in octets[:MORCEAU]:
        return "Ôtez la déclaration <!DOCTYPE …>."
    if "depth" in (cause.msg or ""):
        return f"Plus de {PROFONDEUR_MAX} niveaux imbriqués."
    if "huge" in (cause.msg or "") or "limit" in (cause.msg or ""):
        return "Un texte est démesuré."
    return "Ce n’est pas du XML bien formé."


class _Juge:
    def __init__(self, rapport: Rapport, lignes: dict[Chemin, int]) -> None:
        self.rapport, self.lignes = rapport, lignes
        self.contrat = ""
        self.profondeur = self.elements = 0
        self.rangs = dict.fromkeys(CONTRATS, 0)
        self.racine_seule = False  # un contrat sans « marches » autour

    def follow(self, evenements: Any) -> Iterator[tuple[str, Chemin, dict[str, Any]]]:
        for evenement, element in evenements:
            if evenement == "start":
                self._enter(element)
            else:
                self.profondeur -= 1
                yield from self._leave(element)

    def _enter(self, element: etree._Element) -> None:
        self.profondeur += 1
        self.elements += 1
        if self.profondeur == 1:
            self._open_racine(element)
        if self.profondeur > PROFONDEUR_MAX:
            message = f"Plus de {PROFONDEUR_MAX} niveaux imbriqués."
            raise DecpIllisible("profondeur", message, ligne=_ligne(element))
        if self.elements > ELEMENTS_MAX:
            raise DecpIllisible("taille", "Un contrat est démesuré.", ligne=_ligne(element))

    def _open_racine(self, element: etree._Element) -> None:
        if element.getroottree().docinfo.internalDTD is not None:
            raise DecpIllisible("doctype", "Ôtez la déclaration <!DOCTYPE …>.", ligne=1)
        self.racine_seule = element.tag in CONTRATS
        if element.tag == "marches":
            self._judge_attributs(element, ("marches",))
            return
        message = "La racine doit être <marches>, sans espace de noms (xmlns)."
        self.add((), "racine", message, element, show(element.tag), officiel=not self.racine_seule)

    def _leave(self, element: etree._Element) -> Iterator[tuple[str, Chemin, dict[str, Any]]]:
        if self.profondeur == 0 and not self.racine_seule:
            self._check_texte(element, ("marches",))
        elif self.profondeur == (0 if self.racine_seule else 1):
            yield from self._judge_contrat(element)
            self.elements = 0
            self._forget(element)

    def _forget(self, element: etree._Element) -> None:
        """Libère ce qui est jugé ; le texte perdu entre deux contrats est vu avant."""
        parent = element.getparent()
        if parent is None:
            return
        self._judge_perdu(parent, [parent.text])
        parent.text = None
        element.clear(keep_tail=True)
        while (ancien := element.getprevious()) is not None:
            self._judge_perdu(parent, [ancien.tail])
            parent.remove(ancien)

    def _judge_contrat(
        self, element: etree._Element
    ) -> Iterator[tuple[str, Chemin, dict[str, Any]]]:
        nom = str(element.tag)
        if nom not in CONTRATS:
            message = f"Ôtez <{show(nom)}> : « marches » contient marche et contrat-concession."
            self.add(("marches",), "additionalProperties", message, element)
            return
        rang = self.rangs[nom]
        self.rangs[nom] += 1
        if sum(self.rangs.values()) > CONTRATS_MAX:
            raise DecpIllisible("taille", f"Plus de {CONTRATS_MAX} contrats.")
        chemin: Chemin = ("marches", nom, rang)
        identifiant = element.findtext("id")
        self.contrat = show(identifiant) if identifiant else f"n° {rang + 1}"
        self.lignes.clear()
        valeur = self.judge(CONTRATS[nom], element, chemin)
        yield nom, chemin, valeur
        self.contrat = ""

    def judge(self, noeud: Noeud, element: etree._Element, chemin: Chemin) -> Any:
        """Juge un élément et rend sa valeur sous la forme JSON."""
        self.lignes[chemin] = _ligne(element)
        self._judge_attributs(element, chemin)
        if isinstance(noeud, Objet):
            return self._judge_objet(noeud, element, chemin)
        if isinstance(noeud, Liste):
            return {noeud.nom: self._judge_suite(noeud.nom, noeud, element, (*chemin, noeud.nom))}
        if isinstance(noeud, Suite):
            return self._judge_suite(noeud.nom_xml or noeud.nom, noeud, element, chemin)
        return self._judge_simple(noeud, element, chemin)

    def _judge_simple(self, noeud: Any, element: etree._Element, chemin: Chemin) -> Any:
        if len(element):
            message = "Ce champ porte une valeur simple : ôtez les éléments qu’il contient."
            self.add(chemin, "type", message, element)
            return None
        texte = element.text or ""
        valeur, fautes = read_xml(noeud, texte)
        for faute in fautes:
            self.add(chemin, faute.code, faute.message, element, show(texte),
                     officiel=faute.officiel)  # fmt: skip
        return valeur

    def _judge_objet(self, noeud: Objet, element: etree._Element, chemin: Chemin) -> dict[str, Any]:
        if not noeud.mixte:
            self._check_texte(element, chemin)
        champs = {champ.nom: champ for champ in noeud.champs}
        valeur: dict[str, Any] = {}
        for fils in element:
            nom = str(fils.tag)
            if nom not in champs:
                message = f"Ôtez <{show(nom)}>, inconnu ici ; vérifiez l’orthographe et la casse."
                self.add((*chemin, show(nom)), "additionalProperties", message, fils)
            elif nom in valeur:
                self.add((*chemin, nom), "doublon", f"Gardez un seul <{nom}>.", fils)
            else:
                valeur[nom] = self.judge(champs[nom].noeud, fils, (*chemin, nom))
        for champ in noeud.champs:
            if champ.requis and champ.nom not in valeur:
                message = f"Ajoutez <{champ.nom}>."
                self.add((*chemin, champ.nom), "required", message, element)
        return {nom: valeur[nom] for nom in champs if valeur.get(nom) is not None}

    def _judge_suite(
        self, nom: str, noeud: Liste | Suite, element: etree._Element, chemin: Chemin
    ) -> list[Any]:
        self._check_texte(element, chemin)
        valeurs: list[Any] = []
        for fils in element:
            if fils.tag != nom:
                message = f"Ôtez <{show(str(fils.tag))}> : ici ne vont que des <{nom}>."
                self.add(chemin, "additionalProperties", message, fils)
            else:
                self._append(valeurs, noeud, fils, (*chemin, len(valeurs)))
        if not valeurs:
            self.add(chemin, "minItems", f"Mettez au moins un <{nom}>, ou ôtez ce champ.", element)
        return valeurs

    def _append(
        self, valeurs: list[Any], noeud: Liste | Suite, fils: etree._Element, chemin: Chemin
    ) -> None:
        if isinstance(noeud, Liste):
            valeurs.append(self.judge(noeud.noeud, fils, chemin))
        else:
            valeurs.append({noeud.nom: self.judge(noeud.noeud, fils, (*chemin, noeud.nom))})

    def _judge_attributs(self, element: etree._Element, chemin: Chemin) -> None:
        for nom in element.attrib:
            if nom not in _ADMIS:
                message = f"Ôtez l’attribut « {show(str(nom))} »."
                officiel = nom != f"{_XSI}type"
                self.add(chemin, "attribut", message, element, officiel=officiel)

    def _check_texte(self, element: etree._Element, chemin: Chemin) -> None:
        self._judge_perdu(element, [element.text, *(fils.tail for fils in element)], chemin)

    def _judge_perdu(
        self,
        element: etree._Element,
        textes: list[str | None],
        chemin: Chemin = ("marches",),
    ) -> None:
        perdu = next(
            (texte.strip(_BLANCS) for texte in textes if texte and texte.strip(_BLANCS)), ""
        )
        if perdu:
            message = "Ôtez ce texte, ou mettez-le dans un champ."
            self.add(chemin, "texte", message, element, show(perdu))

    def add(
        self,
        chemin: Chemin,
        code: str,
        message: str,
        element: etree._Element,
        valeur: str | None = None,
        *,
        officiel: bool = True,
    ) -> None:
        champ = show_chemin(chemin)
        self.rapport.add(
            Anomalie(code, message, chemin, champ, _ligne(element), valeur, officiel, self.contrat)
        )


def _ligne(element: etree._Element) -> int:
    return int(element.sourceline or 0)
