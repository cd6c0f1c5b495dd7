"""Contrats d’essai et mutants tirés au sort, toujours les mêmes."""

import copy
import json
import random
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from socle.normes.decp.modele import (
    ActeSousTraitance,
    Concession,
    Contrats,
    DonneesAnnuelles,
    Lieu,
    Marche,
    Modification,
    ModificationActe,
    ModificationConcession,
    Operateur,
    Tarif,
)

CLAMART, TITULAIRE = "21920023500014", "55204599900869"


def build_marche(**changements: Any) -> Marche:
    valeurs: dict[str, Any] = {
        "id": "2026-014",
        "acheteur": CLAMART,
        "nature": "Marché",
        "objet": "Réfection de la cour de l’école <Jules-Ferry> & abords",
        "code_cpv": "45112500",
        "techniques": ("Sans objet",),
        "modalites_execution": ("Tranches", "Bons de commande"),
        "marche_innovant": False,
        "ccag": "Maitrise d'œuvre",
        "offres_recues": 4,
        "attribution_avance": True,
        "taux_avance": Decimal("0.05"),
        "type_groupement_operateurs": "Conjoint",
        "sous_traitance_declaree": True,
        "procedure": "Procédure adaptée",
        "lieu_execution": Lieu(code="92023", type_code="Code commune"),
        "duree_mois": 8,
        "date_notification": date(2026, 3, 2),
        "date_publication_donnees": date(2026, 4, 20),
        "montant": Decimal("118400.50"),
        "types_prix": ("Définitif révisable",),
        "forme_prix": "Mixte",
        "origine_ue": Decimal("0.8"),
        "origine_france": Decimal("0.6"),
        "titulaires": (Operateur(id=TITULAIRE), Operateur(id="DE1", type_identifiant="HORS-UE")),
        "considerations_sociales": ("Clause sociale",),
        "considerations_environnementales": ("Critère environnemental",),
        "actes_sous_traitance": (
            ActeSousTraitance(
                id=1,
                sous_traitant=Operateur(id=TITULAIRE),
                duree_mois=2,
                date_notification=date(2026, 5, 4),
                date_publication_donnees=date(2026, 5, 6),
                montant=Decimal(9000),
                variation_prix="Révisable",
            ),
        ),
        "modifications_actes_sous_traitance": (
            ModificationActe(
                id=1,
                date_notification_modification_sous_traitance=date(2026, 6, 1),
                date_publication_donnees=date(2026, 6, 2),
                montant=Decimal(9500),
            ),
        ),
        "modifications": (
            Modification(
                id=1,
                date_notification_modification=date(2026, 7, 1),
                date_publication_donnees_modification=date(2026, 7, 3),
                montant=Decimal(120000),
                titulaires=(Operateur(id=TITULAIRE),),
            ),
        ),
    }
    return Marche(**valeurs | changements)


def build_concession(**changements: Any) -> Concession:
    valeurs: dict[str, Any] = {
        "id": "DSP-2026-1",
        "autorite_concedante": CLAMART,
        "nature": "Délégation de service public",
        "objet": "Exploitation du marché couvert",
        "procedure": "Procédure négociée ouverte",
        "duree_mois": 60,
        "date_signature": date(2026, 1, 5),
        "date_publication_donnees": date(2026, 1, 20),
        "date_debut_execution": date(2026, 2, 1),
        "valeur_globale": Decimal(810000),
        "montant_subvention_publique": Decimal(0),
        "concessionnaires": (Operateur(id=TITULAIRE),),
        "considerations_sociales": ("Concession réservée",),
        "considerations_environnementales": ("Pas de considération environnementale",),
        "donnees_execution": (
            DonneesAnnuelles(
                date_publication_donnees_execution=date(2027, 2, 1),
                depenses_investissement=Decimal("1200.5"),
                tarifs=(Tarif(intitule_tarif="Mètre linéaire", tarif=Decimal("2.1")),),
            ),
        ),
        "modifications": (
            ModificationConcession(
                id=1,
                date_signature_modification=date(2027, 3, 1),
                date_publication_donnees_modification=date(2027, 3, 5),
                duree_mois=72,
            ),
        ),
    }
    return Concession(**valeurs | changements)


CONTRATS = Contrats((build_marche(),), (build_concession(),))

VALEURS: list[Any] = [
    None, True, False, 0, 1, -1, 12.0, 12.5, 0.5, 1.5, 10**30, "", " ", "x", "12", "oui",
    "2024-02-30", "le 2024-01-02", "2024-1-2", "31/12/2024", "é" * 1001, "1" * 17, "1" * 14,
    "45112500-7", "45112500-", "Marché ", "Travaux", "marché", [], {}, [1], {"id": 1},
    ["Clause sociale", "Clause sociale"], [[]], [{}], "Maîtrise d’œuvre", "SIRET",
]  # fmt: skip


def build_mutant_json(graine: int, base: dict[str, Any]) -> bytes:
    """Le fichier, une à trois fois abîmé au hasard."""
    hasard = random.Random(graine)
    arbre = copy.deepcopy(base)
    for _ in range(hasard.randint(1, 3)):
        parent, cle = hasard.choice(list(list_places(arbre)) or [(arbre, None)])
        if cle is not None:
            _hurt_json(hasard, parent, cle)
    return json.dumps(arbre, ensure_ascii=False, indent=hasard.choice([None, 1])).encode()


def list_places(noeud: Any) -> Any:
    """Tous les couples (contenant, clé) de l’arbre."""
    if isinstance(noeud, dict | list):
        for cle in noeud if isinstance(noeud, dict) else range(len(noeud)):
            yield noeud, cle
            yield from list_places(noeud[cle])


def _hurt_json(hasard: random.Random, parent: Any, cle: Any) -> None:
    geste = hasard.randrange(6)
    if geste == 0:
        del parent[cle]
    elif geste == 1:
        parent[cle] = [copy.deepcopy(parent[cle])]
    elif geste == 2 and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[cle]))
    elif geste == 3 and isinstance(parent, dict):
        parent[hasard.choice(["ajout", "ID", "dureeMois", "montant"])] = parent.pop(cle)
    else:
        parent[cle] = copy.deepcopy(hasard.choice(VALEURS))


TEXTES = [
    "", " ", "x", "12", " 12 ", "12.0", "+3", "1e3", ".5", "0.5", "1,5", "-1", "0", "oui", "true",
    " true", "VRAI", "2024-02-30", "2024-01-02Z", "2024-01-02+02:00", "20240102",
    "0000-01-01", "é" * 1001, "1" * 17, "1" * 14, "1" * 14 + "\n", "45112500-7", "Marché ",
    "marché", "Travaux", "SIRET",
]  # fmt: skip


def build_mutant_xml(graine: int, base: bytes) -> bytes:
    """Le fichier XML, une à trois fois abîmé au hasard, encore bien formé."""
    hasard = random.Random(graine)
    racine = etree.fromstring(base, etree.XMLParser(remove_blank_text=True))
    for _ in range(hasard.randint(1, 3)):
        _hurt_xml(hasard, hasard.choice(list(racine.iter())))
    return bytes(etree.tostring(racine, encoding=hasard.choice(["utf-8", "utf-16", "iso-8859-1"])))


def _hurt_xml(hasard: random.Random, element: Any) -> None:
    geste, parent = hasard.randrange(8), element.getparent()
    if geste == 0 and parent is not None:
        parent.remove(element)
    elif geste == 1 and parent is not None:
        parent.append(copy.deepcopy(element))
    elif geste == 2:
        element.tag = hasard.choice(["ajout", "ID", "dureeMois", "montant", "titulaire", "marche"])
    elif geste == 3:
        element.set(
            hasard.choice(["version", "{http://www.w3.org/2001/XMLSchema-instance}nil"]), "1"
        )
    elif geste == 4 and parent is not None:
        element.tail = hasard.choice([" ", "perdu"])
    elif geste == 5:
        etree.SubElement(element, hasard.choice(["id", "ajout"]))
    else:
        element.text = hasard.choice(TEXTES)
