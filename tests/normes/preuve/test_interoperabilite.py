"""Nos arbres égalent ceux de pymerkle, et sigstore lit et vérifie nos points de contrôle.

pymerkle (GPL) et sigstore vivent dans leur propre environnement, fait par l’essai ;
`SOCLE_TESTS_PREUVE` donne un Python où ils sont déjà.
"""

import base64
import copy
import json
import random
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from socle.normes.preuve.bord import Bord
from socle.normes.preuve.merkle import hash_feuille, list_plages_coherence
from socle.normes.preuve.points import PointDeControle
from socle.normes.preuve.tuiles import ArbreEnMemoire
from tests.environnement import make_python
from tests.normes.preuve.fabrique import NOM, build_signataire

pytestmark = pytest.mark.lent
PAQUETS = ["pymerkle==7.0.0", "sigstore==4.5.1"]
TAILLE = 600  # plus de deux tuiles


@pytest.fixture(scope="module")
def python_externe(tmp_path_factory) -> str:
    dossier = tmp_path_factory.mktemp("preuve")
    return make_python(dossier, variable="SOCLE_TESTS_PREUVE", paquets=PAQUETS)


def judge(python: str, cas: dict) -> list[str]:
    juge = Path(__file__).with_name("juge_externe.py")
    essai = subprocess.run(
        [python, str(juge)], input=json.dumps(cas), capture_output=True, text=True, check=False
    )
    assert essai.returncode == 0, essai.stderr[-2000:]
    return json.loads(essai.stdout)


def build_cas() -> dict:
    hasard = random.Random(20261122)
    entrees = [hasard.randbytes(hasard.randint(0, 40)) for _ in range(TAILLE)]
    feuilles = [hash_feuille(entree) for entree in entrees]
    arbre = ArbreEnMemoire(feuilles)
    tailles = [*range(1, 34), 255, 256, 257, 511, 512, 513, TAILLE]
    bord, racines = Bord(), []
    for taille in tailles:  # le bord, rempli par lots, donne les mêmes racines que l’arbre
        bord.extend(feuilles[bord.taille : taille])
        assert bord.racine == arbre.compute_racine(taille)
        racines.append([taille, bord.racine.hex()])
    paires = [(i, n) for n in range(1, 18) for i in range(n)]
    paires += [(hasard.randrange(n), n) for n in tailles for _ in range(5)]
    return {
        "entrees": [entree.hex() for entree in entrees],
        "racines": racines,
        "inclusions": [build_inclusion(arbre, *paire) for paire in paires],
        "coherences": [build_coherence(arbre, m, n) for m, n in paires if m],
        "points": [build_point(arbre, entrees, taille) for taille in (1, 2, 255, 256, TAILLE)],
    }


def build_inclusion(arbre: ArbreEnMemoire, indice: int, taille: int) -> dict:
    return {
        "indice": indice,
        "taille": taille,
        "racine": arbre.compute_racine(taille).hex(),
        "chemin": [pas.hex() for pas in arbre.build_inclusion(indice, taille)],
    }


def build_coherence(arbre: ArbreEnMemoire, ancienne: int, taille: int) -> dict:
    return {
        "ancienne": ancienne,
        "taille": taille,
        "avant": arbre.compute_racine(ancienne).hex(),
        "apres": arbre.compute_racine(taille).hex(),
        "plages": list_plages_coherence(ancienne, taille),
        "chemin": [pas.hex() for pas in arbre.build_coherence(ancienne, taille)],
    }


def build_point(arbre: ArbreEnMemoire, entrees: list[bytes], taille: int) -> dict:
    signataire = build_signataire()
    racine, indice = arbre.compute_racine(taille), taille // 2
    der = signataire.cle.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "note": PointDeControle(NOM, taille, racine).sign(signataire).decode(),
        "origine": NOM,
        "taille": taille,
        "racine": racine.hex(),
        "indice": indice,
        "entree": entrees[indice].hex(),
        "chemin": [pas.hex() for pas in arbre.build_inclusion(indice, taille)],
        "identifiant": signataire.cle_publique.identifiant.hex(),
        "cle_der": base64.b64encode(der).decode(),
    }


def test_arbres_and_points_are_those_of_pymerkle_and_sigstore(python_externe):
    cas = build_cas()

    assert judge(python_externe, cas) == []

    # Le juge sait refuser : une empreinte changée, une signature d’une autre note.
    faux = copy.deepcopy(cas)
    faux["racines"][3][1] = "00" * 32
    faux["inclusions"][-1]["chemin"][0] = "00" * 32
    faux["coherences"][-1]["chemin"][0] = "00" * 32
    texte, signature = (faux["points"][rang]["note"].split("\n\n")[rang] for rang in (0, 1))
    faux["points"][0]["note"] = f"{texte}\n\n{signature}"
    faux["points"][2]["chemin"][0] = "00" * 32
    ecarts = judge(python_externe, faux)
    assert ecarts[:3] == [
        "racine de 4",
        f"inclusion de {faux['inclusions'][-1]['indice'] + 1} dans {TAILLE}",
        f"cohérence de {faux['coherences'][-1]['ancienne']} à {TAILLE}",
    ]
    assert any("invalid signature" in ecart for ecart in ecarts[3:])
    assert any("invalid root hash" in ecart for ecart in ecarts[3:])
