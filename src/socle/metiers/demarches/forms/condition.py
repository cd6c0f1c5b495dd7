"""Saisir une condition : trois lignes au plus, ou le JSON préfixé pour une condition imbriquée."""

import json
from typing import Any

from django import forms

from socle.fondations.formulaires.definition.base import freeze_condition

LIGNES = 3
MODES = [
    ("toujours", "Toujours"),
    ("and", "Seulement si toutes ces conditions sont vraies"),
    ("or", "Seulement si l’une de ces conditions est vraie"),
    ("avance", "Condition imbriquée (écrite à la main)"),
]
OPERATEURS = [
    ("=", "est égal à"), ("!=", "est différent de"), ("<", "est inférieur à"),
    ("<=", "est au plus"), (">", "est supérieur à"), (">=", "est au moins"),
    ("empty?", "est vide"), ("includes", "contient le choix"), ("excludes", "ne contient pas"),
    ("contains", "contient le texte"), ("starts-with", "commence par"),
    ("in-departement", "est dans le département"), ("in-region", "est dans la région"),
]  # fmt: skip


def build_champs_condition(choix: list[tuple[str, str]]) -> dict[str, forms.Field]:
    """Rend les champs du constructeur de condition."""
    champs: dict[str, forms.Field] = {
        "condition_mode": forms.ChoiceField(label="Quand afficher", choices=MODES, required=False)
    }
    for n in range(1, LIGNES + 1):
        champs[f"condition_champ_{n}"] = forms.ChoiceField(
            label=f"Condition {n} : question", choices=[("", "Aucune"), *choix], required=False
        )
        champs[f"condition_op_{n}"] = forms.ChoiceField(
            label=f"Condition {n} : comparaison", choices=OPERATEURS, required=False
        )
        champs[f"condition_valeur_{n}"] = forms.CharField(
            label=f"Condition {n} : valeur", max_length=200, required=False
        )
    champs["condition_json"] = forms.CharField(
        label="Condition écrite à la main",
        help_text='Par exemple ["or", ["=", ["champ", "garde"], "alternee"],'
        ' ["and", [">", ["champ", "revenu"], 1000], ["empty?", ["champ", "nom"]]]].',
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    return champs


def read_condition(condition: Any) -> dict[str, Any]:
    """Rend les valeurs du constructeur pour une condition : en lignes si elle est simple."""
    if condition is None:
        return {"condition_mode": "toujours"}
    liees = condition[1:] if condition[0] in ("and", "or") else [condition]
    if len(liees) > LIGNES or not all(_is_simple(ligne) for ligne in liees):
        texte = json.dumps(condition, ensure_ascii=False)
        return {"condition_mode": "avance", "condition_json": texte}
    valeurs = {"condition_mode": condition[0] if condition[0] == "or" else "and"}
    for n, ligne in enumerate(liees, 1):
        valeurs[f"condition_op_{n}"] = ligne[0]
        valeurs[f"condition_champ_{n}"] = ligne[1][1]
        valeurs[f"condition_valeur_{n}"] = str(ligne[2]) if len(ligne) > 2 else ""
    return valeurs


def _is_simple(ligne: Any) -> bool:
    return (
        isinstance(ligne, list)
        and len(ligne) in (2, 3)
        and isinstance(ligne[1], list)
        and ligne[1][:1] == ["champ"]
        and all(not isinstance(reste, list) for reste in ligne[2:])
    )


def build_condition(donnees: dict[str, Any]) -> Any:
    """Rend la condition saisie, ou None.

    Raises:
        forms.ValidationError: JSON illisible, ou condition qui n’a pas la bonne forme.
    """
    mode = donnees.get("condition_mode") or "toujours"
    if mode == "toujours":
        return None
    if mode == "avance":
        return _parse_json(donnees.get("condition_json", ""))
    lignes = [_build_ligne(donnees, n) for n in range(1, LIGNES + 1)]
    remplies = [ligne for ligne in lignes if ligne]
    if not remplies:
        return None
    return remplies[0] if len(remplies) == 1 else [mode, *remplies]


def _build_ligne(donnees: dict[str, Any], n: int) -> list[Any] | None:
    champ = donnees.get(f"condition_champ_{n}")
    if not champ:
        return None
    operateur = donnees.get(f"condition_op_{n}") or "="
    valeur = _parse_valeur(donnees.get(f"condition_valeur_{n}", ""))
    suite = [] if operateur == "empty?" else [valeur]
    return [operateur, ["champ", champ], *suite]


def _parse_valeur(texte: str) -> Any:
    propre = texte.strip()
    nombre = propre.replace(",", ".")
    try:
        return int(nombre) if nombre.lstrip("-").isdigit() else float(nombre)
    except ValueError:
        return propre


def _parse_json(texte: str) -> Any:
    try:
        condition = json.loads(texte[:5000])
        freeze_condition(condition)
    except (json.JSONDecodeError, RecursionError) as cause:
        raise forms.ValidationError("Ce texte n’est pas du JSON lisible.") from cause
    except ValueError as cause:
        raise forms.ValidationError(str(cause)) from cause
    return condition
