"""Gestes sur un brouillon de formulaire : fonctions pures, d’une définition à la suivante.

Une définition est le JSON de `Formulaire`. Chaque geste rend une copie ; l’original sert à
annuler. Un champ se désigne par son identifiant, unique dans tout le formulaire.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.formulaires.conditions import list_references
from socle.fondations.formulaires.definition import TYPES_MODELES
from socle.fondations.formulaires.formules import list_noms
from socle.fondations.formulaires.textes import slugify

Definition = dict[str, Any]
HORS_BLOC = ("bloc_repetable", "source")
LONGUEUR_ID = 60
LIBELLE_MAX = 290  # laisse la place de « (copie) »


class ElementAbsent(ErreurMetier):
    message = "Cet élément n’existe plus dans le brouillon."
    suite = "Rechargez la page : il a sans doute été supprimé ailleurs."
    statut = 404


def iter_listes(definition: Definition) -> Iterator[list[dict[str, Any]]]:
    """Donne chaque liste de champs : celles des pages, puis celles des blocs."""
    for page in definition.get("pages", []):
        champs = page.setdefault("champs", [])
        yield champs
        for champ in champs:
            if champ.get("type") == "bloc_repetable":
                yield champ.setdefault("champs", [])


def find_place(definition: Definition, identifiant: str) -> tuple[list[dict[str, Any]], int]:
    """Rend la liste qui contient un champ et son rang.

    Raises:
        ElementAbsent: aucun champ n’a cet identifiant.
    """
    for champs in iter_listes(definition):
        for rang, champ in enumerate(champs):
            if champ["id"] == identifiant:
                return champs, rang
    raise ElementAbsent


def find_champ(definition: Definition, identifiant: str) -> dict[str, Any]:
    champs, rang = find_place(definition, identifiant)
    return champs[rang]


def find_page(definition: Definition, identifiant: str) -> dict[str, Any]:
    for page in definition.get("pages", []):
        if page["id"] == identifiant:
            found: dict[str, Any] = page
            return found
    raise ElementAbsent


def make_id(definition: Definition, libelle: str) -> str:
    """Rend un identifiant lisible et libre : « Revenu fiscal » donne « revenu_fiscal »."""
    pris = {champ["id"] for champs in iter_listes(definition) for champ in champs}
    pris |= {page["id"] for page in definition.get("pages", [])}
    pris |= {bareme["id"] for bareme in definition.get("baremes", [])}
    base = slugify(libelle, "champ").replace("-", "_")[:LONGUEUR_ID].strip("_") or "champ"
    if not base[0].isalpha():
        base = f"champ_{base}"
    candidats = [base, *(f"{base}_{n}" for n in range(2, len(pris) + 3))]
    return next(c for c in candidats if c not in pris)


def add_page(definition: Definition, titre: str) -> tuple[Definition, str]:
    """Ajoute une page à la fin ; rend aussi son identifiant."""
    nouvelle = deepcopy(definition)
    identifiant = make_id(nouvelle, titre)
    nouvelle.setdefault("pages", []).append({"id": identifiant, "titre": titre, "champs": []})
    return nouvelle, identifiant


def update_page(definition: Definition, identifiant: str, **attributs: Any) -> Definition:
    """Remplace des attributs d’une page ; None ôte l’attribut."""
    nouvelle = deepcopy(definition)
    _update(find_page(nouvelle, identifiant), attributs)
    return nouvelle


def move_page(definition: Definition, identifiant: str, pas: int) -> Definition:
    """Monte (-1) ou descend (+1) une page ; sans effet au bord."""
    nouvelle = deepcopy(definition)
    pages = nouvelle["pages"]
    rang = pages.index(find_page(nouvelle, identifiant))
    _move(pages, rang, rang + pas)
    return nouvelle


def delete_page(definition: Definition, identifiant: str) -> Definition:
    """Supprime une page et ses champs."""
    nouvelle = deepcopy(definition)
    nouvelle["pages"].remove(find_page(nouvelle, identifiant))
    return nouvelle


def add_champ(
    definition: Definition, *, dans: str, type_: str, libelle: str
) -> tuple[Definition, str]:
    """Ajoute un champ à la fin d’une page ou d’un bloc ; rend aussi son identifiant.

    Raises:
        ElementAbsent: ni page ni bloc de ce nom.
        ErreurMetier: type inconnu, ou interdit dans un bloc.
    """
    if type_ not in TYPES_MODELES:
        raise ErreurMetier("Ce type de champ n’existe pas.", "Choisissez-le dans la liste.")
    nouvelle = deepcopy(definition)
    champs, est_bloc = _find_conteneur(nouvelle, dans)
    if est_bloc and type_ in HORS_BLOC:
        raise ErreurMetier(
            "Ce champ ne peut pas être dans un bloc répétable.", "Ajoutez-le à la page."
        )
    identifiant = make_id(nouvelle, libelle or type_)
    champ: dict[str, Any] = {"type": type_, "id": identifiant, "libelle": libelle}
    if type_ == "bloc_repetable":
        champ["champs"] = []
    champs.append(champ)
    return nouvelle, identifiant


def update_champ(definition: Definition, identifiant: str, **attributs: Any) -> Definition:
    """Remplace des attributs d’un champ ; None ôte l’attribut (valeur par défaut)."""
    nouvelle = deepcopy(definition)
    _update(find_champ(nouvelle, identifiant), attributs)
    return nouvelle


def move_champ(definition: Definition, identifiant: str, pas: int) -> Definition:
    """Monte (-1) ou descend (+1) un champ ; au bord d’une page, il passe à la voisine."""
    nouvelle = deepcopy(definition)
    champs, rang = find_place(nouvelle, identifiant)
    cible = rang + pas
    if 0 <= cible < len(champs):
        _move(champs, rang, cible)
        return nouvelle
    listes = [page["champs"] for page in nouvelle["pages"]]
    if not any(liste is champs for liste in listes):
        return nouvelle  # dans un bloc, le bord arrête
    voisine = next(r for r, liste in enumerate(listes) if liste is champs) + pas
    if 0 <= voisine < len(listes):
        arrivee = listes[voisine]
        arrivee.insert(len(arrivee) if pas < 0 else 0, champs.pop(rang))
    return nouvelle


def list_dependants(definition: Definition, identifiant: str) -> list[str]:
    """Rend les libellés des champs et pages dont une condition ou une formule cite ce champ."""
    cites = []
    elements = [*definition.get("pages", []), *(c for cs in iter_listes(definition) for c in cs)]
    for element in elements:
        noms = list_references(element.get("condition")) | list_noms(element.get("formule", ""))
        if identifiant in noms and element["id"] != identifiant:
            cites.append(element.get("libelle") or element.get("titre") or element["id"])
    return cites


def place_champ(definition: Definition, identifiant: str, *, dans: str, rang: int) -> Definition:
    """Dépose un champ à un rang d’une page ou d’un bloc (glisser-déposer)."""
    nouvelle = deepcopy(definition)
    champs, ancien = find_place(nouvelle, identifiant)
    if champs[ancien]["type"] in HORS_BLOC and _find_conteneur(nouvelle, dans)[1]:
        raise ErreurMetier("Ce champ ne peut pas être dans un bloc répétable.")
    champ = champs.pop(ancien)
    arrivee, _ = _find_conteneur(nouvelle, dans)
    arrivee.insert(max(0, min(rang, len(arrivee))), champ)
    return nouvelle


def duplicate_champ(definition: Definition, identifiant: str) -> tuple[Definition, str]:
    """Copie un champ (et les champs d’un bloc) juste après lui, sous des identifiants neufs."""
    nouvelle = deepcopy(definition)
    champs, rang = find_place(nouvelle, identifiant)
    copie = deepcopy(champs[rang])
    copie["libelle"] = f"{copie.get('libelle', '')[:LIBELLE_MAX]} (copie)".strip()
    copie["id"] = make_id(nouvelle, copie["id"])
    champs.insert(rang + 1, copie)
    for enfant in copie.get("champs", []):
        enfant["id"] = make_id(nouvelle, enfant["id"])
    return nouvelle, copie["id"]


def delete_champ(definition: Definition, identifiant: str) -> Definition:
    nouvelle = deepcopy(definition)
    champs, rang = find_place(nouvelle, identifiant)
    del champs[rang]
    return nouvelle


def set_modele(
    definition: Definition, identifiant: str, modele: dict[str, str] | None
) -> Definition:
    """Joint un modèle à remplir à une pièce, ou l’ôte."""
    return update_champ(definition, identifiant, modele=modele)


def set_bareme(definition: Definition, bareme: dict[str, Any]) -> Definition:
    """Ajoute ou remplace un barème par son identifiant."""
    nouvelle = deepcopy(definition)
    autres = [b for b in nouvelle.get("baremes", []) if b["id"] != bareme["id"]]
    nouvelle["baremes"] = [*autres, bareme]
    return nouvelle


def find_bareme(definition: Definition, identifiant: str) -> dict[str, Any]:
    """Rend un barème.

    Raises:
        ElementAbsent: aucun barème n’a cet identifiant.
    """
    for bareme in definition.get("baremes", []):
        if bareme["id"] == identifiant:
            trouve: dict[str, Any] = bareme
            return trouve
    raise ElementAbsent


def delete_bareme(definition: Definition, identifiant: str) -> Definition:
    nouvelle = deepcopy(definition)
    nouvelle["baremes"] = [b for b in nouvelle.get("baremes", []) if b["id"] != identifiant]
    return nouvelle


def describe_conteneur(definition: Definition, nom: str) -> tuple[str, bool]:
    """Rend le titre d’une page ou d’un bloc, et vrai si c’est un bloc.

    Raises:
        ElementAbsent: ni page ni bloc de ce nom.
    """
    _, est_bloc = _find_conteneur(deepcopy(definition), nom)
    element = find_champ(definition, nom) if est_bloc else find_page(definition, nom)
    return element.get("titre") or element.get("libelle") or nom, est_bloc


def _find_conteneur(definition: Definition, nom: str) -> tuple[list[dict[str, Any]], bool]:
    for page in definition.get("pages", []):
        if page["id"] == nom:
            return page.setdefault("champs", []), False
    champ = find_champ(definition, nom)
    if champ["type"] != "bloc_repetable":
        raise ElementAbsent
    return champ.setdefault("champs", []), True


def _update(element: dict[str, Any], attributs: dict[str, Any]) -> None:
    for nom, valeur in attributs.items():
        if valeur is None:
            element.pop(nom, None)
        else:
            element[nom] = valeur


def _move(elements: list[Any], rang: int, cible: int) -> None:
    if 0 <= cible < len(elements):
        elements.insert(cible, elements.pop(rang))
