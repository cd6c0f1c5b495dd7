"""Raccourcis des tests du moteur de formulaires."""

from datetime import UTC, date, datetime
from typing import Any

from socle.fondations.formulaires.definition import TYPES_MODELES, ChampBase, Formulaire
from socle.fondations.formulaires.moteur import FormulaireCompile, compile_formulaire
from socle.fondations.formulaires.ports import DonneeProposee, ReponseSource, Trace
from socle.fondations.formulaires.types import Donnees, Lecture, get_type

JOUR = date(2026, 11, 21)
MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def plat(texte: str) -> str:
    """Rend un texte avec des espaces ordinaires, pour comparer sans se soucier des insécables."""
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def make_champ(type_: str, **attributs: Any) -> ChampBase:
    """Rend un champ du type demandé."""
    donnees = {"type": type_, "id": "c", "libelle": "Le champ"} | attributs
    return TYPES_MODELES[type_].model_validate(donnees)


def read_champ(champ: ChampBase, postees: dict[str, Any]) -> Lecture:
    """Lit un champ comme le moteur : lecture, puis contrôle de la valeur."""
    type_ = get_type(champ)
    lecture = type_.parse(champ, Donnees(postees), "c")
    if lecture.erreur or type_.is_vide(champ, lecture.valeur):
        return lecture
    erreur = type_.check(champ, lecture.valeur, JOUR)
    return Lecture(valeur=lecture.valeur, erreur=erreur, avis=lecture.avis)


def make_definition(*champs: dict[str, Any], **autres: Any) -> dict[str, Any]:
    """Rend une définition d’une page."""
    return {"pages": [{"id": "page", "titre": "La page", "champs": list(champs)}], **autres}


def make_formulaire(*champs: dict[str, Any], **autres: Any) -> FormulaireCompile:
    """Compile une définition d’une page."""
    return compile_formulaire(Formulaire.model_validate(make_definition(*champs, **autres)))


class SourceImpots:
    """Source qui respecte le port, comme un connecteur, avec des valeurs fixes."""

    code = "impots_revenu"
    titre = "Revenu fiscal de référence"
    organisme = "Direction générale des finances publiques"
    finalite = "pour calculer votre tarif"
    scopes = ("dgfip_rfr", "dgfip_nbpart")
    donnees = (
        DonneeProposee(
            code="revenu_fiscal_reference", libelle="Revenu fiscal", type="nombre_entier"
        ),
        DonneeProposee(code="nombre_parts", libelle="Parts", type="nombre_decimal"),
    )

    def fetch(self, contexte) -> ReponseSource:
        return make_reponse({"revenu_fiscal_reference": 32832, "nombre_parts": "3"})


SOURCES = {"impots_revenu": SourceImpots()}


def make_reponse(valeurs: dict[str, Any], libelle: str = "Impôts, avis 2025") -> ReponseSource:
    """Rend une réponse de source."""
    trace = Trace(endpoint="/ir/2025", statut_http=200, identifiant_requete="abc")
    return ReponseSource(
        valeurs=valeurs, date_donnee=date(2025, 12, 31), libelle_source=libelle, trace=trace
    )
