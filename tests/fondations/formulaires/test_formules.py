"""Formules : le quotient et le prix de Clamart, les erreurs placées, l’attente, les étapes."""

from datetime import date
from decimal import Decimal

import pytest

from socle.fondations.formulaires.definition import Bareme
from socle.fondations.formulaires.formules import (
    ContexteCalcul,
    EnvironnementTypes,
    TypeFormule,
    calculate_formule,
    check_formule,
    describe_tranche,
    find_tranche,
    list_noms,
)
from socle.fondations.formulaires.formules.ecriture import Libelles
from tests.fondations.formulaires.outils import JOUR, plat

CANTINE = Bareme.model_validate(
    {
        "id": "tarif_cantine", "libelle": "Tarif", "unite": "€", "unite_valeur": "€",
        "acte": "Délibération n° 2026-118",
        "tranches": [
            {"jusqu_a": "400", "valeur": "1"}, {"jusqu_a": "1000", "valeur": "3.42"},
            {"valeur": "5.10"},
        ],
    }
)  # fmt: skip
LIBELLES = Libelles(
    libelles={"revenu_fiscal": "Revenu fiscal", "parts": "Nombre de parts"},
    unites={"revenu_fiscal": "€", "quotient": "€"},
    sources={"revenu_fiscal": "Impôts, avis 2025"},
    options={"situation": {"marie": "Marié"}},
)


def calculate(formule: str, colonnes=None, decimales=2, unite="€", masques=(), **valeurs):
    contexte = ContexteCalcul(
        valeurs={nom: Decimal(v) if type(v) in (int, str) and nom != "situation" else v
                 for nom, v in valeurs.items()},
        jour=JOUR,
        colonnes=colonnes or {},
        baremes={"tarif_cantine": CANTINE},
        libelles=LIBELLES,
        masques=frozenset(masques),
    )  # fmt: skip
    return calculate_formule(formule, contexte, decimales=decimales, unite=unite)


def test_quotient_and_price_of_clamart():
    quotient = calculate("revenu_fiscal / 12 / parts", revenu_fiscal=21600, parts="1.5")
    prix = calculate("BAREME(tarif_cantine, quotient)", quotient=quotient.valeur)

    assert quotient.valeur == Decimal("1200.00")
    assert [plat(etape.phrase) for etape in quotient.etapes] == [
        "Revenu fiscal : 21 600 €",
        "Nombre de parts : 1,5",
        "21 600 € ÷ 12 ÷ 1,5 = 1 200 €",
    ]
    assert quotient.etapes[0].source == "Impôts, avis 2025"
    assert prix.valeur == Decimal("5.10")
    assert plat(prix.etapes[-1].phrase) == "Tranche 3, plus de 1 000 € = 5,10 €"
    assert prix.etapes[-1].source == "Délibération n° 2026-118"


CALCULS = [
    ("1 + 2 * 3", "7.00"),
    ("(1 + 2) * 3", "9.00"),
    ("10 - 4 - 3", "3.00"),
    ("100 / 10 / 2", "5.00"),
    ("2 × 3 ÷ 4", "1.50"),
    ("-3 + 5", "2.00"),
    ("--3", "3.00"),
    ("1,5 + 1,5", "3.00"),
    ("21 600 / 12", "1800.00"),
    ("MIN(3 ; 1.5 ; 2)", "1.50"),
    ("MAX(3, 1, 2)", "3.00"),
    ("SOMME(1 ; 2 ; 3)", "6.00"),
    ("MIN(2,5 ; 1,5)", "1.50"),
    ("MIN(MAX(1, 2) ; 0,5)", "0.50"),
    ("MAX((1,5), 2)", "2.00"),
    ("ARRONDI(2 / 3 ; 1)", "0.70"),
    ("ARRONDI(2.5)", "3.00"),
    ("ARRONDI(-2.5)", "-3.00"),
    ("ENTIER(2.9)", "2.00"),
    ("ENTIER(-2.1)", "-3.00"),
    ("ABS(-4)", "4.00"),
    ("SI(1 < 2 ; 10 ; 20)", "10.00"),
    ("SI(ET(1 < 2 ; 3 < 2) ; 10 ; 20)", "20.00"),
    ("SI(OU(1 < 2 ; 3 < 2) ; 10 ; 20)", "10.00"),
    ("SI(NON(VRAI) ; 10 ; 20)", "20.00"),
    ("si(1 <> 2 ; 10 ; 20)", "10.00"),
    ("1 / 3", "0.33"),
    ("2 / 3", "0.67"),
    ("BAREME(tarif_cantine ; 400)", "1.00"),
    ("BAREME(tarif_cantine ; 400.01)", "3.42"),
    ("BAREME(tarif_cantine ; -50)", "1.00"),
    ("DEFAUT(absent ; 7)", "7.00"),
    ("NB(enfants) * 2", "0.00"),
]


@pytest.mark.parametrize(("formule", "attendu"), CALCULS)
def test_formula_is_calculated(formule, attendu):
    assert calculate(formule).valeur == Decimal(attendu)


def test_formula_gives_other_types_too():
    naissance = date(2019, 6, 14)
    assert calculate("naissance < AUJOURDHUI()", naissance=naissance).valeur is True
    assert calculate("AGE(naissance)", decimales=0, naissance=naissance).valeur == 7
    assert calculate('SI(AGE(naissance) < 6 ; "maternelle" ; "élémentaire")',
                     naissance=naissance).valeur == "élémentaire"  # fmt: skip
    assert calculate('situation = "MARIE"', situation="marie").valeur is True
    jours = frozenset({"lundi"})
    assert calculate('CONTIENT(jours ; "lundi")', jours=jours).valeur is True


def test_columns_of_a_block_are_summed():
    colonnes = {"repas": [Decimal(4), Decimal(2)], "vides": []}
    assert calculate("SOMME(repas) * prix", colonnes, prix="3.42").valeur == Decimal("20.52")
    assert calculate("MAX(repas)", colonnes).valeur == Decimal(4)
    assert calculate("SOMME(vides)", colonnes).valeur == Decimal(0)
    attente = calculate("SOMME(repas)", {"repas": [Decimal(1), None]})
    assert (attente.valeur, attente.manquants) == (None, ("repas",))


def test_missing_input_waits_and_says_for_what():
    resultat = calculate("revenu_fiscal / 12 / parts", revenu_fiscal=21600)
    assert (resultat.valeur, resultat.manquants, resultat.erreur) == (None, ("parts",), "")
    assert calculate("a + b").manquants == ("a", "b")
    assert calculate("a + b", masques=["a"]).manquants == ("b",)


def test_si_only_needs_the_chosen_branch():
    assert calculate("SI(a > 1 ; 10 ; absent)", a=2).valeur == Decimal(10)
    assert calculate("SI(a > 1 ; 10 ; absent)", a=1).manquants == ("absent",)


def test_logic_knows_when_one_side_decides():
    assert calculate("ET(1 > 2 ; absent > 1)").valeur is False
    assert calculate("OU(1 < 2 ; absent > 1)").valeur is True
    assert calculate("ET(1 < 2 ; absent > 1)").manquants == ("absent",)


@pytest.mark.parametrize(
    ("formule", "erreur"),
    [
        ("1 / (2 - 2)", "Ce calcul divise par zéro."),
        ("999999999999999 * 999999999999999", "Le résultat est trop grand pour être calculé."),
        ("BAREME(inconnu ; 3)", "Le barème de ce calcul est introuvable."),
        ("1 +", "La formule de ce calcul est illisible."),
        ('1 = "a"', "Ce calcul compare deux réponses de nature différente."),
        ('1 + "a"', "Ce calcul mélange des nombres et autre chose."),
        ("EVAL(1)", "La formule de ce calcul est illisible."),
    ],
)
def test_impossible_calculation_gives_a_sentence(formule, erreur):
    resultat = calculate(formule)
    assert (resultat.valeur, resultat.erreur) == (None, erreur)


def test_future_birth_date_is_an_error_not_a_negative_age():
    assert calculate("AGE(ne)", ne=date(2027, 1, 1)).erreur == (
        "La date de naissance est dans le futur."
    )


def test_steps_tell_each_choice():
    resultat = calculate(
        'SI(situation = "marie" ; BAREME(tarif_cantine ; revenu_fiscal / 12) ; 0)',
        situation="marie",
        revenu_fiscal=6000,
    )
    assert [plat(etape.phrase) for etape in resultat.etapes] == [
        "situation : Marié",
        "Marié = marie = oui",
        "Revenu fiscal : 6 000 €",
        "6 000 € ÷ 12 = 500 €",
        "Tranche 2, plus de 400 € et jusqu’à 1 000 € = 3,42 €",
    ]


def test_steps_keep_useful_parentheses_only():
    resultat = calculate("(a + b) * c - (a - (b - c))", a=1, b=2, c=3)
    assert plat(resultat.etapes[-1].libelle) == "(1 + 2) × 3 − (1 − (2 − 3))"


def test_bareme_bounds():
    assert [find_tranche(CANTINE, Decimal(n)) for n in ("399", "400", "400.001")] == [0, 0, 1]
    exclue = CANTINE.model_copy(update={"borne_incluse": False})
    assert find_tranche(exclue, Decimal(400)) == 1
    assert plat(describe_tranche(CANTINE, 0)) == "Tranche 1, jusqu’à 400 €"
    assert plat(describe_tranche(exclue, 1)) == "Tranche 2, à partir de 400 € et moins de 1 000 €"
    ferme = CANTINE.model_copy(update={"tranches": CANTINE.tranches[:2]})
    assert find_tranche(ferme, Decimal(1001)) is None


TYPES = EnvironnementTypes(
    types={
        "revenu_fiscal": TypeFormule.NOMBRE, "situation": TypeFormule.TEXTE,
        "naissance": TypeFormule.DATE, "oui": TypeFormule.BOOLEEN, "repas": TypeFormule.NOMBRES,
        "enfants": TypeFormule.LIGNES, "jours": TypeFormule.CHOIX,
    },
    baremes=frozenset({"tarif_cantine"}),
    options={"situation": frozenset({"marie", "celibataire"})},
    muets=frozenset({"piece"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("formule", "position", "raison"),
    [
        ("", 1, "La formule est vide."),
        ("1 + ", 5, "Il manque une valeur ici."),
        ("1 + * 2", 5, "« * » n’est pas attendu ici."),
        ("(1 + 2", 7, "Il manque « ) » ici."),
        ("1 + 2)", 6, "« ) » n’est pas attendu ici."),
        ("1 & 2", 3, "Le caractère « & » est inconnu."),
        ("revenu_fiscal.__class__", 14, "Le caractère « . » est inconnu."),
        ("revenu / 12", 1, "« revenu » n’existe pas ici. Vouliez-vous dire « revenu_fiscal » ?"),
        ("1 + piece", 5, "« piece » ne peut pas servir dans cette formule."),
        ("BARREME(tarif_cantine ; 1)", 1,
         "La fonction « BARREME » n’existe pas. Vouliez-vous dire « BAREME » ?"),
        ("MIN(1,5)", 6, "« 1,5 » est ambigu dans une fonction : écrivez « 1.5 » pour un nombre, "
         "« 1 ; 5 » pour deux éléments."),
        ("MIN(MAX(1,5) ; 0,5)", 10, "« 1,5 » est ambigu dans une fonction"),
        ("1 < 2 < 3", 7, "Une seule comparaison à la fois : ET(…)."),
        ("oui + 1", 1, "« + » attend un nombre, ceci est oui ou non."),
        ("1 + naissance", 5, "« + » attend un nombre, ceci est une date."),
        ('naissance = "2020"', 11, "On ne compare pas une date avec un texte."),
        ('situation < "marie"', 11, "« < » ne s’applique qu’aux nombres et aux dates."),
        ('situation = "maries"', 13,
         "« maries » n’est pas une option. Vouliez-vous dire « marie » ?"),
        ("revenu_fiscal / 0", 17, "On ne peut pas diviser par zéro."),
        ("SI(oui ; 1)", 1, "Mode d’emploi : SI(condition ; valeur si oui ; valeur si non)."),
        ('SI(oui ; 1 ; "a")', 1, "Les deux valeurs diffèrent : un nombre et un texte."),
        ("AGE(revenu_fiscal)", 5, "AGE attend une date ici, ceci est un nombre."),
        ("BAREME(1 ; 2)", 8, "BAREME attend un barème ici, ceci est un nombre."),
        ("repas", 1, "Le résultat est une colonne de nombres ; il faut une seule valeur."),
        ("repas + 1", 1, "« + » attend un nombre, ceci est une colonne de nombres."),
        ("tarif_cantine", 1, "Le résultat est un barème ; il faut une seule valeur."),
        ("ARRONDI(1.5 ; revenu_fiscal)", 15,
         "Le nombre de décimales s’écrit en chiffres, de 0 à 6."),
        ("NB(revenu_fiscal)", 4, "NB attend un bloc ici, ceci est un nombre."),
        ("9" * 40, 1, "Ce nombre est trop grand."),
    ],
)  # fmt: skip
def test_wrong_formula_is_refused_with_place_and_reason(formule, position, raison):
    erreurs = check_formule(formule, TYPES)[1]
    assert erreurs
    assert (erreurs[0].position, plat(erreurs[0].raison).startswith(raison)) == (position, True)


@pytest.mark.parametrize(
    ("formule", "type_"),
    [
        ("revenu_fiscal / 12", TypeFormule.NOMBRE),
        ("SOMME(repas)", TypeFormule.NOMBRE),
        ("NB(enfants) > 2", TypeFormule.BOOLEEN),
        ('SI(oui ; "a" ; "b")', TypeFormule.TEXTE),
        ("DEFAUT(revenu_fiscal ; 0)", TypeFormule.NOMBRE),
        ("AUJOURDHUI()", TypeFormule.DATE),
        ('CONTIENT(jours ; "lundi")', TypeFormule.BOOLEEN),
        ("BAREME(tarif_cantine ; SOMME(repas))", TypeFormule.NOMBRE),
    ],
)
def test_right_formula_has_a_type(formule, type_):
    assert check_formule(formule, TYPES) == (type_, [])


def test_size_and_depth_are_bounded():
    for formule in ("1+" * 600 + "1", "(" * 50 + "1" + ")" * 50, "-" * 100 + "1", "1" + "+1" * 400,
                    "MIN(" * 40 + "1" + ")" * 40):  # fmt: skip
        assert check_formule(formule, TYPES)[1]
        assert calculate(formule).erreur


def test_names_of_a_formula():
    assert list_noms("BAREME(tarif_cantine ; a / b)") == {"tarif_cantine", "a", "b"}
    assert list_noms("a +") == frozenset()
