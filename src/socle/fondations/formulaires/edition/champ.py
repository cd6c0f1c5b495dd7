"""Réglages d’un champ : le formulaire se déduit du modèle de son type."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from pydantic import ValidationError

from socle.fondations.formulaires.definition import TYPES_MODELES
from socle.fondations.formulaires.edition.condition import (
    LIGNES,
    ConditionMixin,
    build_champs_condition,
    make_contexte,
    read_condition,
)
from socle.fondations.formulaires.edition.gestes import Definition, iter_listes
from socle.fondations.formulaires.edition.groupes import is_essentiel
from socle.fondations.formulaires.edition.options import parse_options, write_options
from socle.fondations.formulaires.edition.reglages import MO, build_reglage
from socle.fondations.formulaires.ports import sources
from socle.fondations.formulaires.types import types
from socle.fondations.formulaires.validation.forme import describe_erreurs

IGNORES = ("id", "type", "champs", "modele", "condition", "correspondances")
DONNEE = "donnee_"


class ChampForm(ConditionMixin):
    """Réglages d’un champ existant. `attributs()` rend ce qui change, prêt pour la définition.

    `depart` est le champ tel que la page l’a ouvert, si elle enregistre au fil de la saisie : une
    réponse proposée tire son identifiant du mot fini, pas de ses premières lettres.
    """

    def __init__(
        self,
        donnees: Any = None,
        *,
        champ: dict[str, Any],
        definition: Definition,
        depart: dict[str, Any] | None = None,
    ) -> None:
        self.champ, self.depart = champ, depart or champ
        self.modele = TYPES_MODELES[champ["type"]]
        self.noms = [nom for nom in self.modele.model_fields if nom not in IGNORES]
        self.contexte = make_contexte(definition, champ["id"])
        condition = read_condition(champ.get("condition"), self.contexte)
        super().__init__(donnees, initial=read_champ(champ) | condition)
        for nom in self.noms:
            self.fields[nom] = build_reglage(champ["type"], nom)
        self.fields.update(build_correspondances(champ, definition))
        self.fields.update(build_champs_condition(self.contexte))

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        condition = self.clean_condition(donnees)
        if self.errors:
            return donnees
        attributs = {nom: to_json(nom, donnees.get(nom), self.depart) for nom in self.noms}
        attributs["condition"] = condition
        if "correspondances" in self.modele.model_fields:
            attributs["correspondances"] = self._read_correspondances(donnees)
        donnees["attributs"] = attributs
        self._check_modele(attributs)
        return donnees

    def attributs(self) -> dict[str, Any]:
        rendus: dict[str, Any] = self.cleaned_data["attributs"]
        return rendus

    def _check_modele(self, attributs: dict[str, Any]) -> None:
        """Confronte les réglages au modèle du type : bornes, formes."""
        gardes = {nom: self.champ[nom] for nom in ("id", "type", "champs") if nom in self.champ}
        essai = gardes | {nom: valeur for nom, valeur in attributs.items() if valeur is not None}
        try:
            self.modele.model_validate(essai)
        except ValidationError as cause:
            for anomalie in describe_erreurs(cause, essai)[:5]:
                nom = anomalie.attribut if anomalie.attribut in self.fields else None
                self.add_error(nom, anomalie.message)

    def _read_correspondances(self, donnees: dict[str, Any]) -> list[dict[str, str]]:
        """Rend où va chaque donnée ; rien quand le service interrogé vient de changer."""
        if donnees.get("code") != self.champ.get("code"):
            return []
        return [
            {"donnee": nom.removeprefix(DONNEE), "champ": valeur}
            for nom, valeur in donnees.items()
            if nom.startswith(DONNEE) and valeur
        ]

    @property
    def essentiels(self) -> list[BoundField]:
        return [self[nom] for nom in self.noms if is_essentiel(nom, self.champ["type"])]

    @property
    def correspondances(self) -> list[BoundField]:
        return [self[nom] for nom in self.fields if nom.startswith(DONNEE)]

    @property
    def avances(self) -> list[BoundField]:
        return [self[nom] for nom in self.noms if not is_essentiel(nom, self.champ["type"])]

    @property
    def avances_faux(self) -> bool:
        """Vrai si un réglage avancé est à reprendre : le repli s’ouvre."""
        return any(champ.errors for champ in self.avances)

    @property
    def lignes_condition(self) -> list[tuple[BoundField, BoundField, BoundField]]:
        return list_lignes_condition(self)

    @property
    def condition_ouverte(self) -> bool:
        return is_condition_ouverte(self)


def list_lignes_condition(
    formulaire: forms.Form,
) -> list[tuple[BoundField, BoundField, BoundField]]:
    """Rend les trois contrôles de chaque ligne : celles qui servent, et de quoi en ajouter."""
    servent = [n for n in range(1, LIGNES + 1) if formulaire[f"condition_champ_{n}"].value()]
    montrees = min(LIGNES, max([1, *servent]) + 1)
    return [
        (
            formulaire[f"condition_champ_{n}"],
            formulaire[f"condition_op_{n}"],
            formulaire[f"condition_valeur_{n}"],
        )
        for n in range(1, montrees + 1)
    ]


def is_condition_ouverte(formulaire: forms.Form) -> bool:
    """Vrai s’il y a une condition, ou une erreur dans la condition."""
    if formulaire["condition_mode"].value() not in (None, "", "toujours"):
        return True
    return any(nom.startswith("condition_") for nom in formulaire.errors)


def to_json(nom: str, valeur: Any, champ: dict[str, Any]) -> Any:
    """Convertit une saisie en attribut JSON ; None ôte l’attribut."""
    if nom == "options":
        return parse_options(valeur or "", champ.get("options", []))
    if nom == "taille_max":
        return int(valeur * MO) if valeur is not None else None
    if isinstance(valeur, Decimal):
        return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)
    return None if valeur == "" else valeur


def read_champ(champ: dict[str, Any]) -> dict[str, Any]:
    """Rend les valeurs de départ, défauts du modèle compris."""
    modele = TYPES_MODELES[champ["type"]]
    valeurs = {
        nom: champ.get(nom, info.get_default())
        for nom, info in modele.model_fields.items()
        if nom not in IGNORES
    }
    if "options" in valeurs:
        valeurs["options"] = write_options(valeurs["options"])
    if "taille_max" in valeurs:
        valeurs["taille_max"] = Decimal(valeurs["taille_max"]) / MO
    if "formats" in valeurs:
        valeurs["formats"] = list(valeurs["formats"])
    correspondances = champ.get("correspondances", [])
    return valeurs | {f"{DONNEE}{c['donnee']}": c["champ"] for c in correspondances}


def build_correspondances(champ: dict[str, Any], definition: Definition) -> dict[str, forms.Field]:
    """Rend un choix par donnée de la source enregistrée : le champ qui la reçoit."""
    code = champ.get("code", "")
    if champ["type"] != "source" or code not in sources:
        return {}
    champs: dict[str, forms.Field] = {}
    for donnee in sources[code].donnees:
        nature = types[donnee.type].nature if donnee.type in types else ""
        receveurs = [
            (c["id"], c.get("libelle") or c["id"])
            for c in _iter_hors_bloc(definition)
            if types[c["type"]].saisi and types[c["type"]].nature == nature
        ]
        choix = forms.ChoiceField(
            label=donnee.libelle,
            help_text=donnee.description,
            choices=[("", "Ne pas reprendre"), *receveurs],
            required=False,
        )
        choix.sans_mention = True  # type: ignore[attr-defined]
        champs[f"{DONNEE}{donnee.code}"] = choix
    return champs


def _iter_hors_bloc(definition: Definition) -> list[dict[str, Any]]:
    enfants = {
        id(c) for liste in iter_listes(definition) for b in liste for c in b.get("champs", [])
    }
    return [c for liste in iter_listes(definition) for c in liste if id(c) not in enfants]
