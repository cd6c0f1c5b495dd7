"""Ce que la page et l’interface de programmation font de même avant de contrôler."""

from datetime import datetime

from socle.fondations.commun.errors import TropDeDemandes
from socle.fondations.commun.frequence import check_frequences
from socle.fondations.commun.textes import format_taille
from socle.metiers.verification.errors import FichierTropLourd, TropDeFichiers
from socle.metiers.verification.ports import LIMITES, Limites

MARGE = LIMITES.schema + 64 * 1024  # le schéma, et l’enveloppe du formulaire


def check_longueur(longueur: int, limites: Limites = LIMITES) -> None:
    """Refuse d’après la longueur annoncée, avant de lire.

    Raises:
        FichierTropLourd: au-delà de `limites.octets`.
    """
    if longueur > limites.octets + MARGE:
        raise FichierTropLourd(format_taille(limites.octets))


def count_envoi(*, qui: str, maintenant: datetime, limites: Limites = LIMITES) -> None:
    """Compte un envoi de cette adresse.

    Raises:
        TropDeFichiers: l’une des limites est dépassée ; `secondes` dit l’attente.
    """
    try:
        check_frequences(
            quoi="verifier", qui=qui, limites=limites.frequences, maintenant=maintenant
        )
    except TropDeDemandes as refus:
        raise TropDeFichiers(secondes=refus.secondes) from refus
