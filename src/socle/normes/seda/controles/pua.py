"""Profils d’unité archivistique (PUA) : l’unité, mise en JSON comme chez Vitam, suit le sien."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from socle.normes.seda.controles.jsonschema import (
    SchemaJsonRefuse,
    check_json,
    load_schema_json,
)
from socle.normes.seda.controles.limites import Attentes
from socle.normes.seda.controles.rapport import ANOMALIES_PAR_CONTROLE, Anomalie
from socle.normes.seda.grammaire import VERSIONS
from socle.normes.seda.grammaire.noeuds import get_grammaire

_UNIQUES = {"Title", "Description"}  # répétables en SEDA, mais un seul texte chez Vitam
_LANGUE = "{http://www.w3.org/XML/1998/namespace}lang"
_BOOLEENS = {"true": True, "1": True, "false": False, "0": False}
_PROPRES_A_LA_REGLE = {
    "Rule", "StartDate", "HoldEndDate", "HoldOwner", "HoldReassessingDate", "HoldReason",
    "PreventRearrangement",
}  # fmt: skip


class ControleDesProfils:
    """Juge les unités une à une pendant la lecture ; ne garde que les défauts."""

    def __init__(self, attentes: Attentes) -> None:
        self._connus = attentes.profils_unites or {}
        self._schemas: dict[str, dict[str, Any] | str] = {}
        self.anomalies: list[Anomalie] = []

    def check_unite(self, lieu: str, profil: str, element: etree._Element) -> None:
        """CHECK_ARCHIVE_UNIT_PROFILE d’une unité qui déclare `profil`."""
        if len(self.anomalies) > ANOMALIES_PAR_CONTROLE:
            return
        for detail, phrase in self._check(profil, element):
            self.anomalies.append(Anomalie(detail=detail, lieu=lieu, message=phrase))

    def _check(self, profil: str, element: etree._Element) -> Iterator[tuple[str, str]]:
        connu = self._connus.get(profil)
        if connu is None:
            yield (
                "PROFILE_NOT_FOUND",
                (
                    f"Le profil d’unité « {profil} » est inconnu du service d’archives. "
                    "Vérifiez son identifiant."
                ),
            )
            return
        if not connu.actif:
            yield "INACTIVE_STATUS", f"Le profil d’unité « {profil} » n’est plus actif."
            return
        if profil not in self._schemas:
            self._schemas[profil] = _load(connu.schema)
        schema = self._schemas[profil]
        if isinstance(schema, str):
            yield (
                ("INVALID_AU_PROFILE" if schema else "EMPTY_CONTROL_SCHEMA"),
                (f"Le profil d’unité « {profil} » ne peut pas servir. {schema}".rstrip()),
            )
            return
        for champ, phrase in check_json(to_json(element), schema):
            yield "NOT_AU_JSON_VALID", f"Profil « {profil} », {champ or 'unité'} : {phrase}"


def _load(texte: str) -> dict[str, Any] | str:
    if texte.strip() in {"", "{}"}:
        return ""
    try:
        return load_schema_json(texte)
    except SchemaJsonRefuse as refus:
        return str(refus)


def to_json(unite: etree._Element) -> dict[str, Any]:
    """Convertit un ArchiveUnit en JSON, comme Vitam : `#management` et les champs de Content."""
    objet: dict[str, Any] = {}
    for enfant in unite.iterchildren(etree.Element):
        nom = etree.QName(enfant).localname
        if nom == "ArchiveUnitProfile":
            objet[nom] = _texte(enfant)
        elif nom == "Content":
            objet |= _to_objet(enfant, "Content")
        elif nom == "Management":
            objet["#management"] = _to_gestion(enfant)
    return objet


def _to_gestion(gestion: etree._Element) -> dict[str, Any]:
    objet: dict[str, Any] = {}
    for bloc in gestion.iterchildren(etree.Element):
        nom = etree.QName(bloc).localname
        objet[nom] = _to_bloc(bloc) if nom.endswith("Rule") else _to_valeur(bloc, nom)
    return objet


def _to_bloc(bloc: etree._Element) -> dict[str, Any]:
    regles: list[dict[str, Any]] = []
    objet: dict[str, Any] = {}
    heritage: dict[str, Any] = {}
    for champ in bloc.iterchildren(etree.Element):
        nom, texte = etree.QName(champ).localname, _texte(champ)
        if nom == "Rule":
            regles.append({"Rule": texte})
        elif nom in _PROPRES_A_LA_REGLE and regles:
            regles[-1][nom] = texte
        elif nom == "PreventInheritance":
            heritage["PreventInheritance"] = _BOOLEENS.get(texte, texte)
        elif nom == "RefNonRuleId":
            heritage.setdefault("PreventRulesId", []).append(texte)
        else:
            objet[nom] = texte
    if regles:
        objet["Rules"] = regles
    if heritage:
        objet["Inheritance"] = heritage
    return objet


def _to_objet(element: etree._Element, type_: str) -> dict[str, Any]:
    regle = get_grammaire(VERSIONS[-1], vitam=True).get(type_)
    connus = {e.nom: e for e in regle.iter_elements()} if regle else {}
    objet: dict[str, Any] = {}
    for champ in element.iterchildren(etree.Element):
        nom = etree.QName(champ).localname
        connu = connus.get(nom)
        valeur = _to_valeur(champ, connu.type if connu else "")
        langue = champ.get(_LANGUE)
        if nom in _UNIQUES and langue:
            objet.setdefault(f"{nom}_", {})[langue] = valeur
        elif nom in _UNIQUES or (connu is not None and connu.maxi == 1):
            objet[nom] = valeur
        else:
            objet.setdefault(nom, []).append(valeur)
    return objet


def _to_valeur(element: etree._Element, type_: str) -> Any:
    if len(element):
        return _to_objet(element, type_)
    texte = _texte(element)
    return _BOOLEENS.get(texte, texte) if type_ == "bool" else texte


def _texte(element: etree._Element) -> str:
    return (element.text or "").strip()
