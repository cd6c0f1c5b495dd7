"""Lire la réponse d’API Particulier : bornée, typée, refusée si elle sort de la notice."""

from dataclasses import dataclass
from typing import Any

from socle.fondations.commun.errors import ErreurConnecteur

SYSTEME = "Le service de la Caf et de la MSA"
QUOTIENT_MAX = 1_000_000
CAISSES = {"CNAF": "Caisse d’allocations familiales", "MSA": "Mutualité sociale agricole"}


@dataclass(frozen=True, slots=True)
class Quotient:
    """Quotient familial d’un mois.

    Attributes:
        fournisseur: « CNAF » ou « MSA ».
        valeur: en euros par mois et par part, sans unité officielle.
    """

    valeur: int
    fournisseur: str
    annee: int
    mois: int


@dataclass(frozen=True, slots=True)
class Foyer:
    """Réponse lue ; ce que les périmètres masquent est absent (`None`)."""

    quotient: Quotient
    nombre_enfants: int | None = None
    adresse: str | None = None


def read_foyer(corps: dict[str, Any]) -> Foyer:
    """Lit l’enveloppe `{"data": {…}}`.

    Raises:
        ErreurConnecteur: champ absent, d’un autre type ou hors bornes.
    """
    try:
        donnees = corps["data"]
        enfants = donnees.get("enfants")
        return Foyer(
            quotient=read_quotient(donnees["quotient_familial"]),
            nombre_enfants=len(enfants) if isinstance(enfants, list) else None,
            adresse=read_adresse(donnees.get("adresse")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as cause:
        raise ErreurConnecteur(f"{SYSTEME} a donné une réponse inattendue.") from cause


def read_quotient(donnees: dict[str, Any]) -> Quotient:
    valeur, annee, mois = donnees["valeur"], donnees["annee"], donnees["mois"]
    if not all(type(nombre) is int for nombre in (valeur, annee, mois)):
        raise ValueError("entiers attendus")
    if not (0 <= valeur <= QUOTIENT_MAX and 1 <= mois <= 12 and 2000 <= annee <= 2100):
        raise ValueError("hors bornes")
    if donnees["fournisseur"] not in CAISSES:
        raise ValueError("caisse inconnue")
    return Quotient(valeur, donnees["fournisseur"], annee, mois)


def read_adresse(donnees: dict[str, Any] | None) -> str | None:
    """Adresse sur plusieurs lignes, sans les champs vides ; `None` si elle est masquée."""
    if donnees is None:
        return None
    champs = (
        "complement_information",
        "complement_information_geographique",
        "numero_libelle_voie",
        "lieu_dit",
        "code_postal_ville",
    )
    lignes = [str(donnees.get(champ) or "").strip()[:200] for champ in champs]
    return "\n".join(ligne for ligne in lignes if ligne) or None
