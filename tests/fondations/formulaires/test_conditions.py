"""Conditions : évaluation, vide, dates, lieux, grammaire et phrase en français."""

from datetime import date
from decimal import Decimal

import pytest

from socle.fondations.formulaires.conditions import (
    check_condition,
    describe_condition,
    evaluate_condition,
    list_references,
)
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.valeurs import Lieu
from tests.fondations.formulaires.outils import JOUR, make_champ, plat

VALEURS = {
    "oui": True,
    "non": False,
    "nombre": Decimal("12.50"),
    "zero": Decimal(0),
    "texte": "Garde Alternée",
    "choix": "mardi",
    "jours": frozenset({"lundi", "mardi"}),
    "naissance": date(2008, 11, 21),
    "demain": date(2026, 11, 22),
    "commune": Lieu("92023", "92", "11"),
    "pays": Lieu("BE"),
    "vide": None,
}


def champ(nom: str) -> list[str]:
    return ["champ", nom]


CAS = [
    (["=", champ("oui"), "oui"], True),
    (["=", champ("oui"), True], True),
    (["=", champ("oui"), "true"], True),
    (["=", champ("non"), "oui"], False),
    (["=", champ("non"), "non"], True),
    (["!=", champ("oui"), "non"], True),
    (["=", champ("nombre"), 12.5], True),
    (["=", champ("nombre"), "12,5"], True),
    ([">", champ("nombre"), 12], True),
    ([">=", champ("nombre"), 13], False),
    (["<=", champ("zero"), 0], True),
    (["<", 3, champ("nombre")], True),
    (["=", champ("texte"), "garde alternee"], True),
    (["contains", champ("texte"), "ALTERNÉE"], True),
    (["contains", champ("texte"), ""], False),
    (["starts-with", champ("texte"), "garde"], True),
    (["starts-with", champ("texte"), "alternée"], False),
    (["=", champ("choix"), "mardi"], True),
    (["!=", champ("choix"), "mardi"], False),
    (["includes", champ("jours"), "lundi"], True),
    (["includes", champ("jours"), "jeudi"], False),
    (["excludes", champ("jours"), "jeudi"], True),
    (["<", champ("naissance"), "2010-01-01"], True),
    ([">", champ("demain"), ["aujourdhui"]], True),
    (["<=", champ("naissance"), ["aujourdhui"]], True),
    ([">=", ["age", champ("naissance")], 18], True),
    ([">", ["age", champ("naissance")], 18], False),
    ([">=", ["age", "naissance"], 18], True),
    ([">=", ["age", champ("demain")], 0], False),
    (["in-departement", champ("commune"), "92"], True),
    (["not-in-departement", champ("commune"), "92"], False),
    (["not-in-departement", champ("commune"), "2A"], True),
    (["in-region", champ("commune"), "11"], True),
    (["not-in-region", champ("commune"), "84"], True),
    (["=", champ("commune"), "92023"], True),
    (["in-departement", champ("pays"), "92"], False),
    (["not-in-departement", champ("pays"), "92"], False),
    (["<", champ("naissance"), champ("demain")], True),
    (["=", champ("nombre"), champ("zero")], False),
    (["and", ["=", champ("oui"), "oui"], [">", champ("nombre"), 1]], True),
    (["or", ["=", champ("oui"), "non"], ["and", ["=", champ("choix"), "mardi"]]], True),
    (["and", ["or", ["=", champ("oui"), "non"]], [">", champ("nombre"), 1]], False),
]


@pytest.mark.parametrize(("condition", "attendu"), CAS)
def test_condition_is_evaluated(condition, attendu):
    assert evaluate_condition(condition, VALEURS, JOUR) is attendu


OPERATEURS = [
    "=", "!=", "<", "<=", ">", ">=", "includes", "excludes", "contains", "starts-with",
    "in-departement", "not-in-departement", "in-region", "not-in-region",
]  # fmt: skip


@pytest.mark.parametrize("operateur", OPERATEURS)
@pytest.mark.parametrize("nom", ["vide", "inconnu"])
def test_empty_field_makes_every_comparison_false(operateur, nom):
    assert evaluate_condition([operateur, champ(nom), "92"], VALEURS, JOUR) is False
    assert evaluate_condition([operateur, champ(nom), champ(nom)], VALEURS, JOUR) is False


def test_emptiness_is_the_only_thing_an_empty_field_satisfies():
    assert evaluate_condition(["empty?", champ("vide")], VALEURS, JOUR) is True
    assert evaluate_condition(["filled?", champ("vide")], VALEURS, JOUR) is False
    assert evaluate_condition(["empty?", champ("zero")], VALEURS, JOUR) is False
    assert evaluate_condition(["filled?", champ("non")], VALEURS, JOUR) is True


def test_missing_condition_is_true_and_unreadable_one_is_false():
    assert evaluate_condition(None, {}, JOUR) is True
    for illisible in ([], ["et"], ["and"], ["="], ["=", 1], "oui", 3, {"a": 1}, ["=", [1], [2]]):
        assert evaluate_condition(illisible, VALEURS, JOUR) is False


def test_condition_too_deep_or_too_long_is_false():
    profonde: list = ["=", champ("oui"), "oui"]
    for _ in range(5000):
        profonde = ["and", profonde]
    longue = ["or", *[["=", champ("oui"), "oui"]] * 1000]

    assert evaluate_condition(profonde, VALEURS, JOUR) is False
    assert evaluate_condition(longue, VALEURS, JOUR) is False
    assert list_references(profonde) == frozenset()


def test_a_number_never_equals_a_boolean():
    assert evaluate_condition(["=", champ("oui"), 1], VALEURS, JOUR) is False
    assert evaluate_condition(["=", champ("zero"), False], VALEURS, JOUR) is False


CHAMPS = {
    "enfants": make_champ("oui_non", id="enfants", libelle="Avez-vous des enfants ?"),
    "age": make_champ("nombre_entier", id="age", libelle="Âge", unite="ans"),
    "ne": make_champ("date", id="ne", libelle="Date de naissance"),
    "jour": make_champ("choix_simple", id="jour", libelle="Jour", options=["Lundi"], autre=True),
    "lieu": make_champ("commune", id="lieu", libelle="Commune"),
}


@pytest.mark.parametrize(
    ("condition", "phrase"),
    [
        (["=", champ("enfants"), "oui"], "« Avez-vous des enfants ? » est « oui »"),
        (["=", champ("enfants"), True], "« Avez-vous des enfants ? » est « Oui »"),
        ([">=", champ("age"), 18], "« Âge » est supérieur ou égal à 18 ans"),
        (["<", champ("ne"), "2010-01-01"], "« Date de naissance » est avant le 1er janvier 2010"),
        (
            [">=", ["age", champ("ne")], 18],
            "l’âge tiré de « Date de naissance » est supérieur ou égal à 18",
        ),
        (["<=", champ("ne"), ["aujourdhui"]],
         "« Date de naissance » est au plus tard le jour de la demande"),
        (["=", champ("jour"), "lundi"], "« Jour » est « Lundi »"),
        (["=", champ("jour"), "autre"], "« Jour » est « Autre »"),
        (["in-departement", champ("lieu"), "92"], "« Commune » est dans le département « 92 »"),
        (["empty?", champ("age")], "« Âge » n’est pas rempli"),
        (
            ["and", ["=", champ("jour"), "lundi"], ["or", ["empty?", champ("age")],
                                                    ["=", champ("age"), 3]]],
            "« Jour » est « Lundi » et (« Âge » n’est pas rempli ou « Âge » est 3 ans)",
        ),
        (["=", champ("perdu"), "x"], "« perdu » est « x »"),
        (["et", 1], "condition illisible"),
        (None, ""),
    ],
)  # fmt: skip
def test_condition_is_described_in_french(condition, phrase):
    assert plat(describe_condition(condition, CHAMPS)) == phrase


NATURES = {
    "enfants": Nature.BOOLEEN, "age": Nature.NOMBRE, "ne": Nature.DATE, "jour": Nature.CHOIX,
    "lieu": Nature.LIEU,
}  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "raison"),
    [
        (["nimporte", champ("age"), 1], "L’opérateur « nimporte » n’existe pas."),
        (["and"], "Le groupe « Toutes » est vide."),
        (["=", champ("age")], "« = » attend 2 élément(s)."),
        (["=", champ("age"), "beaucoup"], "La valeur attendue ici est un nombre."),
        (["=", champ("ne"), "hier"], "La valeur attendue ici est une date (AAAA-MM-JJ)."),
        (["=", champ("enfants"), 1], "La valeur attendue ici est « oui » ou « non »."),
        (["=", champ("jour"), "mardi"], "« mardi » n’est pas une réponse proposée."),
        (["<", champ("jour"), "lundi"], "« < » ne s’applique pas à une réponse de cette nature."),
        (["=", 1, 1], "Cette comparaison ne porte sur aucun champ."),
        (["=", champ("age"), champ("ne")], "Les deux champs comparés ne sont pas de même nature."),
        ([">", ["age", champ("age")], 3], "Cet élément n’est ni un champ ni une valeur."),
        (["in-departement", champ("lieu"), "922"], "« 922 » n’est pas un code de département."),
        (["in-region", champ("lieu"), "IDF"], "« IDF » n’est pas un code de région."),
        (["=", ["champ"], 1], "Cet élément n’est ni un champ ni une valeur."),
        ("oui", "Une condition est une liste qui commence par un opérateur."),
    ],
)
def test_wrong_condition_is_refused_with_its_reason(condition, raison):
    erreurs = check_condition(condition, NATURES, CHAMPS)
    assert raison in [plat(erreur.raison) for erreur in erreurs]


def test_wrong_condition_says_where():
    condition = ["and", ["=", champ("age"), 3], ["or", ["=", champ("jour"), "mardi"]]]
    [erreur] = check_condition(condition, NATURES, CHAMPS)
    assert erreur.chemin == (2, 1, 2)
    assert str(erreur).endswith("(élément 2 puis 1 puis 2)")


@pytest.mark.parametrize(
    "condition",
    [
        None,
        ["=", champ("enfants"), "oui"],
        ["=", champ("jour"), "autre"],
        [">=", ["age", champ("ne")], 18],
        ["<", champ("ne"), ["aujourdhui"]],
        ["in-departement", champ("lieu"), "2A"],
        ["filled?", champ("age")],
        ["=", champ("absent"), 1],
    ],
)
def test_right_condition_has_no_error(condition):
    assert check_condition(condition, NATURES, CHAMPS) == []
