"""Demandes d’exemple, une par état : la liste d’un agent n’est pas vide. Personnes fictives.

`saisie` porte ce que la personne aurait tapé, champ par champ ; `enfants` remplit le bloc.
"""

from dataclasses import dataclass, field
from typing import Any

CANTINE, PLACES, COMPOSTEUR = "cantine-scolaire", "stationnement-demenagement", "composteur"


@dataclass(frozen=True, kw_only=True)
class Exemple:
    """Une demande et ce qui lui est arrivé.

    Attributes:
        jours: âge du dépôt, en jours.
        gestes: suite des gestes de l’agent : « instruire », « corriger », « accepter »,
            « refuser », « classer », « écrire ».
        texte: message, motif ou correction demandée.
    """

    demarche: str
    demandeur: str
    jours: int
    saisie: dict[str, Any]
    enfants: list[dict[str, Any]] = field(default_factory=list)
    canal: str = "en_ligne"
    gestes: tuple[str, ...] = ()
    texte: str = ""


def build_cantine(
    prenom: str, nom: str, enfant: str, revenu: str, parts: str, *, ecole: str = "ecole_du_jardin"
) -> dict[str, Any]:
    """Rend la saisie d’une famille d’un enfant."""
    return {
        "demarche": CANTINE,
        "demandeur": f"{prenom} {nom.upper()}",
        "saisie": {
            "prenom": prenom,
            "nom": nom,
            "naissance": "1988-03-14",
            "courriel": "",
            "telephone": "01 99 00 12 34",
            "adresse-voie": "3 rue du Moulin",
            "adresse-code_postal": "92140",
            "adresse-commune": "Clamart",
            "revenu_fiscal": revenu,
            "parts": parts,
            "aides_caf": "false",
            "garde": "complete",
            "reglement": "oui",
        },
        "enfants": [
            {
                "enfant_prenom": enfant,
                "enfant_nom": nom,
                "enfant_naissance": "2019-05-20",
                "ecole": ecole,
                "jours": ["lundi", "mardi", "jeudi"],
            }
        ],
    }


def build_places(nom: str, voie: str, jour: str, metres: str, *, siret: str = "") -> dict[str, Any]:
    return {
        "demarche": PLACES,
        "demandeur": nom,
        "saisie": {
            "demandeur": "entreprise" if siret else "habitant",
            "siret": siret,
            "nom": nom,
            "courriel": "contact@exemple.fr",
            "telephone": "01 99 00 56 78",
            "adresse-voie": voie,
            "adresse-code_postal": "92140",
            "adresse-commune": "Clamart",
            "jour": jour,
            "metres": metres,
        },
    }


def build_composteur(prenom: str, nom: str, voie: str, foyers: str = "") -> dict[str, Any]:
    return {
        "demarche": COMPOSTEUR,
        "demandeur": f"{prenom} {nom.upper()}",
        "saisie": {
            "prenom": prenom,
            "nom": nom,
            "courriel": "contact@exemple.fr",
            "adresse-voie": voie,
            "adresse-code_postal": "92260",
            "adresse-commune": "Fontenay-aux-Roses",
            "logement": "immeuble" if foyers else "maison",
            "foyers": foyers,
            "formation": "oui",
        },
    }


CLAMART = (
    Exemple(jours=58, **build_cantine("Aurélien", "Tessandier", "Lise", "31200", "2")),
    Exemple(
        jours=20,
        gestes=("corriger",),
        texte="Bonjour, merci de vérifier le revenu fiscal : il manque sans doute un chiffre.",
        **build_cantine("Awa", "Diakhaté", "Moussa", "2140", "2,5"),
    ),
    Exemple(
        jours=16,
        gestes=("instruire",),
        **build_cantine("Hélène", "Quéméner", "Maël", "18900", "1,5", ecole="ecole_de_la_fontaine"),
    ),
    Exemple(
        jours=30,
        gestes=("instruire", "accepter"),
        **build_cantine("Jean-Noël", "D’Arbois", "Inès", "54000", "3"),
    ),
    Exemple(
        jours=27,
        gestes=("instruire", "refuser"),
        texte="L’enfant n’est pas scolarisé dans une école publique de la commune.",
        **build_cantine("Sandrine", "Mouginot", "Théo", "26400", "2"),
    ),
    Exemple(
        jours=9,
        gestes=("instruire", "classer"),
        texte="La famille a déposé deux fois la même demande.",
        **build_cantine("Élise", "Lœmba", "Noah", "21000", "2"),
    ),
    Exemple(jours=3, canal="guichet", **build_cantine("Rosa", "Ferrandis", "Milo", "9800", "2")),
    Exemple(
        jours=2,
        canal="telephone",
        gestes=("écrire",),
        texte="Bonjour, nous avons bien noté votre demande et vous rappelons demain.",
        **build_cantine("Youssef", "Benhamou", "Sofia", "15600", "2,5"),
    ),
    Exemple(jours=12, **build_places("Camille Rochebrune", "21 rue des Lilas", "+20", "10")),
    Exemple(
        jours=6,
        gestes=("instruire",),
        **build_places(
            "Déménagements du Puits", "4 avenue du Bois", "+9", "20", siret="00000100800010"
        ),
    ),
    Exemple(
        jours=25,
        gestes=("instruire", "accepter"),
        **build_places("Gwenaëlle Torchon", "8 place du Marché", "+3", "10"),
    ),
)
VALLEE_SUD = (
    Exemple(jours=15, **build_composteur("Odile", "Carpentier", "6 rue des Pruniers")),
    Exemple(
        jours=11,
        gestes=("instruire",),
        **build_composteur("Bertrand", "Zylberstein", "30 rue Boucicaut", foyers="24"),
    ),
    Exemple(
        jours=40,
        gestes=("instruire", "accepter"),
        **build_composteur("Fatou", "N’Diaye", "2 allée des Vignes"),
    ),
)
EXEMPLES = {"clamart": CLAMART, "vallee-sud": VALLEE_SUD}
