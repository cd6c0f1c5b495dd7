"""Lire la fiche d’un inconnu : taille, profondeur, nombre de nœuds et alias bornés.

Un fichier YAML de quelques lignes peut valoir des milliards de nœuds par ses alias. Les événements
sont donc comptés au fil de la lecture, puis le document développé l’est avant d’être construit.
Ni étiquette, ni clé en double ; rien n’est deviné : « 0.4 » et « 2026-11-21 » restent des textes.
"""

import re
from typing import Any

import yaml

from socle.normes.publiccode.errors import PubliccodeIllisible

TAILLE_MAX = 256 * 1024  # octets
EVENEMENTS_MAX = 20_000
NOEUDS_MAX = 20_000  # alias développés
PROFONDEUR_MAX = 20
ALIAS_MAX = 50
PAS_DU_TEXTE = re.compile("[\x00\ud800-\udfff]")  # qu’aucune base de données ne garde
_ENTREES = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_SORTIES = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_SIMPLES = {
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:map",
    "tag:yaml.org,2002:seq",
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:null",
}


class _Chargeur(yaml.SafeLoader):
    """Chargeur sûr qui ne devine que « true », « false » et le vide, comme YAML 1.2."""

    yaml_implicit_resolvers: dict[str, Any] = {}


def _prepare_chargeur() -> None:
    _Chargeur.add_implicit_resolver(
        "tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
    )
    _Chargeur.add_implicit_resolver(
        "tag:yaml.org,2002:null", re.compile("^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
    )


_prepare_chargeur()


def read_publiccode(octets: bytes) -> dict[str, Any]:
    """Rend le document : dictionnaires, listes, chaînes, booléens et None seulement.

    Args:
        octets: le fichier, UTF-8, 256 Kio au plus.

    Raises:
        PubliccodeIllisible: trop gros, trop profond, trop d’alias, mal formé, ou pas un objet.
    """
    texte = _decode(octets)
    try:
        _check_evenements(texte)
        chargeur = _Chargeur(texte)
        try:
            racine = chargeur.get_single_node()
            if not isinstance(racine, yaml.MappingNode):
                raise PubliccodeIllisible("Le fichier ne décrit pas un logiciel : « clé: valeur ».")
            _count_noeuds(racine, {}, set())
            lu: dict[str, Any] = chargeur.construct_document(racine)
        finally:
            chargeur.dispose()  # type: ignore[no-untyped-call, unused-ignore]
    except yaml.MarkedYAMLError as cause:
        marque = cause.problem_mark or cause.context_mark
        ligne = marque.line + 1 if marque else 0
        raise PubliccodeIllisible("Ce n’est pas du YAML bien formé.", ligne=ligne) from cause
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as cause:
        raise PubliccodeIllisible("Ce n’est pas du YAML bien formé.") from cause
    return lu


def _decode(octets: bytes) -> str:
    if len(octets) > TAILLE_MAX:
        raise PubliccodeIllisible(f"Le fichier dépasse {TAILLE_MAX // 1024} Ko.")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise PubliccodeIllisible("Le fichier n’est pas en UTF-8.") from cause


def _check_evenements(texte: str) -> None:
    """Compte au fil de la lecture : rien n’est construit avant d’être borné."""
    alias = profondeur = 0
    for nombre, evenement in enumerate(yaml.parse(texte, Loader=_Chargeur)):
        ligne = evenement.start_mark.line + 1  # type: ignore[union-attr]
        profondeur += isinstance(evenement, _ENTREES) - isinstance(evenement, _SORTIES)
        alias += isinstance(evenement, yaml.AliasEvent)
        if nombre > EVENEMENTS_MAX:
            raise PubliccodeIllisible("Le fichier compte trop d’éléments.", ligne=ligne)
        if profondeur > PROFONDEUR_MAX:
            raise PubliccodeIllisible(f"Plus de {PROFONDEUR_MAX} niveaux imbriqués.", ligne=ligne)
        if alias > ALIAS_MAX:
            raise PubliccodeIllisible(f"Plus de {ALIAS_MAX} renvois (« *nom »).", ligne=ligne)
        if PAS_DU_TEXTE.search(getattr(evenement, "value", "")):
            raise PubliccodeIllisible("Un signe qui n’est pas du texte.", ligne=ligne)
        if getattr(evenement, "tag", None) not in {None, "!"} and not isinstance(
            evenement, yaml.DocumentStartEvent
        ):
            raise PubliccodeIllisible("Les étiquettes (« !… ») sont refusées.", ligne=ligne)


def _count_noeuds(noeud: yaml.Node, comptes: dict[int, int], ouverts: set[int]) -> int:
    """Rend la taille développée d’un nœud ; chaque nœud partagé n’est mesuré qu’une fois."""
    cle, ligne = id(noeud), noeud.start_mark.line + 1
    if cle in comptes:
        return comptes[cle]
    if cle in ouverts:
        raise PubliccodeIllisible("Un renvoi se contient lui-même.", ligne=ligne)
    if noeud.tag not in _SIMPLES:
        raise PubliccodeIllisible("Valeur d’une sorte inattendue.", ligne=ligne)
    ouverts.add(cle)
    total = 1 + sum(_count_noeuds(enfant, comptes, ouverts) for enfant in _list_enfants(noeud))
    ouverts.discard(cle)
    if total > NOEUDS_MAX:
        raise PubliccodeIllisible("Les renvois feraient un document démesuré.", ligne=ligne)
    comptes[cle] = total
    return total


def _list_enfants(noeud: yaml.Node) -> list[yaml.Node]:
    if isinstance(noeud, yaml.SequenceNode):
        return list(noeud.value)
    if not isinstance(noeud, yaml.MappingNode):
        return []
    vues: set[str] = set()
    for cle, _ in noeud.value:
        ligne = cle.start_mark.line + 1
        if not isinstance(cle, yaml.ScalarNode):
            raise PubliccodeIllisible("Une clé doit être un mot.", ligne=ligne)
        if cle.value in vues:
            raise PubliccodeIllisible(f"La clé « {cle.value[:60]} » est en double.", ligne=ligne)
        cle.tag = "tag:yaml.org,2002:str"
        vues.add(cle.value)
    return [valeur for _, valeur in noeud.value]
