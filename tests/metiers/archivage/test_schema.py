"""Charger le schéma officiel : d’un dossier ou d’une archive, jamais autre chose."""

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from socle.fondations.referentiels.models import Referentiel
from socle.metiers.archivage import services
from socle.metiers.archivage.errors import SchemaRefuse
from socle.metiers.archivage.management.commands import charger_seda
from socle.metiers.archivage.services.schema import TAILLE_MAX, find_schema, load_seda
from socle.normes.seda.emplacement import PRINCIPAL, Schematheque
from tests.conftest import DONNEES_OFFICIELLES

XSD = (
    '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="{}">{}</xsd:schema>'
)
ESPACE = "fr:gouv:culture:archivesdefrance:seda:v2.2"


def load(source: Path) -> tuple[Referentiel, bool]:
    return load_seda(source, origine="essai", licence="Licence Ouverte 2.0")


@pytest.fixture(autouse=True)
def _donnees_vides(settings, tmp_path_factory) -> None:
    settings.DOSSIER_DONNEES = tmp_path_factory.mktemp("donnees")


@pytest.fixture
def officiel(donnees_officielles) -> Path:
    return donnees_officielles / "seda" / "2.2-siaf"


def build_zip(chemin: Path, fichiers: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, octets in fichiers.items():
            archive.writestr(nom, octets)
    return chemin


def build_paquet(chemin: Path, officiel: Path) -> Path:
    """Un « wheel » comme celui de PyPI : du code à côté, et d’autres versions du schéma."""
    fichiers = {f"cubicweb_seda/xsd/{f.name}": f.read_bytes() for f in officiel.iterdir()}
    autres = {"cubicweb_seda/__init__.py": b"", "cubicweb_seda/xsd/seda-2.1-main.xsd": b"<a/>"}
    return build_zip(chemin, fichiers | autres)


def build_tar(chemin: Path, officiel: Path) -> Path:
    with tarfile.open(chemin, "w:gz") as archive:
        archive.add(officiel, arcname="cubicweb-seda-2.4.1/xsd")
    return chemin


@pytest.mark.parametrize("forme", ["dossier", "fichier", "wheel", "sdist"])
def test_official_schema_is_loaded_and_known(db, officiel, tmp_path, forme):
    source = {
        "dossier": lambda: officiel,
        "fichier": lambda: officiel / PRINCIPAL,
        "wheel": lambda: build_paquet(tmp_path / "cubicweb_seda-2.4.1-py3-none-any.whl", officiel),
        "sdist": lambda: build_tar(tmp_path / "cubicweb-seda-2.4.1.tar.gz", officiel),
    }[forme]()
    assert find_schema() is None

    version, change = load(source)

    assert change
    assert (version.code, version.version, version.nombre) == ("seda", "2.2", 7)
    assert (version.source, version.licence) == ("essai", "Licence Ouverte 2.0")
    ranges = {f.name: f.read_bytes() for f in find_schema().parent.iterdir()}
    assert ranges == {f.name: f.read_bytes() for f in officiel.iterdir()}
    assert load(source)[1] is False
    assert Referentiel.objects.filter(code="seda").count() == 1


def test_other_versions_of_the_same_package_are_loaded_too(
    db, officiel, donnees_officielles, tmp_path, settings
):
    """Le contrôle d’un paquet en SEDA 2.1 prend le schéma 2.1 de l’installation."""
    ancien = donnees_officielles / "seda" / "2.1-siaf"
    fichiers = {f"xsd/{f.name}": f.read_bytes() for d in (officiel, ancien) for f in d.iterdir()}

    version, _ = load(build_zip(tmp_path / "p.whl", fichiers))

    choisis = Schematheque(settings.DOSSIER_DONNEES)
    assert version.version == "2.2"
    assert [choisis(v).officiel for v in ("2.1", "2.2", "2.3")] == [True, True, False]


def test_same_files_have_the_same_hash_whatever_their_shape(db, officiel, tmp_path):
    depuis_dossier = load(officiel)[0].empreinte
    assert load(build_tar(tmp_path / "a.tar.gz", officiel))[0].empreinte == depuis_dossier


def test_new_files_replace_the_old_ones(db, officiel, tmp_path):
    load(officiel)
    copie = shutil.copytree(officiel, tmp_path / "copie", copy_function=shutil.copyfile)
    copie.chmod(0o755)
    (copie / PRINCIPAL).write_bytes((copie / PRINCIPAL).read_bytes() + b"\n")
    assert load(copie)[1] is True
    assert find_schema().read_bytes() == (copie / PRINCIPAL).read_bytes()
    assert Referentiel.objects.filter(code="seda").count() == 1
    assert not list(find_schema().parent.parent.glob(".seda-*"))


def test_transfer_says_the_schema_that_checked_it(officiel, demande, contrat):
    load(officiel)
    versement = services.create_versement(**demande)
    assert versement.controles["schema_verifie"] is True
    assert versement.controles["schema"].startswith("SEDA 2.2, essai, empreinte ")


def test_page_says_which_schema_was_used(officiel, demande, contrat, client, archiviste):
    load(officiel)
    versement = services.create_versement(**demande)
    client.force_login(archiviste)
    page = client.get(f"/c/clamart/agent/archives/{versement.reference}/").text
    assert "Conformité au schéma officiel vérifiée (SEDA 2.2, essai, empreinte" in page


@pytest.mark.parametrize(
    ("principal", "motif"),
    [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", "déclare des entités"),
        ("pas du XML", "n’est pas du XML"),
        (XSD.format("urn:autre", ""), "n’est pas celui de SEDA"),
        (XSD.format(ESPACE, '<xsd:include schemaLocation="../secret.xsd"/>'), "hors de son"),
        (XSD.format(ESPACE, '<xsd:include schemaLocation="/etc/passwd"/>'), "hors de son"),
        (XSD.format(ESPACE, '<xsd:import schemaLocation="http://a.fr/b.xsd"/>'), "hors de son"),
        (XSD.format(ESPACE, '<xsd:include schemaLocation="absent.xsd"/>'), "Il manque"),
        (XSD.format(ESPACE, '<xsd:element name="a" type="inconnu"/>'), "ne se lit pas"),
        (XSD.format(ESPACE, "") + " " * TAILLE_MAX, "trop gros"),
    ],
)
def test_hostile_schema_is_refused_and_changes_nothing(db, tmp_path, principal, motif):
    (tmp_path / PRINCIPAL).write_text(principal)
    with pytest.raises(SchemaRefuse, match=motif):
        load(tmp_path)
    assert find_schema() is None
    assert not Referentiel.objects.filter(code="seda").exists()


def test_chain_of_too_many_files_is_refused(db, tmp_path):
    noms = [PRINCIPAL, *(f"f{rang}.xsd" for rang in range(30))]
    for nom, suivant in zip(noms, [*noms[1:], PRINCIPAL], strict=True):
        renvoi = f'<xsd:include schemaLocation="{suivant}"/>'
        (tmp_path / nom).write_text(XSD.format(ESPACE, renvoi))
    with pytest.raises(SchemaRefuse, match="Plus de 20"):
        load(tmp_path)


def test_link_to_a_file_elsewhere_is_refused(db, tmp_path):
    (tmp_path / PRINCIPAL).symlink_to("/etc/passwd")
    with pytest.raises(SchemaRefuse, match="Il manque"):
        load(tmp_path)


def test_bomb_is_refused(db, tmp_path):
    bombe = build_zip(tmp_path / "bombe.zip", {f"x/{PRINCIPAL}": b" " * (TAILLE_MAX + 1)})
    with pytest.raises(SchemaRefuse, match="trop gros"):
        load(bombe)


def test_archive_with_two_schemas_or_none_is_refused(db, tmp_path):
    double = {f"a/{PRINCIPAL}": b"<a/>", f"b/{PRINCIPAL}": b"<a/>"}
    for fichiers in (double, {"autre.txt": b""}):
        with pytest.raises(SchemaRefuse, match="un seul"):
            load(build_zip(tmp_path / "a.zip", fichiers))


def test_file_that_is_no_archive_is_refused(db, tmp_path):
    (tmp_path / "a.whl").write_bytes(b"pas une archive")
    with pytest.raises(SchemaRefuse, match="pas une archive lisible"):
        load(tmp_path / "a.whl")


def test_commande_loads_a_folder_and_says_it(db, officiel):
    sortie = io.StringIO()
    call_command("charger_seda", str(officiel), stdout=sortie)
    assert sortie.getvalue().startswith("Schéma SEDA 2.2 chargé : 7 fichiers, empreinte ")
    assert "fichiers fournis (2.2-siaf)" in sortie.getvalue()
    call_command("charger_seda", str(officiel), stdout=sortie)
    assert "déjà chargé" in sortie.getvalue()


def test_commande_refuses_in_one_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="Rien n’est changé"):
        call_command("charger_seda", str(tmp_path))


@pytest.mark.lent
@pytest.mark.timeout(300)
def test_commande_loads_the_real_package_and_no_other(db, settings, monkeypatch):
    """Le vrai paquet public, d’un bout à l’autre ; un paquet d’une autre empreinte est refusé."""
    sortie = io.StringIO()
    try:
        call_command("charger_seda", stdout=sortie)
    except CommandError as refus:
        if "n’a pas pu être téléchargé" not in str(refus):
            raise
        pytest.skip(f"dépôt de paquets injoignable : {refus}")

    assert sortie.getvalue().startswith("Schéma SEDA 2.2 chargé : 7 fichiers, empreinte ")
    assert charger_seda.ORIGINE in sortie.getvalue()
    choisis = Schematheque(settings.DOSSIER_DONNEES)
    assert [choisis(v).officiel for v in ("2.1", "2.2", "2.3")] == [True, True, False]
    principal = find_schema()
    for officiel in (DONNEES_OFFICIELLES / "seda" / "2.2-siaf").glob("*.xsd"):
        assert principal.with_name(officiel.name).read_bytes() == officiel.read_bytes()
    call_command("charger_seda", stdout=sortie)
    assert "déjà chargé" in sortie.getvalue()
    monkeypatch.setattr(charger_seda, "EMPREINTE", "0" * 64)
    with pytest.raises(CommandError, match="son empreinte est autre"):
        call_command("charger_seda")
