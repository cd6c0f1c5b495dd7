"""Dire si une formule est juste pendant qu’on l’écrit, et avec quels mots l’écrire."""

from dataclasses import dataclass
from typing import Any

from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.edition.gestes import Definition, ElementAbsent, update_champ
from socle.fondations.formulaires.enums import Gravite
from socle.fondations.formulaires.formules import FONCTIONS
from socle.fondations.formulaires.validation import Anomalie, check_formulaire
from socle.fondations.formulaires.validation.anomalie import make_index
from socle.fondations.formulaires.validation.dependances import infer_types


@dataclass(frozen=True, slots=True)
class Mot:
    """Un nom utilisable dans une formule."""

    nom: str
    libelle: str
    genre: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Ce que vaut une formule. `phrase` dit son résultat, ou ce qui ne va pas."""

    juste: bool
    phrase: str
    conseils: tuple[str, ...] = ()


def check_formule(definition: Definition, identifiant: str, formule: str) -> Verdict:
    """Juge une formule à la place de celle d’un champ calculé, sans rien enregistrer."""
    try:
        essai = update_champ(definition, identifiant, formule=formule[:1000])
    except ElementAbsent:
        return Verdict(juste=False, phrase="Ce champ n’existe plus.")
    if not formule.strip():
        return Verdict(juste=False, phrase="Écrivez une formule.")
    anomalies = [a for a in check_formulaire(essai) if _concerns(a, identifiant)]
    faux = [a.message for a in anomalies if a.gravite is Gravite.BLOQUANTE]
    if faux:
        return Verdict(juste=False, phrase=" ".join(faux))
    resultat = infer_types(make_index(Formulaire.model_validate(essai))).get(identifiant, "")
    phrase = f"La formule est juste : elle donne {resultat}." if resultat else "Formule juste."
    return Verdict(juste=True, phrase=phrase, conseils=tuple(a.message for a in anomalies))


def _concerns(anomalie: Anomalie, identifiant: str) -> bool:
    return anomalie.champ == identifiant and anomalie.attribut == "formule"


def list_mots(definition: Definition, identifiant: str) -> list[Mot]:
    """Rend les champs et les barèmes qu’une formule peut citer : ceux des pages déjà lues."""
    formulaire = Formulaire.model_validate(definition)
    index = make_index(formulaire)
    types, mien = infer_types(index), index.par_id.get(identifiant)
    derniere = mien.rang_page if mien else 0
    mots = [
        Mot(champ.id, champ.libelle or champ.id, str(types[champ.id]))
        for _, _, champ in formulaire.iter_champs()
        if champ.id in types
        and champ.id != identifiant
        and index.par_id[champ.id].rang_page <= derniere
    ]
    return mots + [Mot(b.id, b.libelle or b.id, "un barème") for b in formulaire.baremes]


def list_emplois() -> list[str]:
    """Rend le mode d’emploi de chaque fonction."""
    return [fonction.emploi for fonction in FONCTIONS.values()]


def read_formule(donnees: Any, champ: dict[str, Any]) -> str:
    """Rend la formule en cours : celle qui est saisie, sinon celle du champ."""
    return str(donnees.get("formule", champ.get("formule", "")))
