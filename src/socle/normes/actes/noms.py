"""Noms : identifiant d’un acte, fichiers, enveloppes et archives.

Le numéro `_n` d’un message de l’État est arbitraire : un retour se rapproche par l’identifiant de
l’acte, jamais par son numéro. La date d’un nom est celle de la décision, pas celle de l’envoi.

Source: schéma actesv1_1 (IDActe) ; noms relevés sur les fichiers de l’État et des opérateurs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

NUMERO = re.compile(r"([A-Z0-9][A-Z0-9_]{0,13})?[A-Z0-9]")
TYPOLOGIE = re.compile(r"[A-Z0-9_]{5}")
SIREN = re.compile(r"[0-9]{9}")
DEPARTEMENT = re.compile(r"[09][0-9][AB0-9]")
OPERATEUR = re.compile(r"[A-Z0-9]{3}")
PRODUCTION, ESSAI = "EACT", "TACT"
SERIE_MAX = 9_999
NOM_MAX = 100

_ID = re.compile(
    r"(?P<departement>[09][0-9][AB0-9])-(?P<siren>[0-9]{9})-(?P<jour>[0-9]{8})"
    r"-(?P<numero>[a-zA-Z0-9_]{1,15})-(?P<nature>[A-Z]{2})"
)
_FLUX = r"(?P<flux>[1-7]-[1-5])"
_ID_DE_NOM = (  # un retour sans acte laisse des places vides : « 044-214400152----1-3_1.xml »
    r"(?P<departement>[09][0-9][AB0-9])-(?P<siren>[0-9]{9})-(?P<jour>[0-9]{8})?"
    r"-(?P<numero>[a-zA-Z0-9_]{1,15})?-(?P<nature>[A-Z]{2})?"
)
_MESSAGE = re.compile(rf"{_ID_DE_NOM}-{_FLUX}_(?P<rang>[0-9]{{1,6}})\.xml")
_DOCUMENT = re.compile(
    rf"(?:(?P<typologie>[A-Z0-9_]{{5}})-)?{_ID.pattern}-{_FLUX}_(?P<rang>[0-9]{{1,4}})"
    r"\.(?P<extension>[a-zA-Z0-9]{1,5})"
)
_SERIE = r"(?P<jour>[0-9]{8})-(?P<serie>[1-9][0-9]{0,3})"
_ENVELOPPE = re.compile(
    r"(?P<anomalie>ANO_)?(?P<quadrigramme>[A-Z]{4})--"
    r"(?:(?P<siren>[0-9]{9})-"  # de la collectivité
    r"|(?P<origine>(?:SGAR|S?PREF)[09][0-9][AB0-9][0-9]?)-(?P<destinataire>[0-9]{9}))"  # de l’État
    rf"-{_SERIE}\.xml"
)
_ARCHIVE = re.compile(r"(?P<operateur>[A-Z0-9]{3})-(?P<enveloppe>.+)\.tar\.gz")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiantActe:
    """`035-213502388-20261120-2026_001-DE` : unique en France ; la date est celle de la décision.

    Attributes:
        nature: abrégé de la nature, « DE ».
    """

    departement: str
    siren: str
    jour: date
    numero: str
    nature: str

    def __str__(self) -> str:
        jour = self.jour.isoformat().replace("-", "")
        return f"{self.departement}-{self.siren}-{jour}-{self.numero}-{self.nature}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NomMessage:
    """Nom d’un message. Les champs manquants d’un retour sont vides ou None."""

    departement: str
    siren: str
    jour: date | None
    numero: str
    nature: str
    flux: str
    rang: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NomDocument:
    """Nom d’un document. `typologie` est vide dans les fichiers d’avant 2018."""

    typologie: str
    acte: IdentifiantActe
    flux: str
    rang: int
    extension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NomEnveloppe:
    """Nom d’une enveloppe.

    Attributes:
        origine: « SPREF0441 » si elle vient de l’État, vide sinon.
        anomalie: l’enveloppe dit qu’une autre est refusée.
    """

    quadrigramme: str
    siren: str
    jour: date
    serie: int
    origine: str = ""
    anomalie: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NomArchive:
    """Nom d’une archive : l’opérateur, puis le nom de l’enveloppe qu’elle porte."""

    operateur: str
    enveloppe: NomEnveloppe
    nom_enveloppe: str


def build_nom_message(acte: IdentifiantActe, flux: str, rang: int = 0) -> str:
    """Nom d’un message ; rang 0 pour la transmission elle-même."""
    return f"{acte}-{flux}_{rang}.xml"


def build_nom_demande_classification(departement: str, siren: str, rang: int = 1) -> str:
    """Nom d’une demande de classification, qui ne parle d’aucun acte."""
    return f"{departement}-{siren}----7-1_{rang}.xml"


def build_nom_document(
    acte: IdentifiantActe, typologie: str, rang: int, extension: str = "pdf", flux: str = "1-1"
) -> str:
    """Nom d’un document ; rang 1 pour l’acte, 2 et suivants pour ses annexes."""
    return f"{typologie}-{acte}-{flux}_{rang}.{extension}"


def build_nom_enveloppe(siren: str, jour: date, serie: int, quadrigramme: str = PRODUCTION) -> str:
    """Nom d’une enveloppe ; `jour` est celui de l’envoi, `serie` son rang ce jour-là, sans zéro."""
    return f"{quadrigramme}--{siren}--{jour.isoformat().replace('-', '')}-{serie}.xml"


def build_nom_archive(operateur: str, nom_enveloppe: str) -> str:
    """Nom de l’archive d’une enveloppe, pour un opérateur (« SLO », « SIC »)."""
    return f"{operateur}-{nom_enveloppe.removesuffix('.xml')}.tar.gz"


def build_departement(code: str) -> str:
    """Code de département sur trois signes, d’un code de commune ou de département.

    « 35238 » et « 35 » donnent « 035 » ; « 2A004 » donne « 02A » ; « 97105 » donne « 971 ».

    Raises:
        ValueError: ce n’est pas un code français.
    """
    debut = code[:3] if code.startswith("97") else f"0{code[:2]}"
    if not DEPARTEMENT.fullmatch(debut):
        raise ValueError(f"« {code} » n’est pas un code de commune ni de département.")
    return debut


def parse_id_acte(texte: str) -> IdentifiantActe | None:
    """Lit un identifiant d’acte ; None s’il n’en a pas la forme."""
    return _parse(_ID, texte, _build_id)


def parse_nom_message(nom: str) -> NomMessage | None:
    """Lit le nom d’un message ; None s’il n’en a pas la forme."""

    def build(trouve: re.Match[str]) -> NomMessage:
        return NomMessage(
            departement=trouve["departement"], siren=trouve["siren"],
            jour=_read_jour(trouve["jour"]) if trouve["jour"] else None,
            numero=trouve["numero"] or "", nature=trouve["nature"] or "",
            flux=trouve["flux"], rang=int(trouve["rang"]),
        )  # fmt: skip

    return _parse(_MESSAGE, nom, build)


def parse_nom_document(nom: str) -> NomDocument | None:
    """Lit le nom d’un document ; None s’il n’en a pas la forme."""

    def build(trouve: re.Match[str]) -> NomDocument:
        return NomDocument(
            typologie=trouve["typologie"] or "", acte=_build_id(trouve), flux=trouve["flux"],
            rang=int(trouve["rang"]), extension=trouve["extension"],
        )  # fmt: skip

    return _parse(_DOCUMENT, nom, build)


def parse_nom_enveloppe(nom: str) -> NomEnveloppe | None:
    """Lit le nom d’une enveloppe, d’un retour ou d’une anomalie ; None s’il n’en a pas la forme."""

    def build(trouve: re.Match[str]) -> NomEnveloppe:
        return NomEnveloppe(
            quadrigramme=trouve["quadrigramme"], siren=trouve["siren"] or trouve["destinataire"],
            jour=_read_jour(trouve["jour"]), serie=int(trouve["serie"]),
            origine=trouve["origine"] or "", anomalie=bool(trouve["anomalie"]),
        )  # fmt: skip

    return _parse(_ENVELOPPE, nom, build)


def parse_nom_archive(nom: str) -> NomArchive | None:
    """Lit le nom d’une archive ; None s’il n’en a pas la forme."""

    trouve = _ARCHIVE.fullmatch(nom) if len(nom) <= NOM_MAX else None
    nom_enveloppe = f"{trouve['enveloppe']}.xml" if trouve else ""
    enveloppe = parse_nom_enveloppe(nom_enveloppe)
    if trouve is None or enveloppe is None:
        return None
    return NomArchive(
        operateur=trouve["operateur"], enveloppe=enveloppe, nom_enveloppe=nom_enveloppe
    )


def _parse(motif: re.Pattern[str], texte: str, build: Callable[[re.Match[str]], _T]) -> _T | None:
    trouve = motif.fullmatch(texte) if len(texte) <= NOM_MAX else None
    try:
        return build(trouve) if trouve else None
    except ValueError:  # le 31 février
        return None


def _build_id(trouve: re.Match[str]) -> IdentifiantActe:
    return IdentifiantActe(
        departement=trouve["departement"], siren=trouve["siren"],
        jour=_read_jour(trouve["jour"]), numero=trouve["numero"], nature=trouve["nature"],
    )  # fmt: skip


def _read_jour(texte: str) -> date:
    return date(int(texte[:4]), int(texte[4:6]), int(texte[6:]))
