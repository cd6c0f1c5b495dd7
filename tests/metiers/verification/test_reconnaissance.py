"""Un fichier se reconnaît à son nom et à son début ; une archive hostile n’est jamais ouverte."""

import io
import zipfile

import pytest

from socle.metiers.verification.errors import NatureFausse, NatureInconnue
from socle.metiers.verification.services import apercu as module
from socle.metiers.verification.services.apercu import read_apercu
from socle.metiers.verification.services.controle import clean_nom
from socle.metiers.verification.services.reconnaissance import find_nature, recognize
from tests.conftest import DONNEES_OFFICIELLES
from tests.metiers.verification.fichiers import BAL, build_deliberations, build_tar, build_zip

CONNUS = {
    ("deliberations.csv", build_deliberations("2026-11-21")): "scdl:scdl/deliberations",
    ("donnees.txt", build_deliberations().replace(b",", b";")): "scdl:scdl/deliberations",
    ("marque.csv", b"\xef\xbb\xbf" + build_deliberations()): "scdl:scdl/deliberations",
    ("20261121_219200235_subventions.csv", b"a,b\n1,2\n"): "scdl:scdl/subventions",
    ("adresses.csv", BAL.encode()): "bal",
    ("publiccode.yml", b"name: x\n"): "publiccode",
    ("fiche.yaml", b'publiccodeYmlVersion: "0.4"\n'): "publiccode",
    ("preuve.zip", build_zip("sommaire.json", "sommaire.note", "LISEZMOI.txt")): "preuve",
    ("sip.zip", build_zip("content/1.pdf", "manifest.xml")): "seda",
    ("envoi.tar.gz", build_tar("EACT--210600730--20180115-1.xml", "a.pdf")): "actes",
    ("decp.json", b'{"marches": {"marche": []}}'): "decp",
    ("decp.xml", b'<?xml version="1.0"?><marches></marches>'): "decp",
    ("prenoms.xlsx", build_zip("xl/workbook.xml", "[Content_Types].xml")): "scdl:scdl/prenoms",
}
INCONNUS = {
    "photo.jpg": b"\xff\xd8\xff\xe0",
    "texte.txt": b"Bonjour",
    "vide.zip": build_zip(),
    "autre.zip": build_zip("lisez-moi.txt"),
    "tableau.xlsx": build_zip("xl/workbook.xml"),  # un tableau, mais de quel schéma ?
    "autre.tar.gz": build_tar("a/b.txt"),
    "casse.gz": b"\x1f\x8b\x08\x00abc",
    "casse.zip": b"PK\x03\x04" + b"\xff" * 3000 + b"PK\x05\x06" + b"\xff" * 18,
}


def read(nom: str, octets: bytes):
    return read_apercu(io.BytesIO(octets), nom)


def test_known_files_are_recognised_and_others_ask():
    trouvees = {cle: recognize(read(*cle)).valeur for cle in CONNUS}
    assert trouvees == CONNUS
    for nom, octets in INCONNUS.items():
        with pytest.raises(NatureInconnue):
            recognize(read(nom, octets))


def test_person_has_the_last_word():
    adresses = read("adresses.csv", BAL.encode())
    assert find_nature("scdl:scdl/budget", adresses).titre == "Tableau de données ouvertes : Budget"
    assert not find_nature("bal", adresses).devinee
    for fausse in ("pes", "scdl:scdl/inconnu", "bal:1.4"):
        with pytest.raises(NatureFausse):
            find_nature(fausse, adresses)
    with pytest.raises(NatureInconnue, match="quel schéma"):
        find_nature("scdl", read("tableau.csv", b"a,b\n"))


def test_names_of_an_archive_are_read_from_both_ends(monkeypatch):
    """Une table plus longue que ce qu’on lit montre son début et sa fin, jamais tout."""
    noms = [f"content/{rang:06}.pdf" for rang in range(2000)]
    monkeypatch.setattr(module, "TABLE", 8 * 1024)
    lues = read("sip.zip", build_zip("manifest.xml", *noms)).entrees
    assert lues[0] == "manifest.xml"
    assert lues[-1] == noms[-1]
    assert len(lues) < 400
    assert read("a.tar.gz", build_tar("un.xml", "deux.pdf")).entrees == ("un.xml", "deux.pdf")


def test_name_of_a_file_is_only_a_name():
    assert clean_nom("../../etc/passwd") == "passwd"
    assert clean_nom("C:\\dossier\\Été 2026.CSV") == "Été 2026.CSV"
    assert clean_nom("--sortie=x;rm.csv") == "--sortie_x_rm.csv"
    assert clean_nom("..") == "fichier"
    assert clean_nom("") == "fichier"
    assert len(clean_nom("a" * 500 + ".csv")) == 124


def test_official_examples_are_recognised():
    if not DONNEES_OFFICIELLES.is_dir():
        pytest.skip("les exemples officiels ne sont pas là")
    scdl = DONNEES_OFFICIELLES / "scdl" / "exemples"
    attendues = dict.fromkeys(scdl.glob("deliberations*.csv"), "scdl:scdl/deliberations")
    attendues |= dict.fromkeys(scdl.glob("prenoms*.csv"), "scdl:scdl/prenoms")
    bal = (DONNEES_OFFICIELLES / "bal" / "exemples").rglob("*.csv")
    attendues |= {chemin: "bal" for chemin in bal if "junk" not in chemin.name}
    decp = (DONNEES_OFFICIELLES / "decp" / "exemples").rglob("*.[jx]*")
    attendues |= dict.fromkeys(decp, "decp")
    actes = (chemin for chemin in (DONNEES_OFFICIELLES / "actes").glob("*") if chemin.is_file())
    attendues |= {chemin: "actes" for chemin in actes if chemin.suffix in {".xml", ".gz"}}
    totem = (DONNEES_OFFICIELLES / "actes" / "totem").rglob("totem.xml")
    attendues |= dict.fromkeys(totem, "actes")
    sip = (DONNEES_OFFICIELLES / "seda" / "samples").rglob("*.zip")
    attendues |= {chemin: "seda" for chemin in sip if "KO" not in chemin.name}
    assert len(attendues) > 60
    fausses = {}
    for chemin, attendue in attendues.items():
        with chemin.open("rb") as flux:
            try:
                valeur = recognize(read_apercu(flux, chemin.name)).valeur
            except NatureInconnue:
                valeur = ""
        if valeur != attendue:
            fausses[chemin.name] = valeur
    assert fausses == {}


def test_zip_of_many_entries_costs_little():
    """Cent mille entrées : les noms lus restent bornés."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for rang in range(20_000):
            archive.writestr(f"{rang}", b"")
    assert len(read_apercu(tampon, "gros.zip").entrees) <= module.NOMS_MAX
