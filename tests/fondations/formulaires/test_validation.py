"""Contrôle avant publication : chaque défaut est trouvé, avec sa place et sa raison."""

import copy

import pytest

from socle.fondations.formulaires.enums import Gravite
from socle.fondations.formulaires.validation import check_formulaire, list_bloquantes
from tests.fondations.formulaires.exemples import CANTINE
from tests.fondations.formulaires.outils import SOURCES, make_definition, plat
from tests.mesure import check_cpu


def champ(nom: str) -> list[str]:
    return ["champ", nom]


def texte(id_: str = "t", **attributs) -> dict:
    return {"type": "texte_court", "id": id_, "libelle": f"Le texte {id_}"} | attributs


def calcul(id_: str, formule: str, **attributs) -> dict:
    base = {"type": "champ_calcule", "id": id_, "libelle": f"Le calcul {id_}", "formule": formule}
    return base | attributs


NOMBRE = {"type": "nombre_entier", "id": "n", "libelle": "Le nombre", "minimum": 0, "maximum": 10}
CHOIX = {"type": "choix_simple", "id": "c", "libelle": "Le choix", "options": ["Lundi", "Mardi"]}
BLOC = {
    "type": "bloc_repetable", "id": "bloc", "libelle": "Les enfants",
    "champs": [
        {"type": "texte_court", "id": "prenom", "libelle": "Prénom"},
        {"type": "nombre_entier", "id": "repas", "libelle": "Repas"},
    ],
}  # fmt: skip
BAREME = {
    "id": "tarif", "libelle": "Tarif", "acte": "Délibération",
    "tranches": [{"jusqu_a": 10, "valeur": 1}, {"valeur": 2}],
}  # fmt: skip


def list_regles(definition, gravite=Gravite.BLOQUANTE) -> list[str]:
    anomalies = check_formulaire(definition, SOURCES)
    return [a.regle for a in anomalies if a.gravite is gravite]


def test_cantine_can_be_published():
    anomalies = check_formulaire(CANTINE, SOURCES)
    assert list_bloquantes(anomalies) == []


def test_anomaly_says_where_and_why():
    definition = copy.deepcopy(CANTINE)
    definition["pages"][1]["champs"][4]["formule"] = "revenus / 12"
    [anomalie] = list_bloquantes(check_formulaire(definition, SOURCES))
    assert plat(str(anomalie)) == (
        "Page 2 « Vos ressources », champ « Quotient familial » : « revenus » n’existe pas ici. "
        "Vouliez-vous dire « revenu_fiscal » ? (caractère 1)"
    )
    assert (anomalie.page, anomalie.champ) == ("ressources", "quotient")
    assert anomalie.attribut == "formule"


DEUX_PAGES = {
    "pages": [
        {"id": "un", "titre": "Une", "champs": [texte("a"), calcul("q", "n")]},
        {"id": "deux", "titre": "Deux", "champs": [NOMBRE, texte("b")]},
    ]
}

DEFAUTS = [
    ("page_absente", {"pages": []}),
    ("page_vide", make_definition()),
    ("titre_page_manquant", {"pages": [{"id": "p", "champs": [texte()]}]}),
    ("titre_page_double", {"pages": [{"id": "p", "titre": "Vous", "champs": [texte("a")]},
                                     {"id": "q", "titre": "VOUS", "champs": [texte("b")]}]}),
    ("page_double", {"pages": [{"id": "p", "titre": "Une", "champs": [texte("a")]},
                               {"id": "p", "titre": "Deux", "champs": [texte("b")]}]}),
    ("identifiant_double", make_definition(texte("a"), texte("a", libelle="Autre"))),
    ("identifiant_double", make_definition(texte("prenom", libelle="Autre"), BLOC)),
    ("identifiant_double", make_definition(texte("tarif"), baremes=[BAREME])),
    ("libelle_manquant", make_definition(texte(libelle=""))),
    ("libelle_double", make_definition(texte("a", libelle="Nom"), texte("b", libelle="NOM"))),
    ("explication_vide", make_definition({"type": "explication", "id": "e"})),
    ("liste_vide", make_definition({"type": "choix_simple", "id": "c", "libelle": "Choix"})),
    ("liste_vide", make_definition({"type": "choix_multiple", "id": "c", "libelle": "Choix"})),
    ("option_double", make_definition(CHOIX | {"options": ["Lundi", "lundi"]})),
    ("option_double", make_definition(CHOIX | {"options": ["Autre"], "autre": True})),
    ("option_vide", make_definition(CHOIX | {"options": [{"id": "a", "libelle": ""}]})),
    ("bloc_vide", make_definition(BLOC | {"champs": []})),
    ("libelle_ligne_manquant", make_definition(BLOC | {"libelle_ligne": ""})),
    ("bornes_inversees", make_definition(NOMBRE | {"minimum": 11})),
    ("bornes_inversees", make_definition({"type": "date", "id": "d", "libelle": "Date",
     "au_plus_tot": "2026-02-01", "au_plus_tard": "2026-01-01"})),
    ("niveau_saute", make_definition({"type": "titre_section", "id": "t", "libelle": "Titre",
     "niveau": 2}, texte("a"))),
    ("niveau_saute", make_definition(
        {"type": "titre_section", "id": "t", "libelle": "Un", "niveau": 1},
        {"type": "titre_section", "id": "u", "libelle": "Trois", "niveau": 3}, texte("a"))),
    ("bareme_vide", make_definition(texte(), baremes=[BAREME | {"tranches": []}])),
    ("bareme_ouvert", make_definition(texte(), baremes=[
        BAREME | {"tranches": [{"jusqu_a": 10, "valeur": 1}]}])),
    ("bareme_desordonne", make_definition(texte(), baremes=[BAREME | {"tranches": [
        {"jusqu_a": 10, "valeur": 1}, {"jusqu_a": 5, "valeur": 2}, {"valeur": 3}]}])),
    ("champ_inconnu", make_definition(texte(condition=["=", champ("perdu"), 1]))),
    ("condition_sur_soi", make_definition(texte(condition=["filled?", champ("t")]))),
    ("champ_suivant", make_definition(texte(condition=["=", champ("n"), 1]), NOMBRE)),
    ("champ_muet", make_definition({"type": "explication", "id": "e", "texte": "Bonjour."},
                                   texte(condition=["filled?", champ("e")]))),
    ("autre_bloc", make_definition(BLOC, texte(condition=["filled?", champ("prenom")]))),
    ("autre_bloc", make_definition(BLOC, BLOC | {"id": "bis", "libelle": "Bis", "champs": [
        texte("x", condition=["filled?", champ("prenom")])]})),
    ("autre_bloc", make_definition(BLOC | {"champs": [
        texte("x", condition=["filled?", champ("bloc")])]})),
    ("condition_illisible", make_definition(CHOIX, texte(condition=["=", champ("c"), "jeudi"]))),
    ("condition_illisible", make_definition(texte(condition=["xor", 1]))),
    ("champ_suivant", {"pages": [{"id": "p", "titre": "Page", "condition": ["=", champ("n"), 1],
                                  "champs": [NOMBRE]}]}),
    ("champ_inconnu", {"pages": [{"id": "p", "titre": "Page", "condition": ["=", champ("z"), 1],
                                  "champs": [NOMBRE]}]}),
    ("formule_vide", make_definition(calcul("q", ""))),
    ("formule_fausse", make_definition(calcul("q", "perdu + 1"))),
    ("formule_fausse", make_definition(NOMBRE, calcul("q", "SI(n ; 1 ; 2)"))),
    ("formule_fausse", make_definition({"type": "titre_section", "id": "t", "libelle": "Titre"},
                                       calcul("q", "t + 1"))),
    ("formule_fausse", make_definition(BLOC, calcul("q", "repas + 1"))),
    ("formule_mal_placee", DEUX_PAGES),
    ("formule_mal_placee", make_definition(calcul("q", "SOMME(repas)"), BLOC)),
    ("formule_mal_placee", make_definition(NOMBRE, calcul("q", "n + q"))),
    ("cycle", make_definition(calcul("a", "b + 1"), calcul("b", "a + 1"))),
    ("cycle", make_definition(NOMBRE, calcul("q", "m * 2"), NOMBRE | {
        "id": "m", "libelle": "Autre", "condition": [">", champ("q"), 3]})),
    ("source_inconnue", make_definition({"type": "source", "id": "s", "code": "perdue",
     "correspondances": [{"donnee": "x", "champ": "n"}]}, NOMBRE)),
    ("source_sans_champ", make_definition({"type": "source", "id": "s", "code": "impots_revenu"},
                                          NOMBRE)),
    ("source_cible", make_definition(NOMBRE, {"type": "source", "id": "s", "code": "impots_revenu",
     "correspondances": [{"donnee": "revenu_fiscal_reference", "champ": "n"}]})),
    ("source_cible", make_definition({"type": "source", "id": "s", "code": "impots_revenu",
     "correspondances": [{"donnee": "revenu_fiscal_reference", "champ": "repas"}]}, BLOC)),
    ("donnee_inconnue", make_definition({"type": "source", "id": "s", "code": "impots_revenu",
     "correspondances": [{"donnee": "salaire", "champ": "n"}]}, NOMBRE)),
    ("donnee_incompatible", make_definition({"type": "source", "id": "s", "code": "impots_revenu",
     "correspondances": [{"donnee": "revenu_fiscal_reference", "champ": "d"}]},
     {"type": "date", "id": "d", "libelle": "Date"})),
    ("capitales", make_definition(texte(libelle="VOTRE NOM COMPLET"))),
    ("cliquez_ici", make_definition(texte(aide="Pour le modèle, cliquez ici."))),
    ("balises", make_definition(texte(libelle="Votre <b>nom</b>"))),
    ("libelle_sans_mot", make_definition(texte(libelle="…"))),
    ("autocomplete", make_definition(texte(autocomplete="nom"))),
]  # fmt: skip


@pytest.mark.parametrize(("regle", "definition"), DEFAUTS)
def test_defect_is_found(regle, definition):
    assert regle in list_regles(definition)


CONSEILS = [
    ("place", make_definition(texte(aide="Voir le tableau ci-contre."))),
    ("couleur", make_definition(texte(aide="Remplissez les cases en rouge."))),
    ("image_de_texte", make_definition({"type": "explication", "id": "e",
                                        "texte": "Voir l’image du plan.png"}, texte())),
    ("adresse_nue", make_definition(texte(aide="https://exemple.fr"))),
    ("mention_double", make_definition(texte(libelle="Votre nom (obligatoire)"))),
    ("libelle_long", make_definition(texte(libelle="Votre nom " * 20))),
    ("format_sans_aide", make_definition(texte(libelle="Numéro d’allocataire"))),
    ("autocomplete", make_definition({"type": "courriel", "id": "c", "libelle": "Courriel"})),
    ("calcul_facultatif", make_definition(NOMBRE | {"obligatoire": False}, calcul("q", "n + 1"))),
    ("acte_manquant", make_definition(texte(), baremes=[BAREME | {"acte": ""}])),
    ("page_longue", make_definition(*[texte(f"t{rang}") for rang in range(25)])),
    ("titre_ponctue", make_definition(
        {"type": "titre_section", "id": "t", "libelle": "Titre :"}, texte("a"))),
]  # fmt: skip


@pytest.mark.parametrize(("regle", "definition"), CONSEILS)
def test_advice_is_given_without_blocking(regle, definition):
    assert regle in list_regles(definition, Gravite.CONSEIL)
    assert list_regles(definition) == []


def test_good_habits_are_left_alone():
    definition = make_definition(
        {"type": "titre_section", "id": "t1", "libelle": "Responsable 1"},
        texte("nom_1", libelle="Nom", autocomplete="off"),
        {"type": "titre_section", "id": "t2", "libelle": "Responsable 2"},
        texte("nom_2", libelle="Nom", autocomplete="off"),
        {"type": "iban", "id": "rib", "libelle": "IBAN"},
        {"type": "texte_court", "id": "caf", "libelle": "Numéro CAF", "aide": "Exemple : 1234567"},
    )
    assert check_formulaire(definition) == []


IMPOSSIBLES = [
    ["and", ["=", champ("c"), "lundi"], ["=", champ("c"), "mardi"]],
    ["and", ["!=", champ("c"), "lundi"], ["!=", champ("c"), "mardi"]],
    [">", champ("n"), 10],
    ["<", champ("n"), 0],
    ["and", [">", champ("n"), 3], ["<", champ("n"), 4]],
    ["and", ["=", champ("n"), 3], ["!=", champ("n"), 3]],
    ["and", ["empty?", champ("n")], ["=", champ("n"), 1]],
    ["and", ["empty?", champ("n")], ["filled?", champ("n")]],
    ["and", ["=", champ("o"), "oui"], ["=", champ("o"), "non"]],
    ["and", ["includes", champ("m"), "a"], ["excludes", champ("m"), "a"]],
    ["and", ["in-departement", champ("v"), "92"], ["in-departement", champ("v"), "75"]],
    ["and", ["in-region", champ("v"), "11"], ["not-in-region", champ("v"), "11"]],
    ["and", [">", champ("d"), "2026-01-01"], ["<", champ("d"), "2026-01-02"]],
    ["and", [">", ["age", champ("d")], 17], ["<", ["age", champ("d")], 18]],
    ["<", ["age", champ("d")], 0],
    [">", champ("d"), ["aujourdhui"]],
    ["or", [">", champ("n"), 10], ["and", ["=", champ("o"), "oui"], ["=", champ("o"), "non"]]],
    ["=", champ("cache"), "x"],
]
POSSIBLES = [
    ["or", ["=", champ("c"), "lundi"], ["=", champ("c"), "mardi"]],
    ["and", [">=", champ("n"), 3], ["<=", champ("n"), 3]],
    ["and", [">", champ("n"), 3], ["<", champ("n"), 5]],
    ["and", ["includes", champ("m"), "a"], ["includes", champ("m"), "b"]],
    ["and", ["in-departement", champ("v"), "92"], ["in-region", champ("v"), "11"]],
    ["and", [">", champ("d"), "2026-01-01"], ["<", champ("d"), "2026-01-03"]],
    ["<=", champ("d"), ["aujourdhui"]],
    ["and", [">=", ["age", champ("d")], 18], ["<", ["age", champ("d")], 19]],
    ["empty?", champ("n")],
    ["or", [">", champ("n"), 10], ["=", champ("o"), "oui"]],
]


def make_condition(condition) -> dict:
    return make_definition(
        NOMBRE, CHOIX,
        {"type": "oui_non", "id": "o", "libelle": "Oui ou non ?"},
        {"type": "choix_multiple", "id": "m", "libelle": "Plusieurs", "options": ["a", "b"]},
        {"type": "commune", "id": "v", "libelle": "La ville"},
        {"type": "date", "id": "d", "libelle": "La date", "au_plus_tard": "aujourdhui"},
        texte("cache", condition=["=", champ("o"), "oui"]),
        texte("t", condition=condition if condition[1] != champ("cache")
              else ["and", condition, ["=", champ("o"), "non"]]),
    )  # fmt: skip


@pytest.mark.parametrize("condition", IMPOSSIBLES)
def test_impossible_condition_is_refused(condition):
    assert list_regles(make_condition(condition)) == ["condition_impossible"]


@pytest.mark.parametrize("condition", POSSIBLES)
def test_possible_condition_is_accepted(condition):
    assert list_regles(make_condition(condition)) == []


def test_impossible_page_condition_is_refused():
    definition = {
        "pages": [
            {"id": "p", "titre": "Une", "champs": [NOMBRE]},
            {"id": "q", "titre": "Deux", "champs": [texte()], "condition": [">", champ("n"), 99]},
        ]
    }
    [anomalie] = list_bloquantes(check_formulaire(definition))
    assert (anomalie.regle, anomalie.page, anomalie.champ) == ("condition_impossible", "q", "")


def test_field_that_depends_on_a_hidden_page_is_impossible():
    definition = {
        "pages": [
            {"id": "p", "titre": "Une", "champs": [CHOIX]},
            {"id": "q", "titre": "Deux", "champs": [NOMBRE],
             "condition": ["=", champ("c"), "lundi"]},
            {"id": "r", "titre": "Trois", "champs": [
                texte(condition=["and", ["=", champ("n"), 3], ["=", champ("c"), "mardi"]])]},
        ]
    }  # fmt: skip
    assert list_regles(definition) == ["condition_impossible"]


def test_malformed_json_gives_anomalies_with_their_place():
    definition = {
        "pages": [
            {"id": "Page 1", "titre": "X", "champs": [{"type": "couleur", "id": "c"}]},
            {"id": "deux", "champs": [texte("a", inconnu=1), {"type": "date", "libelle": "D"}]},
        ],
        "baremes": "non",
    }
    anomalies = check_formulaire(definition)
    assert {(a.regle, a.place) for a in anomalies} == {
        ("forme", "pages 1"), ("forme", "pages 1 › champs 1"), ("forme", "pages 2 › champs 1"),
        ("forme", "pages 2 › champs 2"), ("forme", ""),
    }  # fmt: skip
    assert [a.champ for a in anomalies if a.attribut == "inconnu"] == ["a"]


@pytest.mark.parametrize(
    "definition", [{}, {"pages": None}, {"pages": [[[]]]}, {"pages": [{}] * 200}, {"x": 1}]
)
def test_nonsense_is_refused_and_never_fails(definition):
    assert check_formulaire(definition)


def test_deep_json_is_refused():
    condition: list = ["=", 1, 2]
    for _ in range(100_000):
        condition = ["and", condition]
    assert check_formulaire(make_definition(texte(condition=condition)))


def test_size_is_limited():
    champs = [texte(f"t{rang}") for rang in range(600)]
    definition = {"pages": [{"id": "p", "titre": "Une", "champs": champs},
                            {"id": "q", "titre": "Deux", "champs": [
                                texte(f"u{rang}") for rang in range(600)]}]}  # fmt: skip
    assert "trop_de_champs" in list_regles(definition)


def test_largest_form_is_checked_in_bounded_time():
    """Mille champs, tous conditionnés par le précédent : le pire cas du solveur."""
    champs = [{"type": "oui_non", "id": "x0", "libelle": "Question 0 ?"}]
    for rang in range(1, 1000):
        avant = champ(f"x{rang - 1}")
        condition = ["or", ["=", avant, "oui"], ["and", ["=", avant, "non"], ["filled?", avant]]]
        champs.append({"type": "oui_non", "id": f"x{rang}", "libelle": f"Question {rang} ?",
                       "condition": condition})  # fmt: skip
    definition = make_definition(*champs)
    erreurs = []
    check_cpu(lambda: erreurs.extend(list_regles(definition)), 6)
    assert erreurs == []
