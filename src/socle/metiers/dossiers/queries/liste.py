"""Liste des agents : filtres, recherche, pages par clé, compteurs. Six requêtes au plus."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Compteur, Dossier, Mesure

COLONNES = (
    "numero", "reference", "etat", "demandeur", "canal", "depose_le", "echeance", "projection",
    "attend_correction", "message_non_lu", "demarche__titre", "suivi_par__prenom",
    "suivi_par__nom",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filtre:
    """Ce qu’un agent cherche. Tout est facultatif."""

    demarche_id: int | None = None
    etats: tuple[str, ...] = ()
    texte: str = ""
    suivi_par_id: int | None = None
    echeance_avant: date | None = None
    attend_agent: bool = False
    attend_usager: bool = False


def list_dossiers(collectivite: Collectivite, filtre: Filtre) -> QuerySet[Any, dict[str, Any]]:
    """Rend les lignes de la liste (dictionnaires légers), les plus récentes d’abord."""
    dossiers = Dossier.objects.filter(collectivite=collectivite).exclude(etat=EtatDossier.BROUILLON)
    if filtre.demarche_id:
        dossiers = dossiers.filter(demarche_id=filtre.demarche_id)
    if filtre.etats:
        dossiers = dossiers.filter(etat__in=filtre.etats)
    if filtre.suivi_par_id:
        dossiers = dossiers.filter(suivi_par_id=filtre.suivi_par_id)
    if filtre.echeance_avant:
        dossiers = dossiers.filter(echeance__lt=filtre.echeance_avant)
    if filtre.attend_agent:
        dossiers = dossiers.filter(Q(attend_correction=False) | Q(message_non_lu=True))
    if filtre.attend_usager:
        dossiers = dossiers.filter(attend_correction=True)
    if filtre.texte:
        dossiers = dossiers.filter(_match(filtre.texte))
    return dossiers.values(*COLONNES)


def _match(texte: str) -> Q:
    """Numéro exact, ou mots dans les réponses et le nom du demandeur."""
    if texte.strip().isdigit() and len(texte.strip()) <= 9:
        return Q(numero=int(texte))
    return Q(recherche=SearchQuery(texte, config="fr", search_type="websearch"))


def count_par_etat(collectivite: Collectivite, demarche_id: int | None = None) -> dict[str, int]:
    """Rend le nombre de dossiers par état, lu dans la table de compteurs."""
    compteurs = Compteur.objects.filter(collectivite=collectivite)
    if demarche_id:
        compteurs = compteurs.filter(demarche_id=demarche_id)
    totaux: dict[str, int] = {}
    for etat, nombre in compteurs.values_list("etat", "nombre").order_by("etat"):
        totaux[etat] = totaux.get(etat, 0) + nombre
    return totaux


def list_mesures(collectivite: Collectivite, demarche_id: int) -> QuerySet[Mesure]:
    """Rend les mesures d’usage d’une démarche, du premier jour au dernier."""
    return Mesure.objects.filter(collectivite=collectivite, demarche_id=demarche_id).order_by(
        F("jour"), "fait", "canal"
    )
