"""Aller chercher le fichier d’un autre catalogue, sans jamais parler au réseau interne."""

from urllib.parse import urljoin, urlsplit

from socle.fondations.commun import http
from socle.fondations.commun.errors import ErreurConnecteur

SYSTEME = "Le catalogue distant"
REDIRECTIONS = 3
REDIRIGE = {301, 302, 303, 307, 308}


class LecteurHttp:
    """Lit un fichier public ; port `LecteurDistant` du catalogue."""

    def fetch(self, url: str) -> bytes:
        """Rend les octets du fichier, 4 Mo au plus.

        Une redirection est suivie trois fois au plus ; chaque nouvelle adresse passe la même garde
        que la première : ni réseau interne, ni http depuis https.

        Raises:
            SystemeIndisponible: pas de réponse, délai dépassé, 5xx ou 429.
            ErreurConnecteur: adresse interne, redirection refusée, réponse trop grande, autre
                statut d’erreur.
        """
        adresse = url
        for _ in range(REDIRECTIONS + 1):
            octets, suite = self._get(adresse)
            if not suite:
                return octets
            if urlsplit(adresse).scheme == "https" and urlsplit(suite).scheme != "https":
                raise ErreurConnecteur(
                    f"{SYSTEME} renvoie vers une adresse qui n’est pas en https."
                )
            http.check_adresse(suite)
            adresse = suite
        raise ErreurConnecteur(f"{SYSTEME} renvoie d’adresse en adresse sans fin.")

    def _get(self, adresse: str) -> tuple[bytes, str]:
        """Rend le corps, ou l’adresse où la réponse renvoie."""
        with http.translate_errors(SYSTEME), http.client(adresse) as client:
            reponse = client.get(adresse)
            if reponse.status_code in REDIRIGE:
                return b"", urljoin(adresse, reponse.headers.get("Location", ""))
            return reponse.raise_for_status().content, ""
