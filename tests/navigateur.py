"""Un navigateur sans écran : va du produit aux simulateurs de l’État et revient."""

import re
from html import unescape
from urllib.parse import urlsplit

import httpx
from django.test import Client

PRODUIT = "http://localhost:8000"


class Navigateur:
    """Suit une connexion attestée comme le ferait une personne.

    `client` est le navigateur côté produit, `web` le même côté fournisseur (ses cookies à part).
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.web = httpx.Client(follow_redirects=False, timeout=60)

    def part(self, chemin: str, **donnees: str) -> str:
        """Part du produit ; rend l’adresse du fournisseur."""
        reponse = self.client.post(chemin, donnees)
        assert reponse.status_code == 303, (reponse.status_code, reponse.text[:400])
        return reponse["Location"]

    def choisit(self, depart: str, identite: str, **choix: str) -> str:
        """Choisit une identité chez le fournisseur ; rend l’adresse de retour."""
        page = self.web.get(depart)
        assert page.status_code == 303, page.text[:400]
        page = self.web.get(self._absolu(depart, page.headers["Location"]))
        sceau = re.search(r'name="demande" value="([^"]+)"', page.text)
        action = re.search(r'<form method="post" action="([^"]+)"', page.text)
        assert sceau, page.text[:600]
        reponse = self.web.post(
            self._absolu(depart, unescape(action[1])),
            data={"demande": unescape(sceau[1]), "identite": identite, **choix},
        )
        assert reponse.status_code == 303, reponse.text[:600]
        return reponse.headers["Location"]

    def revient(self, retour: str):
        """Revient au produit, et suit les relais jusqu’à une page ou une connexion faite."""
        reponse = self.client.get(self._chemin(retour))
        while reponse.status_code == 302 and "/retour/" in reponse["Location"]:
            reponse = self.client.get(self._chemin(reponse["Location"]))
        return reponse

    def connecte(
        self,
        identite: str,
        *,
        racine: str = "/c/clamart/",
        code: str = "franceconnect",
        depart: dict[str, str] | None = None,
        **choix: str,
    ):
        """Parcours entier depuis la page de connexion ; rend la dernière réponse."""
        adresse = self.part(f"{racine}connexion/{code}/", **(depart or {}))
        return self.revient(self.choisit(adresse, identite, **choix))

    @staticmethod
    def _absolu(depart: str, adresse: str) -> str:
        lue = urlsplit(depart)
        return adresse if "://" in adresse else f"{lue.scheme}://{lue.netloc}{adresse}"

    @staticmethod
    def _chemin(adresse: str) -> str:
        lue = urlsplit(adresse)
        return f"{lue.path}?{lue.query}" if lue.query else lue.path
