"""Tableurs XLSX et ODS d’un inconnu : première feuille, lue au fil de l’eau, bornée en tout.

Un tableur est un ZIP de XML : taille développée, taux de compression, nombre de lignes, de colonnes
et de textes partagés sont comptés pendant la lecture ; ni entité, ni DTD, ni réseau. Les valeurs
deviennent le texte qu’un CSV porterait : « 12 », « 0.5 », « 2026-11-21 ».
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import IO, Any, BinaryIO

from socle.normes.scdl.errors import FichierInutilisable
from socle.normes.scdl.source import CELLULE_MAX, COLONNES_MAX

FICHIER_MAX = 100 * 1024 * 1024  # octets
DEVELOPPE_MAX = 600 * 1024 * 1024  # octets d’une partie
TAUX_MAX, SANS_TAUX = 100, 32 * 1024 * 1024  # développé / compressé, au-delà de 32 Mo
ELEMENT_MAX = 16 * 1024 * 1024  # octets d’une ligne ou d’un texte
MARQUES_MAX = 1_000_000  # balises et attributs d’une ligne : chacun pèse cent octets en mémoire
TEXTES_MAX = 50 * 1024 * 1024  # signes des textes partagés
TEXTES_NOMBRE_MAX = 2_000_000
REPETEES_MAX = 2_000_000  # cellules, puis SIGNES_REPETES_MAX signes, écrits par répétition
SIGNES_REPETES_MAX = 32 * 1024 * 1024
LIGNES_MAX = 1_100_000
ESPACES_MAX = 1_000  # écrits d’une seule balise
VIDES_MAX = 1_000  # lignes vides de suite gardées au milieu d’une feuille
PARTIES_MAX = 5_000
_X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_P = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_BLANCS = {f"{_P}tab": "\t", f"{_P}line-break": "\n"}
_DATES = {14, 15, 16, 17, 22, 27, 30, 36, 50, 57}
_HEURES = {18, 19, 20, 21}
_FORMAT_DATE = re.compile(r"[yYdD]")
_FORMAT_HEURE = re.compile(r"[hHsS]")
_ORIGINE = datetime(1899, 12, 30)  # noqa: DTZ001  Excel ne connaît pas les fuseaux
_ORIGINE_MAC = datetime(1904, 1, 1)  # noqa: DTZ001  « date1904 », des anciens Excel pour Mac
_DUREE_ODS = re.compile(r"PT(\d{1,2})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")


def is_classeur(flux: BinaryIO) -> bool:
    """Vrai si le fichier commence comme un ZIP ; le flux revient au début."""
    flux.seek(0)
    debut = flux.read(4)
    flux.seek(0)
    return debut == b"PK\3\4"


def open_classeur(flux: BinaryIO) -> tuple[str, Iterator[list[str]]]:
    """Rend « xlsx » ou « ods », et les lignes de la première feuille, en-tête compris.

    Raises:
        FichierInutilisable: ce n’est pas un tableur, ou il dépasse nos bornes.
    """
    taille = flux.seek(0, 2)
    flux.seek(0)
    if taille > FICHIER_MAX:
        raise FichierInutilisable("Le tableur dépasse 100 Mo : enregistrez-le en CSV.")
    try:
        archive = zipfile.ZipFile(flux)
        noms = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as cause:
        raise FichierInutilisable("Le tableur est abîmé : enregistrez-le de nouveau.") from cause
    if len(noms) > PARTIES_MAX:
        raise FichierInutilisable("Ce ZIP n’est pas un tableur.")
    if "xl/workbook.xml" in noms:
        return "xlsx", _guard(_trim(_read_xlsx(archive, noms)))
    if "content.xml" in noms:
        return "ods", _guard(_trim(_read_ods(archive)))
    raise FichierInutilisable("Ce ZIP n’est pas un tableur XLSX ou ODS.")


def _guard(lignes: Iterator[list[str]]) -> Iterator[list[str]]:
    from lxml import etree  # noqa: PLC0415

    try:
        for nombre, ligne in enumerate(lignes):
            if nombre > LIGNES_MAX:
                raise FichierInutilisable("Le tableur a trop de lignes : enregistrez-le en CSV.")
            yield ligne
    except (
        etree.XMLSyntaxError, zipfile.BadZipFile, KeyError, ValueError, RuntimeError, OSError,
        EOFError, OverflowError, NotImplementedError, IndexError,
    ) as cause:  # fmt: skip
        raise FichierInutilisable("Le tableur est abîmé : enregistrez-le de nouveau.") from cause
    except Exception as cause:
        if type(cause).__module__ == "zlib":
            raise FichierInutilisable("Le tableur est abîmé.") from cause
        raise


def _trim(lignes: Iterator[list[str]]) -> Iterator[list[str]]:
    """Met les lignes à la largeur de l’en-tête ; oublie les vides de la fin."""
    entete = _strip(next(lignes, []))
    if not entete:
        raise FichierInutilisable("La première ligne doit porter les noms des colonnes.")
    yield entete
    vides = 0
    for ligne in lignes:
        nue = _strip(ligne)
        if not nue:
            vides += 1
            continue
        if vides > VIDES_MAX:
            raise FichierInutilisable("La feuille a plus de mille lignes vides : ôtez-les.")
        yield from ([] for _ in range(vides))
        vides = 0
        yield nue + [""] * (len(entete) - len(nue))


def _strip(ligne: list[str]) -> list[str]:
    utiles = len(ligne)
    while utiles and not ligne[utiles - 1]:
        utiles -= 1
    return ligne[:utiles]


class _Borne:
    """Flux qui refuse de développer plus que prévu, au total ou pour un seul élément."""

    def __init__(self, flux: IO[bytes], compresse: int) -> None:
        self.flux, self.compresse, self.lu = flux, compresse, 0
        self.octets = self.marques = 0  # depuis le dernier élément rendu

    def read(self, taille: int = -1) -> bytes:
        bloc = self.flux.read(taille if 0 <= taille < 1 << 20 else 1 << 20)
        self.lu += len(bloc)
        self.octets += len(bloc)
        self.marques += bloc.count(b"<") + bloc.count(b"=")
        if self.lu > DEVELOPPE_MAX or self.octets > ELEMENT_MAX or self.marques > MARQUES_MAX:
            raise FichierInutilisable("Le tableur développé est démesuré.")
        if self.lu > SANS_TAUX and self.lu > TAUX_MAX * self.compresse:
            raise FichierInutilisable("Le tableur développé est démesuré.")
        return bloc

    def reset(self) -> None:
        """Un élément est rendu : ce qui le précède est oublié."""
        self.octets = self.marques = 0


def _iterate(archive: zipfile.ZipFile, nom: str, *noms: str) -> Iterator[Any]:
    """Les éléments de ces noms, un à un, vidés après usage."""
    from lxml import etree  # noqa: PLC0415

    with archive.open(nom) as brut:
        borne = _Borne(brut, archive.getinfo(nom).compress_size)
        contexte = etree.iterparse(
            borne,
            events=("end",),
            tag=noms,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
        )
        for _, element in contexte:
            if element.getroottree().docinfo.doctype:
                raise FichierInutilisable("Le tableur porte une DTD : il est refusé.")
            yield element
            borne.reset()
            element.clear()
            while element.getprevious() is not None:
                parent: Any = element.getparent()
                del parent[0]


def _read_xlsx(archive: zipfile.ZipFile, noms: set[str]) -> Iterator[list[str]]:
    feuille, origine = _find_feuille(archive, noms)
    textes = _read_textes(archive) if "xl/sharedStrings.xml" in noms else []
    dates, heures = _read_styles(archive) if "xl/styles.xml" in noms else (set(), set())
    lecture = _Lecture(textes, dates, heures, origine)
    attendue = 1
    for rang in _iterate(archive, feuille, f"{_X}row"):
        numero = int(rang.get("r") or attendue)
        if numero - attendue > VIDES_MAX:
            raise FichierInutilisable("La feuille a plus de mille lignes vides : ôtez-les.")
        yield from ([] for _ in range(numero - attendue))
        attendue = numero + 1
        yield _read_rang(rang, lecture)


@dataclass(frozen=True, slots=True)
class _Lecture:
    """Ce qu’il faut pour lire une cellule.

    Attributes:
        dates: rangs des styles qui montrent une date, `heures` : une heure seule.
        origine: le jour 0 du classeur.
    """

    textes: list[str]
    dates: set[int]
    heures: set[int]
    origine: datetime


def _find_feuille(archive: zipfile.ZipFile, noms: set[str]) -> tuple[str, datetime]:
    lien = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    feuilles, origine = [], _ORIGINE
    for element in _iterate(archive, "xl/workbook.xml", f"{_X}sheet", f"{_X}workbookPr"):
        if element.tag == f"{_X}sheet":
            feuilles.append(element.get(lien))
        elif element.get("date1904") in {"1", "true", "on"}:
            origine = _ORIGINE_MAC
    relation = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
    cibles = {
        r.get("Id"): r.get("Target") or ""
        for r in _iterate(archive, "xl/_rels/workbook.xml.rels", relation)
    }
    cible = cibles.get(feuilles[0], "") if feuilles else ""
    nom = cible.lstrip("/") if cible.startswith("/") else f"xl/{cible}"
    if nom not in noms:
        raise FichierInutilisable(
            "Le tableur n’a pas de feuille lisible : enregistrez-le en « Classeur Excel (.xlsx) », "
            "en ODS ou en CSV."
        )
    return nom, origine


def _read_textes(archive: zipfile.ZipFile) -> list[str]:
    textes, total = [], 0
    for element in _iterate(archive, "xl/sharedStrings.xml", f"{_X}si"):
        # Les lectures phonétiques (rPh) ne sont pas du texte de la cellule.
        bouts = (t.text or "" for t in element.iter(f"{_X}t") if t.getparent().tag != f"{_X}rPh")
        textes.append("".join(bouts))
        total += len(textes[-1])
        if total > TEXTES_MAX or len(textes) > TEXTES_NOMBRE_MAX:
            raise FichierInutilisable("Les textes du tableur sont démesurés.")
    return textes


def _read_styles(archive: zipfile.ZipFile) -> tuple[set[int], set[int]]:
    """Rangs des styles qui montrent une date, et de ceux qui montrent une heure seule."""
    formats, horaires = set(_DATES), set(_HEURES)
    dates, heures = set[int](), set[int]()
    for element in _iterate(archive, "xl/styles.xml", f"{_X}numFmt", f"{_X}cellXfs"):
        if element.tag == f"{_X}numFmt":
            code = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|\\.", "", element.get("formatCode") or "")
            genre = formats if _FORMAT_DATE.search(code) else horaires
            if genre is formats or _FORMAT_HEURE.search(code):
                genre.add(int(element.get("numFmtId") or 0))
        else:
            styles = [int(xf.get("numFmtId") or 0) for xf in element.iter(f"{_X}xf")]
            dates = {rang for rang, numero in enumerate(styles) if numero in formats}
            heures = {rang for rang, numero in enumerate(styles) if numero in horaires}
    return dates, heures


def _read_rang(rang: Any, lecture: _Lecture) -> list[str]:
    cellules: list[str] = []
    for cellule in rang.iterchildren(f"{_X}c"):
        place = _find_colonne(cellule.get("r") or "") or len(cellules) + 1
        if place > COLONNES_MAX:
            raise FichierInutilisable(f"La feuille a plus de {COLONNES_MAX} colonnes.")
        cellules += [""] * (place - 1 - len(cellules))
        cellules.append(_read_cellule(cellule, lecture))
    return cellules


def _find_colonne(reference: str) -> int:
    rang = 0
    for lettre in takewhile(str.isalpha, reference[:4]):
        rang = rang * 26 + ord(lettre.upper()) - 64
    return rang


def _read_cellule(cellule: Any, lecture: _Lecture) -> str:
    genre, brute = cellule.get("t"), cellule.findtext(f"{_X}v") or ""
    if genre == "s":
        return lecture.textes[int(brute)] if brute else ""
    if genre == "inlineStr":
        return "".join(t.text or "" for t in cellule.iter(f"{_X}t"))
    if genre == "b":
        return "true" if brute == "1" else "false"
    if genre in {"str", "e", "d"} or not brute:
        return brute[:CELLULE_MAX]
    style = int(cellule.get("s") or 0)
    if style in lecture.dates:
        return _format_instant(lecture.origine + timedelta(seconds=round(float(brute) * 86400)))
    if style in lecture.heures and 0 <= float(brute) < 1:
        return f"{_ORIGINE + timedelta(seconds=round(float(brute) * 86400)):%H:%M:%S}"
    return _format_nombre(brute)


def _format_instant(instant: datetime) -> str:
    if not (instant.hour or instant.minute or instant.second):
        return date(instant.year, instant.month, instant.day).isoformat()
    return instant.isoformat(timespec="seconds")


def _format_nombre(brute: str) -> str:
    nombre = float(brute)
    if nombre.is_integer() and abs(nombre) < 1e15:
        return str(int(nombre))
    return repr(nombre)


def _read_ods(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    feuille: Any = None
    cellules = signes = 0
    for rang in _iterate(archive, "content.xml", f"{_T}table-row"):
        table = rang.getparent()
        while table is not None and table.tag != f"{_T}table":
            table = table.getparent()
        if table is None:
            raise FichierInutilisable("Le tableur est abîmé : une ligne est hors de la feuille.")
        feuille = table.get(f"{_T}name") if feuille is None else feuille
        if table.get(f"{_T}name") != feuille:
            return
        ligne = _read_rang_ods(rang)
        fois = int(rang.get(f"{_T}number-rows-repeated") or 1)
        if not _strip(ligne):
            yield from ([] for _ in range(min(fois, VIDES_MAX + 1)))
            continue
        cellules += (fois - 1) * len(ligne)
        signes += (fois - 1) * sum(map(len, ligne))
        if cellules > REPETEES_MAX or signes > SIGNES_REPETES_MAX:
            raise FichierInutilisable(
                "Le tableur répète la même ligne un trop grand nombre de fois : enregistrez-le en "
                "CSV."
            )
        yield from (list(ligne) for _ in range(fois))


def _read_rang_ods(rang: Any) -> list[str]:
    cellules: list[str] = []
    for cellule in rang.iterchildren(f"{_T}table-cell", f"{_T}covered-table-cell"):
        texte = _read_cellule_ods(cellule)
        fois = int(cellule.get(f"{_T}number-columns-repeated") or 1)
        if not texte:
            fois = min(fois, COLONNES_MAX + 1)
        if len(cellules) + fois > COLONNES_MAX and texte:
            raise FichierInutilisable(f"La feuille a plus de {COLONNES_MAX} colonnes.")
        cellules += [texte] * fois
    return cellules


def _read_cellule_ods(cellule: Any) -> str:
    genre = cellule.get(f"{_O}value-type")
    if genre in {"float", "percentage", "currency"}:
        return _format_nombre(cellule.get(f"{_O}value") or "0")
    if genre == "date":
        return (cellule.get(f"{_O}date-value") or "").removesuffix("T00:00:00")
    if genre == "boolean":
        return cellule.get(f"{_O}boolean-value") or ""
    if genre == "time" and (lue := _DUREE_ODS.fullmatch(cellule.get(f"{_O}time-value") or "")):
        return ":".join(part.zfill(2) for part in lue.groups())
    paragraphes = (_read_paragraphe(p) for p in cellule.iterchildren(f"{_P}p"))
    return "\n".join(paragraphes)[:CELLULE_MAX]


def _read_paragraphe(paragraphe: Any) -> str:
    """Le texte ; ODS écrit à part les espaces qui se suivent, les tabulations, les sauts."""
    from lxml import etree  # noqa: PLC0415

    if not len(paragraphe):
        return paragraphe.text or ""
    morceaux, signes = [], 0
    for geste, element in etree.iterwalk(paragraphe, events=("start", "end")):
        if geste == "end":
            morceau = "" if element is paragraphe else element.tail or ""
        elif element.tag == f"{_P}s":
            morceau = " " * min(int(element.get(f"{_P}c") or 1), ESPACES_MAX)
        else:
            morceau = _BLANCS.get(element.tag) or element.text or ""
        morceaux.append(morceau)
        signes += len(morceau)
        if signes > CELLULE_MAX:
            break
    return "".join(morceaux)
