"""XML venu d’un inconnu : taille, profondeur, nombre d’éléments, ni DTD, ni entité."""

from typing import Any

from lxml import etree

from socle.normes.actes.errors import ActeIllisible

OCTETS_MAX = 4 << 20  # un message pèse quelques kilo-octets, une classification 50
ELEMENTS_MAX = 50_000
NIVEAUX_MAX = 40
ATTRIBUTS_MAX = 64
_MORCEAU = 64 * 1024
_PRUDENCE: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
}
_REPLI = "windows-1252"


def parse_xml(
    octets: bytes, *, octets_max: int = OCTETS_MAX, elements_max: int = ELEMENTS_MAX
) -> tuple[etree._Element, bool]:
    """Lit un arbre, sans commentaires.

    Deux passes : la première mesure sans rien garder, la seconde fait l’arbre. Des réponses
    d’opérateurs sont en Windows-1252 sans le dire : elles sont relues ainsi.

    Returns:
        La racine, et vrai si l’encodage annoncé était faux.

    Raises:
        ActeIllisible: trop lourd, mal formé, DTD, trop profond, trop d’éléments.
    """
    if len(octets) > octets_max:
        raise ActeIllisible(
            f"Ce fichier XML dépasse {octets_max >> 20} Mo. Vérifiez que c’est le bon fichier.",
            code="xml.taille",
        )
    try:
        return _parse(octets, elements_max, None), False
    except etree.XMLSyntaxError as cause:
        if is_utf8(octets):
            raise _mal_forme(cause) from cause
    try:
        return _parse(octets, elements_max, _REPLI), True
    except etree.XMLSyntaxError as cause:
        raise _mal_forme(cause) from cause


def is_utf8(octets: bytes) -> bool:
    """Les octets sont de l’UTF-8 sans faute."""
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


def get_nom(element: etree._Element) -> str:
    """Nom de l’élément, sans son espace de noms."""
    return str(element.tag).rpartition("}")[2]


def _parse(octets: bytes, elements_max: int, encodage: str | None) -> etree._Element:
    mesure = etree.XMLParser(  # type: ignore[call-overload]
        target=_Mesure(elements_max), encoding=encodage, **_PRUDENCE
    )
    for debut in range(0, len(octets), _MORCEAU):
        mesure.feed(octets[debut : debut + _MORCEAU])
    mesure.close()
    analyseur = etree.XMLParser(remove_comments=True, encoding=encodage, **_PRUDENCE)
    return etree.fromstring(octets, analyseur)


def drop_instructions(racine: etree._Element) -> None:
    """Ôte les instructions de traitement : un message n’en dit rien, un budget les scelle."""
    etree.strip_tags(racine, etree.ProcessingInstruction)


def _mal_forme(cause: etree.XMLSyntaxError) -> ActeIllisible:
    ligne = getattr(cause, "lineno", None)
    lieu = f" (ligne {ligne})" if ligne else ""
    return ActeIllisible(
        f"Ce n’est pas un XML bien formé{lieu}. Reprenez le fichier d’origine, sans l’ouvrir ni"
        " l’enregistrer dans un autre logiciel.",
        code="xml.forme",
    )


class _Mesure:
    """Compte sans rien garder, et s’arrête à la première borne passée."""

    def __init__(self, elements_max: int) -> None:
        self._elements_max, self._elements, self._niveau = elements_max, 0, 0

    def doctype(self, *_: object) -> None:
        raise ActeIllisible(
            "Ce fichier déclare une DTD, ce qui permet des attaques par entités. Ôtez la ligne"
            " « <!DOCTYPE … > ».",
            code="xml.dtd",
        )

    def start(self, _: str, attributs: dict[str, str]) -> None:
        self._elements += 1
        self._niveau += 1
        if self._niveau > NIVEAUX_MAX:
            raise ActeIllisible(
                f"Ce fichier emboîte plus de {NIVEAUX_MAX} éléments : ce n’est pas un message.",
                code="xml.profondeur",
            )
        if self._elements > self._elements_max or len(attributs) > ATTRIBUTS_MAX:
            raise ActeIllisible(
                f"Ce fichier a plus de {self._elements_max} éléments, ou plus de {ATTRIBUTS_MAX}"
                " attributs sur l’un d’eux : ce n’est pas un message.",
                code="xml.nombre",
            )

    def end(self, _: str) -> None:
        self._niveau -= 1

    def data(self, _: str) -> None:
        """Ignore le texte."""

    def comment(self, _: str) -> None:
        """Ignore un commentaire."""

    def pi(self, _: str, __: str | None = None) -> None:
        """Ignore une instruction."""

    def close(self) -> None:
        """Rien n’est gardé."""
