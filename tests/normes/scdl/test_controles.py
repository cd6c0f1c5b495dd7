"""Contrôles qu’aucun rapport de référence ne montre, et casse des titres."""

import pytest

from socle.normes.scdl.francais import BOITES
from socle.normes.scdl.schema import Champ, Controle
from tests.normes.scdl.outils import build_schema, judge, write_csv

# (contrôle, valeurs justes, valeurs fausses)
VALEURS = {
    "french-siret-value": (
        ["21920023500014", "219 200 235 00014", "35600000000048", "35600000049837"],
        ["21920023500015", "2192002350001", "35600000049838", "A1920023500014", "0"],
    ),
    "french-siren-value": (["219200235", "356000000"], ["219200236", "21920023500014", "x"]),
    "nomenclature-actes-value": (
        ["Urbanisme/documents", "FONCTION PUBLIQUE/", "libertes publiques et pouvoirs de police/x"],
        ["Urbanisme", "Voirie/x", "Urbanisme / x", "Urbanisme/ x", "Urbanisme /x", "/x"],
    ),
    "french-gps-coordinates": (
        ["[2.2532, 48.8005]", "[55.45,-20.88]", "[-61.5, 16.2]", "[45.16,-12.78]", "[-52.3,4.9]",
         "[9.55, 42.1]", "[9.2, 41.34]", "[-5.14, 48.4]", "[2.5, 51.08]", "[-54.6, 3]"],
        ["2.25,48.8", "[2.25]", "[2.25,48.8,0]", "[0,0]", "[9.57, 42.1]", "[2.5, 51.1]", "[null,1]",
         '["a","b"]', "[[1],2]", "{}", "[1e999,1]"],
    ),
    "phone-number-value": (
        ["01 41 09 20 00", "0141092000", "+33 1 41 09 20 00", "+32 2 555 12 12", "15", "3939"],
        ["00", "01 41 09", "abc", "+33 1 41 09 20 00 99", "0000000000"],
    ),
    "opening-hours-value": (
        ["Mo-Fr 09:00-12:00,14:00-18:00", "24/7", "Mo 08:00-12:00; Tu off", "Sa[1] 10:00-12:00",
         "PH closed", "Jan-Mar Mo-Fr 10:00-18:00", 'Mo-Su 10:00+ "sur rendez-vous"',
         "sunrise-sunset"],
        ["lundi 9h-12h", "Mo-Fr 9h", "Mo-Fr 25:70-30:00", ";", "Mo" * 600, "Xx 10:00-12:00"],
    ),
}  # fmt: skip
ANCIENS = {
    "siret": "french-siret-value", "siren": "french-siren-value",
    "nomenclature-acte": "nomenclature-actes-value", "phone-number": "phone-number-value",
    "opening-hours": "opening-hours-value",
}  # fmt: skip


def judge_controle(nom, entete, lignes, champs=None, **parametres):
    champs = champs or [Champ(titre) for titre in "abc"]
    schema = build_schema(*champs, controles=(Controle(nom, parametres),))
    return judge(write_csv(entete, lignes), schema)


@pytest.mark.parametrize("nom", [*VALEURS, *ANCIENS])
def test_each_value_has_its_verdict_and_empty_cells_none(nom):
    code = ANCIENS.get(nom, nom)
    bonnes, fausses = VALEURS[code]
    lignes = [[valeur, "x"] for valeur in [*bonnes, "", *fausses]]

    fautes = judge_controle(nom, "ab", lignes, column="a")

    premiere = len(bonnes) + 3
    assert fautes == [(ligne, "a", code) for ligne in range(premiere, premiere + len(fausses))]


def test_point_inside_each_box_is_in_france_and_its_swap_is_said():
    dedans = [[f"[{(o + e) / 2}, {(s + n) / 2}]"] for o, s, e, n in BOITES]
    inverses = [[f"[{(s + n) / 2}, {(o + e) / 2}]"] for o, s, e, n in BOITES]
    juste_dehors = [[f"[{o - 0.001}, {s}]"] for o, s, _, _ in BOITES]

    assert judge_controle("french-gps-coordinates", "a", dedans, column="a") == []
    codes = judge_controle("french-gps-coordinates", "a", inverses + juste_dehors, column="a")
    assert [code for _, _, code in codes] == (
        ["reversed-french-gps-coordinates"] * 6 + ["french-gps-coordinates"] * 6
    )


@pytest.mark.parametrize(
    ("seule", "fausses"),
    [
        (None, {3, 4, 5, 6, 7}),
        ("true", {4, 5, 6, 7}),
        ("yes", {4, 5, 6, 7}),
        (True, {4, 5, 6, 7}),
        ("no", {3, 4, 5, 6, 7}),
    ],
)
def test_years_follow_each_other_or_stand_alone_if_allowed(seule, fausses):
    annees = ["2017/2018", "2017", "2018/2017", "2017/2017", "2017/18", "x", "", "2017/2031"]
    parametres = {} if seule is None else {"allow-year-only": seule}

    fautes = judge_controle(
        "year-interval-value", "ab", [[annee, "x"] for annee in annees], column="a", **parametres
    )

    assert {ligne for ligne, _, _ in fautes} == fausses


@pytest.mark.parametrize("premier", ["column1", "column"])
def test_one_of_two_columns_is_required(premier):
    deux = {premier: "a", "column2": "b"}
    lignes = [["1", "", "x"], ["", "2", "x"], ["1", "2", "x"], ["", "", "x"]]

    assert judge_controle("one-of-required", "abc", lignes, **deux) == [
        (5, None, "one-of-required")
    ]
    # Une seule colonne présente : elle doit être remplie ; aucune : la faute est au tableau.
    assert judge_controle("one-of-required", "ac", [["", "x"], ["1", "x"]], **deux) == [
        (2, None, "one-of-required")
    ]
    assert judge_controle("one-of-required", "c", [["x"]], **deux) == [
        (None, None, "one-of-required")
    ]


@pytest.mark.parametrize(
    ("types", "signe", "lignes", "fautives"),
    [
        (("integer", "integer"), ">", [["2", "1"], ["1", "1"], ["", "1"], ["10", "9"]], [3]),
        (("integer", "number"), "<=", [["1", "1.5"], ["2", "1.5"]], [3]),
        (("string", "string"), "<", [["10", "9"], ["b", "a"]], [3]),  # textes : « 10 » avant « 9 »
        (("date", "date"), ">=", [["2026-01-02", "2026-01-01"], ["2026-01-01", "2026-01-02"]], [3]),
        (("string", "integer"), "==", [["1", "1"], ["", "1"]], [2]),  # ne se comparent pas
    ],
)
def test_columns_are_compared_by_their_type(types, signe, lignes, fautives):
    champs = [Champ(nom, genre) for nom, genre in zip("ab", types, strict=True)]

    fautes = judge_controle(
        "compare-columns-value", "ab", lignes, champs, column="a", column2="b", op=signe
    )

    assert fautes == [(ligne, "a", "compare-columns-value") for ligne in fautives]


def test_sum_skips_the_empty_and_forgives_binary_decimals():
    champs = [Champ(nom, "number") for nom in "abc"]
    lignes = [["0.3", "0.1", "0.2"], ["4", "1", "2"], ["", "1", "2"], ["3", "", "2"]]

    fautes = judge_controle(
        "sum-columns-value", "abc", lignes, champs, column="a", columns=["b", "c"]
    )

    assert fautes == [(3, "a", "sum-columns-value")]


def test_columns_of_a_group_are_all_filled_or_all_empty():
    champs = [Champ("a"), Champ("b", "integer"), Champ("c")]
    lignes = [["x", "1", ""], ["", "", "x"], ["x", "", "x"], ["", "1", "x"], ["x", "faux", "x"]]

    fautes = judge_controle(
        "cohesive-columns-value", "abc", lignes, champs, column="a", othercolumns=["b"]
    )

    # Une valeur mal formée compte comme vide : deux fautes à la ligne 6.
    assert fautes == [
        (4, "a", "cohesive-columns-value"),
        (5, "a", "cohesive-columns-value"),
        (6, "a", "cohesive-columns-value"),
        (6, "b", "type-error"),
    ]


@pytest.mark.parametrize(
    ("nom", "parametres", "attendu"),
    [
        ("french-siret-value", {"column": "z"}, []),
        ("french-siret-value", {}, []),
        ("compare-columns-value", {"column": "a", "column2": "z", "op": ">"}, []),
        ("sum-columns-value", {"column": "a", "columns": ["z"]}, []),
        ("sum-columns-value", {"column": "a", "columns": 3}, []),
        ("cohesive-columns-value", {"column": "a", "othercolumns": ["z"]}, []),
        ("compare-columns-value", {"column": "a", "column2": "b", "op": "!="}, ["check-error"]),
        ("horoscope", {"column": "a"}, ["check-error"]),
    ],
)
def test_check_without_its_column_is_skipped_and_unknown_check_is_said(nom, parametres, attendu):
    fautes = judge_controle(nom, "ab", [["x", "y"]], **parametres)

    assert [code for _, _, code in fautes] == attendu


def test_title_case_is_forgiven_only_when_asked():
    champs = [Champ("COLL_SIRET", contraintes={"required": True}), Champ("Prénom")]
    controles = (Controle("siret", {"column": "COLL_SIRET"}),)
    schema = build_schema(*champs, controles=controles)
    contenu = write_csv(["coll_siret", "PRÉNOM"], [["1", "x"], ["21920023500014", ""]])

    assert judge(contenu, schema) == [(None, None, "missing-required-header")]
    assert judge(contenu, schema, ignore_casse=True) == [(2, "COLL_SIRET", "french-siret-value")]


def test_written_numbers_and_dates_of_the_schema_are_those_compared():
    champs = [
        Champ("a", "number", options={"decimalChar": ",", "groupChar": " "}),
        Champ("b", "integer", options={"bareNumber": False}),
        Champ("c", "date"),
        Champ("d", "date", format="%d/%m/%Y"),
    ]
    controles = (
        Controle("compare-columns", {"column": "a", "op": ">=", "column2": "b"}),
        Controle("compare-columns", {"column": "c", "op": "<=", "column2": "d"}),
    )
    lignes = [
        ["1 000,5", "1000 €", "2026-01-02", "02/01/2026"],
        ["9,5", "10 €", "2026-01-03", "02/01/2026"],
        ["1.5", "x", "2026-01-02", "2026-01-02"],
    ]

    fautes = judge(write_csv("abcd", lignes), build_schema(*champs, controles=controles))

    assert fautes == [
        (3, "a", "compare-columns-value"),
        (3, "c", "compare-columns-value"),
        (4, "a", "type-error"),
        (4, "b", "type-error"),
        (4, "d", "type-error"),
    ]


def test_lone_check_holds_on_a_table_with_a_short_line():
    lignes = [["2017/2018", "x"]] * 3 + [["2018"]]

    fautes = judge_controle("year-interval-value", "ab", lignes, column="a")

    assert fautes == [(5, "a", "year-interval-value"), (5, "b", "missing-cell")]
