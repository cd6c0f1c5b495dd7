"""Propriétés des formules : même résultat qu’un oracle en Decimal, aucun accès, temps borné."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st

from socle.fondations.formulaires.formules import (
    ContexteCalcul,
    EnvironnementTypes,
    TypeFormule,
    calculate_formule,
    check_formule,
    parse_formule,
)
from socle.fondations.formulaires.formules.syntaxe import iter_noeuds
from tests.fondations.formulaires.outils import JOUR
from tests.mesure import check_cpu

nombres = st.decimals(-10_000, 10_000, places=2)
NOMS = ["a", "b", "c"]


@st.composite
def expressions(draw, profondeur=0):
    """Rend (texte de la formule, fonction oracle des valeurs)."""
    choix = draw(st.integers(0, 6 if profondeur < 4 else 1))
    if choix == 0:
        nombre = draw(st.decimals(0, 1000, places=2))
        return str(nombre), lambda v: nombre
    if choix == 1:
        nom = draw(st.sampled_from(NOMS))
        return nom, lambda v: v[nom]
    texte_a, oracle_a = draw(expressions(profondeur + 1))
    texte_b, oracle_b = draw(expressions(profondeur + 1))
    if choix == 6:
        return f"MIN({texte_a} ; {texte_b})", lambda v: min(oracle_a(v), oracle_b(v))
    signe = "+-*/"[choix - 2]
    operation = {
        "+": lambda v: oracle_a(v) + oracle_b(v),
        "-": lambda v: oracle_a(v) - oracle_b(v),
        "*": lambda v: oracle_a(v) * oracle_b(v),
        "/": lambda v: oracle_a(v) / oracle_b(v),
    }[signe]
    return f"({texte_a} {signe} {texte_b})", operation


@settings(deadline=None)
@given(expressions(), st.fixed_dictionaries(dict.fromkeys(NOMS, nombres)))
def test_formula_equals_a_decimal_oracle(expression, valeurs):
    formule, oracle = expression
    resultat = calculate_formule(formule, ContexteCalcul(valeurs=valeurs, jour=JOUR))

    with localcontext() as contexte:
        contexte.prec, contexte.rounding = 28, ROUND_HALF_UP
        try:
            attendu = oracle(valeurs)
        except ArithmeticError:
            assert resultat.erreur
            return
        if resultat.erreur:
            return  # grandeur ou longueur au-delà des bornes
        assert resultat.valeur == attendu.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


TYPES = EnvironnementTypes(types=dict.fromkeys(NOMS, TypeFormule.NOMBRE))


@settings(deadline=None)
@given(st.text(max_size=1200))
def test_any_text_is_either_calculated_or_refused(formule):
    erreurs = check_formule(formule, TYPES)[1]
    resultat = calculate_formule(formule, ContexteCalcul(valeurs={}, jour=JOUR))
    assert erreurs or resultat.erreur or resultat.valeur is not None or resultat.manquants


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["a", "1", "(", ")", "+", "-", "*", "/", "MIN(", "SI(", ";", "<", '"x"', "__class__",
             "import", "lambda", "a.b", "[0]", "VRAI", " "]
        ),
        max_size=120,
    ).map("".join)
)  # fmt: skip
def test_only_names_numbers_texts_and_known_functions_can_be_said(formule):
    try:
        noeuds = list(iter_noeuds(parse_formule(formule)))
    except ValueError:
        return
    assert all("." not in getattr(noeud, "nom", "") for noeud in noeuds)
    resultat = calculate_formule(formule, ContexteCalcul(valeurs={"a": Decimal(1)}, jour=JOUR))
    assert resultat.valeur is None or isinstance(resultat.valeur, Decimal | bool | str)


def test_python_names_have_no_power():
    for formule in ("__import__(1)", "a.__class__", "open(1)", "exec(1)", "globals()", "a[0]",
                    "(lambda: 1)()", "1 if 1 else 2", "a := 1", "**a"):  # fmt: skip
        assert check_formule(formule, TYPES)[1]


def test_worst_formula_stays_fast():
    formule = "+".join(["a*a"] * 40)
    chaine = "MIN(" + ";".join(["a"] * 140) + ")"

    def calculate() -> None:
        for _ in range(20):
            calculate_formule(formule, ContexteCalcul(valeurs={"a": Decimal(3)}, jour=JOUR))
            calculate_formule(chaine, ContexteCalcul(valeurs={"a": Decimal(3)}, jour=JOUR))

    check_cpu(calculate, 1.0)
