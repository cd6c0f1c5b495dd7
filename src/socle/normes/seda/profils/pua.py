"""Profil d’unité archivistique (PUA) : le JSON Schema d’une unité du profil abstrait."""

import json
from typing import Any

from socle.normes.seda.grammaire import VERSIONS
from socle.normes.seda.grammaire.noeuds import get_grammaire
from socle.normes.seda.grammaire.simples import SIMPLES
from socle.normes.seda.profils.modele import NoeudProfil, ProfilAbstrait

_UNIQUES = {"Title", "Description"}
_DANS_LA_REGLE = {
    "Rule", "StartDate", "HoldEndDate", "HoldOwner", "HoldReassessingDate", "HoldReason",
    "PreventRearrangement",
}  # fmt: skip


def build_pua(profil: ProfilAbstrait, unite: NoeudProfil) -> str:
    """Écrit la notice d’un PUA, avec son schéma de contrôle (JSON Schema draft 4, en texte).

    Args:
        profil: d’où viennent l’identifiant, le nom et la description.
        unite: nœud ArchiveUnit à contrôler, avec un contenu décrit.

    Raises:
        ValueError: ce nœud n’est pas une unité décrite.
    """
    contenu = _find(unite, "Content")
    if unite.element != "ArchiveUnit" or contenu is None or contenu.enfants is None:
        raise ValueError("Un PUA se tire d’une unité dont le profil décrit le contenu (Content).")
    champs = _to_objet(contenu, "Content")
    champs["properties"] = {"ArchiveUnitProfile": {"type": "string"}, **champs["properties"]}
    champs["required"] = ["ArchiveUnitProfile", *champs["required"]]
    gestion = _find(unite, "Management")
    if gestion is not None:
        champs["properties"]["#management"] = _to_gestion(gestion)
        if gestion.mini:
            champs["required"].append("#management")
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", **champs}
    notice = {
        "Identifier": f"AUP-{profil.identifiant}",
        "Name": profil.nom,
        "Description": profil.description,
        "Status": "ACTIVE",
        "ControlSchema": json.dumps(schema, ensure_ascii=False),
    }
    return json.dumps([notice], ensure_ascii=False, indent=2)


def find_unites(profil: ProfilAbstrait) -> list[NoeudProfil]:
    """Unités dont le profil décrit le contenu, dans l’ordre."""
    noeuds = (n for n in profil.racine.iter_noeuds() if n.element == "ArchiveUnit")
    return [n for n in noeuds if (c := _find(n, "Content")) is not None and c.enfants is not None]


def _find(noeud: NoeudProfil, nom: str) -> NoeudProfil | None:
    return next((enfant for enfant in noeud.enfants or () if enfant.element == nom), None)


def _to_objet(noeud: NoeudProfil, type_: str) -> dict[str, Any]:
    regle = get_grammaire(VERSIONS[-1], vitam=True).get(type_)
    connus = {e.nom: e for e in regle.iter_elements()} if regle else {}
    proprietes: dict[str, Any] = {}
    for enfant in noeud.enfants or ():
        connu = connus.get(enfant.element)
        schema = _to_schema(enfant, connu.type if connu else "jeton")
        if enfant.element in _UNIQUES or (connu is not None and connu.maxi == 1):
            proprietes[enfant.element] = schema
        else:
            proprietes[enfant.element] = _to_liste(proprietes.get(enfant.element), enfant, schema)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(dict.fromkeys(e.element for e in noeud.enfants or () if e.mini)),
        "properties": proprietes,
    }


def _to_liste(
    deja: dict[str, Any] | None, noeud: NoeudProfil, schema: dict[str, Any]
) -> dict[str, Any]:
    """Un tableau ; des nœuds homonymes y sont autant de formes admises."""
    if deja is not None:
        formes = deja["items"].get("anyOf", [deja["items"]])
        return {"type": "array", "items": {"anyOf": [*formes, schema]}}
    liste: dict[str, Any] = {"type": "array", "items": schema, "minItems": noeud.mini}
    if noeud.maxi is not None:
        liste["maxItems"] = noeud.maxi
    return liste


def _to_schema(noeud: NoeudProfil, type_: str) -> dict[str, Any]:
    if type_ not in SIMPLES:
        return _to_objet(noeud, type_) if noeud.enfants is not None else {}
    if type_ == "bool":
        return {"type": "boolean"}
    schema: dict[str, Any] = {"type": "string"}
    valeurs = noeud.valeurs or SIMPLES[type_].valeurs
    if valeurs:
        schema["enum"] = list(valeurs)
    elif noeud.motif:
        schema["pattern"] = f"^({noeud.motif})$"
    elif noeud.mini:
        schema["minLength"] = 1
    return schema


def _to_gestion(gestion: NoeudProfil) -> dict[str, Any]:
    proprietes = {
        bloc.element: _to_bloc(bloc)
        for bloc in gestion.enfants or ()
        if bloc.element.endswith("Rule")
    }
    if gestion.enfants is None:
        return {"type": "object"}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [bloc.element for bloc in gestion.enfants if bloc.mini],
        "properties": proprietes,
    }


def _to_bloc(bloc: NoeudProfil) -> dict[str, Any]:
    if bloc.enfants is None:
        return {"type": "object"}
    regle: dict[str, Any] = {}
    exiges: list[str] = []
    reste: dict[str, Any] = {}
    for champ in bloc.enfants:
        schema = _to_schema(champ, "jeton")
        if champ.element in _DANS_LA_REGLE:
            regle[champ.element] = schema
            exiges += [champ.element] if champ.mini else []
        elif champ.element not in {"PreventInheritance", "RefNonRuleId"}:
            reste[champ.element] = schema
    proprietes: dict[str, Any] = {"Inheritance": {"type": "object"}, **reste}
    requis = [c.element for c in bloc.enfants if c.mini and c.element in reste]
    if regle:
        objet = {"type": "object", "properties": regle, "required": exiges}
        proprietes["Rules"] = {"type": "array", "items": {**objet, "additionalProperties": False}}
        requis += ["Rules"] if exiges else []
    return {
        "type": "object",
        "additionalProperties": False,
        "required": requis,
        "properties": proprietes,
    }
