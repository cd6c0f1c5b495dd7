"""Profil abstrait : un arbre d’éléments SEDA, leur nombre, leurs valeurs, leur aide.

Un nœud qui a des `enfants` n’admet qu’eux, et ce que le standard exige ; un nœud sans `enfants`
admet tout ce que le standard admet. L’ordre des enfants est libre, sauf entre homonymes : la
compilation suit celui du schéma.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from socle.normes.seda.controles.jsonschema import SchemaJsonRefuse, compile_motif
from socle.normes.seda.grammaire import VERSIONS
from socle.normes.seda.grammaire.noeuds import Noeud, get_grammaire
from socle.normes.seda.grammaire.simples import SIMPLES, get_simple
from socle.normes.seda.plume import INTERDITS

OCTETS_MAX = 4 << 20
NOEUDS_MAX = 5_000
NIVEAUX_MAX = 60
_CARDINALITES: dict[str, tuple[int, int | None]] = {
    "1": (1, 1), "0-1": (0, 1), "0-n": (0, None), "1-n": (1, None),
}  # fmt: skip
_CLES = {
    "element", "cardinalite", "valeur", "valeurs", "motif", "aide", "exemple", "enfants",
}  # fmt: skip
RACINE = "ArchiveTransfer"


class ProfilInvalide(Exception):
    """Le profil ne se lit pas ; chaque faute est (lieu, phrase)."""

    def __init__(self, fautes: list[tuple[str, str]]) -> None:
        super().__init__(fautes[0][1] if fautes else "Profil invalide.")
        self.fautes = fautes


@dataclass(frozen=True, slots=True, kw_only=True)
class NoeudProfil:
    """Un élément du profil. `enfants` None : contenu libre."""

    element: str
    mini: int = 1
    maxi: int | None = 1
    valeurs: tuple[str, ...] = ()
    motif: str = ""
    aide: str = ""
    exemple: str = ""
    enfants: "tuple[NoeudProfil, ...] | None" = None

    @property
    def cardinalite(self) -> str:
        """« 1 », « 0-1 », « 0-n » ou « 1-n »."""
        return next(c for c, b in _CARDINALITES.items() if b == (self.mini, self.maxi))

    def iter_noeuds(self) -> "Iterator[NoeudProfil]":
        """Ce nœud, puis tous ceux qu’il contient."""
        yield self
        for enfant in self.enfants or ():
            yield from enfant.iter_noeuds()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilAbstrait:
    """Profil entier. `racine` : ArchiveTransfer."""

    identifiant: str
    nom: str
    description: str
    racine: NoeudProfil
    versions: tuple[str, ...] = VERSIONS


def read_profil(octets: bytes) -> ProfilAbstrait:
    """Lit un profil abstrait et le compare à la grammaire de chaque version qu’il annonce.

    Raises:
        ProfilInvalide: JSON illisible, clé inconnue, élément que le standard n’a pas, nombre
            qu’il n’admet pas, motif sans exemple.
    """
    objet = _load(octets)
    fautes: list[tuple[str, str]] = []
    versions = objet.get("versions", list(VERSIONS))
    if not isinstance(versions, list) or not versions or set(versions) - set(VERSIONS):
        fautes.append(("versions", f"Les versions sont parmi {', '.join(VERSIONS)}."))
        versions = []
    fautes += [
        (cle, f"« {cle} » manque. Donnez un texte.")
        for cle in ("identifiant", "nom")
        if not isinstance(objet.get(cle), str) or not objet[cle].strip()
    ]
    lecture = _Lecture(fautes)
    enfants = lecture.read_enfants(objet.get("racine"), RACINE, 1)
    racine = NoeudProfil(element=RACINE, enfants=enfants)
    for version in versions:
        _check(racine, RACINE, version, RACINE, fautes)
    if fautes:
        raise ProfilInvalide(list(dict.fromkeys(fautes)))
    return ProfilAbstrait(
        identifiant=objet["identifiant"].strip(),
        nom=objet["nom"].strip(),
        description=str(objet.get("description", "")).strip(),
        racine=racine,
        versions=tuple(versions),
    )


def _load(octets: bytes) -> dict[str, Any]:
    if len(octets) > OCTETS_MAX:
        raise ProfilInvalide([("fichier", f"Ce profil dépasse {OCTETS_MAX >> 20} Mo.")])
    try:
        objet = json.loads(octets.decode("utf-8-sig"))
    except (ValueError, RecursionError) as cause:
        raise ProfilInvalide([("fichier", "Ce fichier n’est pas du JSON en UTF-8.")]) from cause
    if not isinstance(objet, dict) or not isinstance(objet.get("racine"), list):
        raise ProfilInvalide([("fichier", "Un profil est un objet JSON avec « racine » (liste).")])
    if any(INTERDITS.search(texte) for texte in _iter_textes(objet)):
        raise ProfilInvalide([("fichier", "Un texte du profil porte un caractère interdit.")])
    return objet


def _iter_textes(objet: Any) -> Iterator[str]:
    """Tous les textes d’un JSON, clés comprises."""
    pile = [objet]
    while pile:
        valeur = pile.pop()
        if isinstance(valeur, str):
            yield valeur
        elif isinstance(valeur, dict):
            pile += [*valeur, *valeur.values()]
        elif isinstance(valeur, list):
            pile += valeur


class _Lecture:
    def __init__(self, fautes: list[tuple[str, str]]) -> None:
        self._fautes = fautes
        self._nombre = 0

    def read_enfants(self, brut: Any, lieu: str, niveau: int) -> tuple[NoeudProfil, ...]:
        if not isinstance(brut, list) or niveau > NIVEAUX_MAX:
            self._fautes.append(
                (lieu, "« enfants » est une liste de nœuds, sans excès de niveaux.")
            )
            return ()
        noeuds = (self._read(objet, lieu, niveau) for objet in brut)
        return tuple(noeud for noeud in noeuds if noeud is not None)

    def _read(self, objet: Any, lieu: str, niveau: int) -> NoeudProfil | None:
        self._nombre += 1
        if self._nombre > NOEUDS_MAX:
            raise ProfilInvalide([("racine", f"Ce profil a plus de {NOEUDS_MAX} nœuds.")])
        if not isinstance(objet, dict) or not isinstance(objet.get("element"), str):
            self._fautes.append((lieu, "Un nœud est un objet avec « element »."))
            return None
        ici = f"{lieu}/{objet['element'][:60]}"
        if inconnues := set(objet) - _CLES:
            self._fautes.append((ici, f"« {min(inconnues)[:40]} » n’est pas une clé d’un nœud."))
        bornes = _CARDINALITES.get(str(objet.get("cardinalite", "1")))
        if bornes is None:
            self._fautes.append((ici, "« cardinalite » est 1, 0-1, 0-n ou 1-n."))
            bornes = (1, 1)
        enfants = None
        if "enfants" in objet:
            enfants = self.read_enfants(objet["enfants"], ici, niveau + 1)
        return NoeudProfil(
            element=objet["element"],
            mini=bornes[0],
            maxi=bornes[1],
            valeurs=self._read_valeurs(objet, ici),
            motif=self._read_texte(objet, "motif", ici),
            aide=self._read_texte(objet, "aide", ici),
            exemple=self._read_texte(objet, "exemple", ici),
            enfants=enfants,
        )

    def _read_valeurs(self, objet: dict[str, Any], lieu: str) -> tuple[str, ...]:
        brutes = objet.get("valeurs", [objet["valeur"]] if "valeur" in objet else [])
        if not isinstance(brutes, list) or not all(isinstance(v, str) for v in brutes):
            self._fautes.append((lieu, "« valeurs » est une liste de textes."))
            return ()
        return tuple(" ".join(valeur.split()) for valeur in brutes)

    def _read_texte(self, objet: dict[str, Any], cle: str, lieu: str) -> str:
        valeur = objet.get(cle, "")
        if not isinstance(valeur, str):
            self._fautes.append((lieu, f"« {cle} » est un texte."))
            return ""
        return valeur


def _check(
    noeud: NoeudProfil, type_: str, version: str, lieu: str, fautes: list[tuple[str, str]]
) -> None:
    """Compare un nœud, dont la grammaire dit le type, à cette grammaire."""
    grammaire = get_grammaire(version)
    if type_ in SIMPLES:
        _check_valeur(noeud, type_, version, lieu, fautes)
        return
    if noeud.valeurs or noeud.motif:
        fautes.append((lieu, "Cet élément en contient d’autres : il n’a pas de valeur à lui."))
    connus = {e.nom: e for e in grammaire[type_].iter_elements()}
    repetables = list_repetables(grammaire[type_])
    comptes: dict[str, int] = {}
    for enfant in noeud.enfants or ():
        ici = f"{lieu}/{enfant.element}"
        connu = connus.get(enfant.element)
        if connu is None:
            fautes.append((ici, f"SEDA {version} n’a pas « {enfant.element} » à cet endroit."))
            continue
        comptes[connu.nom] = comptes.get(connu.nom, 0) + 1
        if connu.nom not in repetables and (enfant.maxi is None or comptes[connu.nom] > 1):
            fautes.append((ici, f"SEDA {version} n’admet qu’un « {connu.nom} » à cet endroit."))
        _check(enfant, connu.type, version, ici, fautes)


def list_repetables(noeud: Noeud, *, dedans: bool = False) -> set[str]:
    """Éléments qui peuvent être plusieurs : répétés eux-mêmes, ou pris dans une répétition."""
    repete = dedans or noeud.maxi is None
    if noeud.nom:
        return {noeud.nom} if repete else set()
    noms: set[str] = set()
    for enfant in noeud.enfants:
        noms |= list_repetables(enfant, dedans=repete)
    return noms


def _check_valeur(
    noeud: NoeudProfil, type_: str, version: str, lieu: str, fautes: list[tuple[str, str]]
) -> None:
    simple = get_simple(type_, version)
    if noeud.enfants:
        fautes.append((lieu, "Cet élément porte une valeur : il n’a pas d’enfants."))
    if simple.valeurs and (interdites := set(noeud.valeurs) - set(simple.valeurs)):
        choix = ", ".join(simple.valeurs)
        fautes.append((lieu, f"« {min(interdites)} » n’est pas admis. Au choix : {choix}."))
    if noeud.motif and not noeud.valeurs:
        try:
            suit = compile_motif(noeud.motif).fullmatch(noeud.exemple) is not None
        except SchemaJsonRefuse as refus:
            fautes.append((lieu, str(refus)))
            return
        if not suit or not noeud.exemple:
            fautes.append((lieu, "Donnez un « exemple » qui suit le motif."))
