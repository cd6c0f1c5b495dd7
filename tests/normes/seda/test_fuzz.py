"""Chaque lecteur devant des fichiers abîmés : un rapport ou un refus, jamais une trace.

Cinq cas par lecteur à chaque essai, deux mille dans la part lente, davantage si `bornes` le dit.
Le premier cas qui casse se rejoue seul : sa graine est dans l’échec.
"""

import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from socle.normes.seda.controles import check_sip
from socle.normes.seda.controles.jsonschema import SchemaJsonRefuse, check_json, load_schema_json
from socle.normes.seda.controles.profil_rng import ProfilRefuse, load_profil
from socle.normes.seda.controles.referentiels import ReferentielIllisible, load_referentiels
from socle.normes.seda.description import DescriptionInvalide, read_description
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.message_lu import MessageIllisible
from socle.normes.seda.messages import read_message
from socle.normes.seda.profils.compilation import build_profil_rng
from socle.normes.seda.profils.exemples import build_exemple
from socle.normes.seda.profils.modele import ProfilInvalide, read_profil
from socle.normes.seda.profils.pua import build_pua, find_unites
from tests.normes.bornes import FUZZ, bornes
from tests.normes.seda.fabrique import read_manifeste, write_paquet
from tests.normes.seda.test_messages import build_message
from tests.normes.seda.test_profils import PROFIL

PIECES = (
    b"<", b"</", b"/>", b"<!DOCTYPE a>", b"&a;", b"\0", b"\xff\xfe", b"{", b"}", b"[", b"]", b'"',
    b"\\ud800", b"1e999", b"-1", b"null", b"../", b"\xc3", b"<ArchiveUnit>", b"]]>", b"<!--",
    b"9" * 400, b" " * 4000, b"\xef\xbb\xbf", b"null", b"true",
)  # fmt: skip
SCHEMATHEQUE = Schematheque()


def mutate(octets: bytes, hasard: random.Random) -> bytes:
    """Change, ôte, répète ou insère, une à vingt fois."""
    mutant = bytearray(octets)
    for _ in range(hasard.choice((1, 1, 2, 5, 20))):
        place = hasard.randrange(len(mutant) + 1)
        fin = min(len(mutant), place + hasard.choice((1, 3, 20, 300)))
        geste = hasard.randrange(5)
        if geste == 0 and mutant:
            mutant[place % len(mutant)] = hasard.randrange(256)
        elif geste == 1:
            del mutant[place:fin]
        elif geste == 2:
            mutant[place:place] = mutant[place:fin] * hasard.choice((1, 3, 30))
        elif geste == 3:
            mutant[place:place] = hasard.choice(PIECES)
        else:
            autre = hasard.randrange(len(mutant) + 1)
            mutant[place:fin] = mutant[autre : autre + fin - place]
    return bytes(mutant)


def read_paquet(octets: bytes, travail: Path) -> None:
    chemin = travail / "mutant"
    chemin.write_bytes(octets)
    assert check_sip(chemin, schemas=SCHEMATHEQUE).controles


def read_bordereau(octets: bytes, travail: Path) -> None:
    """Le bordereau change, pas son enveloppe : le CRC n’arrête pas la mutation."""
    chemin = travail / "mutant.zip"
    with zipfile.ZipFile(chemin, "w") as paquet:
        paquet.writestr("manifest.xml", octets)
    rapport = check_sip(chemin, schemas=SCHEMATHEQUE, profil=PROFIL_RNG)
    assert json.dumps(rapport.to_dict())


def read_un_profil(octets: bytes, _: Path) -> None:
    profil = read_profil(octets)
    for version in profil.versions:
        load_profil(build_profil_rng(profil, version).encode())
        build_exemple(profil, version)
    for unite in find_unites(profil):
        build_pua(profil, unite)


def read_referentiel(octets: bytes, travail: Path) -> None:
    for nom in ("r.json", "r.csv", "niveaux.txt"):
        (travail / nom).write_bytes(octets)
        try:
            load_referentiels([travail / nom])
        except ReferentielIllisible:
            continue


def read_schema_json(octets: bytes, _: Path) -> None:
    schema = load_schema_json(octets.decode("utf-8", "replace"))
    list(check_json({"Title": "T", "Tag": ["a"], "#management": {"AppraisalRule": {}}}, schema))


def build_tar(paquet: Path) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(paquet) as source, tarfile.open(fileobj=tampon, mode="w") as cible:
        for nom in source.namelist():
            membre = tarfile.TarInfo(nom)
            membre.size = len(source.read(nom))
            cible.addfile(membre, io.BytesIO(source.read(nom)))
    return tampon.getvalue()


PROFIL_JSON = json.dumps(PROFIL).encode()
PROFIL_RNG = load_profil(build_profil_rng(read_profil(PROFIL_JSON), "2.2").encode())
DESCRIPTION = json.dumps(
    {
        "identifiant": "1", "date": "2026-11-22T09:00:00+01:00", "accord": "IC",
        "service_archives": "AD", "service_versant": "V",
        "gestion": {"service_producteur": "P", "regles": {"acces": {"regles": [{"code": "A"}]}}},
        "unites": [
            {"titre": "T", "debut": "2026-01-01", "agents": [{"prenom": "C"}], "unites": [
                {"titre": "U", "niveau": "Item"}]}
        ],
    }
).encode()  # fmt: skip
CONTRATS = json.dumps(
    [{"Identifier": "IC", "Status": "ACTIVE", "MasterMandatory": True, "FormatType": ["fmt/18"]}]
).encode()
PUA = json.loads(build_pua(read_profil(PROFIL_JSON), find_unites(read_profil(PROFIL_JSON))[0]))

LECTEURS: dict[str, tuple[Callable[[Path], bytes], Callable[[bytes, Path], object], type]] = {
    "paquet ZIP": (lambda p: p.read_bytes(), read_paquet, AssertionError),
    "paquet TAR": (build_tar, read_paquet, AssertionError),
    "bordereau": (lambda p: read_manifeste(p).encode(), read_bordereau, AssertionError),
    "message": (
        lambda _: build_message("ArchiveTransferReply", "2.2"),
        lambda octets, _: read_message(io.BytesIO(octets)),
        MessageIllisible,
    ),
    "profil RNG": (
        lambda _: build_profil_rng(read_profil(PROFIL_JSON), "2.2").encode(),
        lambda octets, _: load_profil(octets),
        ProfilRefuse,
    ),
    "profil abstrait": (lambda _: PROFIL_JSON, read_un_profil, ProfilInvalide),
    "description": (lambda _: DESCRIPTION, read_description, DescriptionInvalide),
    "référentiel": (lambda _: CONTRATS, read_referentiel, ReferentielIllisible),
    "schéma d’unité": (
        lambda _: PUA[0]["ControlSchema"].encode(),
        read_schema_json,
        SchemaJsonRefuse,
    ),
}


def check_lecteur(nom: str, tmp_path: Path, nombre: int, modele: bytes = b"") -> tuple[int, int]:
    """Passe `nombre` mutants de la pièce d’essai, ou de ce modèle ; rend lus et refusés."""
    fabrique, lit, refus = LECTEURS[nom]
    paquet = tmp_path / "sip.zip"
    write_paquet(paquet)
    sain = modele or fabrique(paquet)
    lit(sain, tmp_path)  # sans mutation, il se lit
    lus = refuses = 0
    for graine in range(nombre):
        mutant = mutate(sain, random.Random(graine))
        try:
            with bornes(f"{nom}, graine {graine}"):
                lit(mutant, tmp_path)
            lus += 1
        except AssertionError:
            raise
        except refus:
            refuses += 1
        except Exception as trace:
            raise AssertionError(f"{nom}, graine {graine} : {trace!r}") from trace
    return lus, refuses


@pytest.mark.parametrize("nom", LECTEURS)
def test_lecteur_gives_a_report_or_a_refusal(nom, tmp_path):
    lus, refuses = check_lecteur(nom, tmp_path, 5)

    assert lus + refuses == 5


@pytest.mark.lent
@pytest.mark.timeout(600)
@pytest.mark.parametrize("nom", LECTEURS)
def test_lecteur_never_crashes_on_many_mutants(nom, tmp_path):
    lus, refuses = check_lecteur(nom, tmp_path, FUZZ)

    assert lus + refuses == FUZZ
    assert lus, "aucun mutant ne se lit : le lecteur refuse trop tôt pour être éprouvé"


@pytest.mark.lent
@pytest.mark.parametrize(
    ("nom", "pieces"),
    [
        ("bordereau", "samples/manifests/*.xml"),
        ("message", "samples/atr/*.xml"),
        ("paquet ZIP", "samples/SIP_OK.zip"),
    ],
)
def test_lecteur_never_crashes_on_mutants_of_the_corpus(nom, pieces, tmp_path, donnees_officielles):
    modeles = sorted((donnees_officielles / "seda").glob(pieces))
    assert modeles
    for modele in modeles:
        nombre = FUZZ // 4 // len(modeles) + 1
        assert sum(check_lecteur(nom, tmp_path, nombre, modele.read_bytes())) == nombre
