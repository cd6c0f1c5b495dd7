"""Ce que le journal demande au dehors : un horodatage par un tiers."""

from typing import Protocol

from socle.fondations.commun.registre import Registre


class Horodateur(Protocol):
    """Autorité d’horodatage."""

    def stamp(self, requete: bytes) -> bytes:
        """Envoie une requête RFC 3161 (DER) et rend la réponse (DER).

        Raises:
            SystemeIndisponible: à relancer.
            ErreurConnecteur: réponse inattendue.
        """


horodateurs: Registre[Horodateur] = Registre("horodateur")
"""Un connecteur peut s’inscrire sous le code « tiers » ; il remplace alors l’appel HTTP simple."""
