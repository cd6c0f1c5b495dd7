"""Corriger un fichier JSON de ce qui n’a qu’une bonne réponse, et dire chaque changement.

Le texte est gardé tel quel, ordre, mise en page et champs inconnus compris ; seules les valeurs
corrigées y sont récrites, une à une. Une valeur n’est changée que si la nouvelle a moins de fautes
que l’ancienne, espaces autour à part ; rien n’est deviné, rien n’est ôté, rien n’est ajouté.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from socle.normes.decp.errors import DecpIllisible
from socle.normes.decp.grammaire import CONTRATS, Liste, Noeud, Objet, Suite
from socle.normes.decp.jugement import ELEMENTS_MAX, freeze
from socle.normes.decp.lecture import TAILLE_MAX, open_source, parse_json
from socle.normes.decp.rapport import Chemin, show_chemin
from socle.normes.decp.remedes import ALENTOURS, find_remede
from socle.normes.decp.reperes import find_fin, find_places

NOMS = {
    "espaces": "espaces ôtés autour",
    "chiffres": "espaces et points ôtés entre les chiffres",
    "nombre": "nombre écrit sans guillemets, avec un point et sans espace",
    "guillemets": "code mis entre guillemets",
    "booleen": "écrit true ou false, sans guillemets",
    "date": "date mise au format AAAA-MM-JJ",
    "casse": "valeur écrite comme dans l’arrêté",
    "libelle": "libellé de 2018, remplacé par celui qui lui a succédé",
    "encodage": "texte récrit en UTF-8, sans marque au début",
}
_SUITE_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


@dataclass(frozen=True, slots=True)
class Changement:
    """Une valeur changée ; `avant` et `apres` comme le fichier les écrit, guillemets compris."""

    chemin: Chemin
    code: str
    avant: str
    apres: str
    contrat: str = ""
    ligne: int = 0

    @property
    def champ(self) -> str:
        return show_chemin(self.chemin)

    @property
    def message(self) -> str:
        return f"{self.avant[:80]} devient {self.apres[:80]} : {NOMS[self.code]}."

    def to_json(self) -> dict[str, Any]:
        return {
            "ligne": self.ligne or None,
            "champ": self.champ or None,
            "contrat": self.contrat or None,
            "code": self.code,
            "avant": self.avant,
            "apres": self.apres,
            "pourquoi": NOMS[self.code],
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Correction:
    """Le fichier corrigé, en UTF-8, et ce qui y a changé, dans l’ordre du fichier."""

    contenu: bytes
    changements: list[Changement]


def correct_decp(octets: bytes) -> Correction:
    """Corrige un fichier JSON ; corriger deux fois ne change rien de plus.

    Args:
        octets: le fichier, 32 Mo au plus, en UTF-8, en UTF-16 ou en Windows-1252.

    Raises:
        DecpIllisible: le fichier ne se lit pas, ou ce n’est pas du JSON (`code` « xml »).
    """
    texte, encodage = _decode(octets)
    source = open_source(texte.encode())
    if source.format != "json":
        raise DecpIllisible(
            "xml",
            "Socle ne corrige que le JSON : le schéma XML publié (2.0.2) est plus ancien que la "
            "norme. Redemandez ce fichier en JSON, ou corrigez-le dans le logiciel qui l’a fait.",
        )
    atelier = _Atelier()
    atelier.correct_racine(parse_json(source))
    trouvees = atelier.list_corrections()
    texte, changements = _rewrite(source.texte, trouvees)
    if encodage:
        changements.insert(0, Changement((), "encodage", encodage, "UTF-8", ligne=1))
    return Correction(texte.encode(), changements)


def _decode(octets: bytes) -> tuple[str, str]:
    """Rend le texte, et son encodage s’il faut en changer.

    Windows-1252 n’est reconnu que si rien, dans le fichier, ne s’est écrit en UTF-8.
    """
    if len(octets) > TAILLE_MAX:
        open_source(octets)  # le refus et sa phrase sont là
    code = json.detect_encoding(octets)
    try:
        texte = octets.decode(code)
        return texte, {"utf-8": "", "utf-8-sig": "UTF-8 avec marque"}.get(code, code.upper())
    except UnicodeDecodeError as cause:
        if code == "utf-8" and not _SUITE_UTF8.search(octets):
            try:
                return octets.decode("cp1252"), "Windows-1252"
            except UnicodeDecodeError:
                pass
        ligne = octets.count(b"\n", 0, cause.start) + 1
        message = "L’encodage de ce texte n’est pas sûr. Enregistrez le fichier en UTF-8."
        raise DecpIllisible("encodage", message, ligne=ligne) from cause


@dataclass(frozen=True, slots=True)
class _Essai:
    """Une correction faite dans l’arbre, de quoi la défaire, et ce qu’il faut écrire."""

    contenant: Any
    cle: str | int
    ancienne: Any
    chemin: Chemin
    code: str
    ecriture: str
    contrat: str


@dataclass(slots=True)
class _Atelier:
    """Descend dans la grammaire, comme le juge, et corrige l’arbre à mesure."""

    essais: list[_Essai] = field(default_factory=list)
    contrat: str = ""

    def list_corrections(self) -> dict[Chemin, _Essai]:
        """Une correction par place : la dernière dit ce qu’il faut écrire."""
        return {essai.chemin: essai for essai in self.essais}

    def correct_racine(self, racine: Any) -> None:
        marches = racine.get("marches") if isinstance(racine, dict) else None
        for nom, noeud in CONTRATS.items():
            contrats = marches.get(nom) if isinstance(marches, dict) else None
            for rang, contrat in enumerate(contrats if isinstance(contrats, list) else ()):
                identifiant = contrat.get("id") if isinstance(contrat, dict) else None
                self.contrat = identifiant[:64] if isinstance(identifiant, str) else ""
                self._correct(noeud, contrats, rang, ("marches", nom, rang))

    def _correct(self, noeud: Noeud, contenant: Any, cle: str | int, chemin: Chemin) -> None:
        valeur = contenant[cle]
        if isinstance(noeud, Objet):
            if isinstance(valeur, dict):
                self._correct_objet(noeud, valeur, chemin)
        elif isinstance(noeud, Liste):
            elements = valeur.get(noeud.nom) if isinstance(valeur, dict) else None
            self._correct_elements(noeud, elements, (*chemin, noeud.nom))
        elif isinstance(noeud, Suite):
            self._correct_elements(noeud, valeur, chemin)
        elif remede := find_remede(noeud, valeur):
            self._change(contenant, cle, chemin, *remede)

    def _change(
        self, contenant: Any, cle: str | int, chemin: Chemin, code: str, valeur: Any, ecriture: str
    ) -> None:
        self.essais.append(
            _Essai(contenant, cle, contenant[cle], chemin, code, ecriture, self.contrat)
        )
        contenant[cle] = valeur

    def _correct_objet(self, noeud: Objet, valeur: dict[str, Any], chemin: Chemin) -> None:
        for champ in noeud.champs:
            if champ.nom in valeur:
                self._correct(champ.noeud, valeur, champ.nom, (*chemin, champ.nom))
        for cle, remede in ALENTOURS.get(id(noeud), lambda _: {})(valeur).items():
            self._change(valeur, cle, (*chemin, cle), *remede)

    def _correct_elements(self, noeud: Liste | Suite, elements: Any, chemin: Chemin) -> None:
        """Corrige une liste, sauf si deux éléments en devenaient égaux : lequel garder ?"""
        if not isinstance(elements, list):
            return
        marque, avant = len(self.essais), _count_uniques(elements)
        for rang, element in enumerate(elements[:ELEMENTS_MAX]):
            if isinstance(noeud, Liste):
                self._correct(noeud.noeud, elements, rang, (*chemin, rang))
            elif isinstance(element, dict) and noeud.nom in element:
                self._correct(noeud.noeud, element, noeud.nom, (*chemin, rang, noeud.nom))
        uniques = isinstance(noeud, Liste) or noeud.uniques
        if uniques and len(self.essais) > marque and _count_uniques(elements) < avant:
            while len(self.essais) > marque:
                essai = self.essais.pop()
                essai.contenant[essai.cle] = essai.ancienne


def _count_uniques(elements: list[Any]) -> int:
    return len({freeze(element) for element in elements})


def _rewrite(texte: str, trouvees: dict[Chemin, _Essai]) -> tuple[str, list[Changement]]:
    morceaux, changements, ici = [], [], 0
    places = find_places(texte, trouvees)
    for chemin, (ligne, debut) in sorted(places.items(), key=lambda place: place[1][1]):
        essai, fin = trouvees[chemin], find_fin(texte, debut)
        avant = texte[debut:fin]
        morceaux += [texte[ici:debut], essai.ecriture]
        changements.append(
            Changement(chemin, essai.code, avant, essai.ecriture, essai.contrat, ligne)
        )
        ici = fin
    return "".join([*morceaux, texte[ici:]]), changements
