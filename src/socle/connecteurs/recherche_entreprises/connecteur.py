"""Trouver un établissement par son SIRET."""

from typing import Any

from django.conf import settings

from socle.fondations.commun import http
from socle.fondations.commun.errors import ErreurConnecteur
from socle.fondations.formulaires.ports import Etablissement

SYSTEME = "L’annuaire des entreprises"
URL = "https://recherche-entreprises.api.gouv.fr"
DELAI = 5.0
MASQUE = "[NON-DIFFUSIBLE]"
LIBELLE = "Annuaire des entreprises (base Sirene de l’Insee)"
SIRET_CONNU = "13002526500013"  # direction interministérielle du numérique


class RechercheEntreprises:
    """Annuaire des établissements, port `AnnuaireEtablissements`.

    Args:
        url: adresse de l’API ; vide = le simulateur au bac à sable, sinon la vraie.
    """

    systeme = "Annuaire des entreprises"
    remede = "Rien à régler ici : en attendant, les personnes saisissent elles-mêmes le nom."

    def __init__(self, url: str = "") -> None:
        self._url = url

    def find_etablissement(self, siret: str) -> Etablissement | None:
        """Établissement de ce SIRET, ou `None`. Un nom masqué par son titulaire est vide.

        Raises:
            SystemeIndisponible: l’annuaire ne répond pas ou reçoit trop de demandes.
            ErreurConnecteur: réponse inattendue.
        """
        with http.translate_errors(SYSTEME), http.client(self.url, delai=DELAI) as client:
            reponse = client.get("/search", params={"q": siret, "per_page": "1"})
            corps = http.read_objet(reponse)
        try:
            return read_etablissement(corps, siret)
        except (KeyError, TypeError, AttributeError) as cause:
            raise ErreurConnecteur(f"{SYSTEME} a donné une réponse inattendue.") from cause

    def check(self) -> str:
        """Cherche le SIRET d’une administration.

        Raises:
            SystemeIndisponible, ErreurConnecteur: l’annuaire ne répond pas comme prévu.
        """
        self.find_etablissement(SIRET_CONNU)
        return "L’annuaire des entreprises répond."

    @property
    def url(self) -> str:
        if self._url:
            return self._url
        if settings.BAC_A_SABLE and settings.SIMULATEURS_URL:
            return f"{settings.SIMULATEURS_URL.rstrip('/')}/recherche-entreprises"
        return URL


def read_etablissement(corps: dict[str, Any], siret: str) -> Etablissement | None:
    """Établissement de ce SIRET exact parmi les résultats.

    Raises:
        KeyError, TypeError, AttributeError: la réponse n’a pas la forme de la notice.
    """
    for unite in corps["results"]:
        for trouve in [*unite["matching_etablissements"], unite["siege"]]:
            if trouve["siret"] == siret:
                return Etablissement(
                    siret=siret,
                    nom=clean(unite["nom_complet"]),
                    adresse=clean(trouve["adresse"]),
                    code_commune=clean(trouve.get("commune"))[:5],
                    actif=trouve["etat_administratif"] == "A",
                    libelle_source=LIBELLE,
                )
    return None


def clean(texte: str | None) -> str:
    """Texte borné ; vide s’il est absent ou masqué."""
    return "" if texte is None or MASQUE in texte else " ".join(texte.split())[:300]
