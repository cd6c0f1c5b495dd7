"""Un bordereau suit-il son profil Relax NG ? Refus traduits, et causes classiques reconnues."""

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from socle.normes.seda.controles.causes import find_causes
from socle.normes.seda.controles.rapport import Anomalie
from socle.normes.seda.controles.traduction_rng import translate
from socle.normes.seda.grammaire import PREFIXE

OCTETS_MAX = 16 << 20
ELEMENTS_MAX = 200_000
_RNG = "{http://relaxng.org/ns/structure/1.0}"
_AILLEURS = (f"{_RNG}include", f"{_RNG}externalRef")
_PRUDENCE: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
}


class ProfilRefuse(Exception):
    """Le fichier n’est pas un profil Relax NG que l’on puisse employer ; dit pourquoi."""


class Profil:
    """Profil chargé : la grammaire compilée, et son arbre pour chercher les causes."""

    def __init__(self, racine: etree._Element, grammaire: etree.RelaxNG) -> None:
        self.racine = racine
        self._grammaire = grammaire

    @property
    def version(self) -> str:
        """Version de SEDA que le profil décrit ; vide s’il ne le dit pas."""
        for element in self.racine.iter(etree.Element):
            espace = element.get("ns", "")
            if espace.startswith(PREFIXE):
                return espace.removeprefix(PREFIXE)
        return ""

    def check(self, flux: IO[bytes]) -> Iterator[Anomalie]:
        """CHECK_HEADER.CHECK_ARCHIVEPROFILE d’un bordereau.

        Les causes classiques viennent d’abord : elles disent quoi changer, et où.
        """
        arbre = etree.parse(flux, etree.XMLParser(**_PRUDENCE))
        version = etree.QName(arbre.getroot()).namespace or ""
        attendue = self.version
        if attendue and version.removeprefix(PREFIXE) != attendue:
            yield Anomalie(
                lieu="bordereau",
                message=f"Le profil est écrit pour SEDA {attendue}, pas pour "
                f"{version.removeprefix(PREFIXE)[:40]}. Exportez le bordereau dans cette version.",
            )
            return
        if self._grammaire.validate(arbre):
            return
        causes = list(find_causes(self.racine, arbre))
        yield from causes
        dits = {cause.lieu for cause in causes}
        for erreur in list(self._grammaire.error_log)[:20]:
            lieu = f"ligne {erreur.line}" if erreur.line else "bordereau"
            if lieu not in dits:  # la première faute d’une ligne est la plus précise
                dits.add(lieu)
                yield Anomalie(lieu=lieu, message=translate(erreur.message))


def load_profil(octets: bytes) -> Profil:
    """Charge un profil Relax NG (syntaxe XML), sans rien lire hors de ses octets.

    Raises:
        ProfilRefuse: trop gros, mal formé, DTD, renvoi à un autre fichier, grammaire incohérente.
    """
    if len(octets) > OCTETS_MAX:
        raise ProfilRefuse(f"Ce profil dépasse {OCTETS_MAX >> 20} Mo.")
    try:
        racine = etree.fromstring(octets, etree.XMLParser(**_PRUDENCE))
    except etree.XMLSyntaxError as cause:
        raise ProfilRefuse(
            f"Ce profil n’est pas un XML bien formé (ligne {cause.lineno or 1})."
        ) from cause
    if racine.getroottree().docinfo.doctype:
        raise ProfilRefuse("Ce profil déclare une DTD. Retirez la ligne « <!DOCTYPE … > ».")
    if not str(racine.tag).startswith(_RNG):
        raise ProfilRefuse("Ce fichier n’est pas un profil Relax NG.")
    if next(racine.iter(*_AILLEURS), None) is not None:
        raise ProfilRefuse("Ce profil renvoie à un autre fichier. Réunissez-les en un seul.")
    try:
        return Profil(racine, etree.RelaxNG(racine.getroottree()))
    except etree.RelaxNGParseError as cause:
        raise ProfilRefuse(
            f"La grammaire du profil est incohérente : {_premiere(cause)}"
        ) from cause


def _premiere(cause: etree.LxmlError) -> str:
    erreurs = list(cause.error_log)
    return translate(erreurs[0].message) if erreurs else "elle ne se compile pas."
