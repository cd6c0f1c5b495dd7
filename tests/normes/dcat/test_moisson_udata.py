"""Le moissonneur de data.gouv.fr lit tout le catalogue, de page en page, et l’enregistre.

`udata` vit dans son propre environnement, fait par l’essai ; `SOCLE_TESTS_UDATA` donne un Python où
il est déjà, avec mongomock.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from socle.normes.dcat.composition import Empreintes
from socle.normes.dcat.ecriture import FORMATS, write_pages
from tests.environnement import make_python
from tests.normes.dcat.fabrique import SITE, build_catalogue, build_jeu, build_service

pytestmark = pytest.mark.lent
PAQUETS = ["udata==17.18.0", "mongomock==4.3.0"]


@pytest.fixture(scope="module")
def python_udata(tmp_path_factory: pytest.TempPathFactory) -> str:
    dossier = tmp_path_factory.mktemp("udata")
    return make_python(dossier, variable="SOCLE_TESTS_UDATA", paquets=PAQUETS)


CAS = {
    "jsonld": ("jsonld", Empreintes.PRUDENTES),
    "nues": ("turtle", Empreintes.DATA_GOUV),
    "rdfxml": ("rdfxml", Empreintes.PRUDENTES),
    "turtle": ("turtle", Empreintes.PRUDENTES),
    "typees": ("turtle", Empreintes.DCAT_AP),
}


def write_cas(dossier: Path, forme: str, empreintes: Empreintes) -> None:
    """Écrit cinq jeux et un service en trois pages."""
    dossier.mkdir()
    suffixe = FORMATS[forme].suffixe
    service = build_service((f"{SITE}/jeux/1", f"{SITE}/jeux/4"))

    def find_adresse(rang: int) -> str:
        return f"{SITE}/catalogue-{rang}{suffixe}"

    pages = write_pages(
        build_catalogue(5, services=(service,)),
        par_page=2,
        adresse=find_adresse,
        format=forme,
        empreintes=empreintes,
    )
    adresses = {}
    for rang, octets in enumerate(pages, 1):
        (dossier / f"{rang}{suffixe}").write_bytes(octets)
        adresses[find_adresse(rang)] = f"{rang}{suffixe}"
    (dossier / "pages.json").write_text(json.dumps(adresses))


@pytest.fixture(scope="module")
def moissons(
    python_udata: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Tous les catalogues moissonnés d’un coup : charger udata est long."""
    racine = tmp_path_factory.mktemp("moissons")
    for nom, (forme, empreintes) in CAS.items():
        write_cas(racine / nom, forme, empreintes)
    juge = str(Path(__file__).with_name("juge_udata.py"))
    essai = subprocess.run(
        [python_udata, juge, str(racine)],
        capture_output=True, text=True, check=False, timeout=240, cwd=racine,
    )  # fmt: skip
    assert essai.returncode == 0, essai.stderr[-2000:]
    return {nom: json.loads((racine / nom / "moisson.json").read_text()) for nom in CAS}


@pytest.mark.parametrize("forme", list(FORMATS))
def test_data_gouv_reads_the_whole_catalogue(
    moissons: dict[str, dict[str, Any]], forme: str
) -> None:
    moisson = moissons[forme]
    suffixe = FORMATS[forme].suffixe

    assert moisson["lues"] == [f"{SITE}/catalogue-{rang}{suffixe}" for rang in (1, 2, 3)]
    assert (moisson["etat"], moisson["erreurs"]) == ("done", [])
    fiches = {fiche["identifiant"]: fiche for fiche in moisson["fiches"]}
    assert {(f["etat"], *f["erreurs"], *f["alertes"]) for f in fiches.values()} == {("done",)}
    assert set(fiches) == {*(f"clamart-{rang}" for rang in range(1, 6)), "api"}
    for rang in range(1, 6):
        check_fiche(fiches[f"clamart-{rang}"], rang)
    api = fiches["api"]
    assert (api["titre"], api["url"]) == ("API des délibérations", f"{SITE}/api/v1/")
    assert (api["contrat"], api["licence"]) == (f"{SITE}/api/openapi.json", "lov2")
    assert api["jeux"] == [f"{SITE}/jeux/1", f"{SITE}/jeux/4"]


def check_fiche(fiche: dict[str, Any], rang: int) -> None:
    """Chaque champ du modèle que data.gouv.fr garde y est, avec sa valeur."""
    jeu = build_jeu(rang)
    assert (fiche["titre"], fiche["uri"], fiche["page"]) == (jeu.titre, jeu.uri, jeu.page)
    assert fiche["mots"] == [
        "conseil-municipal", "deliberations", "gouvernement-et-secteur-public", "scdl",
    ]  # fmt: skip
    assert (fiche["frequence"], fiche["licence"]) == ("monthly", "lov2")
    assert fiche["periode"] == ["2025-01-01", "2025-12-31"]
    assert fiche["emprise"]["coordinates"][0][0][0] == [2.2, 48.775]
    assert fiche["schema"] == jeu.conforme_a[0]
    assert (fiche["publie"], fiche["modifie"]) == ("2026-01-02", "2026-10-01 00:00:00")
    assert "𝛑" in fiche["description"]
    csv, xlsx = sorted(fiche["fichiers"], key=lambda fichier: fichier["format"])
    source = jeu.distributions[0]
    assert (csv["titre"], csv["url"], csv["taille"]) == (source.titre, source.url, source.taille)
    assert (csv["mime"], csv["identifiant"]) == ("text/csv", source.identifiant)
    assert csv["schema"] == source.conforme_a[0]
    assert (xlsx["titre"], xlsx["format"]) == ("f.xlsx", "xlsx")


def test_data_gouv_reads_bare_checksums_and_refuses_typed_ones(
    moissons: dict[str, dict[str, Any]],
) -> None:
    """Pourquoi les empreintes sont prudentes ; échouera le jour où udata lira `xsd:hexBinary`."""
    [csv] = [f for f in moissons["nues"]["fiches"][0]["fichiers"] if f["format"] == "csv"]
    assert csv["empreinte"] == ["sha256", "ab" * 32]
    assert moissons["typees"]["etat"] == "done-errors"
    assert "checksum" in moissons["typees"]["fiches"][0]["erreurs"][0]
