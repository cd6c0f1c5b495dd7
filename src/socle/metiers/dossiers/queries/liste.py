"""Liste des agents : filtres, recherche, pages par clé, compteurs. Six requêtes au plus."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from socle.fondations.collectivites.models import Collectivite
from socle.metiers.dossiers.enums import TERMINES, EtatDossier
from socle.metiers.dossiers.models import SANS_ECHEANCE, Dossier, Mesure

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


NOMBRES = """
SELECT count(*) FILTER (WHERE NOT attend_correction OR message_non_lu),
  count(*) FILTER (WHERE echeance < %(bientot)s),
  count(*) FILTER (WHERE attend_correction),
  count(*) FILTER (WHERE suivi_par_id = %(agent)s),
  (SELECT coalesce(sum(nombre), 0) FROM dossiers_compteur WHERE collectivite_id = %(collectivite)s
    AND etat = ANY(%(termines)s) AND (%(demarche)s::bigint IS NULL OR demarche_id = %(demarche)s))
FROM dossiers_dossier
WHERE collectivite_id = %(collectivite)s AND etat IN (%(construction)s, %(instruction)s)
"""
FILES = ("a_traiter", "bientot", "chez_usager", "suivis", "termines")


def count_files(
    collectivite: Collectivite, demarche_id: int | None, agent_id: int, bientot: date
) -> dict[str, int]:
    """Rend le nombre de dossiers de chaque file, avec les critères de `list_dossiers`.

    Une lecture : les ouverts par leur index, les terminés par la table de compteurs.

    Args:
        bientot: premier jour qui n’est plus pressé.
    """
    instruction = NOMBRES + (" AND demarche_id = %(demarche)s" if demarche_id else "")
    with connection.cursor() as curseur:
        curseur.execute(
            instruction,
            {
                "collectivite": collectivite.pk,
                "demarche": demarche_id,
                "agent": agent_id,
                "bientot": bientot,
                "construction": EtatDossier.EN_CONSTRUCTION.value,
                "instruction": EtatDossier.EN_INSTRUCTION.value,
                "termines": [str(etat.value) for etat in TERMINES],
            },
        )
        return dict(zip(FILES, curseur.fetchone(), strict=True))


def list_mesures(collectivite: Collectivite, demarche_id: int) -> QuerySet[Mesure]:
    """Rend les mesures d’usage d’une démarche, du premier jour au dernier."""
    return Mesure.objects.filter(collectivite=collectivite, demarche_id=demarche_id).order_by(
        F("jour"), "fait", "canal"
    )
