"""Fichiers faits pour nuire, écrits au fil de l’eau : rien n’en est gardé en mémoire."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

MO = 1 << 20
_CLASSEUR = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="A" r:id="r1"/></sheets></workbook>'
)
_LIENS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>'
)
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RANG = '<row r="1"><c t="inlineStr"><is><t>nom</t></is></c></row>'
_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    "<office:spreadsheet>"
)
_ENTETE = (
    "<table:table-row><table:table-cell><text:p>nom</text:p></table:table-cell></table:table-row>"
)
_RIRES = "<!DOCTYPE a [<!ENTITY b0 'hahahaha'>"
for _rang in range(1, 9):
    _RIRES += f"<!ENTITY b{_rang} '{f'&b{_rang - 1};' * 10}'>"
_RIRES += "]>"
Morceaux = Iterator[bytes]


def _repeat(morceau: str, octets: int, avant: str = "", apres: str = "") -> Morceaux:
    yield avant.encode()
    bloc = morceau.encode() * max(1, MO // len(morceau.encode()))
    for _ in range(octets // len(bloc) + 1):
        yield bloc
    yield apres.encode()


def _write(chemin: Path, morceaux: Morceaux) -> None:
    with chemin.open("wb") as flux:
        flux.writelines(morceaux)


def _zip(chemin: Path, parties: dict[str, Morceaux]) -> None:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for nom, morceaux in parties.items():
            with archive.open(nom, "w", force_zip64=True) as partie:
                for morceau in morceaux:
                    partie.write(morceau)


def _xlsx(chemin: Path, feuille: Morceaux, **autres: Morceaux) -> None:
    _zip(
        chemin,
        {
            "xl/workbook.xml": iter([_CLASSEUR.encode()]),
            "xl/_rels/workbook.xml.rels": iter([_LIENS.encode()]),
            "xl/worksheets/s.xml": feuille,
            **{f"xl/{nom}.xml": morceaux for nom, morceaux in autres.items()},
        },
    )


def _ods(chemin: Path, contenu: Morceaux) -> None:
    _zip(chemin, {"content.xml": contenu})


def _feuille(corps: str) -> Morceaux:
    yield f"<worksheet {_NS}><sheetData>{_RANG}{corps}</sheetData></worksheet>".encode()


def _rangs_ods(lignes: int, colonnes: int, texte: str) -> Morceaux:
    yield (
        f"{_ODS}<table:table>{_ENTETE}<table:table-row table:number-rows-repeated='{lignes}'>"
        f"<table:table-cell table:number-columns-repeated='{colonnes}'><text:p>{texte}</text:p>"
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    ).encode()


DEBUT = f"<worksheet {_NS}><sheetData>{_RANG}"
TABLE = f"{_ODS}<table:table>{_ENTETE}"
HOSTILES: dict[str, Callable[[Path], None]] = {
    "dix_mo_sur_une_ligne.csv": lambda c: _write(c, _repeat("x", 10 * MO)),
    "dix_mo_de_virgules.csv": lambda c: _write(c, _repeat(",", 10 * MO)),
    "cellule_de_trente_mo.csv": lambda c: _write(c, _repeat("x,\n", 30 * MO, 'nom\n"')),
    "guillemets.csv": lambda c: _write(c, _repeat('"', 30 * MO, "nom\n")),
    "retours.csv": lambda c: _write(c, _repeat("\r", 10 * MO, "nom\n")),
    "lignes_vides.csv": lambda c: _write(c, _repeat("\n", 20 * MO, "nom\n")),
    "cent_mille_colonnes.csv": lambda c: _write(c, _repeat("colonne,", 800_000, "", "\n1,2\n")),
    "deux_mille_colonnes.csv": lambda c: _write(
        c, _repeat("," * 1_999 + "\n", 20 * MO, ",".join(f"c{n}" for n in range(2_000)) + "\n")
    ),
    "deux_mille_colonnes_trop_courtes.csv": lambda c: _write(
        c, _repeat("x\n", 4 * MO, ",".join(f"c{n}" for n in range(2_000)) + "\n")
    ),
    "nuls.csv": lambda c: _write(c, _repeat("\0", 5 * MO, "nom\n")),
    "demi_paires.csv": lambda c: c.write_bytes(b"nom\n" + b"\xed\xa0\x80" * MO),
    "utf16_tronque.csv": lambda c: c.write_bytes(b"\xff\xfen\0o\0m\0\n" + b"\0\xd8" * MO),
    "bombe_feuille.xlsx": lambda c: _xlsx(c, _repeat(" ", 640 * MO, DEBUT)),
    "bombe_textes.xlsx": lambda c: _xlsx(
        c, _feuille(""), sharedStrings=_repeat("\U0001f600", 640 * MO, f"<sst {_NS}><si><t>")
    ),
    "textes_vides.xlsx": lambda c: _xlsx(
        c, _feuille(""), sharedStrings=_repeat("<si/>", 60 * MO, f"<sst {_NS}>", "</sst>")
    ),
    "elements_inconnus.xlsx": lambda c: _xlsx(c, _repeat("<x/>", 80 * MO, DEBUT)),
    "attributs.xlsx": lambda c: _xlsx(c, _repeat('<x a="" b="" c=""/>', 80 * MO, DEBUT)),
    "profondeur.xlsx": lambda c: _xlsx(c, _repeat("<x>", 100 * MO, DEBUT)),
    "rang_sans_fin.xlsx": lambda c: _xlsx(c, _repeat("<c/>", 80 * MO, f"{DEBUT}<row>")),
    "styles.xlsx": lambda c: _xlsx(
        c, _feuille(""), styles=_repeat("<xf/>", 80 * MO, f"<styleSheet {_NS}><cellXfs>")
    ),
    "colonne_lointaine.xlsx": lambda c: _xlsx(c, _feuille('<row r="2"><c r="ZZZZ1"/></row>')),
    "ligne_lointaine.xlsx": lambda c: _xlsx(c, _feuille('<row r="999999999"/>')),
    "ligne_negative.xlsx": lambda c: _xlsx(c, _feuille('<row r="-5"><c><v>1</v></c></row>')),
    "nombre_immense.xlsx": lambda c: _xlsx(c, _feuille("<row><c><v>1e999</v></c></row>")),
    "entier_immense.xlsx": lambda c: _xlsx(c, _feuille(f'<row r="{"9" * 9000}"/>')),
    "rires.xlsx": lambda c: _xlsx(c, iter([(_RIRES + DEBUT + "&b8;").encode()])),
    "bombe.ods": lambda c: _ods(c, _repeat(" ", 640 * MO, TABLE)),
    "elements_inconnus.ods": lambda c: _ods(c, _repeat("<x/>", 80 * MO, TABLE)),
    "paragraphe.ods": lambda c: _ods(
        c, _repeat("é", 200 * MO, f"{TABLE}<table:table-row><table:table-cell><text:p>")
    ),
    "espaces.ods": lambda c: _ods(
        c,
        _repeat(
            '<text:s text:c="1000"/>',
            8 * MO,
            f"{TABLE}<table:table-row><table:table-cell><text:p>x",
            "</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"
            "</office:body></office:document-content>",
        ),
    ),
    "lignes_repetees.ods": lambda c: _ods(c, _rangs_ods(1_000_000, 1, "x" * 100_000)),
    "lignes_larges.ods": lambda c: _ods(c, _rangs_ods(1_000_000, 1_900, "x")),
    "lignes_infinies.ods": lambda c: _ods(c, _rangs_ods(10**9, 1, "x")),
    "colonnes_infinies.ods": lambda c: _ods(c, _rangs_ods(1, 10**9, "x")),
    "nombres_negatifs.ods": lambda c: _ods(c, _rangs_ods(-5, -5, "x")),
    "rires.ods": lambda c: _ods(c, iter([(_RIRES + TABLE + "&b8;").encode()])),
    "mille_parties.ods": lambda c: _zip(c, {f"../{n}": iter([b"x"]) for n in range(6_000)}),
}
