"""Charger un programme depuis un fichier de données ; ce qu’une personne a changé reste."""

import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.utils.timezone import localdate

from socle.fondations.journal.services import record
from socle.metiers.pilotage.models import (
    Action,
    Axe,
    EvenementCle,
    Indicateur,
    ObjetDuProgramme,
    Partenaire,
    Principe,
    Programme,
    Recommandation,
    Temoignage,
    Valeur,
)
from socle.metiers.pilotage.services.preuves import load_preuves
from socle.metiers.pilotage.services.releves import record_releves

DONNEES = Path(__file__).resolve().parents[1] / "donnees"
FICHIERS = (
    "programme-2015-2017.toml",
    "programme-2018-2020.toml",
    "chiffres-2018-2020.toml",
    "mesures.toml",
)
Donnees = dict[str, Any]
# Ordre des créations : un objet vient après ceux dont il dépend.
ORDRE: tuple[type[ObjetDuProgramme], ...] = (
    Programme, Principe, Axe, Action, Recommandation, EvenementCle, Partenaire, Temoignage,
    Indicateur, Valeur,
)  # fmt: skip
Objet = TypeVar("Objet", bound=ObjetDuProgramme)


def seed_programmes(maintenant: datetime) -> str:
    """Charge les fichiers du dossier `donnees` ; rejouable. Rend une phrase."""
    total = 0
    for nom in FICHIERS:
        with (DONNEES / nom).open("rb") as flux:
            donnees = tomllib.load(flux, parse_float=Decimal)
        total += load_donnees(donnees=donnees, maintenant=maintenant)
    total += load_preuves(maintenant)
    record_releves(localdate(maintenant))
    return f"Programme : {total} objets nouveaux ou mis à jour"


@transaction.atomic
def load_donnees(*, donnees: Donnees, maintenant: datetime) -> int:
    """Charge un programme, ses axes, ses indicateurs ; rend le nombre d’écritures.

    Un objet déjà là n’est mis à jour que si personne n’y a touché (révision 0).
    """
    chargement = _Chargement(donnees.get("document", {}))
    programme = Programme.objects.filter(code=donnees.get("rattache", "")).first()
    if "programme" in donnees:
        programme = chargement.load_programme(donnees)
    for fiche in donnees.get("indicateurs", []):
        chargement.load_indicateur(programme, fiche)
    if chargement.write():
        record(
            action="programme.charge",
            objet=programme.cle if programme else "programme:indicateurs",
            acteur="systeme",
            collectivite_id=None,
            maintenant=maintenant,
            donnees={"objets": chargement.ecrits},
        )
    return chargement.ecrits


class _Chargement:
    """Un fichier en cours de lecture : le document cité par défaut, et ce qui est écrit."""

    def __init__(self, document: Donnees) -> None:
        self.document = document
        self.ecrits = 0
        self._neufs: dict[type[ObjetDuProgramme], list[Any]] = {}
        self._connus: dict[tuple[type, tuple[str, ...]], dict[tuple[Any, ...], Any]] = {}

    def load_programme(self, donnees: Donnees) -> Programme:
        fiche = dict(donnees["programme"])
        programme = self.ensure(Programme, {"code": fiche.pop("code")}, fiche)
        for modele, nom, cles in (
            (Principe, "principes", ("numero",)),
            (EvenementCle, "evenements", ("annee", "trimestre", "titre")),
            (Partenaire, "partenaires", ("nom",)),
            (Temoignage, "temoignages", ("cible", "qui")),
        ):
            for entree in donnees.get(nom, []):
                champs = dict(entree)
                attaches = {cle: champs.pop(cle) for cle in cles}
                self.ensure(modele, {"programme": programme, **attaches}, champs)
        axes = {
            entree["numero"]: self.load_axe(programme, entree) for entree in donnees.get("axes", [])
        }
        for entree in donnees.get("recommandations", []):
            champs = dict(entree)
            champs["axe"] = axes.get(champs.get("axe"))
            code = f"{programme.code}-{champs['numero']}"
            self.ensure(Recommandation, {"code": code}, {"programme": programme, **champs})
        return programme

    def load_axe(self, programme: Programme, entree: Donnees) -> Axe:
        champs = dict(entree)
        actions, conseils = champs.pop("actions", []), champs.pop("recommandations", [])
        code = f"{programme.code}-{champs['numero']}"
        axe = self.ensure(Axe, {"code": code}, {"programme": programme, **champs})
        for fiche in actions:
            self.ensure(Action, {"code": f"{code}-{fiche['numero']}"}, {"axe": axe, **fiche})
        for fiche in conseils:
            attaches = {"programme": programme, "axe": axe}
            self.ensure(
                Recommandation, {"code": f"{code}-{fiche['numero']}"}, {**attaches, **fiche}
            )
        return axe

    def load_indicateur(self, programme: Programme | None, entree: Donnees) -> None:
        champs = dict(entree)
        valeurs = champs.pop("valeurs", [])
        indicateur = self.ensure(
            Indicateur, {"code": champs.pop("code")}, {"programme": programme, **champs}
        )
        for valeur in valeurs:
            fiche = {**self.document, **valeur}
            cles = ("jour", "nombre", "document", "endroit")
            attaches = {cle: fiche.pop(cle) for cle in cles}
            attaches["qualificatif"] = fiche.pop("qualificatif", "exact")
            self.ensure(Valeur, {"indicateur": indicateur, **attaches}, fiche)

    def ensure(self, modele: type[Objet], cles: Donnees, champs: Donnees) -> Objet:
        """Prépare l’objet, ou le met à jour si personne n’y a touché ; rien n’est encore créé."""
        propres = {nom: _strip(valeur) for nom, valeur in champs.items()}
        objet = self._find(modele, cles)
        if objet is None:
            objet = modele(**cles, **propres)
            self._neufs.setdefault(modele, []).append(objet)
            return objet
        change = {nom: v for nom, v in propres.items() if _read(objet, nom) != _read_cle(v)}
        if objet.revision == 0 and change:
            for nom, valeur in change.items():
                setattr(objet, nom, valeur)
            objet.save(update_fields=[*change, "modifie_le"])
            self.ecrits += 1
        return objet

    def write(self) -> int:
        """Crée ce qui manque, les objets dont d’autres dépendent d’abord ; rend les écritures."""
        for modele in ORDRE:
            neufs = self._neufs.get(modele, [])
            modele.objects.bulk_create(neufs)
            self.ecrits += len(neufs)
        return self.ecrits

    def _find(self, modele: type[Objet], cles: Donnees) -> Objet | None:
        """Cherche parmi les objets d’une table, lue une seule fois."""
        noms = tuple(sorted(cles))
        if (modele, noms) not in self._connus:
            self._connus[modele, noms] = {
                tuple(_read(objet, nom) for nom in noms): objet
                for objet in modele.objects.order_by("-pk")
            }
        trouve: Objet | None = self._connus[modele, noms].get(
            tuple(_read_cle(cles[nom]) for nom in noms)
        )
        return trouve


def _read(objet: ObjetDuProgramme, nom: str) -> Any:
    """Valeur d’un champ ; l’identifiant seul d’un objet lié, sans le lire en base."""
    liee = f"{nom}_id"
    return getattr(objet, liee) if hasattr(objet, liee) else getattr(objet, nom)


def _read_cle(valeur: Any) -> Any:
    """Un objet lié se reconnaît à son identifiant ; sans identifiant, rien ne lui ressemble."""
    return (valeur.pk or object()) if isinstance(valeur, ObjetDuProgramme) else valeur


def _strip(valeur: Any) -> Any:
    return valeur.strip() if isinstance(valeur, str) else valeur
