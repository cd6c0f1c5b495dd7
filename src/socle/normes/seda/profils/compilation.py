"""Compilation d’un profil abstrait en Relax NG, dans chaque version de SEDA."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from socle.normes.seda.grammaire import get_espace
from socle.normes.seda.grammaire.noeuds import CHOIX, ELEMENT, OUVERT, SUITE, Noeud, get_grammaire
from socle.normes.seda.grammaire.rng import (
    ENTETE,
    write_attributs,
    write_communs,
    write_type,
    write_valeur,
)
from socle.normes.seda.grammaire.simples import ATTRIBUTS, SIMPLES, Simple, get_simple
from socle.normes.seda.profils.modele import RACINE, NoeudProfil, ProfilAbstrait

_DOC = "http://relaxng.org/ns/compatibility/annotations/1.0"
_OCCURRENCES = {(1, 1): "", (0, 1): "optional", (0, None): "zeroOrMore", (1, None): "oneOrMore"}


def build_profil_rng(profil: ProfilAbstrait, version: str) -> str:
    """Écrit le profil en Relax NG (syntaxe XML), seul et entier, pour une version de SEDA.

    Il admet `xsi:schemaLocation` et `xml:id` : leur absence est une cause classique de refus.
    """
    compilation = _Compilation(version)
    corps = compilation.write_element(profil.racine, RACINE)
    definitions = compilation.write_definitions(corps)
    lignes = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        ENTETE.format(espace=get_espace(version)).replace(">", f' xmlns:a="{_DOC}">'),
        f"<a:documentation>{escape(profil.nom)} ({escape(profil.identifiant)})</a:documentation>",
        f"<start>{corps}</start>",
        *definitions,
        "</grammar>",
    ]
    return "\n".join(lignes).replace("><", ">\n<")


class _Compilation:
    def __init__(self, version: str) -> None:
        self.version = version
        self.grammaire = get_grammaire(version)

    def write_element(self, noeud: NoeudProfil, type_: str) -> str:
        aide = f"<a:documentation>{escape(noeud.aide)}</a:documentation>" if noeud.aide else ""
        dedans = self._write_contenu(noeud, type_)
        return f'<element name="{noeud.element}">{aide}{dedans}</element>'

    def _write_contenu(self, noeud: NoeudProfil, type_: str) -> str:
        if type_ in SIMPLES:
            return self._write_simple(noeud, type_)
        if noeud.enfants is None:
            return f'<ref name="{type_}"/>'
        exiges, facultatifs = ATTRIBUTS.get(type_, ((), ()))
        attributs = write_attributs(Simple((), attributs=facultatifs, exiges=exiges))
        return attributs + (self._write(self.grammaire[type_], noeud.enfants) or "<empty/>")

    def _write_simple(self, noeud: NoeudProfil, type_: str) -> str:
        if not noeud.valeurs and not noeud.motif:
            return f'<ref name="{type_}"/>'
        simple = get_simple(type_, self.version)
        if noeud.valeurs:
            valeur = write_valeur(Simple(("token",), valeurs=noeud.valeurs))
        else:
            motif = escape(noeud.motif)
            valeur = f'<data type="token"><param name="pattern">{motif}</param></data>'
        return valeur + write_attributs(simple)

    def _write(self, regle: Noeud, enfants: tuple[NoeudProfil, ...]) -> str:
        """Motif d’une règle de la grammaire, réduite aux nœuds du profil."""
        if regle.genre == ELEMENT:
            return self._write_homonymes(regle, enfants)
        if regle.genre == OUVERT:
            return ""
        if regle.genre == CHOIX:
            return self._write_choix(regle, enfants)
        if regle.maxi is None:  # (Rule StartDate?)* : dans l’ordre du profil
            return self._write_dans_lordre(regle, enfants)
        if not is_cite(regle, enfants) and (regle.mini == 0 or is_annulable(regle)):
            return ""
        return "".join(self._write(enfant, enfants) for enfant in regle.enfants)

    def _write_homonymes(self, regle: Noeud, enfants: tuple[NoeudProfil, ...]) -> str:
        noeuds = [noeud for noeud in enfants if noeud.element == regle.nom]
        if noeuds:
            return "".join(self._write_noeud(noeud, regle.type) for noeud in noeuds)
        if regle.obligatoire:
            return f'<element name="{regle.nom}"><ref name="{regle.type}"/></element>'
        return ""

    def _write_noeud(self, noeud: NoeudProfil, type_: str) -> str:
        balise = _OCCURRENCES[noeud.mini, noeud.maxi]
        dedans = self.write_element(noeud, type_)
        return f"<{balise}>{dedans}</{balise}>" if balise else dedans

    def _write_dans_lordre(self, regle: Noeud, enfants: tuple[NoeudProfil, ...]) -> str:
        types = {element.nom: element.type for element in regle.iter_elements()}
        cites = [noeud for noeud in enfants if noeud.element in types]
        return "".join(self._write_noeud(noeud, types[noeud.element]) for noeud in cites)

    def _write_choix(self, regle: Noeud, enfants: tuple[NoeudProfil, ...]) -> str:
        if regle.maxi is None:
            return self._write_dans_lordre(regle, enfants)
        branches = [branche for branche in regle.enfants if is_cite(branche, enfants)]
        motifs = [self._write(branche, enfants) for branche in branches]
        if len(motifs) > 1:
            motif = "".join(f"<group>{motif}</group>" for motif in motifs)
            return f"<choice>{motif}</choice>"
        if motifs:
            return motifs[0]
        if regle.mini == 0 or is_annulable(regle):
            return ""
        libres = "".join(f"<group>{self._write(b, ())}</group>" for b in regle.enfants)
        return f"<choice>{libres}</choice>"

    def write_definitions(self, corps: str) -> Iterator[str]:
        """Écrit les types que le profil laisse libres, et eux seuls."""
        communs = {
            m[1]: d for d in write_communs(self.version) if (m := re.search(r'name="([^"]+)"', d))
        }
        a_faire, faits = _list_refs(corps), set[str]()
        while a_faire:
            nom = a_faire.pop()
            if nom in faits:
                continue
            faits.add(nom)
            texte = communs.get(nom) or "".join(write_type(nom, self.grammaire))
            a_faire |= _list_refs(texte) - faits
            yield texte


def _list_refs(texte: str) -> set[str]:
    return set(re.findall(r"<ref name=[\"']([^\"']+)", texte))


def is_cite(regle: Noeud, enfants: tuple[NoeudProfil, ...]) -> bool:
    """Dit si le profil nomme l’un des éléments de cette règle."""
    noms = {element.nom for element in regle.iter_elements()}
    return any(noeud.element in noms for noeud in enfants)


def is_annulable(regle: Noeud) -> bool:
    """Dit si une règle peut ne rien écrire."""
    if regle.mini == 0:
        return True
    if regle.genre == CHOIX:
        return any(is_annulable(enfant) for enfant in regle.enfants)
    return regle.genre == SUITE and all(is_annulable(enfant) for enfant in regle.enfants)
