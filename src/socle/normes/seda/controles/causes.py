"""Les causes classiques d’un refus par un profil, reconnues dans le profil et le bordereau.

Source : Vitam, documentation des profils d’archivage, annexes 4 et 5.
"""

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from socle.normes.seda.controles.rapport import Anomalie

_RNG = "{http://relaxng.org/ns/structure/1.0}"
_ELEMENT, _VALEUR, _ATTRIBUT = f"{_RNG}element", f"{_RNG}value", f"{_RNG}attribute"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
VALEURS_MAX = 20
Couple = tuple[str, str]


def find_causes(profil: etree._Element, arbre: etree._ElementTree) -> Iterator[Anomalie]:
    """Donne les causes classiques qui expliquent que `arbre` ne suit pas `profil`."""
    racine = arbre.getroot()
    noms = {element.get("name", "") for element in profil.iter(_ELEMENT)}
    yield from _schema_location(profil, racine)
    yield from _objets(noms, racine)
    yield from _rateau(noms, racine)
    yield from _listes_de_codes(noms, racine)
    yield from _valeurs(profil, racine)


def _schema_location(profil: etree._Element, racine: etree._Element) -> Iterator[Anomalie]:
    if racine.get(_XSI) is None:
        return
    if any(a.find(f"{_RNG}anyName") is not None for a in profil.iter(_ATTRIBUT)):
        return
    yield _cause(
        racine,
        "Le bordereau porte « xsi:schemaLocation », que le profil n’admet pas. Retirez cet "
        "attribut du bordereau, ou faites admettre « anyName » au profil.",
    )


def _objets(noms: set[str], racine: etree._Element) -> Iterator[Anomalie]:
    if "BinaryDataObject" not in noms:
        return
    groupe = racine.find(".//{*}DataObjectGroup")
    if groupe is not None and "DataObjectGroup" not in noms:
        yield _cause(
            groupe,
            "Le bordereau range les objets dans des groupes (DataObjectGroup) ; le profil les veut "
            "seuls. Changez le profil : SEDA 2.2 et Vitam préfèrent les groupes.",
        )
    elif groupe is None and "DataObjectGroup" in noms:
        yield _cause(
            racine,
            "Le profil veut les objets dans des groupes (DataObjectGroup) ; le bordereau n’en a "
            "pas. Changez l’export de l’application qui verse.",
        )


def _rateau(noms: set[str], racine: etree._Element) -> Iterator[Anomalie]:
    renvoi = racine.find(".//{*}ArchiveUnit/{*}ArchiveUnitRefId")
    if renvoi is not None and "ArchiveUnit" in noms and "ArchiveUnitRefId" not in noms:
        yield _cause(
            renvoi,
            "Le bordereau décrit les unités à plat, avec des renvois (« râteau ») ; le profil les "
            "veut emboîtées. Changez l’export, ou le profil.",
        )
    elif renvoi is None and "ArchiveUnitRefId" in noms:
        yield _cause(
            racine,
            "Le profil veut des unités à plat avec des renvois (« râteau ») ; le bordereau les "
            "emboîte. Changez l’export, ou le profil.",
        )


def _listes_de_codes(noms: set[str], racine: etree._Element) -> Iterator[Anomalie]:
    if "CodeListVersions" in noms and racine.find("{*}CodeListVersions") is None:
        yield _cause(racine, "Les listes de codes (CodeListVersions) manquent. Ajoutez-les.")


def _valeurs(profil: etree._Element, racine: etree._Element) -> Iterator[Anomalie]:
    """Valeurs imposées que le bordereau ne respecte pas : (parent, élément) → valeurs admises."""
    imposees = _collect_valeurs(profil)
    trouvees = 0
    for element in racine.iter(etree.Element):
        parent = element.getparent()
        if parent is None or len(element):
            continue
        couple = (etree.QName(parent).localname, etree.QName(element).localname)
        admises = imposees.get(couple)
        texte = " ".join((element.text or "").split())
        if admises and texte not in admises:
            trouvees += 1
            if trouvees > VALEURS_MAX:
                return
            choix = " ; ".join(sorted(admises)[:5])
            yield _cause(
                element,
                f"« {couple[1]} » vaut « {texte[:80]} ». Le profil impose : {choix[:300]}.",
            )


def _collect_valeurs(profil: etree._Element) -> dict[Couple, set[str]]:
    """Valeurs imposées par couple, quand toutes les définitions du couple en imposent."""
    imposees: dict[Couple, set[str]] = defaultdict(set)
    libres: set[Couple] = set()
    for element in profil.iter(_ELEMENT):
        parent = next(element.iterancestors(_ELEMENT), None)
        if parent is None:
            continue
        couple = (parent.get("name", ""), element.get("name", ""))
        valeurs = [" ".join((v.text or "").split()) for v in _iter_valeurs(element)]
        if valeurs:
            imposees[couple].update(valeurs)
        else:
            libres.add(couple)
    return {couple: valeurs for couple, valeurs in imposees.items() if couple not in libres}


def _iter_valeurs(element: etree._Element) -> Iterator[etree._Element]:
    """Les valeurs de cet élément, ni celles de ses attributs, ni celles de ses fils."""
    for enfant in element.iterchildren(etree.Element):
        if enfant.tag == _VALEUR:
            yield enfant
        elif enfant.tag not in {_ELEMENT, _ATTRIBUT}:
            yield from _iter_valeurs(enfant)


def _cause(element: etree._Element, message: str) -> Anomalie:
    return Anomalie(lieu=f"ligne {element.sourceline or 1}", message=message)
