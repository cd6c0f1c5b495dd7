"""Les messages que les métiers savent envoyer, avec leur texte par défaut."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from socle.fondations.commun.registre import Registre


@dataclass(frozen=True, slots=True)
class Balise:
    """Un mot remplacé dans un modèle : ce qu’il veut dire, et une valeur pour l’aperçu."""

    description: str
    exemple: str


@dataclass(frozen=True, slots=True)
class PieceCourriel:
    """Fichier joint à un courriel. Gardé en base jusqu’à l’envoi, puis effacé."""

    nom: str
    type_mime: str
    contenu: bytes


COMMUNES: Mapping[str, Balise] = {
    "collectivite": Balise("Nom de la collectivité", "Clamart"),
    "lien": Balise("Adresse de la page à ouvrir", "https://exemple.fr/dossiers/44171/"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeleParDefaut:
    """Texte d’un code de message, tant que la collectivité n’a pas écrit le sien.

    Attributes:
        titre: nom du message dans les réglages, « Demande reçue ».
        quand: une phrase : quand il part.
        sujet, corps: textes avec balises « {numero} » ; dans le corps, une ligne vide sépare les
            paragraphes, un tiret ouvre une liste.
        balises: balises propres, en plus de {collectivite} et {lien}.
        obligatoire: vrai pour ce que l’administration doit notifier : pas de désabonnement.
        portail: vrai si la personne le lit aussi dans son espace.
        agents: vrai pour un message écrit aux agents ; un usager n’a pas à le régler.
    """

    titre: str
    quand: str
    sujet: str
    corps: str
    balises: Mapping[str, Balise] = field(default_factory=dict)
    obligatoire: bool = True
    portail: bool = True
    agents: bool = False

    @property
    def toutes_balises(self) -> dict[str, Balise]:
        return {**self.balises, **COMMUNES}


modeles: Registre[ModeleParDefaut] = Registre("modèle de message")
