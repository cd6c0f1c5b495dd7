"""Un navigateur sans JavaScript, en vingt gestes : ouvrir, remplir, presser, lire, télécharger."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
from lxml import html

from socle.serveur.errors import ErreurServeur

Champs = Mapping[str, Any]
Fichiers = Mapping[str, Path]


class Navigateur:
    """Suit les pages comme une personne : garde les témoins, remplit, suit les redirections.

    Attributes:
        reponse: dernière réponse reçue.
    """

    def __init__(self, origine: str) -> None:
        self.client = httpx.Client(base_url=origine, follow_redirects=True, timeout=60.0)
        self.reponse: httpx.Response

    def close(self) -> None:
        self.client.close()

    def open(self, adresse: str) -> html.HtmlElement:
        """Ouvre une page.

        Raises:
            ErreurServeur: la page répond par une erreur.
        """
        return self._read(self.client.get(adresse))

    @property
    def page(self) -> html.HtmlElement:
        return parse(self.reponse.text)

    @property
    def adresse(self) -> str:
        return str(self.reponse.url)

    @property
    def texte(self) -> str:
        """Texte visible de la page, espaces réunis."""
        return " ".join(self.page.find("body").text_content().split())

    def submit(
        self,
        champs: Champs | None = None,
        *,
        action: str = "",
        bouton: str = "",
        fichiers: Fichiers | None = None,
    ) -> html.HtmlElement:
        """Remplit un formulaire de la page et presse un bouton.

        Args:
            champs: nom → valeur (ou liste de valeurs) ; le reste garde ce que la page proposait.
            action: partie de l’adresse du formulaire, pour le choisir s’il y en a plusieurs.
            bouton: « nom=valeur » du bouton pressé ; vide, le premier bouton du formulaire.
            fichiers: nom → chemin d’un fichier à joindre.

        Raises:
            ErreurServeur: formulaire ou bouton absents, ou réponse en erreur.
        """
        formulaire = self._find_form(action, bouton)
        donnees = read_champs(formulaire)
        donnees |= champs or {}
        nom, _, valeur = bouton.partition("=")
        if bouton:
            donnees[nom] = valeur
        cible = urljoin(self.adresse, formulaire.get("action") or self.adresse)
        if (formulaire.get("method") or "get").lower() == "get":
            return self._read(self.client.get(cible, params=donnees))
        joints = {n: (c.name, c.read_bytes()) for n, c in (fichiers or {}).items()}
        entetes = {"Referer": self.adresse}
        return self._read(
            self.client.post(cible, data=donnees, files=joints or None, headers=entetes)
        )

    def follow(self, texte: str) -> html.HtmlElement:
        """Suit le premier lien qui contient ce texte."""
        for lien in self.page.iterfind(".//a[@href]"):
            if texte in " ".join(lien.text_content().split()):
                return self.open(urljoin(self.adresse, lien.get("href")))
        raise ErreurServeur(f"Lien « {texte} » absent de {self.adresse}.")

    def find_href(self, partie: str) -> str:
        """Rend l’adresse du premier lien qui contient `partie` ; vide s’il n’y en a pas."""
        liens = (lien.get("href") for lien in self.page.iterfind(".//a[@href]"))
        trouve = next((href for href in liens if partie in href), "")
        return urljoin(self.adresse, trouve) if trouve else ""

    def download(self, adresse: str, fichier: Path) -> Path:
        """Télécharge un document."""
        reponse = self.client.get(adresse)
        if reponse.status_code != httpx.codes.OK:
            raise ErreurServeur(f"{adresse} répond {reponse.status_code}.")
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_bytes(reponse.content)
        return fichier

    def _find_form(self, action: str, bouton: str) -> html.HtmlElement:
        nom, _, valeur = bouton.partition("=")
        for formulaire in self.page.forms:
            boutons = {
                (b.get("name") or "", b.get("value") or "") for b in formulaire.iter("button")
            }
            if action in (formulaire.get("action") or "") and (
                not bouton or (nom, valeur) in boutons
            ):
                return formulaire
        raise ErreurServeur(f"Formulaire « {action or bouton} » absent de {self.adresse}.")

    def _read(self, reponse: httpx.Response) -> html.HtmlElement:
        self.reponse = reponse
        erreurs = read_erreurs(reponse.text) if reponse.is_client_error else ""
        nouvelle_question = reponse.status_code == httpx.codes.UNPROCESSABLE_ENTITY and not erreurs
        if reponse.is_error and not nouvelle_question:
            titre = parse(reponse.text).findtext(".//title") or ""
            raise ErreurServeur(
                f"{reponse.request.method} {reponse.url} répond {reponse.status_code}"
                f" ({titre.strip()}). {erreurs}"
            )
        return self.page


def read_champs(formulaire: html.HtmlElement) -> dict[str, Any]:
    """Rend ce que le formulaire enverrait tel quel, boutons et fichiers exclus."""
    donnees: dict[str, Any] = {}
    for nom, valeur in formulaire.form_values():
        if nom in donnees:
            avant = donnees[nom] if isinstance(donnees[nom], list) else [donnees[nom]]
            donnees[nom] = [*avant, valeur]
        else:
            donnees[nom] = valeur
    return donnees


def read_erreurs(texte: str) -> str:
    """Rend le résumé des erreurs d’une page, pour dire ce qui a manqué."""
    alertes = parse(texte).find_class("alert-danger")
    return " ".join(" ".join(a.text_content().split()) for a in alertes)[:500]


def parse(texte: str) -> html.HtmlElement:
    """Lit une page ; un corps vide ou qui n’est pas du HTML donne une page vide."""
    return html.document_fromstring(texte if texte.strip() else "<html><body></body></html>")
