"""Les contrats typés : montants en euros hors taxes (`Decimal`), jours en `date`, textes exacts."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, cast

from socle.normes.decp import grammaire as g


@dataclass(frozen=True, slots=True, kw_only=True)
class Operateur:
    """Titulaire, concessionnaire ou sous-traitant ; `type_identifiant` : SIRET, TVA…"""

    id: str
    type_identifiant: str = "SIRET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lieu:
    code: str
    type_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActeSousTraitance:
    id: int
    sous_traitant: Operateur
    duree_mois: int
    date_notification: date
    date_publication_donnees: date
    montant: Decimal
    variation_prix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModificationActe:
    """Modifie l’acte de sous-traitance de même `id`."""

    id: int
    date_notification_modification_sous_traitance: date
    date_publication_donnees: date
    duree_mois: int | None = None
    montant: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Modification:
    id: int
    date_notification_modification: date
    date_publication_donnees_modification: date
    duree_mois: int | None = None
    montant: Decimal | None = None
    titulaires: tuple[Operateur, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marche:
    """Un marché public ou un lot ; `acheteur` : SIRET ; parts et taux entre 0 et 1."""

    id: str
    acheteur: str
    nature: str
    objet: str
    code_cpv: str
    techniques: tuple[str, ...]
    modalites_execution: tuple[str, ...]
    marche_innovant: bool
    ccag: str
    offres_recues: int
    attribution_avance: bool
    type_groupement_operateurs: str
    sous_traitance_declaree: bool
    procedure: str
    lieu_execution: Lieu
    duree_mois: int
    date_notification: date
    date_publication_donnees: date
    montant: Decimal
    types_prix: tuple[str, ...]
    forme_prix: str
    titulaires: tuple[Operateur, ...]
    considerations_sociales: tuple[str, ...]
    considerations_environnementales: tuple[str, ...]
    id_accord_cadre: str | None = None
    taux_avance: Decimal | None = None
    origine_ue: Decimal | None = None
    origine_france: Decimal | None = None
    actes_sous_traitance: tuple[ActeSousTraitance, ...] = ()
    modifications_actes_sous_traitance: tuple[ModificationActe, ...] = ()
    modifications: tuple[Modification, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tarif:
    intitule_tarif: str
    tarif: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesAnnuelles:
    date_publication_donnees_execution: date
    depenses_investissement: Decimal
    tarifs: tuple[Tarif, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModificationConcession:
    id: int
    date_signature_modification: date
    date_publication_donnees_modification: date
    duree_mois: int | None = None
    valeur_globale: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concession:
    """Un contrat de concession ; `autorite_concedante` : SIRET."""

    id: str
    autorite_concedante: str
    nature: str
    objet: str
    procedure: str
    duree_mois: int
    date_signature: date
    date_publication_donnees: date
    date_debut_execution: date
    valeur_globale: Decimal
    montant_subvention_publique: Decimal
    concessionnaires: tuple[Operateur, ...]
    considerations_sociales: tuple[str, ...]
    considerations_environnementales: tuple[str, ...]
    donnees_execution: tuple[DonneesAnnuelles, ...] = ()
    modifications: tuple[ModificationConcession, ...] = ()


@dataclass(frozen=True, slots=True)
class Contrats:
    """Le contenu d’un fichier."""

    marches: tuple[Marche, ...] = ()
    concessions: tuple[Concession, ...] = ()


_LIEU = next(champ.noeud for champ in g.MARCHE.champs if champ.nom == "lieuExecution")
_CLASSES: dict[int, type] = {
    id(g.OPERATEUR): Operateur,
    id(_LIEU): Lieu,
    id(g.ACTE): ActeSousTraitance,
    id(g.MODIFICATION_ACTE): ModificationActe,
    id(g.MODIFICATION): Modification,
    id(g.MARCHE): Marche,
    id(g.TARIF): Tarif,
    id(g.DONNEES_ANNUELLES): DonneesAnnuelles,
    id(g.MODIFICATION_CONCESSION): ModificationConcession,
    id(g.CONCESSION): Concession,
}


def build_marche(valeur: dict[str, Any]) -> Marche:
    """Rend le marché d’un objet JSON conforme."""
    return cast("Marche", _build(g.MARCHE, valeur))


def build_concession(valeur: dict[str, Any]) -> Concession:
    """Rend la concession d’un objet JSON conforme."""
    return cast("Concession", _build(g.CONCESSION, valeur))


def dump_contrats(contrats: Contrats) -> dict[str, Any]:
    """Rend le fichier sous sa forme JSON ; une liste vide n’est pas écrite."""
    listes = {
        "marche": [_dump(g.MARCHE, marche) for marche in contrats.marches],
        "contrat-concession": [_dump(g.CONCESSION, c) for c in contrats.concessions],
    }
    return {"marches": {nom: liste for nom, liste in listes.items() if liste} or {"marche": []}}


def _build(noeud: g.Noeud, valeur: Any) -> Any:
    if isinstance(noeud, g.Suite):
        return tuple(_build(noeud.noeud, element[noeud.nom]) for element in valeur)
    if isinstance(noeud, g.Liste):
        return tuple(valeur[noeud.nom])
    if isinstance(noeud, g.Objet):
        return _build_objet(noeud, valeur)
    if isinstance(noeud, g.Texte):
        return valeur
    return _CONVERSIONS[type(noeud)](valeur)


def _build_objet(noeud: g.Objet, valeur: dict[str, Any]) -> Any:
    classe = _CLASSES.get(id(noeud))
    if classe is None:  # un SIRET seul : acheteur, autorité concédante
        return valeur["id"]
    champs = [champ for champ in noeud.champs if champ.nom in valeur]
    return classe(**{name_attribut(c.nom): _build(c.noeud, valeur[c.nom]) for c in champs})


_CONVERSIONS: dict[type, Any] = {
    g.Entier: int,
    g.Nombre: Decimal,
    g.Booleen: bool,
    g.Jour: date.fromisoformat,
}


def _dump(noeud: g.Noeud, valeur: Any) -> Any:
    if isinstance(noeud, g.Suite):
        return [{noeud.nom: _dump(noeud.noeud, element)} for element in valeur]
    if isinstance(noeud, g.Liste):
        return {noeud.nom: list(valeur)}
    if isinstance(noeud, g.Objet):
        return _dump_objet(noeud, valeur)
    return valeur.isoformat() if isinstance(valeur, date) else valeur


def _dump_objet(noeud: g.Objet, valeur: Any) -> dict[str, Any]:
    if id(noeud) not in _CLASSES:
        return {"id": valeur}
    paires = ((champ, getattr(valeur, name_attribut(champ.nom))) for champ in noeud.champs)
    return {
        champ.nom: _dump(champ.noeud, contenu)
        for champ, contenu in paires
        if contenu is not None and (champ.requis or contenu != ())
    }


@cache
def name_attribut(nom: str) -> str:
    """« dureeMois » → « duree_mois », « codeCPV » → « code_cpv »."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", nom).lower()
