"""Ce qui a été lu, mis en dictionnaire pour le rapport et pour `--json`."""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from socle.normes.actes import modele as m
from socle.normes.actes.archive import ArchiveLue
from socle.normes.actes.coherence import EnvoiLu
from socle.normes.actes.rapport import clean
from socle.normes.actes.totem import Budget
from socle.normes.actes.vocabulaire import NATURES

LIGNES_MAX = 10_000


def describe_message(message: m.Message) -> dict[str, Any]:
    """Un message : son flux, son libellé, ses champs."""
    contenu: dict[str, Any] = {"flux": message.genre.flux or None, "genre": message.genre.libelle}
    return contenu | _to_json(message)


def describe_archive(lue: ArchiveLue, envoi: EnvoiLu) -> dict[str, Any]:
    """Une archive : ses fichiers, son enveloppe, ses messages, ses budgets."""
    return {
        "fichiers": [
            {"nom": clean(membre.nom), "taille": membre.taille, "sha256": membre.sha256}
            for membre in lue.membres
        ],
        "enveloppe": describe_message(envoi.enveloppe) if envoi.enveloppe else None,
        "messages": {clean(nom): describe_message(lu) for nom, lu in envoi.messages.items()},
        "budgets": {clean(nom): describe_budget(lu) for nom, lu in envoi.budgets.items()},
    }


def describe_budget(budget: Budget) -> dict[str, Any]:
    """Un budget : son en-tête, ses totaux, ses 10 000 premières lignes."""
    contenu: dict[str, Any] = {
        champ.name: _to_json(getattr(budget, champ.name))
        for champ in fields(budget)
        if champ.name != "lignes"
    }
    totaux = sorted(budget.sum_votes().items())
    return contenu | {
        "titre": budget.titre,
        "totaux_votes": [
            {"section": section, "sens": sens, "montant": f"{montant:f}"}
            for (section, sens), montant in totaux
        ],
        "nombre_lignes": len(budget.lignes),
        "lignes": [_to_json(ligne) for ligne in budget.lignes[:LIGNES_MAX]],
    }


def _to_json(valeur: Any) -> Any:
    match valeur:
        case None | bool() | int():
            return valeur
        case str():
            return clean(valeur)
        case date():
            return valeur.isoformat()
        case Enum():
            return valeur.value
        case tuple():
            return [_to_json(morceau) for morceau in valeur]
    return _to_dict(valeur) if is_dataclass(valeur) else str(valeur)


def _to_dict(valeur: Any) -> dict[str, Any]:
    objet = {
        champ.name: _to_json(getattr(valeur, champ.name))
        for champ in fields(valeur)
        if champ.name != "genre"
    }
    if isinstance(valeur, m.Acte):
        nature = NATURES.get(valeur.nature or 0)
        objet |= {
            "matiere": clean(valeur.matiere),
            "nature_libelle": nature.libelle if nature else None,
        }
    return objet
