"""Nos identités publiques de test sont celles que FranceConnect publie, toutes, à la lettre."""

import csv

import pytest

from socle.simulateurs.franceconnect.perimetres import REVENDICATIONS, list_claims
from socle.simulateurs.personnes import PERSONNES
from tests.conftest import DONNEES_OFFICIELLES

COMPTES = DONNEES_OFFICIELLES / "identite" / "franceconnect_comptes_test.csv"
REMIS = (
    "family_name", "preferred_username", "given_name", "gender", "email",
    "birthdate", "birthplace", "birthcountry",
)  # fmt: skip
FRANCE = "99100"


@pytest.fixture(scope="module")
def officiels() -> dict[str, dict[str, str]]:
    if not COMPTES.exists():
        pytest.skip(f"liste officielle absente : {COMPTES}")
    with COMPTES.open(encoding="utf-8", newline="") as fichier:
        return {ligne["login"]: ligne for ligne in csv.DictReader(fichier)}


def test_every_official_identity_is_ours_with_the_same_claims(officiels):
    nous = {code: p for code, p in PERSONNES.items() if p.officielle}
    assert len(officiels) > 30
    assert sorted(officiels) == sorted(nous)

    for code, ligne in officiels.items():
        lues = list_claims(nous[code], tuple(REVENDICATIONS), REVENDICATIONS)
        attendues = {nom: ligne[nom] or None for nom in REMIS}
        # Ce que la vraie plateforme normalise : jour ou mois inconnu, naissance à l’étranger.
        attendues["birthdate"] = ligne["birthdate"].replace("-00", "-01")
        if ligne["birthcountry"] != FRANCE:
            attendues["birthplace"] = None
        assert {nom: lues.get(nom) or None for nom in REMIS} == attendues, code
        assert lues["idp_birthdate"] == ligne["birthdate"], code
        assert nous[code].lieu == ligne["birthplace"], code
