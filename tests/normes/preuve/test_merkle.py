"""Arbre de Merkle : vecteurs de Certificate Transparency, puis propriétés au hasard."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.preuve.bord import Bord
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.merkle import (
    RACINE_VIDE,
    hash_feuille,
    hash_noeud,
    verify_coherence,
    verify_inclusion,
)
from socle.normes.preuve.tuiles import ArbreEnMemoire, Tuiles
from tests.mesure import check_cpu

# Vecteurs de l’implémentation de référence de la RFC 6962 (google/certificate-transparency).
DONNEES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
DONNEES.append("606162636465666768696a6b6c6d6e6f")
FEUILLES = [hash_feuille(bytes.fromhex(donnee)) for donnee in DONNEES]
RACINES = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSIONS = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]
COHERENCES = [
    (1, 1, []),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def _racine(taille: int) -> bytes:
    return bytes.fromhex(RACINES[taille])


def _chemin(textes: list[str]) -> list[bytes]:
    return [bytes.fromhex(texte) for texte in textes]


@pytest.mark.parametrize("taille", range(9))
def test_racines_follow_rfc_6962(taille):
    bord = Bord()
    bord.extend(FEUILLES[:taille])
    assert bord.racine == _racine(taille)
    assert ArbreEnMemoire(FEUILLES[:taille]).racine == _racine(taille)


@pytest.mark.parametrize(("rang", "taille", "chemin"), INCLUSIONS)
def test_inclusions_follow_rfc_6962(rang, taille, chemin):
    arbre = ArbreEnMemoire(FEUILLES[:taille])
    assert arbre.build_inclusion(rang - 1, taille) == _chemin(chemin)
    verify_inclusion(FEUILLES[rang - 1], rang - 1, taille, _chemin(chemin), _racine(taille))


@pytest.mark.parametrize(("ancienne", "taille", "chemin"), COHERENCES)
def test_coherences_follow_rfc_6962(ancienne, taille, chemin):
    arbre = ArbreEnMemoire(FEUILLES[:taille])
    assert arbre.build_coherence(ancienne, taille) == _chemin(chemin)
    verify_coherence(ancienne, taille, _chemin(chemin), _racine(ancienne), _racine(taille))


def _arbre(taille: int) -> ArbreEnMemoire:
    return ArbreEnMemoire([hash_feuille(rang.to_bytes(4, "big")) for rang in range(taille)])


def _racine_naive(feuilles: list[bytes]) -> bytes:
    """Définition de la RFC 6962, §2.1, mot à mot."""
    if not feuilles:
        return RACINE_VIDE
    if len(feuilles) == 1:
        return feuilles[0]
    milieu = 1
    while milieu * 2 < len(feuilles):
        milieu *= 2
    return hash_noeud(_racine_naive(feuilles[:milieu]), _racine_naive(feuilles[milieu:]))


@settings(deadline=None)
@given(st.integers(1, 700).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
def test_each_entree_is_proved_and_no_other(cas):
    taille, indice = cas
    feuilles = [hash_feuille(rang.to_bytes(4, "big")) for rang in range(taille)]
    arbre = ArbreEnMemoire(feuilles)
    chemin = arbre.build_inclusion(indice, taille)

    assert arbre.racine == _racine_naive(feuilles)
    verify_inclusion(feuilles[indice], indice, taille, chemin, arbre.racine)
    for autre in {0, indice - 1, indice + 1, taille - 1} - {indice, -1, taille}:
        with pytest.raises(PreuveInvalide):
            verify_inclusion(feuilles[autre], indice, taille, chemin, arbre.racine)
        with pytest.raises(PreuveInvalide):
            verify_inclusion(feuilles[indice], autre, taille, chemin, arbre.racine)


@settings(deadline=None)
@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.data())
def test_each_prolongement_is_proved_and_no_other(cas, data):
    ancienne, taille = cas
    arbre = _arbre(taille)
    avant, apres = arbre.compute_racine(ancienne), arbre.racine
    chemin = arbre.build_coherence(ancienne, taille)

    verify_coherence(ancienne, taille, chemin, avant, apres)
    fausse = hash_feuille(b"autre")
    for faux in ((fausse, apres), (avant, fausse)):
        if ancienne == 0 and faux == (avant, fausse):
            continue  # tout arbre prolonge l’arbre vide
        with pytest.raises(PreuveInvalide):
            verify_coherence(ancienne, taille, chemin, *faux)
    if chemin:
        rang = data.draw(st.integers(0, len(chemin) - 1))
        for abime in (
            [*chemin[:rang], fausse, *chemin[rang + 1 :]],
            chemin[:rang] + chemin[rang + 1 :],
            [*chemin, fausse],
        ):
            with pytest.raises(PreuveInvalide):
                verify_coherence(ancienne, taille, abime, avant, apres)


@settings(deadline=None)
@given(st.integers(2, 300), st.data())
def test_chemin_that_changes_is_refused(taille, data):
    arbre = _arbre(taille)
    indice = data.draw(st.integers(0, taille - 1))
    chemin = arbre.build_inclusion(indice, taille)
    rang = data.draw(st.integers(0, len(chemin) - 1))
    feuille = hash_feuille(indice.to_bytes(4, "big"))
    for abime in (
        [*chemin[:rang], b"\0" * 32, *chemin[rang + 1 :]],
        chemin[:rang] + chemin[rang + 1 :],
        [*chemin, b"\0" * 32],
        [*chemin[:rang], b"court", *chemin[rang + 1 :]],
    ):
        with pytest.raises(PreuveInvalide):
            verify_inclusion(feuille, indice, taille, abime, arbre.racine)


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), max_size=5))
def test_lots_added_to_a_bord_give_the_same_arbre(lots):
    feuilles = [hash_feuille(rang.to_bytes(4, "big")) for rang in range(sum(lots))]
    bord, conserves, debut = Bord(), {}, 0
    for lot in lots:
        bord = Bord.from_octets(bord.taille, bord.to_octets())  # comme relu d’une table
        for niveau, indice, noeud in bord.extend(feuilles[debut : debut + lot]):
            conserves[niveau, indice] = noeud
        debut += lot

    arbre = ArbreEnMemoire(feuilles)
    assert bord.racine == arbre.racine
    assert conserves == {(8, rang): arbre.read_noeud(8, rang) for rang in range(sum(lots) // 256)}


def test_preuve_of_a_large_arbre_reads_few_tuiles():
    taille = 70_000
    feuilles = [hash_feuille(rang.to_bytes(4, "big")) for rang in range(taille)]
    entier = ArbreEnMemoire(feuilles)
    lues = []

    def lire(niveau: int, numero: int):
        lues.append((niveau, numero))
        return entier._slice_tuile(niveau, numero)

    arbre = Tuiles(lire)
    chemin = arbre.build_inclusion(12_345, taille)

    verify_inclusion(feuilles[12_345], 12_345, taille, chemin, entier.racine)
    assert len(lues) == 4  # l’entrée, les nœuds de niveau 8, et le bord droit aux deux niveaux
    assert entier.racine == Tuiles(lire).compute_racine(taille)


def test_hundred_thousand_entrees_take_little_time():
    feuilles = [hash_feuille(rang.to_bytes(4, "big")) for rang in range(100_000)]

    conserves = Bord().extend(feuilles)
    assert len(conserves) == 100_000 // 256 + 100_000 // 65_536
    check_cpu(lambda: Bord().extend(map(hash_feuille, feuilles)), 1)

    niveaux = {0: feuilles, 8: [empreinte for niveau, _, empreinte in conserves if niveau == 8]}
    niveaux[16] = [empreinte for niveau, _, empreinte in conserves if niveau == 16]

    def prove() -> None:
        for rang in range(0, 100_000, 5000):  # vingt preuves, tuiles relues à chacune
            tuiles = Tuiles(lambda niveau, n: niveaux[niveau][n * 256 : (n + 1) * 256])
            tuiles.build_inclusion(rang, 100_000)

    check_cpu(prove, 0.02)


@pytest.mark.parametrize("octets", [b"\0" * 31, b"\0" * 64])
def test_bord_that_does_not_match_its_taille_is_refused(octets):
    with pytest.raises(PreuveInvalide):
        Bord.from_octets(4, octets)
