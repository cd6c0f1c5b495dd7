"""L’identité attestée par FranceConnect, comme source d’un formulaire : rien à retaper."""

import json
from datetime import datetime
from typing import Any

from socle.fondations.commun.errors import SystemeIndisponible
from socle.fondations.comptes.models import Compte, IdentiteFederee
from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.fondations.formulaires.ports import (
    ContexteAppel,
    DonneeProposee,
    ReponseSource,
    Trace,
)

CODE = "identite_franceconnect"
PROFILS = ("franceconnect", "franceconnect_plus")


class SourceIdentite:
    """Les traits que FranceConnect a donnés à la connexion ; aucun appel de plus."""

    code = CODE
    titre = "Votre identité"
    organisme = "FranceConnect"
    finalite = "pour savoir qui fait la demande"
    donnees: tuple[DonneeProposee, ...] = (
        DonneeProposee(code="given_name", libelle="Prénoms", type="texte_court"),
        DonneeProposee(code="family_name", libelle="Nom de naissance", type="texte_court"),
        DonneeProposee(code="birthdate", libelle="Date de naissance", type="date"),
    )
    scopes: tuple[str, ...] = ()

    def fetch(self, contexte: ContexteAppel) -> ReponseSource:
        """Rend les traits de l’identité du contexte.

        Raises:
            SystemeIndisponible: la personne n’est pas connectée avec FranceConnect.
        """
        if not contexte.identite:
            raise SystemeIndisponible("Vous n’êtes pas connecté avec FranceConnect.")
        valeurs = {
            d.code: contexte.identite[d.code] for d in self.donnees if contexte.identite.get(d.code)
        }
        trace = Trace(endpoint="/userinfo", statut_http=200, identifiant_requete="")
        return ReponseSource(
            valeurs=valeurs, date_donnee=None, libelle_source="FranceConnect", trace=trace
        )


def read_pivot(compte: Compte | None) -> dict[str, Any]:
    """Rend les traits attestés du compte, vide sans FranceConnect."""
    if compte is None or compte.is_agent:
        return {}
    identite = (
        IdentiteFederee.objects.filter(compte=compte, profil__in=PROFILS)
        .order_by("-derniere_connexion", "pk")
        .first()
    )
    if identite is None or not identite.pivot:
        return {}
    pivot: dict[str, Any] = json.loads(str(identite.pivot))
    return pivot


def prefill_identite(
    formulaire: FormulaireCompile, pivot: dict[str, Any], siret: str, maintenant: datetime
) -> dict[str, Any]:
    """Rend les réponses que l’identité attestée remplit dès l’ouverture du brouillon."""
    reponses: dict[str, Any] = {}
    blocs = [bloc for bloc in formulaire.list_sources() if bloc.code == CODE]
    if not pivot or not blocs:
        return reponses
    contexte = ContexteAppel(
        identite=pivot, siret_destinataire=siret, reference="", maintenant=maintenant
    )
    reponse = SourceIdentite().fetch(contexte)
    for bloc in blocs:
        reponses = formulaire.apply_source(
            bloc.id, reponse, reponses, maintenant=maintenant
        ).reponses
    return reponses
