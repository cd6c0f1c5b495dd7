"""Dire ce qu’est un fichier : le vérificateur le plus sûr de lui l’emporte."""

from dataclasses import dataclass

from socle.metiers.verification.errors import (
    DeuxSchemas,
    NatureFausse,
    NatureInconnue,
    SchemaDeTrop,
)
from socle.metiers.verification.ports import Apercu, Verificateur, verificateurs

ASSEZ_SUR = 40


@dataclass(frozen=True, slots=True)
class Nature:
    """Ce qu’est un fichier.

    Attributes:
        choix: le schéma retenu ; `schema` : nom du fichier de celui que la personne a donné.
        devinee: la personne n’a pas dit ce que c’est.
    """

    verificateur: Verificateur
    choix: str = ""
    devinee: bool = False
    schema: str = ""

    @property
    def titre(self) -> str:
        """Nom à montrer, schéma compris."""
        libelle = dict(self.verificateur.choix).get(self.choix, "")
        libelle = f"votre schéma, {self.schema}" if self.schema else libelle
        titre = self.verificateur.titre
        return f"{titre} : {libelle}" if libelle else titre

    @property
    def valeur(self) -> str:
        """Ce que le formulaire et l’interface de programmation envoient : « scdl:scdl/budget »."""
        norme = self.verificateur.norme
        return f"{norme}:{self.choix}" if self.choix else norme


def find_nature(valeur: str, apercu: Apercu, schema: str = "") -> Nature:
    """Rend la nature demandée, ou celle que l’on reconnaît si rien n’est demandé.

    Args:
        schema: nom du fichier du schéma donné avec le fichier ; vide s’il n’y en a pas.

    Raises:
        SchemaDeTrop, DeuxSchemas: le schéma donné ne sert pas, ou contredit `valeur`.
        NatureFausse: ce qui est demandé n’existe pas.
        NatureInconnue: rien n’est demandé, ou le schéma manque, et rien ne s’impose.
    """
    norme, _, choix = valeur.partition(":")
    verificateur = verificateurs.get(norme)
    if valeur and (verificateur is None or (choix and choix not in dict(verificateur.choix))):
        raise NatureFausse
    if schema:
        return _follow_schema(verificateur, apercu, choix, schema)
    if verificateur is None:
        return recognize(apercu)
    return _choose(verificateur, apercu, choix, devinee=False)


def _follow_schema(demande: Verificateur | None, apercu: Apercu, choix: str, schema: str) -> Nature:
    """Un schéma donné dit à lui seul ce qu’est le tableau."""
    if choix:
        raise DeuxSchemas
    for verificateur in [demande] if demande else [verificateurs[code] for code in verificateurs]:
        if verificateur.accepts_schema(apercu):
            return Nature(verificateur, devinee=not demande, schema=schema)
    raise SchemaDeTrop


def recognize(apercu: Apercu) -> Nature:
    """Rend le vérificateur le plus sûr.

    Raises:
        NatureInconnue: aucun n’est assez sûr.
    """
    notes = [(verificateurs[code].recognise(apercu), code) for code in verificateurs]
    note, code = max(notes, default=(0, ""))
    if note < ASSEZ_SUR:
        raise NatureInconnue
    return _choose(verificateurs[code], apercu, "", devinee=True)


def _choose(verificateur: Verificateur, apercu: Apercu, choix: str, *, devinee: bool) -> Nature:
    choix = choix or verificateur.guess(apercu)
    if verificateur.choix and not choix:
        raise NatureInconnue(
            "Il faut dire quel schéma ce tableau doit suivre.",
            "Choisissez de nouveau le fichier, et le schéma dans « Ce que c’est ».",
        )
    return Nature(verificateur, choix, devinee)
