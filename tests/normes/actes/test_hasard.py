"""Fichiers au hasard : 50 cas par lecteur dans l’essentiel, 2 000 dans la partie lente."""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from socle.normes.actes import modele as m
from socle.normes.actes import noms
from socle.normes.actes.classification import read_classification
from socle.normes.actes.conformite import Schema
from socle.normes.actes.controle import check_fichier
from socle.normes.actes.ecriture import write_message
from socle.normes.actes.errors import ActeIllisible, ActeRefuse
from socle.normes.actes.lecture import read_message
from socle.normes.actes.s2low import read_etat, read_reponse
from socle.normes.actes.totem import read_totem
from socle.normes.actes.transmission import Depot
from socle.serveur.dossier import RACINE
from tests.normes.actes.fabrique import ID, build_depot, list_echantillons, repack
from tests.normes.bornes import FUZZ, MEMOIRE_MAX, SECONDES_MAX, bornes

COURT, LONG = 50, FUZZ
MORCEAUX = (
    b"<", b">", b"/", b'"', b"&", b"\0", b"\xff", b"\xed\xa0\x80", b"]]>", b"<![CDATA[", b"<!--",
    b"<?xml ?>", b"<!DOCTYPE a>", b"&#0;", b"&amp;", b"actes:", b"xmlns:actes=''", b"9" * 40, b"",
)  # fmt: skip


def report(octets: bytes, nom: str = "") -> None:
    with bornes(nom):
        rapport = check_fichier(octets, nom)
        json.dumps(rapport.to_json()).encode()
    assert rapport.lisible or rapport.anomalies
    assert all(anomalie.message and anomalie.code for anomalie in rapport.anomalies)


def mutate(octets: bytes, hasard: random.Random) -> bytes:
    mutant = bytearray(octets)
    for _ in range(hasard.choice((1, 1, 2, 5, 20))):
        place = hasard.randrange(len(mutant) + 1)
        geste = hasard.randrange(4)
        if geste == 0 and place < len(mutant):
            mutant[place] = hasard.randrange(256)
        elif geste == 1:
            del mutant[place : place + hasard.randrange(1, 60)]
        elif geste == 2:
            mutant[place:place] = hasard.choice(MORCEAUX)
        else:
            fin = place + hasard.randrange(1, 200)
            mutant[place:place] = mutant[place:fin]
    return bytes(mutant)


def _read(lecteur: Callable[[bytes], object]) -> Callable[[bytes, str], None]:
    def read(octets: bytes, nom: str) -> None:
        with bornes(nom), suppress(ActeIllisible):
            lecteur(octets)

    return read


LECTEURS: dict[str, tuple[Callable[[bytes, str], None], str]] = {
    "contrôle": (report, ""),
    "archive": (report, ".tar.gz"),
    "messages": (_read(read_message), ".xml"),
    "classification": (_read(read_classification), "matieres.xml"),
    "totem": (_read(read_totem), "totem.xml"),
    "s2low": (_read(read_etat), ".xml"),
}


def fuzz(donnees: Path, lecteur: str, nombre: int) -> None:
    lit, suffixe = LECTEURS[lecteur]
    hasard = random.Random(lecteur)
    modeles = [
        (chemin.read_bytes(), chemin.name)
        for chemin in list_echantillons(donnees)
        if chemin.name.endswith(suffixe)
    ]
    modeles = [modele for modele in modeles if len(modele[0]) < 60_000]
    assert modeles
    for _ in range(nombre):
        octets, nom = hasard.choice(modeles)
        if lecteur == "s2low":
            octets = b"OK\n4\n" + octets
        lit(mutate(octets, hasard), nom)


@pytest.mark.parametrize("lecteur", LECTEURS)
def test_mutated_samples_get_a_report(donnees_officielles: Path, lecteur: str) -> None:
    fuzz(donnees_officielles, lecteur, COURT)


@pytest.mark.lent
@pytest.mark.parametrize("lecteur", LECTEURS)
def test_many_mutated_samples_get_a_report(donnees_officielles: Path, lecteur: str) -> None:
    fuzz(donnees_officielles, lecteur, LONG)


def fuzz_archives(depot: Depot, graine: int, nombre: int) -> None:
    """Sous la compression : l’archive reste lisible, ce qu’elle contient change."""
    hasard = random.Random(graine)
    for _ in range(nombre):
        fichiers = [(nom, octets) for nom, octets in depot.fichiers if hasard.random() < 0.95]
        place = hasard.randrange(len(fichiers) or 1)
        mutants = [
            (nom, mutate(octets, hasard) if rang == place else octets)
            for rang, (nom, octets) in enumerate(fichiers)
        ]
        report(repack(mutants), depot.nom)


def test_archives_of_mutated_files_get_a_report(depot: Depot) -> None:
    fuzz_archives(depot, 1, COURT)


@pytest.mark.lent
def test_many_archives_of_mutated_files_get_a_report(depot: Depot) -> None:
    fuzz_archives(depot, 2, LONG)


def judge_octets(octets: bytes) -> None:
    for tete in (b"", b"\x1f\x8b", b"<?xml version='1.0'?>", b"<Acte>", b"OK\n"):
        report(tete + octets)
        for lecteur in (read_message, read_totem, read_reponse):
            _read(lecteur)(tete + octets, "")


def judge_nom(nom: str) -> None:
    for parse in (
        noms.parse_id_acte, noms.parse_nom_message, noms.parse_nom_document,
        noms.parse_nom_enveloppe, noms.parse_nom_archive,
    ):  # fmt: skip
        parse(nom)
    report(b"<Acte/>", nom)


@settings(max_examples=COURT)
@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_bytes_and_any_name_get_a_report(octets: bytes, nom: str) -> None:
    judge_octets(octets)
    judge_nom(nom)


@pytest.mark.lent
@settings(max_examples=LONG)
@given(
    st.binary(max_size=2_000),
    st.text(alphabet=st.characters() | st.sampled_from("0123456789-_.DEACT\ud800"), max_size=80),
)
def test_many_bytes_and_names_get_a_report(octets: bytes, nom: str) -> None:
    judge_octets(octets)
    judge_nom(nom)


TEXTES = st.text(max_size=40) | st.sampled_from(("", "x" * 499, "x" * 501, "Été – œuvre\r\n€"))
COURRIELS = st.sampled_from(("a@b.fr", "a.b-c@d-e.commune.fr", "é@b.fr", "a@b.bretagne", "a@b", ""))
JOURS = st.dates() | st.dates() | st.dates() | st.none()
CODES = st.lists(st.sampled_from(("1", "7", "10", "01")), min_size=2, max_size=5)
CODES_FAUX = st.lists(st.sampled_from(("1", "-1", "x", "")), max_size=6)
ACTES_QUELCONQUES = st.builds(
    m.Acte,
    numero=st.text(alphabet="AZ09_-é ", max_size=16) | TEXTES,
    jour=JOURS,
    nature=st.integers(-1, 9) | st.none(),
    matieres=(CODES | CODES_FAUX).map(tuple),
    objet=TEXTES,
    classification=JOURS,
    document=st.builds(m.Fichier, nom=TEXTES, signature=TEXTES),
    annexes=st.lists(st.builds(m.Fichier, nom=TEXTES), max_size=2).map(tuple),
    papier=TEXTES,
    precedent=st.sampled_from(("", ID, "1")),
    nombre_annexes=st.none() | st.integers(-1, 3),
)
ENVELOPPES = st.builds(
    m.Enveloppe,
    siren=st.sampled_from(("213502388", "213502388", "21350238é")),
    departement=st.sampled_from(("035", "02A", "|35", "35")),
    arrondissement=st.sampled_from(("1", "2", "10")),
    type_emetteur=st.sampled_from(("31", "02", "3")),
    courriels=st.lists(COURRIELS, min_size=1, max_size=2).map(tuple),
    messages=st.lists(st.builds(m.Fichier, nom=TEXTES), max_size=2).map(tuple),
    referent=st.none() | st.builds(m.Referent, nom=TEXTES, telephone=TEXTES, courriel=COURRIELS),
)


def judge_ecriture(schema: Schema, message: m.Acte | m.Enveloppe) -> None:
    """Un fichier écrit est valide, ou il n’est pas écrit."""
    try:
        octets = write_message(message)
    except ActeRefuse as refus:
        [a.message.encode() for a in refus.anomalies]
        return
    assert schema.xsd.validate(etree.fromstring(octets)), (message, schema.xsd.error_log)
    lu = read_message(octets)
    assert type(lu) is type(message)
    if isinstance(lu, m.Acte) and isinstance(message, m.Acte):
        assert lu.objet == message.objet.strip()
        assert (lu.jour, lu.matieres) == (message.jour, message.matieres)


@settings(max_examples=COURT)
@given(ACTES_QUELCONQUES, ENVELOPPES)
def test_what_is_written_is_always_valid(
    schema: Schema, acte: m.Acte, enveloppe: m.Enveloppe
) -> None:
    judge_ecriture(schema, acte)
    judge_ecriture(schema, enveloppe)


@pytest.mark.lent
@settings(max_examples=LONG)
@given(ACTES_QUELCONQUES, ENVELOPPES)
def test_what_is_written_is_always_valid_many_times(
    schema: Schema, acte: m.Acte, enveloppe: m.Enveloppe
) -> None:
    judge_ecriture(schema, acte)
    judge_ecriture(schema, enveloppe)


def test_act_costs_little(schema: Schema) -> None:
    """Écrit, mis sous enveloppe, archivé, contrôlé : 2 ms mesurées, 50 admises ici."""
    debut = time.process_time()
    for rang in range(1, 21):
        depot = build_depot(numero=f"2026_{rang}", schema=schema)
        assert check_fichier(depot.octets, depot.nom, schema=schema).valide
    assert time.process_time() - debut < 20 * 0.05


PIRES = """
import io, sys
from socle.normes.actes.controle import check_fichier
from socle.normes.actes.vocabulaire import ACTES
M, cas = 1 << 20, int(sys.argv[1])
BUDGET = b'<DocumentBudgetaire><Scellement/><Budget>'
ACTE = f'<actes:Acte xmlns:actes="{ACTES}"><actes:Annexes actes:Nombre="1">'.encode()
octets = (
    b"<a>" + b"<a/>" * (7 * M) + b"</a>",
    BUDGET + b"<LigneBudget/>" * 50_000 + b"<x/>" * 440_000 + b"</Budget></DocumentBudgetaire>",
    ACTE + b"<actes:Annexe><actes:NomFichier>x</actes:NomFichier></actes:Annexe>" * 24_900
    + b"</actes:Annexes></actes:Acte>",
    b"<a b='" + b"x" * (31 * M) + b"'/>",
    b"\\x1f\\x8b\\x08\\0\\0\\0\\0\\0\\0\\3" + b"\\0" * (149 * M),
)[cas]
rapport = check_fichier(io.BytesIO(octets))
rapport.to_json()
sys.exit(not rapport.anomalies)
"""


@pytest.mark.lent
@pytest.mark.parametrize("cas", range(5))
def test_worst_files_cost_little(cas: int) -> None:
    """Dans un processus borné : 10 secondes de processeur et 500 Mo, bibliothèques comprises."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_MAX, SECONDES_MAX))
        resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX << 20, MEMOIRE_MAX << 20))

    commande = [sys.executable, "-c", PIRES, str(cas)]
    fin = subprocess.run(
        commande, cwd=RACINE / "src", preexec_fn=bound, capture_output=True, check=False
    )

    assert fin.returncode == 0, fin.stderr[-500:]
