"""Liste des agents : filtres, recherche, pages par clé, compteurs. Six requêtes au plus."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from socle.fondations.collectivites.models import Collectivite
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Compteur, Dossier, Mesure

SANS_ECHEANCE = date(9999, 12, 31)
OUVERTS = (EtatDossier.EN_CONSTRUCTION, EtatDossier.EN_INSTRUCTION)
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
    """Rend les lignes de la liste (dictionnaires légers), à trier.

    `pression` est l’échéance, jamais vide : le tri du plus pressé au moins pressé.
    """
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
    pression = Coalesce("echeance", Value(SANS_ECHEANCE))
    return dossiers.annotate(pression=pression).values(*COLONNES, "pression")


def _match(texte: str) -> Q:
    """Numéro exact, ou mots dans les réponses et le nom du demandeur."""
    if texte.strip().isdigit() and len(texte.strip()) <= 9:
        return Q(numero=int(texte))
    return Q(recherche=SearchQuery(texte, config="fr", search_type="websearch"))


def count_files(
    collectivite: Collectivite, demarche_id: int | None, agent_id: int, bientot: date
) -> dict[str, int]:
    """Rend le nombre de dossiers ouverts de chaque file, avec les critères de `list_dossiers`.

    Args:
        bientot: premier jour qui n’est plus pressé.
    """
    ouverts = Dossier.objects.filter(collectivite=collectivite, etat__in=OUVERTS)
    if demarche_id:
        ouverts = ouverts.filter(demarche_id=demarche_id)
    return ouverts.aggregate(
        a_traiter=Count("pk", filter=Q(attend_correction=False) | Q(message_non_lu=True)),
        bientot=Count("pk", filter=Q(echeance__lt=bientot)),
        chez_usager=Count("pk", filter=Q(attend_correction=True)),
        suivis=Count("pk", filter=Q(suivi_par_id=agent_id)),
    )


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
