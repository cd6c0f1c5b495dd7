"""Validation par le schéma XSD officiel, quand il est là, et traduction de ses refus."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lxml import etree

from socle.normes.seda.controles.rapport import ANOMALIES_PAR_CONTROLE, Anomalie, Statut
from socle.normes.seda.grammaire.rng import load_grammaire_vitam

_OCTETS_EN_ARBRE = 20 << 20
# Ce qui se répète dans un bordereau : oublié dès qu’il est jugé.
_OUBLIES = tuple(
    f"{{*}}{nom}"
    for nom in ("ArchiveUnit", "DataObjectGroup", "BinaryDataObject", "PhysicalDataObject")
)
_PRUDENCE: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
}
_NOM = r"'(?:\{[^}]*\})?(?P<nom>[^']*)'"
_ATTENDU = r"Expected is (?:one of )?\((?P<suite>.*)\)"
_TRADUCTIONS = tuple(
    (re.compile(f"Element {_NOM}.*{motif}"), phrase)
    for motif, phrase in (
        (
            rf"This element is not expected\. {_ATTENDU}",
            "L’élément « {nom} » n’est pas attendu à cet endroit. Attendu : {suite}.",
        ),
        (
            r"This element is not expected",
            "L’élément « {nom} » n’est pas attendu à cet endroit. Retirez-le ou déplacez-le.",
        ),
        (
            rf"Missing child element\(s\)\. {_ATTENDU}",
            "Il manque un élément dans « {nom} ». Ajoutez : {suite}.",
        ),
        (
            r"attribute '(?P<suite>[^']*)' is required",
            "L’attribut « {suite} » manque sur l’élément « {nom} ». Ajoutez-le.",
        ),
        (
            r"minimum length",
            "L’élément « {nom} » est vide. Remplissez-le ou retirez-le.",
        ),
        (
            r"'(?P<suite>[^']*)' is not (?:a valid value|an element of the set)",
            "La valeur « {suite} » de l’élément « {nom} » n’est pas admise. Corrigez-la.",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class SchemaChoisi:
    """Schéma qui juge un bordereau, et d’où il vient (« schéma officiel, dossier … »)."""

    objet: etree.XMLSchema
    origine: str
    officiel: bool = True


# Ce que les schémas officiels prennent au W3C : le strict nécessaire, pour ne rien demander.
_W3C = {
    "xml.xsd": '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' targetNamespace="http://www.w3.org/XML/1998/namespace">'
    '<xs:attribute name="lang" type="xs:string"/><xs:attribute name="id" type="xs:ID"/>'
    '<xs:attribute name="base" type="xs:anyURI"/><xs:attribute name="space" type="xs:NCName"/>'
    "</xs:schema>",
    "xlink.xsd": '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' targetNamespace="http://www.w3.org/1999/xlink">'
    '<xs:attribute name="href" type="xs:anyURI"/><xs:attribute name="type" type="xs:string"/>'
    '<xs:attribute name="role" type="xs:anyURI"/><xs:attribute name="title" type="xs:string"/>'
    "</xs:schema>",
}


class _Resolveur(etree.Resolver):
    """Donne nos copies de ce que les schémas importent du W3C ; rien d’autre ne sort du dossier."""

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:
        if system_url and "://" in system_url and not system_url.startswith("file:"):
            return self.resolve_string(_W3C.get(system_url.rsplit("/", 1)[-1], "<x/>"), context)
        return None


def load_schema(chemin: Path) -> etree.XMLSchema:
    """Charge un schéma SEDA depuis son fichier principal (« seda-2.2-main.xsd »), sans réseau."""
    lecteur = etree.XMLParser(no_network=True)
    lecteur.resolvers.add(_Resolveur())
    return etree.XMLSchema(etree.parse(chemin, lecteur))


def check_schema(
    octets: Callable[[], IO[bytes]], schema: etree.XMLSchema, *, version_vitam: str = ""
) -> Iterator[Anomalie]:
    """CHECK_SEDA.NOT_XSD_VALID : conformité au schéma, en flux.

    libxml2 ne contrôle pas les renvois (IDREF), ni les identifiants doubles en flux :
    `unites.check_identifiants` et `unites.check_coherence` s’en chargent.

    Args:
        octets: rouvre le bordereau ; appelé deux fois s’il est refusé et petit, pour les lignes.
        schema: schéma de la version du bordereau.
        version_vitam: version de SEDA, si ce que Vitam ajoute au schéma n’est qu’une remarque.
    """
    with octets() as flux:
        erreurs, taille = _erreurs_en_flux(flux, schema)
    statut = Statut.KO
    if erreurs and taille < _OCTETS_EN_ARBRE:
        arbre = _parse(octets)
        if arbre is not None:
            schema.validate(arbre)
            erreurs = list(schema.error_log) or erreurs
        if arbre is not None and version_vitam:
            accepte = load_grammaire_vitam(version_vitam).validate(arbre)
            statut = Statut.WARNING if accepte else Statut.KO
    for erreur in erreurs[: ANOMALIES_PAR_CONTROLE + 1]:
        lieu = f"ligne {erreur.line}" if erreur.line else "bordereau"
        message = translate(erreur.message)
        if statut is Statut.WARNING:
            message = f"Extension de Vitam, hors du standard. {message}"
        yield Anomalie(message=message, lieu=lieu, statut=statut)


def _parse(octets: Callable[[], IO[bytes]]) -> etree._ElementTree | None:
    """Arbre du bordereau : seule sa validation donne les numéros de ligne. None s’il est abîmé."""
    try:
        with octets() as flux:
            return etree.parse(flux, etree.XMLParser(**_PRUDENCE))
    except etree.XMLSyntaxError:
        return None


def _erreurs_en_flux(flux: IO[bytes], schema: etree.XMLSchema) -> tuple[list[Any], int]:
    evenements = etree.iterparse(flux, events=("end",), tag=_OUBLIES, schema=schema, **_PRUDENCE)
    try:
        for _, element in evenements:
            _oublie(element)
    except etree.XMLSyntaxError:
        return list(evenements.error_log), flux.tell()
    return [], 0


def _oublie(element: etree._Element) -> None:
    element.clear()
    precedent, parent = element.getprevious(), element.getparent()
    if precedent is not None and parent is not None:
        parent.remove(precedent)


def translate(message: str) -> str:
    """Traduit un refus de libxml2 en une phrase qui dit quoi corriger."""
    for motif, phrase in _TRADUCTIONS:
        if trouve := motif.search(message):
            valeurs = trouve.groupdict(default="")
            return phrase.format(nom=valeurs["nom"], suite=_suite(valeurs.get("suite", "")))
    nom = re.search(_NOM, message)
    element = f" (élément « {nom['nom']} »)" if nom else ""
    return f"Le bordereau ne suit pas le schéma SEDA{element}. Comparez cette ligne au schéma."


def _suite(suite: str) -> str:
    noms = [re.sub(r"\{[^}]*\}", "", nom).strip() for nom in suite.split(",")]
    noms = [nom for nom in noms if nom and nom != "*" and "##other" not in nom]
    debut = ", ".join(noms[:8]) or "un élément d’un autre espace de noms"
    return f"{debut}…" if len(noms) > 8 else debut
