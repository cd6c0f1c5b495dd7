"""Ce que Vitam exige et qu’un profil oublie souvent, cherché dans n’importe quel Relax NG.

Source : Vitam, documentation des profils d’archivage ; faiblesses connues des outils existants.
"""

from collections.abc import Iterator

from lxml import etree

_RNG = "{http://relaxng.org/ns/structure/1.0}"
_EXIGES = (
    ("ArchivalAgreement", "le contrat d’entrée"),
    ("OriginatingAgencyIdentifier", "le service producteur"),
    ("MessageDigest", "l’empreinte de chaque fichier"),
    ("Title", "le titre de chaque unité"),
    ("DescriptionLevel", "le niveau de description"),
)
_FACULTATIFS = {f"{_RNG}optional", f"{_RNG}zeroOrMore"}


def check_exigences(profil: etree._Element) -> Iterator[str]:
    """Donne une phrase par exigence que le profil ne garantit pas."""
    elements = list(profil.iter(f"{_RNG}element"))
    noms = {element.get("name", "") for element in elements}
    for nom, quoi in _EXIGES:
        trouves = [element for element in elements if element.get("name") == nom]
        if not trouves and (nom != "MessageDigest" or "BinaryDataObject" in noms):
            yield f"Le profil ne demande pas {quoi} ({nom}), que Vitam exige."
        elif trouves and all(_is_facultatif(element) for element in trouves):
            yield f"Le profil laisse facultatif {quoi} ({nom}), que Vitam exige."
    if not any(a.find(f"{_RNG}anyName") is not None for a in profil.iter(f"{_RNG}attribute")):
        yield (
            "Le profil n’admet pas « xsi:schemaLocation » : un bordereau qui le porte sera refusé. "
            "Ajoutez un attribut de nom libre (anyName)."
        )
    if {"BinaryDataObject", "DataObjectGroup"} & noms == {"BinaryDataObject"}:
        yield (
            "Le profil veut les objets hors des groupes (DataObjectGroup) : les applications qui "
            "écrivent des groupes seront refusées."
        )


def _is_facultatif(element: etree._Element) -> bool:
    """L’élément est dans un bloc facultatif, sans remonter au-delà de son parent dans l’arbre."""
    for ancetre in element.iterancestors():
        if ancetre.tag in _FACULTATIFS:
            return True
        if ancetre.tag == f"{_RNG}element":
            return False
    return False
