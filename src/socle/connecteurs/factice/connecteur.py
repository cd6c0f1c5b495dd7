"""Réponses et pannes convenues d’avance."""

from collections.abc import Mapping
from typing import Any

from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.formulaires.ports import (
    ContexteAppel,
    DonneeProposee,
    Etablissement,
    ReponseSource,
    Trace,
)

CHEMIN = "/factice"
PANNES: dict[str, tuple[type[ErreurConnecteur], int, str]] = {
    "indisponible": (SystemeIndisponible, 503, "Le service factice ne répond pas."),
    "refus": (ErreurConnecteur, 403, "Le service factice refuse la demande."),
    "inconnu": (ErreurConnecteur, 404, "Le service factice ne vous connaît pas."),
}


class SourceFactice:
    """Source de données qui rend `parametres["valeurs"]`, ou joue `parametres["panne"]`.

    Pannes : « indisponible », « refus », « inconnu ».
    """

    code = "factice"
    factice = True  # jamais montré parmi les vrais connecteurs
    titre = "Données inventées"
    organisme = "Connecteur factice"
    finalite = "pour essayer un formulaire sans appeler aucun service"
    donnees: tuple[DonneeProposee, ...] = (
        DonneeProposee(code="texte", libelle="Un texte", type="texte_court"),
        DonneeProposee(code="nombre", libelle="Un nombre entier", type="nombre_entier"),
    )
    scopes: tuple[str, ...] = ()
    valeurs: Mapping[str, Any] = {"texte": "Texte inventé", "nombre": 42}

    def fetch(self, contexte: ContexteAppel) -> ReponseSource:
        """Rend les valeurs convenues.

        Raises:
            SystemeIndisponible, ErreurConnecteur: selon la panne convenue.
        """
        panne = PANNES.get(str(contexte.parametres.get("panne", "")))
        if panne is not None:
            classe, statut, message = panne
            erreur = classe(message)
            erreur.trace = build_trace(statut)
            raise erreur
        return ReponseSource(
            valeurs=dict(contexte.parametres.get("valeurs", self.valeurs)),
            date_donnee=contexte.maintenant.date(),
            libelle_source="Connecteur factice, données inventées",
            trace=build_trace(200),
        )

    def check(self, parametres: Mapping[str, Any] | None = None) -> str:
        return "Le connecteur factice répond toujours."


class AnnuaireFactice:
    """Annuaire dont on choisit le contenu.

    Args:
        contenu: établissements par SIRET.
    """

    factice = True

    def __init__(self, contenu: Mapping[str, Etablissement] | None = None) -> None:
        self.contenu = dict(contenu or {})

    def find_etablissement(self, siret: str) -> Etablissement | None:
        return self.contenu.get(siret)

    def check(self) -> str:
        return "L’annuaire factice répond toujours."


def build_trace(statut: int) -> Trace:
    return Trace(endpoint=CHEMIN, statut_http=statut, identifiant_requete="factice")
