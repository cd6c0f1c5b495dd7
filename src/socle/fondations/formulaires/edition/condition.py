"""Saisir une condition : des lignes, ou le JSON préfixé pour une condition imbriquée."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from socle.fondations.formulaires.conditions import check_condition, list_references
from socle.fondations.formulaires.definition import (
    ChampBase,
    ChoixMultiple,
    ChoixSimple,
    Civilite,
    Formulaire,
)
from socle.fondations.formulaires.definition.base import freeze_condition
from socle.fondations.formulaires.edition.reglages import AUJOURDHUI, JourField
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.textes import fold
from socle.fondations.formulaires.types import get_type
from socle.fondations.formulaires.valeurs import AUTRE, read_decimal

LIGNES = 4
MODES = [
    ("toujours", "Toujours"),
    ("and", "Si toutes ces conditions sont vraies"),
    ("or", "Si une de ces conditions est vraie"),
    ("avance", "Selon une condition écrite à la main"),
]
OPERATEURS = [
    ("=", "est"), ("!=", "n’est pas"), ("<", "est inférieur à"), ("<=", "est au plus"),
    (">", "est supérieur à"), (">=", "est au moins"), ("filled?", "est rempli"),
    ("empty?", "n’est pas rempli"), ("includes", "comprend le choix"),
    ("excludes", "ne comprend pas le choix"), ("contains", "contient le texte"),
    ("starts-with", "commence par"), ("in-departement", "est dans le département"),
    ("not-in-departement", "n’est pas dans le département"), ("in-region", "est dans la région"),
    ("not-in-region", "n’est pas dans la région"),
]  # fmt: skip
SANS_VALEUR = ("empty?", "filled?")
AGE = "age:"


@dataclass(frozen=True, slots=True)
class Contexte:
    """Les champs qu’une condition peut citer ici, dans l’ordre de lecture."""

    champs: Mapping[str, ChampBase]

    @property
    def natures(self) -> dict[str, Nature]:
        return {identifiant: get_type(champ).nature for identifiant, champ in self.champs.items()}

    def list_choix(self) -> list[tuple[str, str]]:
        """Rend les questions à citer ; une date se cite aussi par l’âge qu’elle donne."""
        choix = []
        for identifiant, champ in self.champs.items():
            libelle = champ.libelle or identifiant
            choix.append((identifiant, libelle))
            if get_type(champ).nature is Nature.DATE:
                choix.append((f"{AGE}{identifiant}", f"Âge d’après « {libelle} »"))
        return choix


def make_contexte(definition: dict[str, Any], identifiant: str) -> Contexte:
    """Rend les champs lus avant un champ ou une page, sans ceux des autres blocs."""
    formulaire = Formulaire.model_validate(definition)
    mien = next((b.id for _, b, c in formulaire.iter_champs() if c.id == identifiant and b), "")
    champs: dict[str, ChampBase] = {}
    for page, bloc, champ in formulaire.iter_champs():
        if identifiant in (page.id, champ.id):
            break
        visible = bloc is None or bloc.id == mien
        if visible and champ.id != mien and get_type(champ).nature is not Nature.AUCUNE:
            champs[champ.id] = champ
    return Contexte(champs)


def build_champs_condition(contexte: Contexte) -> dict[str, forms.Field]:
    """Rend les champs du constructeur de condition."""
    champs: dict[str, forms.Field] = {
        "condition_mode": forms.ChoiceField(
            label="Quand l’afficher ?", choices=MODES, required=False
        )
    }
    choix = [("", "Choisir une question"), *contexte.list_choix()]
    for n in range(1, LIGNES + 1):
        champs[f"condition_champ_{n}"] = forms.ChoiceField(
            label=f"Question {n}", choices=choix, required=False
        )
        champs[f"condition_op_{n}"] = forms.ChoiceField(
            label=f"Comparaison {n}", choices=OPERATEURS, required=False
        )
        champs[f"condition_valeur_{n}"] = forms.CharField(
            label=f"Valeur {n}", max_length=200, required=False
        )
    champs["condition_json"] = forms.CharField(
        label="Condition écrite à la main",
        help_text='Par exemple ["or", ["=", ["champ", "garde"], "alternee"], '
        '["and", [">", ["champ", "revenu"], 1000], ["empty?", ["champ", "nom"]]]].',
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    for champ in champs.values():
        champ.sans_mention = True  # type: ignore[attr-defined]
    return champs


def read_condition(condition: Any, contexte: Contexte) -> dict[str, Any]:
    """Rend les valeurs du constructeur pour une condition : en lignes si elle est simple."""
    depart = {f"condition_op_{n}": "=" for n in range(1, LIGNES + 1)}
    if condition is None:
        return depart | {"condition_mode": "toujours"}
    liees = condition[1:] if condition[0] in ("and", "or") else [condition]
    lignes = [_read_ligne(ligne, contexte) for ligne in liees]
    if not lignes or len(lignes) > LIGNES or None in lignes:
        texte = json.dumps(condition, ensure_ascii=False)
        return depart | {"condition_mode": "avance", "condition_json": texte}
    valeurs = depart | {"condition_mode": condition[0] if condition[0] == "or" else "and"}
    for n, ligne in enumerate(lignes, 1):
        reference, operateur, valeur = ligne or ("", "", "")
        valeurs[f"condition_champ_{n}"] = reference
        valeurs[f"condition_op_{n}"] = operateur
        valeurs[f"condition_valeur_{n}"] = valeur
    return valeurs


def _read_ligne(ligne: Any, contexte: Contexte) -> tuple[str, str, str] | None:
    """Rend (question, comparaison, valeur), ou None si cela ne tient pas dans une ligne."""
    if not isinstance(ligne, list) or len(ligne) not in (2, 3):
        return None
    operateur, cote, *reste = ligne
    reference = _read_reference(cote)
    if not reference or operateur not in dict(OPERATEURS):
        return None
    valeur = reste[0] if reste else ""
    if valeur == [AUJOURDHUI]:
        return reference, operateur, "aujourd’hui"
    if isinstance(valeur, list) or reference.removeprefix(AGE) not in contexte.champs:
        return None
    return reference, operateur, _show_valeur(valeur, reference, contexte)


def _read_reference(cote: Any) -> str:
    if not isinstance(cote, list) or len(cote) != 2:
        return ""
    if cote[0] == "champ" and isinstance(cote[1], str):
        return cote[1]
    if cote[0] == "age":
        interne = cote[1] if isinstance(cote[1], str) else _read_reference(cote[1])
        return f"{AGE}{interne}" if interne and not interne.startswith(AGE) else ""
    return ""


def _show_valeur(valeur: Any, reference: str, contexte: Contexte) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float):
        return f"{valeur:g}".replace(".", ",")
    options = list_options(contexte.champs.get(reference))
    if valeur in options:
        return options[valeur]
    champ = contexte.champs.get(reference)
    if champ is not None and get_type(champ).nature is Nature.DATE:
        return str(JourField().prepare_value(valeur))
    return str(valeur)


def list_options(champ: ChampBase | None) -> dict[str, str]:
    """Rend identifiant → libellé des réponses d’un choix ; vide pour un autre champ."""
    if isinstance(champ, Civilite):
        return dict(get_type(champ).libelles)  # type: ignore[attr-defined]
    if not isinstance(champ, ChoixSimple | ChoixMultiple):
        return {}
    options = {option.id: option.libelle for option in champ.options}
    if isinstance(champ, ChoixSimple) and champ.autre:
        options.setdefault(AUTRE, "Autre")
    return options


class ConditionMixin(forms.Form):
    """Ajoute à un formulaire la condition d’affichage d’un champ ou d’une page."""

    contexte: Contexte

    def clean_condition(self, donnees: dict[str, Any]) -> Any:
        """Rend la condition saisie, ou None ; les refus vont au champ fautif du formulaire."""
        mode = donnees.get("condition_mode") or "toujours"
        if mode == "toujours":
            return None
        if mode == "avance":
            return self._clean_json(donnees.get("condition_json", ""))
        lignes = [self._clean_ligne(donnees, n) for n in range(1, LIGNES + 1)]
        remplies = [ligne for ligne in lignes if ligne]
        if not remplies and not self.errors:
            self.add_error("condition_champ_1", "Choisissez une question, ou « Toujours ».")
            return None
        return remplies[0] if len(remplies) == 1 else [mode, *remplies]

    def _clean_ligne(self, donnees: dict[str, Any], n: int) -> list[Any] | None:
        reference = donnees.get(f"condition_champ_{n}")
        if not reference:
            return None
        operateur = donnees.get(f"condition_op_{n}") or "="
        identifiant = reference.removeprefix(AGE)
        cote: list[Any] = ["champ", identifiant]
        if reference.startswith(AGE):
            cote = ["age", cote]
        if operateur in SANS_VALEUR:
            return [operateur, cote]
        saisie = donnees.get(f"condition_valeur_{n}", "").strip()
        if not saisie:
            self.add_error(f"condition_valeur_{n}", "Écrivez la valeur à comparer.")
            return None
        ligne = [operateur, cote, parse_valeur(saisie, reference, self.contexte)]
        erreurs = check_condition(ligne, self.contexte.natures, self.contexte.champs)
        if erreurs:
            self.add_error(f"condition_valeur_{n}", self._explain(ligne, erreurs[0].raison))
            return None
        return ligne

    def _explain(self, ligne: list[Any], raison: str) -> str:
        """Rend la raison avec les mots de l’écran, et les réponses possibles d’un choix."""
        raison = raison.replace(f"« {ligne[0]} »", f"« {dict(OPERATEURS)[ligne[0]]} »")
        cote = ligne[1]
        options = list_options(self.contexte.champs.get(cote[1])) if cote[0] == "champ" else {}
        if options and "réponse proposée" in raison:
            return f"{raison} Réponses possibles : {', '.join(options.values())}."
        return raison

    def _clean_json(self, texte: str) -> Any:
        try:
            condition = json.loads(texte)
            freeze_condition(condition)
        except (json.JSONDecodeError, RecursionError):
            self.add_error("condition_json", "Ce texte n’est pas du JSON lisible.")
            return None
        except ValueError as cause:
            self.add_error("condition_json", str(cause))
            return None
        inconnus = sorted(list_references(condition) - self.contexte.champs.keys())
        erreurs = check_condition(condition, self.contexte.natures, self.contexte.champs)
        if inconnus:
            self.add_error(
                "condition_json",
                f"« {inconnus[0]} » n’est pas une question posée avant celle-ci.",
            )
        elif erreurs:
            self.add_error("condition_json", str(erreurs[0]))
        return condition


def parse_valeur(texte: str, reference: str, contexte: Contexte) -> Any:
    """Lit une valeur selon la question : réponse proposée, oui ou non, date, nombre, texte."""
    champ = None if reference.startswith(AGE) else contexte.champs.get(reference)
    options = {fold(libelle): code for code, libelle in list_options(champ).items()}
    if fold(texte) in options:
        return options[fold(texte)]
    nature = get_type(champ).nature if champ is not None else Nature.NOMBRE
    if nature is Nature.DATE:
        return _parse_jour(texte)
    if nature in (Nature.TEXTE, Nature.LIEU, Nature.CHOIX, Nature.CHOIX_MULTIPLE):
        return texte
    if nature is Nature.BOOLEEN:
        return fold(texte)
    nombre = read_decimal(texte)
    if nombre is None:
        return texte
    return int(nombre) if nombre == nombre.to_integral_value() else float(nombre)


def _parse_jour(texte: str) -> Any:
    try:
        jour = JourField().clean(texte)
    except forms.ValidationError:
        return texte
    return [AUJOURDHUI] if jour == AUJOURDHUI else jour
