"""Essai d’un fournisseur d’identité : clés lisibles, demande d’autorisation acceptée."""

from collections.abc import Iterator
from dataclasses import dataclass

from socle.fondations.commun import http
from socle.fondations.commun.errors import ErreurConnecteur
from socle.fondations.commun.oidc.cles import clear_cles, list_cles
from socle.fondations.commun.oidc.depart import open_parcours
from socle.fondations.commun.oidc.fournisseur import Fournisseur


@dataclass(frozen=True)
class Essai:
    """Résultat d’un essai, en une phrase."""

    nom: str
    bon: bool
    detail: str


def check_fournisseur(fournisseur: Fournisseur) -> Iterator[Essai]:
    """Essaie sans connecter personne. Parle au réseau.

    La demande d’autorisation est vraiment faite : une faute de paramètre reste sur une page du
    fournisseur, et un usager serait le premier à la voir.
    """
    yield _check_cles(fournisseur)
    yield _check_autorisation(fournisseur)


def _check_cles(fournisseur: Fournisseur) -> Essai:
    clear_cles()
    try:
        cles = list_cles(fournisseur, None)
    except ErreurConnecteur as cause:
        return Essai("clés", bon=False, detail=str(cause))
    nombre = len(cles)
    detail = f"une clé {fournisseur.algorithme}" if nombre else "plusieurs clés, ou aucune sans kid"
    return Essai("clés", bon=True, detail=detail)


def _check_autorisation(fournisseur: Fournisseur) -> Essai:
    adresse = open_parcours({}, fournisseur, maintenant=0.0)
    try:
        with (
            http.translate_errors("Le fournisseur"),
            http.client(fournisseur.autorisation, delai=fournisseur.delai) as client,
        ):
            reponse = client.get(adresse)
    except ErreurConnecteur as cause:
        return Essai("autorisation", bon=False, detail=str(cause))
    if reponse.status_code >= 400:
        detail = f"la demande est refusée ({reponse.status_code}) : client, retour ou périmètres"
        return Essai("autorisation", bon=False, detail=detail)
    vers = reponse.headers.get("Location", "")
    if "error=" in vers:
        return Essai("autorisation", bon=False, detail="le fournisseur renvoie une erreur")
    return Essai("autorisation", bon=True, detail="la demande est acceptée")
