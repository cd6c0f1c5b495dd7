"""Liste des agents : filtres, recherche, pages par clé, compteurs. Six requêtes au plus."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.fuseau import PARIS
from socle.fondations.comptes.permissions import Portee
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.enums import TERMINES, EtatDossier
from socle.metiers.dossiers.models import SANS_ECHEANCE, Dossier
from socle.metiers.dossiers.queries.recherche import (
    Accord,
    Demande,
    build_accord,
    list_parametres,
    match_dossiers,
    write_accord,
    write_portee,
)

COLONNES = (
    "numero", "reference", "etat", "demandeur", "canal", "depose_le", "echeance", "projection",
    "attend_correction", "correction_limite", "message_non_lu", "demarche_id",
    "suivi_par__prenom", "suivi_par__nom",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filtre:
    """Ce qu’un agent cherche. Tout est facultatif.

    Attributes:
        depose_du: premier jour de dépôt, à Paris.
        depose_au: dernier jour de dépôt, compris.
        exact: chercher les mots tels quels, même inconnus.
    """

    demarche_id: int | None = None
    service_id: int | None = None
    etats: tuple[str, ...] = ()
    canal: str = ""
    depose_du: date | None = None
    depose_au: date | None = None
    demande: Demande = Demande()  # noqa: RUF009  figée
    accord: Accord = Accord()  # noqa: RUF009  figé
    exact: bool = False
    suivi_par_id: int | None = None
    echeance_avant: date | None = None
    attend_agent: bool = False
    attend_usager: bool = False


class Choix(NamedTuple):
    """Une démarche que la liste peut choisir : ce que les filtres et les lignes en montrent."""

    pk: int
    titre: str
    colonnes: list[dict[str, str]]
    service_id: int | None
    service: str | None


def list_choix(collectivite: Collectivite, portee: Portee) -> list[Choix]:
    """Rend les démarches dont l’agent lit les dossiers, légères : lues à chaque page."""
    siennes = Demarche.objects.filter(portee.filter("service"), collectivite=collectivite)
    demarches = siennes.order_by("titre", "pk")
    lignes = demarches.values_list("pk", "titre", "colonnes", "service_id", "service__nom")
    return [Choix(*ligne) for ligne in lignes]


def list_dossiers(
    collectivite: Collectivite, portee: Portee, filtre: Filtre
) -> QuerySet[Any, dict[str, Any]]:
    """Rend les lignes de la liste (dictionnaires légers), à trier.

    `pression` est l’échéance, jamais vide : le tri du plus pressé au moins pressé.

    Args:
        portee: services dont l’agent lit les dossiers.
    """
    pression = Coalesce("echeance", Value(SANS_ECHEANCE))
    siens = portee.filter("demarche__service")
    dossiers = Dossier.objects.filter(siens, collectivite=collectivite).annotate(pression=pression)
    if not filtre.etats:
        dossiers = dossiers.exclude(etat=EtatDossier.BROUILLON)
    return dossiers.filter(*_list_conditions(filtre)).values(*COLONNES, "pression")


def _list_conditions(filtre: Filtre) -> list[Any]:
    du, au = (_begin(filtre.depose_du), _begin(filtre.depose_au, jours=1))
    possibles: list[tuple[Any, Q]] = [
        (filtre.demarche_id, Q(demarche_id=filtre.demarche_id)),
        (filtre.service_id, Q(demarche__service_id=filtre.service_id)),
        (filtre.etats, Q(etat__in=filtre.etats)),
        (filtre.canal, Q(canal=filtre.canal)),
        (du, Q(depose_le__gte=du)),
        (au, Q(depose_le__lt=au)),
        (filtre.suivi_par_id, Q(suivi_par_id=filtre.suivi_par_id)),
        (filtre.echeance_avant, Q(echeance__lt=filtre.echeance_avant)),
        (filtre.attend_agent, Q(attend_correction=False) | Q(message_non_lu=True)),
        (filtre.attend_usager, Q(attend_correction=True)),
    ]
    conditions: list[Any] = [condition for valeur, condition in possibles if valeur]
    if filtre.demande:
        conditions.append(match_dossiers(filtre.demande, filtre.accord, exact=filtre.exact))
    return conditions


def _begin(jour: date | None, jours: int = 0) -> datetime | None:
    """Rend minuit à Paris, ce jour ou `jours` plus tard ; None hors du calendrier."""
    if jour is None or not 1900 < jour.year < 9000:
        return None
    return datetime.combine(jour + timedelta(days=jours), time(), tzinfo=PARIS)


@dataclass(frozen=True, slots=True)
class Tete:
    """Ce que la liste lit autour de ses lignes.

    Attributes:
        nombres: dossiers de chaque file, avec les critères de `list_dossiers`.
        colonnes: choix de l’agent, par démarche (« 0 » : en général).
        accord: ce que la base connaît de la recherche.
    """

    nombres: dict[str, int]
    colonnes: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    accord: Accord = Accord()  # noqa: RUF009  figé


TETE = """
WITH compte AS (
  SELECT coalesce(sum(nombre) FILTER (WHERE etat IN ('en_construction', 'en_instruction')), 0)
      AS ouverts,
    coalesce(sum(nombre) FILTER (WHERE etat = ANY(%(termines)s)), 0) AS termines
  FROM dossiers_compteur
  WHERE collectivite_id = %(collectivite)s AND (%(demarche)s::bigint IS NULL
    OR demarche_id = %(demarche)s) {siens}
), attente AS (
  SELECT count(*) AS tous, count(*) FILTER (WHERE NOT message_non_lu) AS muets
  FROM dossiers_dossier
  WHERE collectivite_id = %(collectivite)s AND etat IN ('en_construction', 'en_instruction')
    AND attend_correction {siens} {et_demarche}
)
SELECT compte.ouverts - attente.muets,
  (SELECT count(*) FROM dossiers_dossier
    WHERE collectivite_id = %(collectivite)s AND etat IN ('en_construction', 'en_instruction')
      AND echeance < %(bientot)s {siens} {et_demarche}),
  attente.tous,
  (SELECT count(*) FROM dossiers_dossier
    WHERE collectivite_id = %(collectivite)s AND etat IN ('en_construction', 'en_instruction')
      AND suivi_par_id = %(agent)s {siens} {et_demarche}),
  compte.termines,
  (SELECT jsonb_object_agg(coalesce(demarche_id, 0), colonnes) FROM dossiers_colonnesdelaliste
    WHERE collectivite_id = %(collectivite)s AND agent_id = %(agent)s
      AND (demarche_id IS NULL OR demarche_id = %(demarche)s)),
  EXISTS ({existe}),
  ({proches})
FROM compte, attente
"""
FILES = ("a_traiter", "bientot", "chez_usager", "suivis", "termines")


def read_tete(
    collectivite: Collectivite,
    portee: Portee,
    *,
    agent_id: int,
    bientot: date,
    demarche_id: int | None = None,
    demande: Demande | None = None,
    exact: bool = False,
) -> Tete:
    """Rend les nombres des files, les colonnes de l’agent et l’accord, en une lecture.

    Les nombres viennent d’index partiels et de la table de compteurs : ils ne coûtent pas plus
    quand les dossiers ouverts se comptent par milliers.

    Args:
        portee: services dont l’agent lit les dossiers ; le reste ne se compte pas.
        bientot: premier jour qui n’est plus pressé.
    """
    seule = "AND demarche_id = %(demarche)s" if demarche_id else ""
    siens, accord = write_portee(portee), write_accord(portee)
    instruction = TETE.format(et_demarche=seule, siens=siens, **accord)
    parametres = list_parametres(demande or Demande(), exact=exact) | {
        "collectivite": collectivite.pk,
        "services": sorted(portee.services),
        "demarche": demarche_id,
        "agent": agent_id,
        "bientot": bientot,
        "termines": [str(etat.value) for etat in TERMINES],
    }
    with connection.cursor() as curseur:
        curseur.execute(instruction, parametres)
        *nombres, colonnes, existe, proches = curseur.fetchone()
    return Tete(
        nombres={file: int(nombre) for file, nombre in zip(FILES, nombres, strict=True)},
        colonnes=json.loads(colonnes or "{}"),
        accord=build_accord(existe, json.loads(proches or "{}")),
    )


def read_accord(
    collectivite: Collectivite, portee: Portee, demande: Demande, *, exact: bool = False
) -> Accord:
    """Rend ce que la base connaît d’une recherche ; sans recherche, ne lit rien."""
    if not demande:
        return Accord()
    parametres = list_parametres(demande, exact=exact) | {
        "collectivite": collectivite.pk,
        "services": sorted(portee.services),
    }
    instruction = "SELECT EXISTS ({existe}), ({proches})".format(**write_accord(portee))
    with connection.cursor() as curseur:
        curseur.execute(instruction, parametres)
        existe, proches = curseur.fetchone()
    return build_accord(existe, json.loads(proches or "{}"))
