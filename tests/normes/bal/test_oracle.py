"""Face au validateur officiel, installé par l’essai : mêmes codes, mêmes lignes, mêmes niveaux."""

import csv
import io
import json
import os
import shutil
import subprocess
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from socle.normes.bal.correction import correct_bal
from tests.normes.bal.comparaison import shorten, summarize
from tests.normes.bal.fabrique import (
    COMMUNE,
    build_mutant,
    load_communes,
    load_exemples,
    validate,
)

pytestmark = pytest.mark.lent
PAQUET = "@ban-team/validateur-bal@3.5.2"
IDS = {"31591": COMMUNE}
MUTANTS = 300
JOUR_DU_JUGE = date(*time.gmtime()[:3])  # le validateur officiel lit l’horloge
# Le validateur officiel s’arrête sur une erreur de programme quand `commune_insee` n’est pas une
# colonne, que la clé porte une commune inconnue et que la commune déléguée est remplie.
ECHEC_CONNU = "Cannot read properties of undefined (reading 'anciensCodes')"


@pytest.fixture(scope="module")
def atelier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dossier où le validateur officiel est installé."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node.js et npm sont absents : le validateur officiel ne peut pas tourner.")
    dossier = tmp_path_factory.mktemp("validateur-bal")
    (dossier / "package.json").write_text('{"private": true}')
    commande = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", PAQUET]
    fait = subprocess.run(
        commande, cwd=dossier, capture_output=True, text=True, timeout=240, check=False
    )
    if fait.returncode:
        pytest.skip(f"npm n’a pas pu installer {PAQUET} : dépôt injoignable.")
    shutil.copy(Path(__file__).with_name("oracle.js"), dossier / "oracle.js")
    return dossier


def run_oracle(atelier: Path, fichiers: list[Path]) -> list[dict[str, Any]]:
    commande = ["node", "oracle.js", json.dumps(IDS), *map(str, fichiers)]
    environnement = os.environ | {"TZ": "UTC"}  # il compare des instants du fuseau de la machine
    fait = subprocess.run(
        commande, cwd=atelier, env=environnement, capture_output=True, text=True, timeout=240,
        check=True,
    )  # fmt: skip
    return [json.loads(ligne) for ligne in fait.stdout.splitlines()]


def find_ecart(oracle: dict[str, Any], octets: bytes) -> str:
    """Rend ce qui diffère ; vide si les deux validateurs disent la même chose."""
    rapport = validate(octets, jour=JOUR_DU_JUGE, ids_communes=IDS)
    if "fautes" in oracle:
        codes = {anomalie.code for anomalie in rapport.anomalies}
        graves = {code for code, _ in oracle["fautes"]} - {"InvalidQuotes"}
        return "" if not rapport.lisible and codes == graves else f"{codes} au lieu de {graves}"
    if "echec" in oracle:
        return "" if oracle["echec"] == ECHEC_CONNU and rapport.lisible else oracle["echec"]
    attendu, obtenu = shorten(oracle), summarize(rapport)
    ecarts = [f"{cle} : {obtenu[cle]} ≠ {attendu[cle]}" for cle in attendu
              if obtenu[cle] != attendu[cle]]  # fmt: skip
    return " ; ".join(ecarts)[:2000]


def test_exemples_officiels_get_the_verdict_of_the_oracle(
    atelier: Path, donnees_officielles: Path
) -> None:
    bal = donnees_officielles / "bal"
    fichiers = [*sorted((bal / "exemples").glob("*.csv")), bal / "exemple_genere_5000.csv"]
    oracles = run_oracle(atelier, fichiers)

    ecarts = {
        fichier.name: ecart
        for fichier, oracle in zip(fichiers, oracles, strict=True)
        if (ecart := find_ecart(oracle, fichier.read_bytes()))
    }

    assert ecarts == {}


def test_mutants_get_the_verdict_of_the_oracle(
    atelier: Path, donnees_officielles: Path, tmp_path: Path
) -> None:
    exemples = load_exemples(donnees_officielles / "bal")
    fichiers = []
    for graine in range(MUTANTS):
        fichiers.append(tmp_path / f"{graine}.csv")
        fichiers[-1].write_bytes(build_mutant(graine, exemples))
    oracles = run_oracle(atelier, fichiers)

    ecarts = {
        graine: ecart
        for graine, (fichier, oracle) in enumerate(zip(fichiers, oracles, strict=True))
        if (ecart := find_ecart(oracle, fichier.read_bytes()))
    }

    assert ecarts == {}
    assert sum("lignes" in oracle for oracle in oracles) > MUTANTS * 0.8

    comparees = []
    for fichier, oracle in zip(fichiers, oracles, strict=True):
        if "corrige" in oracle:
            comparees += compare_corrections(fichier.read_bytes(), oracle["corrige"])
    assert [cellule for cellule in comparees if not cellule[-1]] == []
    assert len(comparees) > MUTANTS * 100


def compare_corrections(octets: bytes, officielle: str) -> list[tuple[str, str, str, bool]]:
    """(champ, officiel, Socle, même réponse) de chaque cellule que l’officiel remplit.

    Les identifiants BAN n’y sont pas : les nouveaux sont tirés au sort, les autres viennent de
    `uid_adresse`, que l’officiel lit mal (voir normes-bal.md).
    """
    rendu = correct_bal(
        octets, communes=load_communes(), aujourd_hui=JOUR_DU_JUGE,
        new_id=lambda: str(uuid.uuid4()), ids_communes=IDS,
    ).contenu  # fmt: skip
    textes = officielle.removeprefix("\ufeff"), rendu.decode()
    eux, nous = (list(csv.DictReader(io.StringIO(t, newline=""), delimiter=";")) for t in textes)
    return [
        (champ, valeur, ligne[champ], is_meme(champ, valeur, ligne[champ], octets))
        for officielles, ligne in zip(eux, nous, strict=True)
        for champ, valeur in officielles.items()
        if valeur and champ in ligne and not champ.startswith("id_ban_")
    ]


def is_meme(champ: str, officielle: str, notre: str, octets: bytes) -> bool:
    """Même valeur ; ou l’un des écarts voulus : une cellule fautive est gardée telle quelle."""
    if champ in {"x", "y", "long", "lat"}:
        return float(officielle) == float(notre)
    if champ == "commune_insee" and officielle not in load_communes().noms:  # lue dans la clé
        return notre not in load_communes().noms
    if champ in {"date_der_maj", "certification_commune"} and officielle != notre:
        return notre.encode() in octets
    return officielle == notre
