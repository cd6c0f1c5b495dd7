"""Propriétés des conditions : rien ne lève, le vide rend faux, « et » et « ou » s’échangent."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from socle.fondations.formulaires.conditions import (
    OPERATEURS,
    check_condition,
    describe_condition,
    evaluate_condition,
    list_references,
)
from socle.fondations.formulaires.conditions.grammaire import COMPARAISONS
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.valeurs import Lieu
from tests.fondations.formulaires.outils import JOUR

NOMS = ["a", "b", "c", "d"]
noms = st.sampled_from(NOMS)
constantes = st.one_of(
    st.text(max_size=20),
    st.integers(-(10**15), 10**15),
    st.booleans(),
    st.floats(-1e12, 1e12),
    st.sampled_from(["oui", "non", "92", "2026-01-01", "12,5"]),
)
operandes = st.one_of(
    constantes,
    st.tuples(st.just("champ"), noms).map(list),
    st.tuples(st.just("age"), noms).map(list),
    st.just(["aujourdhui"]),
)
feuilles = st.one_of(
    st.tuples(st.sampled_from(sorted(COMPARAISONS)), operandes, operandes).map(list),
    st.tuples(st.sampled_from(["empty?", "filled?"]), operandes).map(list),
)
conditions = st.recursive(
    feuilles,
    lambda enfants: st.tuples(
        st.sampled_from(["and", "or"]), st.lists(enfants, min_size=1, max_size=4)
    ).map(lambda paire: [paire[0], *paire[1]]),
    max_leaves=12,
)
valeurs_typees = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=20),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9
    ),
    st.dates(date(1850, 1, 1), date(2200, 1, 1)),
    st.frozensets(st.text(max_size=5), max_size=3),
    st.builds(Lieu, st.text(max_size=5), st.text(max_size=3), st.text(max_size=3)),
)
reponses = st.dictionaries(noms, valeurs_typees)
json_quelconque = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda e: st.one_of(
        st.lists(e, max_size=4), st.dictionaries(st.text(max_size=3), e, max_size=2)
    ),
    max_leaves=15,
)


@settings(deadline=None)
@given(st.one_of(conditions, json_quelconque), reponses)
def test_nothing_ever_fails(condition, valeurs):
    assert evaluate_condition(condition, valeurs, JOUR) in (True, False)
    assert isinstance(describe_condition(condition, {}), str)
    assert isinstance(list_references(condition), frozenset)
    check_condition(condition, {"a": Nature.NOMBRE, "b": Nature.CHOIX, "c": Nature.DATE}, {})


@settings(deadline=None)
@given(st.sampled_from(sorted(COMPARAISONS)), operandes, reponses)
def test_comparison_with_an_empty_field_is_false(operateur, operande, valeurs):
    valeurs = valeurs | {"a": None}
    assert not evaluate_condition([operateur, ["champ", "a"], operande], valeurs, JOUR)
    assert not evaluate_condition([operateur, operande, ["champ", "a"]], valeurs, JOUR)
    assert evaluate_condition(["empty?", ["champ", "a"]], valeurs, JOUR)


@settings(deadline=None)
@given(st.lists(conditions, min_size=1, max_size=4), reponses)
def test_groups_follow_all_and_any(termes, valeurs):
    verites = [evaluate_condition(terme, valeurs, JOUR) for terme in termes]
    assert evaluate_condition(["and", *termes], valeurs, JOUR) == all(verites)
    assert evaluate_condition(["or", *termes], valeurs, JOUR) == any(verites)
    assert evaluate_condition(["and", *reversed(termes)], valeurs, JOUR) == all(verites)


@settings(deadline=None)
@given(noms, st.sampled_from(["=", "<", ">", "<=", ">=", "!="]), st.integers(-50, 50),
       st.integers(-50, 50))  # fmt: skip
def test_numbers_compare_like_decimals(nom, operateur, gauche, droite):
    attendu = {
        "=": gauche == droite, "!=": gauche != droite, "<": gauche < droite,
        ">": gauche > droite, "<=": gauche <= droite, ">=": gauche >= droite,
    }[operateur]  # fmt: skip
    valeurs = {nom: Decimal(gauche)}
    assert evaluate_condition([operateur, ["champ", nom], droite], valeurs, JOUR) == attendu


def test_every_operator_of_the_grammar_is_evaluated():
    valeurs = {"a": None}
    for operateur in OPERATEURS:
        arite = 2 if operateur in COMPARAISONS else 1
        condition = [operateur, *[["champ", "a"]] * arite]
        assert evaluate_condition(condition, valeurs, JOUR) == (operateur == "empty?")
