"""Réglages de champ : chaque type s’ouvre et s’enregistre, rien ne se perd."""

import json

import pytest
from django import forms
from django.http import QueryDict

from socle.fondations.formulaires import edition
from socle.fondations.formulaires.conditions import describe_condition
from socle.fondations.formulaires.definition import TYPES_MODELES, Formulaire
from socle.fondations.formulaires.edition.champ import ChampForm
from socle.fondations.formulaires.edition.condition import make_contexte, read_condition
from socle.fondations.formulaires.edition.groupes import EXPLICATIONS, FAMILLES
from socle.fondations.formulaires.edition.options import parse_options
from socle.fondations.formulaires.edition.page import PageForm
from socle.fondations.formulaires.edition.reglages import JourField
from socle.metiers.demarches.forms.elements import AjoutForm, BaremeForm, write_tranches
from socle.metiers.demarches.forms.formule import check_formule, list_mots
from tests.metiers.demarches.conftest import CHAMPS, build_tous_types

SITUATION = {
    "pages": [
        {
            "id": "foyer",
            "titre": "Foyer",
            "champs": [
                {"type": "choix_simple", "id": "garde", "libelle": "Garde", "autre": True,
                 "options": [{"id": "alternee", "libelle": "Garde alternée"},
                             {"id": "pleine", "libelle": "Toute la semaine"}]},
                {"type": "nombre_decimal", "id": "revenu", "libelle": "Revenu"},
                {"type": "date", "id": "naissance", "libelle": "Date de naissance"},
                {"type": "oui_non", "id": "caf", "libelle": "Aides de la Caf"},
                {"type": "texte_court", "id": "nom", "libelle": "Nom"},
                {"type": "bloc_repetable", "id": "enfants", "libelle": "Enfants", "champs": [
                    {"type": "texte_court", "id": "prenom", "libelle": "Prénom"},
                    {"type": "texte_court", "id": "ecole", "libelle": "École"}]},
                {"type": "texte_court", "id": "fin", "libelle": "Fin"},
            ],
        },
        {"id": "suite", "titre": "Suite", "champs": []},
    ]
}  # fmt: skip


def post(formulaire: forms.Form, **changements) -> QueryDict:
    """Rend ce qu’un navigateur enverrait : le formulaire tel qu’il est montré, puis changé."""
    donnees = QueryDict(mutable=True)
    for champ in formulaire:
        valeur = champ.value()
        if isinstance(champ.field, forms.BooleanField):
            if valeur:
                donnees[champ.name] = "on"
        elif isinstance(valeur, list | tuple):
            donnees.setlist(champ.name, [str(v) for v in valeur])
        elif valeur is not None:
            donnees[champ.name] = str(champ.field.prepare_value(valeur))
    for nom, valeur in changements.items():
        donnees[nom] = valeur
    return donnees


def reopen(champ, definition, **changements) -> ChampForm:
    """Ouvre les réglages d’un champ, change ce qui est dit et valide."""
    ouvert = ChampForm(champ=champ, definition=definition)
    donnees = post(ouvert, **changements)
    formulaire = ChampForm(donnees, champ=champ, definition=definition)
    formulaire.is_valid()
    return formulaire


def set_condition(definition, cible, lignes, mode="and") -> ChampForm:
    """Saisit une condition en lignes sur un champ."""
    champ = edition.find_champ(definition, cible)
    changements = {"condition_mode": mode}
    for n, (question, operateur, valeur) in enumerate(lignes, 1):
        changements |= {
            f"condition_champ_{n}": question,
            f"condition_op_{n}": operateur,
            f"condition_valeur_{n}": valeur,
        }
    return reopen(champ, definition, **changements)


@pytest.mark.parametrize("champ", CHAMPS, ids=lambda c: c["type"])
def test_every_type_opens_and_saves_unchanged(champ):
    definition = build_tous_types()

    formulaire = reopen(champ, definition)

    assert formulaire.errors == {}
    modifiee = edition.update_champ(definition, champ["id"], **formulaire.attributs())
    assert Formulaire.model_validate(modifiee) == Formulaire.model_validate(definition)


@pytest.mark.parametrize("champ", CHAMPS, ids=lambda c: c["type"])
def test_every_type_saves_a_new_libelle(champ):
    formulaire = reopen(champ, build_tous_types(), libelle="Nouveau libellé")

    assert formulaire.attributs()["libelle"] == "Nouveau libellé"


def test_every_type_is_in_one_famille_and_explained():
    ranges = [code for _, codes in FAMILLES for code in codes]

    assert sorted(ranges) == sorted(TYPES_MODELES) == sorted(EXPLICATIONS)


def test_every_reglage_of_every_type_is_shown_once():
    for champ in CHAMPS:
        formulaire = ChampForm(champ=champ, definition=build_tous_types())
        montres = [b.name for b in (*formulaire.essentiels, *formulaire.avances)]
        assert sorted(montres) == sorted(formulaire.noms)


@pytest.mark.parametrize(
    ("type_", "reglage", "saisie", "attendu"),
    [
        ("nombre_decimal", "maximum", "1 500,50", 1500.5),
        ("nombre_entier", "minimum", "-3", -3),
        ("date", "au_plus_tard", "Aujourd’hui", "aujourdhui"),
        ("date", "au_plus_tot", "31/12/2026", "2026-12-31"),
        ("piece_justificative", "taille_max", "2,5", 2_500_000),
        ("bloc_repetable", "maximum", "4", 4),
        ("titre_section", "niveau", "2", 2),
        ("texte_court", "autocomplete", "given-name", "given-name"),
        ("explication", "texte", "Deux\nlignes", "Deux\nlignes"),
    ],
)
def test_reglage_is_read_as_a_french_clerk_writes_it(type_, reglage, saisie, attendu):
    champ = {"type": type_, "id": "x", "libelle": "X"}
    definition = {"pages": [{"id": "p", "titre": "P", "champs": [champ]}]}

    formulaire = reopen(champ, definition, **{reglage: saisie})

    assert formulaire.errors == {}
    assert formulaire.attributs()[reglage] == attendu


@pytest.mark.parametrize(
    ("type_", "reglage", "saisie"),
    [
        ("date", "au_plus_tot", "demain"),
        ("date", "au_plus_tot", "31/02/2026"),
        ("nombre_entier", "maximum", "1,5"),
        ("piece_justificative", "nombre", "99"),
        ("piece_justificative", "taille_max", "999"),
        ("texte_long", "longueur_max", "10"),
        ("texte_court", "libelle", "x" * 301),
    ],
)
def test_reglage_out_of_bounds_is_refused_in_french(type_, reglage, saisie):
    champ = {"type": type_, "id": "x", "libelle": "X"}
    definition = {"pages": [{"id": "p", "titre": "P", "champs": [champ]}]}

    formulaire = reopen(champ, definition, **{reglage: saisie})

    assert list(formulaire.errors) == [reglage]
    assert "should" not in str(formulaire.errors)


def test_jour_is_shown_the_way_it_is_typed():
    champ = JourField()

    assert champ.prepare_value("2026-12-31") == "31/12/2026"
    assert champ.prepare_value("aujourdhui") == "aujourd’hui"
    assert champ.prepare_value("n’importe") == "n’importe"


AVANT = [
    {"id": "alternee", "libelle": "Garde alternée"},
    {"id": "pleine", "libelle": "Toute la semaine"},
    {"id": "autre_parent", "libelle": "Chez l’autre parent"},
]


@pytest.mark.parametrize(
    ("texte", "ids"),
    [
        ("Garde alternée\nToute la semaine\nChez l’autre parent", "alternee pleine autre_parent"),
        ("Chez l’autre parent\nGarde alternée\nToute la semaine", "autre_parent alternee pleine"),
        ("Garde alternée\nToute la semaine.\nChez l’autre parent", "alternee pleine autre_parent"),
        ("Garde alternée\nUn week-end sur deux\nChez l’autre parent",
         "alternee un_week_end_sur_deux autre_parent"),
        ("Garde alternée\n\n  Garde alternée  ", "alternee"),
        ("Été\nEte", "ete ete_2"),
        ("Alternée", "alternee_2"),
        ("", ""),
    ],
    ids=["inchangé", "déplacé", "corrigé", "remplacé", "en double", "homonymes", "neuf", "vide"],
)  # fmt: skip
def test_options_keep_their_ids(texte, ids):
    assert [option["id"] for option in parse_options(texte, AVANT)] == ids.split()


@pytest.mark.parametrize(
    ("ligne", "condition", "phrase"),
    [
        (("garde", "=", "garde alternee"), ["=", ["champ", "garde"], "alternee"],
         "« Garde » est « Garde alternée »"),
        (("garde", "!=", "Autre"), ["!=", ["champ", "garde"], "autre"],
         "« Garde » n’est pas « Autre »"),
        (("revenu", ">", "1 500,50"), [">", ["champ", "revenu"], 1500.5],
         "« Revenu » est supérieur à 1 500,5"),
        (("naissance", "<=", "aujourd’hui"), ["<=", ["champ", "naissance"], ["aujourdhui"]],
         "« Date de naissance » est au plus tard le jour de la demande"),
        (("naissance", ">", "01/09/2020"), [">", ["champ", "naissance"], "2020-09-01"],
         "« Date de naissance » est après le 1er septembre 2020"),
        (("age:naissance", ">=", "18"), [">=", ["age", ["champ", "naissance"]], 18],
         "l’âge tiré de « Date de naissance » est supérieur ou égal à 18"),
        (("caf", "=", "Oui"), ["=", ["champ", "caf"], "oui"], "« Aides de la Caf » est « oui »"),
        (("nom", "filled?", ""), ["filled?", ["champ", "nom"]], "« Nom » est rempli"),
        (("enfants", ">=", "2"), [">=", ["champ", "enfants"], 2],
         "« Enfants » est supérieur ou égal à 2"),
    ],
)  # fmt: skip
def test_condition_row_is_read_and_shown_again(ligne, condition, phrase):
    formulaire = set_condition(SITUATION, "fin", [ligne])

    assert formulaire.errors == {}
    assert formulaire.attributs()["condition"] == condition
    champs = formulaire.contexte.champs
    assert describe_condition(condition, champs).replace("\u202f", " ") == phrase
    rouverte = read_condition(condition, formulaire.contexte)
    assert (rouverte["condition_champ_1"], rouverte["condition_op_1"]) == ligne[:2]


@pytest.mark.parametrize("mode", ["and", "or"])
def test_condition_rows_join(mode):
    lignes = [("caf", "=", "oui"), ("revenu", "<", "900")]
    condition = [mode, ["=", ["champ", "caf"], "oui"], ["<", ["champ", "revenu"], 900]]

    formulaire = set_condition(SITUATION, "fin", lignes, mode)

    assert formulaire.attributs()["condition"] == condition
    assert read_condition(condition, formulaire.contexte)["condition_mode"] == mode


@pytest.mark.parametrize(
    ("ligne", "fautif", "mot"),
    [
        (("garde", "=", "partagée"), "condition_valeur_1", "Garde alternée, Toute la semaine"),
        (("revenu", ">", "beaucoup"), "condition_valeur_1", "un nombre"),
        (("nom", "<", "5"), "condition_valeur_1", "est inférieur à"),
        (("naissance", "=", "hier"), "condition_valeur_1", "une date"),
        (("revenu", ">", ""), "condition_valeur_1", "Écrivez la valeur"),
        (("", "=", "x"), "condition_champ_1", "Choisissez une question"),
        (("age:naissance", "=", "vieux"), "condition_valeur_1", "un nombre"),
    ],
)
def test_condition_row_that_cannot_be_is_refused_at_its_place(ligne, fautif, mot):
    formulaire = set_condition(SITUATION, "fin", [ligne])

    assert list(formulaire.errors) == [fautif]
    assert mot in str(formulaire.errors[fautif])


def test_condition_cites_only_what_was_asked_before():
    assert list(make_contexte(SITUATION, "naissance").champs) == ["garde", "revenu"]
    assert "prenom" in make_contexte(SITUATION, "ecole").champs
    assert "prenom" not in make_contexte(SITUATION, "fin").champs
    assert "enfants" not in make_contexte(SITUATION, "ecole").champs


IMBRIQUEE = ["or", ["=", ["champ", "garde"], "pleine"],
             ["and", [">", ["champ", "revenu"], 10], ["empty?", ["champ", "nom"]]]]  # fmt: skip


def test_condition_nested_is_kept_as_json():
    fin = {**edition.find_champ(SITUATION, "fin"), "condition": IMBRIQUEE}

    formulaire = reopen(fin, SITUATION)

    assert formulaire["condition_mode"].value() == "avance"
    assert formulaire.attributs()["condition"] == IMBRIQUEE


@pytest.mark.parametrize(
    ("texte", "mot"),
    [
        ("{", "JSON lisible"),
        ("[" * 300, "JSON lisible"),
        ('"texte"', "liste"),
        ('["=", ["champ", "absent"], 1]', "« absent »"),
        ('["peut-être", ["champ", "nom"]]', "n’existe pas"),
        ('["="]', "attend"),
        ('["=", ["champ", "nom"], NaN]', "Une condition"),
        ("", "JSON lisible"),
    ],
)
def test_condition_written_by_hand_is_checked(texte, mot):
    fin = edition.find_champ(SITUATION, "fin")

    formulaire = reopen(fin, SITUATION, condition_mode="avance", condition_json=texte)

    assert mot in str(formulaire.errors["condition_json"])


def test_condition_of_a_removed_champ_stays_visible():
    fin = {**edition.find_champ(SITUATION, "fin"), "condition": ["filled?", ["champ", "parti"]]}

    formulaire = ChampForm(champ=fin, definition=SITUATION)

    assert json.loads(formulaire["condition_json"].value()) == ["filled?", ["champ", "parti"]]


def test_page_takes_a_condition_on_former_pages():
    page = SITUATION["pages"][1]
    ouvert = PageForm(page=page, definition=SITUATION)
    donnees = post(ouvert, titre="La suite", condition_mode="and", condition_champ_1="caf",
                   condition_op_1="=", condition_valeur_1="oui")  # fmt: skip

    formulaire = PageForm(donnees, page=page, definition=SITUATION)

    assert formulaire.is_valid(), formulaire.errors
    assert formulaire.attributs() == {
        "titre": "La suite", "description": "", "condition": ["=", ["champ", "caf"], "oui"],
    }  # fmt: skip


def test_bareme_reads_and_writes_its_tranches():
    donnees = {"libelle": "Tarif cantine", "tranches": "300 ; 0,90\n1 200,5 ; 3\n\n ; 5,20",
               "borne_incluse": "on", "unite": "€"}  # fmt: skip

    formulaire = BaremeForm(donnees, definition=SITUATION)

    assert formulaire.is_valid(), formulaire.errors
    bareme = formulaire.bareme()
    assert bareme["id"] == "tarif_cantine"
    assert bareme["tranches"] == [
        {"jusqu_a": 300.0, "valeur": 0.9}, {"jusqu_a": 1200.5, "valeur": 3.0}, {"valeur": 5.2},
    ]  # fmt: skip
    assert write_tranches(bareme["tranches"]) == "300 ; 0,9\n1200,5 ; 3\n; 5,2"
    rouvert = BaremeForm(bareme=bareme, definition=SITUATION)
    assert rouvert["tranches"].value() == "300 ; 0,9\n1200,5 ; 3\n; 5,2"


@pytest.mark.parametrize("tranches", ["300", "300 ; gratuit", "a ; 1", ";", "1 ; 1\n" * 201])
def test_bareme_says_which_line_is_wrong(tranches):
    formulaire = BaremeForm({"libelle": "T", "tranches": tranches}, definition=SITUATION)

    assert list(formulaire.errors) == ["tranches"]


def test_bareme_keeps_its_name_in_formules():
    connu = {"id": "tarif", "libelle": "Ancien", "tranches": [{"valeur": 1}]}
    donnees = {"libelle": "Nouveau", "tranches": "; 2"}

    formulaire = BaremeForm(donnees, bareme=connu, definition=SITUATION)

    assert formulaire.is_valid()
    assert formulaire.bareme()["id"] == "tarif"


def test_ajout_never_proposes_a_bloc_in_a_bloc():
    codes = [code for _, famille in AjoutForm(dans_bloc=True).fields["type"].choices
             for code, _ in famille]  # fmt: skip

    assert set(TYPES_MODELES) - set(codes) == {"bloc_repetable", "source"}
    assert not AjoutForm({"type": "source", "libelle": "X"}, dans_bloc=True).is_valid()


@pytest.mark.parametrize(
    ("formule", "juste", "mot"),
    [
        ("ARRONDI(revenu / 12; 0)", True, "un nombre"),
        ("SI(caf; 1; 0)", True, "un nombre"),
        ("revenu +", False, "caractère"),
        ("reveun * 2", False, "revenu"),
        ("INCONNUE(revenu)", False, "INCONNUE"),
        ("", False, "Écrivez"),
        ("x" * 5000, False, ""),
    ],
)
def test_formule_is_judged_while_typing(formule, juste, mot):
    definition = edition.add_champ(
        SITUATION, dans="foyer", type_="champ_calcule", libelle="Quotient"
    )[0]

    verdict = check_formule(definition, "quotient", formule)

    assert (verdict.juste, mot in verdict.phrase) == (juste, True)


def test_formule_of_a_removed_champ_is_no_crash():
    assert not check_formule(SITUATION, "parti", "1 + 1").juste


def test_mots_are_those_already_asked():
    definition = edition.add_champ(
        SITUATION, dans="foyer", type_="champ_calcule", libelle="Quotient"
    )[0]
    definition = edition.add_champ(definition, dans="suite", type_="date", libelle="Après")[0]

    noms = [mot.nom for mot in list_mots(definition, "quotient")]

    assert "revenu" in noms
    assert {"apres", "quotient"}.isdisjoint(noms)
