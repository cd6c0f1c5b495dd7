"""Établissements fictifs : SIREN commençant par quatre zéros, qu’aucune entreprise ne porte."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Etablissement:
    """Établissement fictif.

    Attributes:
        etat: A actif, F fermé.
        diffusible: faux = identité masquée, comme une personne qui s’y est opposée.
    """

    siret: str
    nom: str
    voie: str
    code_postal: str
    commune: str
    code_commune: str
    trait: str
    siege: bool = True
    etat: str = "A"
    diffusible: bool = True
    activite: str = "85.59B"
    nature: str = "5499"

    @property
    def siren(self) -> str:
        return self.siret[:9]

    @property
    def adresse(self) -> str:
        return f"{self.voie} {self.code_postal} {self.commune}"


ETABLISSEMENTS = (
    Etablissement(
        "00000100800010",
        "BOULANGERIE DU PUITS",
        "12 RUE DU PUITS",
        "92140",
        "CLAMART",
        "92023",
        "Commerce actif",
        activite="10.71C",
    ),
    Etablissement(
        "00000100800028",
        "BOULANGERIE DU PUITS",
        "3 PLACE DU MARCHE",
        "92140",
        "CLAMART",
        "92023",
        "Second établissement, siège ailleurs",
        siege=False,
        activite="10.71C",
    ),
    Etablissement(
        "00000200600013",
        "ASSOCIATION LES PETITS LECTEURS",
        "5 ALLEE DES ECOLES",
        "92140",
        "CLAMART",
        "92023",
        "Association",
        activite="94.99Z",
        nature="9220",
    ),
    Etablissement(
        "00000300400017",
        "MENUISERIE DE L’ATELIER",
        "8 RUE DES ARTISANS",
        "92320",
        "CHATILLON",
        "92020",
        "Établissement fermé",
        etat="F",
        activite="43.32A",
    ),
    Etablissement(
        "00000400200010",
        "[NON-DIFFUSIBLE]",
        "[NON-DIFFUSIBLE]",
        "92140",
        "CLAMART",
        "92023",
        "Identité masquée à la demande de l’entreprise",
        diffusible=False,
        activite="62.01Z",
        nature="1000",
    ),
    Etablissement(
        "00000500900014",
        "CRECHE DES LUCIOLES",
        "27 AVENUE DU BOIS",
        "92260",
        "FONTENAY-AUX-ROSES",
        "92032",
        "Société active",
        activite="88.91A",
    ),
)

PANNES = {
    "00000600700017": "429",
    "00000700500010": "503",
    "00000800300014": "lent",
    "00000900100017": "non_json",
    "00001000900017": "incomplet",
}
"""SIRET justes qui jouent une panne, l’API n’ayant pas de page où la choisir."""

TRAITS_PANNES = {
    "429": "Trop de demandes (429)",
    "503": "Service indisponible (503)",
    "lent": "Réponse très lente",
    "non_json": "Réponse illisible",
    "incomplet": "Réponse sans la liste des résultats",
}
