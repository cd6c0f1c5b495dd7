"""CSV et XLSX : toute cellule qui ressemble à une formule reste un texte, même dans LibreOffice."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

from socle.fondations.commun.tableur import iter_csv
from socle.fondations.comptes.enums import Role
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.exports.listes import ENTETES, iter_lignes, write_xlsx
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import depot
from tests.factories import AdhesionFactory, CompteFactory
from tests.metiers.conftest import DEFINITION, MAINTENANT, REPONSES
from tests.metiers.dossiers.test_version import publish

SOFFICE = shutil.which("soffice")
PIEGES = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\xa0=1+1",
    '=HYPERLINK("http://x.example";"Cliquez")',
    "=cmd|' /C calc'!A0",
    '"=1+1"',
    ';=1+1;"',
]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXTE = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
XLSX = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


CHAMPS = [
    {"type": "texte_long", "id": "recit", "libelle": "=1+1 (récit)", "obligatoire": False},
    {
        "type": "choix_simple", "id": "ecole", "libelle": "École", "obligatoire": False,
        "options": [{"id": "a", "libelle": "=2+2"}, {"id": "b", "libelle": "Rochers"}],
    },
    {
        "type": "choix_multiple", "id": "jours", "libelle": "Jours", "obligatoire": False,
        "options": [{"id": "l", "libelle": "+lundi"}, {"id": "m", "libelle": "mardi"}],
    },
]  # fmt: skip


@pytest.fixture
def piegee(demarche, administrateur):
    """La démarche, où un libellé et des choix portent aussi un piège."""
    definition = deepcopy(DEFINITION)
    definition["pages"][0]["champs"] += CHAMPS
    publish(demarche, administrateur, definition)
    demarche.refresh_from_db()
    return demarche


@pytest.fixture
def lignes(piegee, usager) -> list[list[object]]:
    """Un dossier par piège, dans chaque colonne de texte."""
    for rang, piege in enumerate(PIEGES):
        dossier, _ = depot.start_dossier(
            demarche=piegee, version=get_version_publiee(piegee), compte=usager,
            maintenant=MAINTENANT, reponses=REPONSES,
        )  # fmt: skip
        dossier = depot.file_dossier(
            numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
        )
        Dossier.objects.filter(pk=dossier.pk).update(
            demandeur=piege[:100], courriel=piege[:100], motif=piege,
            reponses={
                **dossier.reponses, "prenom": piege, "recit": piege, "revenu": -100 - rang,
                "ecole": "a", "jours": ["l", "m"],
            },
        )  # fmt: skip
    return list(iter_lignes(piegee))


def read_csv(octets: bytes) -> list[list[str]]:
    assert octets.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_neutralizes_every_cell_kind(lignes):
    lues = read_csv(b"".join(iter_csv(lignes)))

    assert len(lues) == len(PIEGES) + 1
    for ligne in lues:
        for cellule in ligne:
            assert not re.match(r"\s*[=+\-@]", cellule) or re.fullmatch(r"-?\d+", cellule), ligne
    assert lues[1][ENTETES.index("Demandeur")] == "'=1+1"
    assert lues[1][ENTETES.index("Motif")] == "'=1+1"
    premier = dict(zip(lues[0], lues[1], strict=True))
    assert premier["Prénom"] == "'=1+1"
    assert premier["'=1+1 (récit)"] == "'=1+1"
    assert premier["École"] == "'=2+2"
    assert premier["Jours"] == "'+lundi, mardi"
    assert premier["Revenu"] == "-100"  # un nombre négatif reste un nombre


def test_xlsx_has_no_formula_and_keeps_the_numbers(lignes):
    with write_xlsx(lignes) as fichier, zipfile.ZipFile(fichier) as classeur:
        feuille = etree.fromstring(classeur.read("xl/worksheets/sheet1.xml"))
        noms = classeur.namelist()

    assert feuille.findall(f".//{{{XLSX}}}f") == []
    assert feuille.findall(f".//{{{XLSX}}}hyperlink") == []
    assert not [nom for nom in noms if "externalLink" in nom]
    nombres = [v.text for v in feuille.iter(f"{{{XLSX}}}v") if v.getparent().get("t") is None]
    assert "-100" in nombres


def test_csv_and_xlsx_hold_the_same_cells(lignes):
    du_csv = read_csv(b"".join(iter_csv(lignes)))
    with write_xlsx(lignes) as fichier, zipfile.ZipFile(fichier) as classeur:
        du_xlsx = read_xlsx(classeur)

    # Excel écrit un retour chariot « _x000D_ » : le même signe.
    assert du_xlsx == du_csv


def read_xlsx(classeur: zipfile.ZipFile) -> list[list[str]]:
    """Rend les cellules en texte, cases vides comprises."""
    feuille = etree.fromstring(classeur.read("xl/worksheets/sheet1.xml"))
    partages: list[str] = []
    if "xl/sharedStrings.xml" in classeur.namelist():
        arbre = etree.fromstring(classeur.read("xl/sharedStrings.xml"))
        partages = ["".join(si.itertext()) for si in arbre.iter(f"{{{XLSX}}}si")]
    lignes = []
    for rangee in feuille.iter(f"{{{XLSX}}}row"):
        cellules: dict[int, str] = {}
        for c in rangee.iter(f"{{{XLSX}}}c"):
            texte = "".join(c.itertext())
            colonne = _rank(re.match("[A-Z]+", c.get("r"))[0])
            lu = partages[int(texte)] if c.get("t") == "s" else texte
            cellules[colonne] = lu.replace("_x000D_", "\r")
        lignes.append([cellules.get(i, "") for i in range(max(cellules) + 1)])
    largeur = len(lignes[0])
    return [ligne + [""] * (largeur - len(ligne)) for ligne in lignes]


def _rank(lettres: str) -> int:
    rang = 0
    for lettre in lettres:
        rang = rang * 26 + ord(lettre) - 64
    return rang - 1


# LibreOffice -------------------------------------------------------------------------------------
def convert(dossier: Path, fichier: Path, *options: str) -> etree._Element:
    """Ouvre un fichier dans LibreOffice sans écran et rend la feuille, en XML à plat."""
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{dossier}/profil", "--headless", *options,
         "--convert-to", "fods", "--outdir", str(dossier), str(fichier)],
        check=True, capture_output=True, timeout=60, cwd=dossier,
    )  # fmt: skip
    return etree.fromstring(fichier.with_suffix(".fods").read_bytes())


def list_formules(feuille: etree._Element) -> list[str]:
    return [c.get(f"{{{TABLE}}}formula") for c in feuille.iter() if c.get(f"{{{TABLE}}}formula")]


def list_textes(feuille: etree._Element) -> list[list[str]]:
    lignes = []
    for rangee in feuille.iter(f"{{{TABLE}}}table-row"):
        ligne: list[str] = []
        for cellule in rangee.iter(f"{{{TABLE}}}table-cell"):
            fois = int(cellule.get(f"{{{TABLE}}}number-columns-repeated", "1"))
            paragraphes = [_read(p) for p in cellule.iter(f"{{{TEXTE}}}p")]
            ligne += ["\n".join(paragraphes)] * min(fois, 40)
        lignes.append(ligne)
    return lignes


def _read(paragraphe: etree._Element) -> str:
    return "".join(paragraphe.itertext())


@pytest.mark.lent
@pytest.mark.timeout(150)
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice n’est pas installé")
def test_libreoffice_opens_both_and_computes_nothing(lignes, tmp_path):
    en_csv, en_xlsx, temoin = tmp_path / "a.csv", tmp_path / "b.xlsx", tmp_path / "t.csv"
    en_csv.write_bytes(b"".join(iter_csv(lignes)))
    with write_xlsx(lignes) as fichier:
        en_xlsx.write_bytes(fichier.read())
    temoin.write_text("=1+1;texte\n")
    lu_csv = "--infilter=Text - txt - csv (StarCalc):59,34,76,1"

    assert list_formules(convert(tmp_path, temoin, lu_csv))  # un vrai piège se verrait
    feuilles = [convert(tmp_path, en_csv, lu_csv), convert(tmp_path, en_xlsx)]

    for feuille in feuilles:
        assert list_formules(feuille) == []
        textes = list_textes(feuille)
        assert textes[0][: len(ENTETES)] == list(ENTETES)
        colonne = ENTETES.index("Motif")
        lus = [ligne[colonne].replace("\n", "").strip() for ligne in textes[1 : len(PIEGES) + 1]]
        attendus = [str(ligne[colonne]) for ligne in lignes[1:]]
        for lu, attendu in zip(lus, attendus, strict=True):
            assert lu.lstrip("'").strip() == re.sub(r"[\r\n\t]", "", attendu).strip()


# Par la page -------------------------------------------------------------------------------------
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_page_gives_the_file_to_the_agent(client, collectivite, demarche, lignes, format_):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=Role.INSTRUCTEUR).compte)

    reponse = client.get(f"/c/clamart/agent/demarches/{demarche.pk}/dossiers.{format_}")
    octets = b"".join(reponse.streaming_content)
    reponse.close()

    assert reponse.status_code == 200
    assert reponse["Content-Disposition"].startswith("attachment")
    assert octets.startswith(b"\xef\xbb\xbf" if format_ == "csv" else b"PK")


def test_draft_is_never_exported(demarche, brouillon):
    assert len(list(iter_lignes(demarche))) == 1  # l’en-tête seul


def test_dates_are_those_of_paris(demarche):
    usager = CompteFactory()
    dossier, _ = depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), compte=usager,
        maintenant=MAINTENANT, reponses=REPONSES,
    )  # fmt: skip
    tard = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # déjà le 1er janvier à Paris
    depot.file_dossier(numero=dossier.numero, acces=Acces(compte=usager), maintenant=tard)

    ligne = list(iter_lignes(demarche))[1]

    assert ligne[ENTETES.index("Déposé le")] == "2027-01-01 00:30"
    assert date.fromisoformat(ligne[ENTETES.index("Échéance")]) > date(2027, 1, 31)
