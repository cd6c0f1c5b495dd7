"""Lire une description, dire ce qui manque, et ne jamais tomber sur des octets hostiles."""

import copy
import dataclasses
import json
import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from socle.normes.dcat.ecriture import FORMATS, write_catalogue
from socle.normes.dcat.errors import CatalogueInvalide, DescriptionIllisible
from socle.normes.dcat.lecture import read_catalogue
from socle.normes.dcat.modele import Catalogue
from socle.normes.dcat.validation import NOMS
from tests.normes.bornes import FUZZ, bornes
from tests.normes.dcat.fabrique import SITE, build_catalogue


def describe(objet: Any) -> Any:
    """Le modèle, dit en description JSON."""
    if dataclasses.is_dataclass(objet) and not isinstance(objet, type):
        paires = ((c.name, getattr(objet, c.name)) for c in dataclasses.fields(objet))
        return {nom: describe(v) for nom, v in paires if v not in (None, "", ())}
    if isinstance(objet, tuple):
        return [describe(element) for element in objet]
    return objet.isoformat() if isinstance(objet, date | datetime) else objet


DESCRIPTION: dict[str, Any] = describe(build_catalogue(2))
OCTETS = json.dumps(DESCRIPTION, ensure_ascii=False, indent=1).encode()


def read(arbre: Any) -> tuple[Catalogue, list[tuple[str, str]]]:
    catalogue, anomalies = read_catalogue(
        json.dumps(arbre).encode(), aujourd_hui=date(2026, 11, 22)
    )
    return catalogue, [(a.champ, a.code) for a in anomalies if a.bloque]


def test_description_gives_back_the_catalogue() -> None:
    catalogue, anomalies = read_catalogue(OCTETS)

    assert catalogue == build_catalogue(2)
    assert anomalies == []


CAS: list[tuple[str, Any, str, str]] = [
    ("uri", "", "absent", "Donnez une adresse"),
    ("uri", "clamart.fr/catalogue", "adresse", "commence par https://"),
    ("uri", "https://clamart.fr/a b", "adresse", "Écrivez https://clamart.fr/a%20b"),
    ("uri", "https://clamart.fr/<é>", "adresse", "Écrivez https://clamart.fr/%3C%C3%A9%3E"),
    ("page", "mailto:a@b.fr", "adresse", "commence par https://"),
    ("page", "https://[", "adresse", "commence par https://"),
    ("page", "https://clamart.fr:99999/", "adresse", "commence par https://"),
    ("page", "https://clamart.fr/#a#b", "adresse", "commence par https://"),
    ("page", "https://clamart.fr/100%", "adresse", "Écrivez https://clamart.fr/100%25"),
    ("page", "https://münster.fr/", "adresse", "Écrivez https://xn--mnster-3ya.fr/"),
    ("editeur.siret", "219200235", "forme", "14 chiffres"),
    ("titre", "  ", "absent", "obligatoire"),
    ("titre", "é" * 351, "longueur", "il y en a 351"),
    ("description", "a\0b", "caractere", "signes de contrôle"),
    ("langue", "klingon", "vocabulaire", "Choisissez parmi fr, en"),
    ("licence", "libre", "vocabulaire", "lov2"),
    ("publie_le", "22/11/2026", "type", "AAAA-MM-JJ"),
    ("modifie_le", "2026-10-01T25:00:00", "type", "AAAA-MM-JJ"),
    ("editeur.courriel", "donnees", "forme", "donnees@ville.fr"),
    ("editeur", "Clamart", "type", "Écrivez un objet"),
    ("jeux", {}, "type", "Écrivez une liste"),
    ("jeux[0].identifiant", "", "absent", "obligatoire"),
    ("jeux[1].identifiant", "clamart-1", "doublon", "Déjà pris par jeux[0].identifiant"),
    ("jeux[1].uri", f"{SITE}/jeux/1", "doublon", "Déjà pris par jeux[0].uri"),
    ("jeux[0].titre", 12, "type", "Écrivez un texte."),
    ("jeux[0].nom", "x", "inconnu", "Au choix : uri"),
    ("jeux[0].frequence", "souvent", "vocabulaire", "mensuelle"),
    ("jeux[0].acces", "fermé", "vocabulaire", "restreint"),
    ("jeux[0].themes", ["sports"], "vocabulaire", "gouvernement"),
    ("jeux[0].periode", {}, "absent", "le début ou la fin"),
    ("jeux[0].periode.fin", "2024-01-01", "date", "précède le début"),
    ("jeux[0].lieux[1].emprise", [1, 49, 2, 48], "emprise", "ouest, sud, est, nord"),
    ("jeux[0].lieux[1].emprise", [2, 48, 1, 49], "emprise", "ouest, sud, est, nord"),
    ("jeux[0].lieux[1].emprise", [1, 2, 3], "emprise", "ouest, sud, est, nord"),
    ("jeux[0].contact.telephone", "bureau", "forme", "+33"),
    ("jeux[0].distributions[0].url", "", "absent", "Donnez une adresse"),
    ("jeux[0].distributions[0].taille", -1, "forme", "octets"),
    ("jeux[0].distributions[0].taille", True, "type", "nombre entier"),
    ("jeux[0].distributions[0].empreinte", "zz", "empreinte", "64 chiffres"),
    ("jeux[0].distributions[0].algorithme", "crc", "vocabulaire", "sha256"),
    ("jeux[0].distributions[0].format", "truc", "vocabulaire", "csv"),
    ("jeux[0].distributions[0].type_mime", "csv", "forme", "text/csv"),
    ("jeux[0].distributions[0].service", f"{SITE}/rien", "lien", "pas dans le catalogue"),
    ("services[0].jeux", [f"{SITE}/rien"], "lien", "pas dans le catalogue"),
    ("services[0].url", "", "absent", "Donnez une adresse"),
]


def put(arbre: Any, chemin: str, valeur: Any) -> None:
    *pas, dernier = chemin.replace("[", ".[").split(".")
    for nom in pas:
        arbre = arbre[int(nom[1:-1])] if nom.startswith("[") else arbre[nom]
    arbre[dernier] = valeur


def test_each_fault_is_placed_and_says_how_to_mend() -> None:
    for champ, valeur, code, phrase in CAS:
        arbre = json.loads(OCTETS)
        put(arbre, champ, valeur)
        catalogue, anomalies = read_catalogue(json.dumps(arbre).encode())
        trouvees = [a for a in anomalies if a.code == code and a.champ.startswith(champ)]
        assert trouvees, (champ, valeur, anomalies)
        assert phrase in trouvees[0].message, (champ, trouvees[0].message)
        assert trouvees[0].bloque
        assert all(a.code in NOMS for a in anomalies)
        if code not in {"type", "inconnu"}:  # ce qui ne se lit pas n’est pas dans le modèle
            with pytest.raises(CatalogueInvalide):
                write_catalogue(catalogue)


def test_conseils_do_not_block() -> None:
    arbre = json.loads(OCTETS)
    for nom in ("distributions", "licence", "contact", "frequence", "periode", "lieux"):
        del arbre["jeux"][0][nom]
    arbre["jeux"][0]["modifie_le"] = "2026-11-23"
    arbre["jeux"][1]["modifie_le"] = "2025-01-01"
    octets = json.dumps(arbre).encode()

    catalogue, anomalies = read_catalogue(octets, aujourd_hui=date(2026, 11, 22))

    assert [(a.champ, a.code, a.bloque) for a in anomalies] == [
        ("jeux[0].modifie_le", "date", False),
        *((f"jeux[0].{nom}", "conseil", False)
          for nom in ("distributions", "licence", "contact", "frequence", "periode", "lieux")),
        ("jeux[1].modifie_le", "date", False),
    ]  # fmt: skip
    assert write_catalogue(catalogue)


HOSTILES: list[tuple[str, Callable[[], bytes]]] = [
    ("vide", lambda: b""),
    ("nul", lambda: b'{"titre": "a\0b"}'),
    ("liste", lambda: b"[]"),
    ("utf-16", lambda: OCTETS.decode().encode("utf-16")),
    ("latin-1", lambda: OCTETS.decode().encode("cp1252", "replace")),
    ("profond", lambda: b'{"jeux":' + b"[" * 200_000),
    ("trop gros", lambda: b"{" + b" " * (33 << 20)),
    ("trop de listes", lambda: b'{"jeux":[' + b"[]," * 1_500_000 + b"[]]}"),
    ("nombre", lambda: b'{"jeux":[{"distributions":[{"taille":' + b"9" * 9000 + b"}]}]}"),
    ("NaN", lambda: b'{"titre": NaN}'),
]
LISIBLES: list[tuple[str, Callable[[], bytes]]] = [
    ("objet vide", lambda: b"{}"),
    ("10 Mo sur une ligne", lambda: b'{"titre":"' + b"a" * 10_000_000 + b'"}'),
    ("100 000 clés", lambda: b"{" + b",".join(b'"k%d":0' % n for n in range(100_000)) + b"}"),
    ("100 000 jeux", lambda: b'{"jeux":[' + b"{}," * 99_999 + b"{}]}"),
    ("40 000 jeux", lambda: b'{"jeux":[' + b"{}," * 39_999 + b"{}]}"),
    ("substituts", lambda: b'{"titre":"\\ud800","\\udfff":1,"uri":"https://a.fr/\\ud800"}'),
    ("infini", lambda: b'{"jeux":[{"lieux":[{"emprise":[1e999,1,2,3]}]}]}'),
    ("tout faux", lambda: json.dumps({nom: [[1]] for nom in DESCRIPTION}).encode()),
]


def test_hostile_bytes_get_a_sentence() -> None:
    for nom, build in HOSTILES:
        with bornes(nom), pytest.raises(DescriptionIllisible) as refus:
            read_catalogue(build())
        assert refus.value.message.endswith((".", "…")), nom
    for nom, build in LISIBLES:
        with bornes(nom):
            _, anomalies = read_catalogue(build())
        assert any(a.bloque for a in anomalies), nom
        assert len(anomalies) <= 10_000
        json.dumps([a.to_json() for a in anomalies]).encode()


VALEURS: list[Any] = [
    None, True, 0, -1, 1e300, "", "x", "a\u2028\x85\n\"\\<>&'", "\ud800", [], {}, [[]],
    "https://a.fr/é", "https://a.fr/?a=1&b='2'", "2026-01-01", "lov2",
]  # fmt: skip


def build_mutant(graine: int) -> bytes:
    """La description, abîmée d’une à six façons."""
    hasard = random.Random(graine)
    arbre = json.loads(OCTETS)
    for _ in range(hasard.randint(1, 6)):
        noeud: Any = arbre
        while isinstance(noeud, dict | list) and noeud:
            cle = hasard.choice(list(noeud) if isinstance(noeud, dict) else range(len(noeud)))
            if hasard.random() < 0.3 or not isinstance(noeud[cle], dict | list):
                noeud[cle] = copy.deepcopy(hasard.choice(VALEURS))
                break
            noeud = noeud[cle]
    return json.dumps(arbre).encode()


def check(octets: bytes) -> bool:
    with bornes(octets[:300]):
        return is_written(octets)


def is_written(octets: bytes) -> bool:
    """Refusé avec une phrase, ou écrit en trois formats qui se relisent ; vrai si écrit."""
    try:
        catalogue, anomalies = read_catalogue(octets)
    except DescriptionIllisible:
        return False
    json.dumps([a.to_json() for a in anomalies], ensure_ascii=False).encode()
    if any(a.bloque for a in anomalies):
        return False
    tailles = set()
    for forme, nom in (("turtle", "turtle"), ("rdfxml", "xml")):
        tailles.add(len(Graph().parse(data=write_catalogue(catalogue, format=forme), format=nom)))
    ld = json.loads(write_catalogue(catalogue, format="jsonld"))
    assert len(ld["@graph"]) >= len(catalogue.jeux)
    assert len(tailles) == 1
    return True


@settings(max_examples=50)
@given(st.binary(max_size=200), st.integers(0, 10**6))
@example(b"{}", 1)
def test_mutants_are_refused_or_well_written(octets: bytes, graine: int) -> None:
    check(octets)
    check(build_mutant(graine))


@pytest.mark.lent
def test_two_thousand_mutants() -> None:
    ecrits = sum(check(build_mutant(graine)) for graine in range(FUZZ))

    assert FUZZ // 40 < ecrits < FUZZ
    assert set(FORMATS) == {"turtle", "jsonld", "rdfxml"}
