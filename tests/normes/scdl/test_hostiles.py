"""Fichiers faits pour nuire : toujours un rapport, en moins de dix secondes et de 500 Mo.

Les tableurs abîmés au hasard sont lus ou refusés d’une phrase : cinquante ici, deux mille dans la
part lente, davantage si `bornes` le dit.
"""

import io
import json
import os
import random
import resource
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from socle.normes.scdl.errors import FichierInutilisable
from socle.normes.scdl.validation import validate_fichier
from tests.normes.bornes import FUZZ, MEMOIRE_MAX, SECONDES_MAX, bornes
from tests.normes.scdl.hostiles import HOSTILES
from tests.normes.scdl.test_classeurs import LIGNES, SCHEMA, build_ods, build_xlsx

CHAMPS = [
    {"name": "nom"},
    {"name": "c1", "type": "integer"},
    {"name": "c2", "constraints": {"unique": True}},
]
PIEGES = [
    b"<", b">", b"&", b"\0", b"]]>", b"<!DOCTYPE a>", b"&#0;", b"-1", b"9" * 400, b"1e999", b"NaN",
    b"\xff\xfe", b"\xed\xa0\x80", b'r="ZZZZ9"', b'r="0"', b' t="s"', b' t="d"', b"'" * 3,
    b"table:number-rows-repeated='99999999'", b"table:number-columns-repeated='-3'", b"<row>" * 50,
]  # fmt: skip


@pytest.mark.lent
@pytest.mark.parametrize("nom", HOSTILES)
def test_hostile_file_has_a_report_and_takes_little(nom, tmp_path):
    schema, fichier = tmp_path / "schema.json", tmp_path / nom
    schema.write_text(json.dumps({"fields": CHAMPS}))
    HOSTILES[nom](fichier)

    code, sortie, erreurs, secondes, memoire = run_valider(fichier, schema)

    assert code in {0, 1, 2}, erreurs[-2000:]
    assert "Traceback" not in erreurs
    assert json.loads(sortie.splitlines()[-1])["valide"] is {0: True, 1: False, 2: None}[code]
    assert secondes < SECONDES_MAX
    assert memoire < MEMOIRE_MAX


# Le pic de mémoire d’un enfant commence par celui de qui l’a fait naître : ce lanceur est petit, et
# ne compte que le sien.
LANCEUR = """
import json, resource, subprocess, sys
code = subprocess.run(sys.argv[2:], timeout=120).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as mesure:
    json.dump([code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024], mesure)
"""


def run_valider(fichier: Path, schema: Path) -> tuple[int, str, str, float, int]:
    """Lance la commande ; rend son code, ses sorties, son temps processeur et sa mémoire."""
    mesure = fichier.with_name("mesure")
    options = ["valider", str(fichier), "--schema", str(schema), "--json"]
    fini = subprocess.run(
        [sys.executable, "-c", LANCEUR, str(mesure),
         sys.executable, "-P", "-m", "socle.serveur", "normes", "scdl", *options],
        capture_output=True, check=True,
    )  # fmt: skip
    code, secondes, memoire = json.loads(mesure.read_text())
    sortie, erreurs = (octets.decode(errors="replace") for octets in (fini.stdout, fini.stderr))
    return code, sortie, erreurs, secondes, memoire


@pytest.mark.lent
def test_file_larger_than_the_memory_allowed_is_judged(tmp_path):
    """600 Mo jugés avec 550 de mémoire : rien n’est gardé d’un lot à l’autre."""
    fichier, schema = tmp_path / "gros.csv", tmp_path / "schema.json"
    schema.write_text(json.dumps({"fields": [{"name": "nom"}, {"name": "n", "type": "integer"}]}))
    with fichier.open("wb") as flux:
        flux.write(b"nom,n\n")
        for _ in range(600):
            flux.write((b"x" * 1020 + b",1\n") * 1024)
        flux.write(b"x,deux\n")

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (550 << 20, 550 << 20))

    fini = subprocess.run(
        [sys.executable, "-P", "-m", "socle.serveur", "normes", "scdl", "valider", str(fichier),
         "--schema", str(schema), "--json"],
        capture_output=True, preexec_fn=bound, check=False,
        env=os.environ | {"POLARS_MAX_THREADS": "2"},  # chaque fil réserve sa pile
    )  # fmt: skip

    assert fini.returncode == 1, fini.stderr[-500:]
    objet = json.loads(fini.stdout.splitlines()[-1])
    assert [(e["ligne"], e["code"]) for e in objet["erreurs"]] == [(614_402, "type-error")]


def mutate(hasard: random.Random, brut: bytes) -> bytes:
    octets = bytearray(brut)
    for _ in range(hasard.randint(1, 6)):
        place = hasard.randrange(len(octets) + 1)
        fin = place + hasard.choice([0, 0, 1, 3, 40])
        octets[place:fin] = hasard.choice([b"", hasard.randbytes(1), hasard.choice(PIEGES)])
    return bytes(octets)


def mutate_partie(hasard: random.Random, brut: bytes) -> bytes:
    """Abîme une partie du tableur et referme un ZIP sain : la faute est dans le XML."""
    flux = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(brut)) as lu, zipfile.ZipFile(flux, "w") as ecrit:
        choisie = hasard.choice(lu.namelist())
        for nom in lu.namelist():
            contenu = lu.read(nom)
            ecrit.writestr(nom, mutate(hasard, contenu) if nom == choisie else contenu)
    return flux.getvalue()


def check_tableurs(nombre: int, graine: int) -> int:
    """Rend le nombre de rapports ; le reste est refusé d’une phrase."""
    hasard, rapports = random.Random(graine), 0
    graines = [build_xlsx(LIGNES), build_ods(LIGNES)]
    for rang in range(nombre):
        abime = hasard.choice([mutate, mutate_partie, mutate_partie])(hasard, graines[rang % 2])
        with bornes((graine, rang)), suppress(FichierInutilisable):
            rapport = validate_fichier(io.BytesIO(abime), SCHEMA)
            assert rapport.nombre >= len(rapport.erreurs)
            rapports += 1
    return rapports


def test_mutated_spreadsheet_always_has_a_report():
    assert 5 < check_tableurs(50, 3) < 50


@pytest.mark.lent
def test_two_thousand_mutated_spreadsheets_always_have_a_report():
    assert check_tableurs(FUZZ, 4) > FUZZ // 20
