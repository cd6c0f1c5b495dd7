"""Les tableurs : mêmes verdicts que le CSV, et bornes tenues."""

import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from socle.normes.scdl.classeurs import open_classeur
from socle.normes.scdl.errors import FichierInutilisable
from socle.normes.scdl.schema import Champ
from tests.normes.scdl.outils import build_schema, judge

SCHEMA = build_schema(
    Champ("nom", contraintes={"required": True}), Champ("jour", "date"), Champ("prix", "number")
)
LIGNES = [
    ("nom", "jour", "prix"),
    ("Pain", date(2026, 11, 21), 1.5),
    (None, "21/11/2026", 12),
    ("Sel", None, "x"),
]
FAUTES = [(3, "jour", "type-error"), (3, "nom", "constraint-error"), (4, "prix", "type-error")]
ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="A">{}</table:table><table:table table:name="B"><table:table-row>
 <table:table-cell><text:p>autre</text:p></table:table-cell></table:table-row></table:table>
 </office:spreadsheet></office:body></office:document-content>"""


def build_xlsx(lignes) -> bytes:
    classeur = openpyxl.Workbook()
    for ligne in lignes:
        classeur.active.append(ligne)
    flux = io.BytesIO()
    classeur.save(flux)
    return flux.getvalue()


def build_zip(**parties: str) -> bytes:
    flux = io.BytesIO()
    with zipfile.ZipFile(flux, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, texte in parties.items():
            archive.writestr(nom.replace("__", "/") + ".xml", texte)
    return flux.getvalue()


def build_ods(lignes) -> bytes:
    rangs = ""
    for ligne in lignes:
        rangs += "<table:table-row>"
        for valeur in ligne:
            if isinstance(valeur, date):
                rangs += (
                    f'<table:table-cell office:value-type="date" office:date-value="{valeur}"/>'
                )
            elif isinstance(valeur, int | float):
                rangs += f'<table:table-cell office:value-type="float" office:value="{valeur}"/>'
            else:
                rangs += f"<table:table-cell><text:p>{valeur or ''}</text:p></table:table-cell>"
        rangs += '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
    rangs += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/>'
    return build_zip(content=ODS.format(rangs + "</table:table-row>"))


@pytest.mark.parametrize("build", [build_xlsx, build_ods])
def test_spreadsheet_has_the_verdicts_of_the_csv(build):
    contenu = build(LIGNES)

    assert judge(contenu, SCHEMA) == FAUTES
    _, lignes = open_classeur(io.BytesIO(contenu))
    assert list(lignes)[1] == ["Pain", "2026-11-21", "1.5"]


@pytest.mark.parametrize(
    "contenu",
    [
        b"PK\3\4 abime",
        build_zip(autre="<a/>"),
        build_zip(content="<pas ferme"),
        build_zip(content='<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + ODS.format(
            "<table:table-row><table:table-cell><text:p>&e;</text:p></table:table-cell></table:table-row>")),
        build_zip(content=ODS.format(
            "<table:table-row><table:table-cell table:number-columns-repeated='99999'>"
            "<text:p>x</text:p></table:table-cell></table:table-row>")),
        build_zip(xl__workbook="<workbook/>"),
        build_xlsx([["a"]])[:-400],
        build_xlsx([]),
        build_xlsx([[], ["nom"], ["Pain"]]),
    ],
)  # fmt: skip
def test_hostile_spreadsheet_is_refused_by_a_sentence(contenu):
    with pytest.raises(FichierInutilisable, match=r"\.$"):
        judge(contenu, SCHEMA)


def test_hours_and_years_of_the_old_mac_are_read_as_shown():
    classeur = openpyxl.Workbook()
    classeur.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for ligne in [("nom", "heure"), (date(2026, 11, 21), time(9, 5)), (datetime(2026, 1, 2, 3), 2)]:
        classeur.active.append(ligne)
    flux = io.BytesIO()
    classeur.save(flux)

    assert list(open_classeur(flux)[1])[1:] == [
        ["2026-11-21", "09:05:00"],
        ["2026-01-02T03:00:00", "2"],
    ]


def test_ods_spaces_tabs_and_hours_are_those_shown():
    cellules = (
        "<text:p>a<text:s text:c='2'/>b<text:tab/>c<text:span>d<text:line-break/></text:span>e"
        "<text:s/></text:p><text:p>f</text:p>",
        "<text:p>9 h 05</text:p>",
    )
    attributs = ("", "office:value-type='time' office:time-value='PT9H5M0S'")
    rang = "".join(
        f"<table:table-cell {attribut}>{cellule}</table:table-cell>"
        for attribut, cellule in zip(attributs, cellules, strict=True)
    )
    contenu = build_zip(content=ODS.format(f"<table:table-row>{rang}</table:table-row>"))

    assert list(open_classeur(io.BytesIO(contenu))[1]) == [["a  b\tcd\ne \nf", "09:05:00"]]
