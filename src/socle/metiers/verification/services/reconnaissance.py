"""Dire ce qu’est un fichier : le vérificateur le plus sûr de lui l’emporte."""

from dataclasses import dataclass

from socle.metiers.verification.errors import NatureFausse, NatureInconnue
from socle.metiers.verification.ports import Apercu, Verificateur, verificateurs

ASSEZ_SUR = 40


@dataclass(frozen=True, slots=True)
class Nature:
    """Ce qu’est un fichier. `choix` : le schéma retenu ; `devinee` : la personne ne l’a pas dit."""

    verificateur: Verificateur
    choix: str = ""
    devinee: bool = False

    @property
    def titre(self) -> str:
        """Nom à montrer, schéma compris."""
        libelle = dict(self.verificateur.choix).get(self.choix, "")
        titre = self.verificateur.titre
        return f"{titre} : {libelle}" if libelle else titre

    @property
    def valeur(self) -> str:
        """Ce que le formulaire et l’interface de programmation envoient : « scdl:scdl/budget »."""
        norme = self.verificateur.norme
        return f"{norme}:{self.choix}" if self.choix else norme


def find_nature(valeur: str, apercu: Apercu) -> Nature:
    """Rend la nature demandée, ou celle que l’on reconnaît si rien n’est demandé.

    Raises:
        NatureFausse: ce qui est demandé n’existe pas.
        NatureInconnue: rien n’est demandé, ou le schéma manque, et rien ne s’impose.
    """
    if not valeur:
        return recognize(apercu)
    norme, _, choix = valeur.partition(":")
    verificateur = verificateurs.get(norme)
    if verificateur is None or (choix and choix not in dict(verificateur.choix)):
        raise NatureFausse
    return _choose(verificateur, apercu, choix, devinee=False)


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
