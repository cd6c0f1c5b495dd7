"""Les exemples de docs/reference/formulaires.md disent vrai."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from socle.fondations.formulaires.conditions import OPERATEURS, check_condition, describe_condition
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.formules import FONCTIONS, ContexteCalcul, calculate_formule
from socle.fondations.formulaires.moteur import compile_formulaire
from socle.fondations.formulaires.textes import format_nombre
from socle.fondations.formulaires.types import types
from socle.fondations.formulaires.validation import check_formulaire
from tests.fondations.formulaires.outils import MAINTENANT, plat

RACINE = Path(__file__).resolve().parents[3]
DOC = (RACINE / "docs" / "reference" / "formulaires.md").read_text()
[EXEMPLE] = re.findall(r"```json definition\n(.*?)```", DOC, re.DOTALL)
FORMULAIRE = Formulaire.model_validate_json(EXEMPLE)


def read_tableau(titre: str) -> list[list[str]]:
    """Rend les lignes du tableau dont l’en-tête commence par ce titre."""
    apres = DOC[DOC.index(f"| {titre} |") :].split("\n\n")[0]
    lignes = [ligne.strip("| ").split(" | ") for ligne in apres.splitlines()[2:]]
    return [[cellule.strip() for cellule in ligne] for ligne in lignes]


def test_example_can_be_published_and_calculates():
    assert check_formulaire(json.loads(EXEMPLE)) == []
    calculs = compile_formulaire(FORMULAIRE).calculate(
        {"revenu_fiscal": 32832, "parts": "3"}, maintenant=MAINTENANT
    )
    assert plat(calculs["prix"].conclusion) == "Un repas vous coûtera 3,42 €."


def test_every_type_operator_and_function_is_documented():
    lignes = read_tableau("Type")
    assert {ligne[0].strip("`"): ligne[1] for ligne in lignes} == {
        code: types[code].nom for code in types
    }
    operateurs = " ".join(ligne[0] for ligne in read_tableau("Opérateur"))
    assert set(re.findall(r"`([^`]+)`", operateurs)) == set(OPERATEURS)
    fonctions = " ".join(ligne[0] for ligne in read_tableau("Fonction"))
    assert set(re.findall(r"`([^`]+)`", fonctions)) == set(FONCTIONS)


@pytest.mark.parametrize(("condition", "phrase"), read_tableau("Condition"))
def test_condition_example_is_valid_and_described(condition, phrase):
    champs = {champ.id: champ for _, _, champ in FORMULAIRE.iter_champs()}
    natures = {identifiant: types[champ.type].nature for identifiant, champ in champs.items()}
    arbre = json.loads(condition.strip("`"))
    assert check_condition(arbre, natures, champs) == []
    assert plat(describe_condition(arbre, champs)) == phrase


@pytest.mark.parametrize(("formule", "resultat"), read_tableau("Formule"))
def test_formula_example_gives_the_written_result(formule, resultat):
    valeurs = {"revenu_fiscal": Decimal(32832), "parts": Decimal(3), "quotient": Decimal(912)}
    contexte = ContexteCalcul(
        valeurs=valeurs,
        jour=date(2026, 11, 21),
        baremes={bareme.id: bareme for bareme in FORMULAIRE.baremes},
    )
    obtenu = calculate_formule(formule.strip("`"), contexte)
    assert obtenu.erreur == ""
    assert plat(format_nombre(obtenu.valeur)) == resultat
