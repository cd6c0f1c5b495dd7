"""Chaque minute : sceller, puis faire horodater les points. Le réseau est hors transaction."""

import logging
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from socle.fondations.commun import http, taches
from socle.fondations.commun.errors import ErreurConnecteur
from socle.fondations.journal import services
from socle.fondations.journal.ports import Horodateur, horodateurs
from socle.fondations.journal.queries import list_lots_a_horodater
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.horodatage import JETON_MAX, build_requete

trace = logging.getLogger("socle.journal")


@taches.periodique(name="journal.sceller", cron="* * * * *")
def sceller(*, timestamp: int) -> None:
    """Scelle ce qui s’est passé depuis la dernière minute."""
    maintenant = timezone.now()
    for lot in services.seal_journal(maintenant=maintenant):
        trace.info("journal.scelle", extra={"lot": lot.pk, "entrees": lot.entrees})
    stamp_lots(maintenant=maintenant)


def stamp_lots(*, maintenant: datetime) -> int:
    """Fait horodater les derniers points qui ne le sont pas et rend leur nombre.

    Une panne de l’autorité n’arrête rien : on réessaie la minute suivante. Un point ancien resté
    sans jeton est couvert par celui d’un point plus récent, qui le prolonge.
    """
    horodateur = choose_horodateur()
    if horodateur is None:
        return 0
    nombre = 0
    for lot in list_lots_a_horodater():
        requete = build_requete(bytes(lot.note))
        try:
            reponse = horodateur.stamp(requete.der)
            services.save_jeton(
                lot=lot, reponse=reponse, nonce=requete.nonce, maintenant=maintenant
            )
        except (ErreurConnecteur, PreuveInvalide) as cause:
            trace.warning("journal.horodatage_reporte", extra={"lot": lot.pk, "cause": str(cause)})
            break
        nombre += 1
    return nombre


def choose_horodateur() -> Horodateur | None:
    """Autorité inscrite par un connecteur, sinon celle du réglage `HORODATAGE_URL`."""
    if "tiers" in horodateurs:
        return horodateurs["tiers"]
    return HorodateurHttp(settings.HORODATAGE_URL) if settings.HORODATAGE_URL else None


class HorodateurHttp:
    """Autorité d’horodatage par HTTP (RFC 3161, §3.4)."""

    def __init__(self, url: str) -> None:
        parties = urlsplit(url)
        self.origine = f"{parties.scheme}://{parties.netloc}"
        self.chemin = parties.path + (f"?{parties.query}" if parties.query else "")

    def stamp(self, requete: bytes) -> bytes:
        """Envoie la requête ; voir `ports.Horodateur`."""
        entetes = {"Content-Type": "application/timestamp-query"}
        with (
            http.translate_errors("L’autorité d’horodatage"),
            http.client(self.origine, taille_max=JETON_MAX) as client,
        ):
            reponse = client.post(self.chemin or "/", content=requete, headers=entetes)
            reponse.raise_for_status()
            return reponse.content
