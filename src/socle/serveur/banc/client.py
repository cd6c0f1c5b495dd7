"""Un navigateur sans JavaScript, assez léger pour ne pas fausser la mesure."""

import http.client
import re
import secrets
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

from socle.serveur.errors import ErreurServeur

JETON = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FORMULAIRE = re.compile(r"<form\b.*?</form>", re.DOTALL)
CACHE = re.compile(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"')
REDIRECTIONS = {301, 302, 303, 307, 308}
MAX_REDIRECTIONS = 10


@dataclass(frozen=True)
class Page:
    """Réponse finale, redirections suivies."""

    statut: int
    adresse: str
    corps: bytes
    type_mime: str
    etag: str = ""

    @property
    def texte(self) -> str:
        """Corps en texte."""
        return self.corps.decode(errors="replace")

    @property
    def jeton(self) -> str:
        """Jeton CSRF du premier formulaire de la page."""
        trouve = JETON.search(self.texte)
        return trouve.group(1) if trouve else ""

    def read_caches(self, indice: str = "csrfmiddlewaretoken") -> dict[str, str]:
        """Champs cachés du premier formulaire qui contient `indice`."""
        formulaires = FORMULAIRE.findall(self.texte)
        formulaire = next((f for f in formulaires if indice in f), "")
        return {nom: unescape(valeur) for nom, valeur in CACHE.findall(formulaire)}


class Navigateur:
    """Session HTTP : une connexion gardée, des cookies, les redirections suivies.

    `adresse` est l’adresse IP que le navigateur dit être la sienne ; `marque`, un signet libre.
    """

    def __init__(self, port: int) -> None:
        self._connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._hote = f"localhost:{port}"
        self.cookies: dict[str, str] = {}
        self.adresse = ""
        self.marque = ""

    def close(self) -> None:
        """Ferme la connexion."""
        self._connexion.close()

    def get(self, chemin: str, **entetes: str) -> Page:
        """Demande une page."""
        return self._follow(
            "GET", chemin, b"", {n.replace("_", "-"): v for n, v in entetes.items()}
        )

    def get_avec(self, chemin: str, parametres: dict[str, str]) -> Page:
        """Demande une page avec des paramètres, comme un formulaire de recherche."""
        return self.get(f"{chemin}?{urlencode(parametres)}")

    def post(self, chemin: str, champs: dict[str, str]) -> Page:
        """Envoie un formulaire sans fichier."""
        entetes = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._follow("POST", chemin, urlencode(champs).encode(), entetes)

    def post_fichiers(
        self, chemin: str, champs: dict[str, str], fichiers: dict[str, tuple[str, bytes, str]]
    ) -> Page:
        """Envoie un formulaire avec fichiers : champ → (nom, contenu, type)."""
        limite = secrets.token_hex(12)
        corps = build_multipart(limite, champs, fichiers)
        entetes = {"Content-Type": f"multipart/form-data; boundary={limite}"}
        return self._follow("POST", chemin, corps, entetes)

    def _follow(self, methode: str, chemin: str, corps: bytes, entetes: dict[str, str]) -> Page:
        for _ in range(MAX_REDIRECTIONS):
            reponse, contenu = self._send(methode, chemin, corps, entetes)
            if reponse.status not in REDIRECTIONS:
                type_mime = reponse.getheader("Content-Type", "")
                etag = reponse.getheader("ETag", "")
                return Page(reponse.status, chemin, contenu, type_mime, etag)
            cible = urlsplit(urljoin(f"http://{self._hote}{chemin}", reponse.getheader("Location")))
            chemin = cible.path + (f"?{cible.query}" if cible.query else "")
            if reponse.status not in {307, 308}:
                methode, corps, entetes = "GET", b"", {}
        raise ErreurServeur(f"Trop de redirections vers {chemin}.")

    def _send(
        self, methode: str, chemin: str, corps: bytes, entetes: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        cookies = "; ".join(f"{nom}={valeur}" for nom, valeur in self.cookies.items())
        tous = {"Host": self._hote, "Accept": "text/html", **entetes}
        if self.adresse:
            tous["X-Forwarded-For"] = self.adresse
        if cookies:
            tous["Cookie"] = cookies
        if methode == "POST":
            tous["Origin"] = f"http://{self._hote}"
        reponse = self._ask(methode, chemin, corps or None, tous)
        contenu = reponse.read()
        for ligne in reponse.headers.get_all("Set-Cookie", []):
            self._keep_cookie(ligne)
        return reponse, contenu

    def _ask(
        self, methode: str, chemin: str, corps: bytes | None, entetes: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Redemande une fois une page lue sur une connexion que le serveur avait fermée, oisive."""
        try:
            self._connexion.request(methode, chemin, body=corps, headers=entetes)
            return self._connexion.getresponse()
        except http.client.RemoteDisconnected:
            if methode != "GET":
                raise
        self._connexion.close()
        self._connexion.request(methode, chemin, headers=entetes)
        return self._connexion.getresponse()

    def _keep_cookie(self, ligne: str) -> None:
        nom, _, valeur = ligne.partition(";")[0].partition("=")
        if valeur and "max-age=0" not in ligne.lower():
            self.cookies[nom.strip()] = valeur
        else:
            self.cookies.pop(nom.strip(), None)


def build_multipart(
    limite: str, champs: dict[str, str], fichiers: dict[str, tuple[str, bytes, str]]
) -> bytes:
    """Corps d’un formulaire `multipart/form-data` (RFC 7578)."""
    morceaux = []
    for nom, valeur in champs.items():
        entete = f'--{limite}\r\nContent-Disposition: form-data; name="{nom}"\r\n\r\n'
        morceaux.append(f"{entete}{valeur}\r\n".encode())
    for nom, (fichier, contenu, type_mime) in fichiers.items():
        entete = (
            f'--{limite}\r\nContent-Disposition: form-data; name="{nom}"; filename="{fichier}"\r\n'
            f"Content-Type: {type_mime}\r\n\r\n"
        )
        morceaux += [entete.encode(), contenu, b"\r\n"]
    return b"".join([*morceaux, f"--{limite}--\r\n".encode()])
