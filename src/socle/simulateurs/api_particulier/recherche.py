"""Retrouver un foyer allocataire depuis un état civil saisi."""

import re
import unicodedata
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from socle.simulateurs.api_particulier.erreurs import create_erreur
from socle.simulateurs.api_particulier.foyers import ABSENCES, FOYERS
from socle.simulateurs.etat_civil import FRANCE, Personne
from socle.simulateurs.personnes import PERSONNES

CODE_COG = re.compile(r"[0-9AB]{5}")
PANNES_PAR_NOM = {"PANNE": "504", "LENTEUR": "lent", "INVALIDE": "502", "SATUREE": "429"}
"""En mode état civil, ces noms de naissance jouent une panne, comme les cas du vrai bac à sable."""


@dataclass(frozen=True)
class EtatCivil:
    """État civil reçu, déjà contrôlé dans sa forme."""

    nom: str
    prenoms: tuple[str, ...]
    naissance: tuple[str, str, str]
    sexe: str
    pays: str
    commune: str

    @property
    def panne(self) -> str:
        return PANNES_PAR_NOM.get(simplify(self.nom), "")


def simplify(texte: str) -> str:
    """Majuscules sans accents, tirets comme des espaces."""
    decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "OE"))
    sans = "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
    return " ".join(sans.upper().replace("-", " ").split())


def read_etat_civil(parametres: "MultiDict[str, str]") -> EtatCivil:
    """Lit et contrôle l’état civil d’une requête.

    Raises:
        ErreurJson: 422 (00366) si un paramètre manque ou est mal formé.
    """
    prenoms = tuple(parametres.getlist("prenoms[]"))
    naissance = (
        parametres.get("anneeDateNaissance", ""),
        parametres.get("moisDateNaissance", ""),
        parametres.get("jourDateNaissance", ""),
    )
    pays = parametres.get("codeCogInseePaysNaissance", "")
    commune = parametres.get("codeCogInseeCommuneNaissance", "")
    etat_civil = EtatCivil(
        nom=parametres.get("nomNaissance", "").strip(),
        prenoms=prenoms,
        naissance=naissance,
        sexe=parametres.get("sexeEtatCivil", ""),
        pays=pays,
        commune=commune,
    )
    if not _is_well_formed(etat_civil, parametres):
        raise create_erreur("00366")
    return etat_civil


def _is_well_formed(etat_civil: EtatCivil, parametres: "MultiDict[str, str]") -> bool:
    lieu = etat_civil.commune or (
        parametres.get("nomCommuneNaissance")
        and parametres.get("codeCogInseeDepartementNaissance")
        and etat_civil.naissance[0]
    )
    return all(
        (
            0 < len(etat_civil.nom) <= 200,
            1 <= len(etat_civil.prenoms) <= 3 and all(map(str.strip, etat_civil.prenoms)),
            etat_civil.sexe in {"M", "F"},
            CODE_COG.fullmatch(etat_civil.pays),
            not etat_civil.commune or CODE_COG.fullmatch(etat_civil.commune),
            all(not morceau or morceau.isdigit() for morceau in etat_civil.naissance),
            etat_civil.pays != FRANCE or lieu,
        )
    )


def find_code(etat_civil: EtatCivil) -> str:
    """Code de la personne, vide si personne ne correspond.

    Il faut le nom, le premier prénom, le sexe, le lieu, et la date de naissance donnée.
    """
    for code, personne in PERSONNES.items():
        if _matches(etat_civil, personne):
            return code
    return ""


def _matches(etat_civil: EtatCivil, personne: Personne) -> bool:
    annee, mois, jour = personne.naissance.split("-")
    recus = zip(etat_civil.naissance, (annee, mois, jour), strict=True)
    sexe = {"male": "M", "female": "F"}.get(personne.genre, "M")
    premier = personne.prenoms.partition(" ")[0]
    return (
        simplify(etat_civil.nom) == simplify(personne.nom)
        and simplify(etat_civil.prenoms[0]) in {simplify(premier), simplify(personne.prenoms)}
        and all(not recu or int(recu) == int(connu) for recu, connu in recus)
        and etat_civil.sexe == sexe
        and etat_civil.pays == personne.pays
        and (not etat_civil.commune or etat_civil.commune == personne.lieu)
    )


def check_presence(code: str) -> None:
    """Refuse une personne sans foyer allocataire.

    Raises:
        ErreurJson: 404, avec le code de la caisse interrogée.
    """
    if code not in FOYERS:
        raise create_erreur(ABSENCES.get(code, "35003"))
