from collections.abc import Sequence
from dataclasses import dataclass

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaut:
    """Ce qui empêche de publier.

    Attributes:
        ou: « fiche », « formulaire » ou « service » : la page où le corriger.
        cible: champ de la fiche, champ ou page du formulaire, ou clé du service.
        message: la raison et quoi faire, lieu compris.
    """

    ou: str
    message: str
    cible: str = ""

    def __str__(self) -> str:
        return self.message


class PublicationImpossible(ErreurMetier):
    """Porte la liste des défauts, chacun avec son lieu."""

    message = "Cette démarche ne peut pas encore être publiée."
    suite = "Corrigez les points listés, puis publiez à nouveau."

    def __init__(self, defauts: Sequence[Defaut]) -> None:
        self.defauts = tuple(defauts)
        super().__init__(f"{self.message} {' '.join(str(defaut) for defaut in defauts)}")


class VersionModifieeAilleurs(ModifieAilleurs):
    message = "Ce formulaire a été modifié dans un autre onglet ou par une autre personne."
    suite = "Rechargez la page pour voir la dernière version, puis refaites votre changement."


class FicheIncomplete(PublicationImpossible):
    """Une démarche en ligne garde toutes ses mentions obligatoires."""

    message = "Cette démarche est en ligne : sa fiche doit rester complète."
    suite = "Complétez les points listés, ou fermez d’abord la démarche."


class FicheModifieeAilleurs(ModifieAilleurs):
    message = "Cette fiche a été modifiée dans un autre onglet ou par une autre personne."
    suite = "Comparez les deux, puis enregistrez la bonne."


class BrouillonInvalide(ErreurMetier):
    """Le changement donnerait un formulaire hors des bornes : trop de champs, texte trop long."""

    message = "Ce changement n’est pas possible."
    statut = 422


class FichierIllisible(ErreurMetier):
    message = "Ce fichier n’est pas une démarche exportée de Socle."
    suite = "Choisissez un fichier .json obtenu par « Télécharger la démarche »."
    statut = 422


class CheminDejaPris(ErreurMetier):
    message = "Une autre démarche utilise déjà cette adresse."
    suite = "Choisissez une autre adresse."


class DemarcheFermee(ErreurMetier):
    message = "Cette démarche n’est pas ouverte."
    suite = "Cherchez la démarche qui la remplace, ou contactez le service."
    statut = 410
