"""Règles proposées à une collectivité qui arrive.

Aucune n’est présentée comme un texte de loi : les durées viennent d’un référentiel communal qui
cite des instructions que nous n’avons pas pu lire, ou sont proposées par prudence. Toutes sont
marquées « à confirmer par les Archives départementales ». Les délais de communicabilité, eux,
viennent du code du patrimoine.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.conservation.enums import PointDeDepart, SortFinal
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.journal.services import record

_CONFIRMER = "à confirmer par les Archives départementales"
_INSTRUCTION = (
    "Instruction DGP/SIAF/2014/006 du 22 septembre 2014, citée par un référentiel communal ; "
    f"{_CONFIRMER}"
)
_CESEDA = f"CESEDA, cité par un référentiel communal ; {_CONFIRMER}"
_RGPD = f"RGPD, art. 12 à 22, cité par un référentiel communal ; {_CONFIRMER}"
_PRUDENCE = f"Durée proposée par prudence, sans texte vérifié ; {_CONFIRMER}"
_VIE_PRIVEE = ("AR048", 50, "Code du patrimoine, art. L. 213-2, I, 3°")


class _Proposition(NamedTuple):
    code: str
    intitule: str
    annees: int
    depart: PointDeDepart
    sort: SortFinal
    source: str


_D, _T = SortFinal.DETRUIRE, SortFinal.TRIER
_PROPOSITIONS = (
    _Proposition(
        "SCO-PERISCOLAIRE",
        "Restauration scolaire et périscolaire : inscriptions, présences, facturation",
        10,
        PointDeDepart.FIN_EXERCICE,
        _D,
        _INSTRUCTION,
    ),
    _Proposition(
        "SCO-DEROGATION", "Dérogations scolaires", 5, PointDeDepart.DECISION, _D, _INSTRUCTION
    ),
    _Proposition("SCO-SORTIE", "Sorties scolaires", 10, PointDeDepart.DEPOT, _D, _INSTRUCTION),
    _Proposition(
        "ENF-ADMISSION",
        "Petite enfance : dossiers d’admission",
        3,
        PointDeDepart.CLOTURE,
        _D,
        _INSTRUCTION,
    ),
    _Proposition(
        "SOC-AIDE",
        "Aide sociale : dossiers individuels",
        10,
        PointDeDepart.CLOTURE,
        _T,
        _INSTRUCTION,
    ),
    _Proposition(
        "SOC-AIDE-REFUS", "Demandes d’aide refusées", 2, PointDeDepart.DECISION, _D, _INSTRUCTION
    ),
    _Proposition(
        "CIV-DEMANDE-ACTE",
        "État civil : demandes de copies et d’extraits",
        1,
        PointDeDepart.CLOTURE,
        _D,
        _PRUDENCE,
    ),
    _Proposition(
        "CIV-AVIS-MENTION",
        "État civil : avis de mention et pièces",
        10,
        PointDeDepart.DEPOT,
        _D,
        _INSTRUCTION,
    ),
    _Proposition(
        "CIV-TITRE-IDENTITE",
        "Cartes d’identité et passeports : registres de demandes et de remises",
        5,
        PointDeDepart.DEPOT,
        _D,
        _INSTRUCTION,
    ),
    _Proposition(
        "CIV-RECENSEMENT", "Recensement citoyen", 5, PointDeDepart.DEPOT, _D, _INSTRUCTION
    ),
    _Proposition("CIV-ACCUEIL", "Attestations d’accueil", 5, PointDeDepart.DEPOT, _D, _CESEDA),
    _Proposition(
        "RGPD-DROITS",
        "Demandes d’exercice des droits sur les données personnelles",
        5,
        PointDeDepart.CLOTURE,
        _D,
        _RGPD,
    ),
    _Proposition(
        "USA-DEMANDE",
        "Demandes d’usagers, sans règle plus précise",
        5,
        PointDeDepart.CLOTURE,
        _T,
        _PRUDENCE,
    ),
)


def load_regles_par_defaut(collectivite: Collectivite) -> int:
    """Ajoute à une collectivité les règles proposées qu’elle n’a pas encore.

    Rejouable : une règle déjà là, même corrigée par quelqu’un, n’est jamais touchée. À appeler
    sous le locataire de la collectivité.

    Returns:
        Nombre de règles ajoutées.
    """
    presents = set(
        RegleDeConservation.objects.filter(collectivite=collectivite).values_list("code", flat=True)
    )
    nouvelles = [regle for regle in _iter_regles(collectivite) if regle.code not in presents]
    RegleDeConservation.objects.bulk_create(nouvelles, ignore_conflicts=True)
    return len(nouvelles)


@transaction.atomic
def add_regles_proposees(*, collectivite: Collectivite, acteur: str, maintenant: datetime) -> int:
    """Ajoute, à la demande d’une personne, les règles proposées qui manquent ; dit leur nombre."""
    nombre = load_regles_par_defaut(collectivite)
    if nombre:
        record(
            action="regle.proposees_ajoutees",
            objet=f"collectivite:{collectivite.pk}",
            acteur=acteur,
            collectivite_id=collectivite.pk,
            maintenant=maintenant,
            donnees={"nombre": nombre},
        )
    return nombre


def count_manquantes(collectivite: Collectivite) -> int:
    """Nombre de règles proposées que la collectivité n’a pas."""
    codes = [proposition.code for proposition in _PROPOSITIONS]
    presentes = RegleDeConservation.objects.filter(collectivite=collectivite, code__in=codes)
    return len(codes) - presentes.count()


def _iter_regles(collectivite: Collectivite) -> Iterator[RegleDeConservation]:
    code, annees, source = _VIE_PRIVEE
    for proposition in _PROPOSITIONS:
        yield RegleDeConservation(
            collectivite=collectivite,
            code=proposition.code,
            intitule=proposition.intitule,
            duree_annees=proposition.annees,
            point_de_depart=proposition.depart,
            sort_final=proposition.sort,
            source_juridique=proposition.source,
            a_confirmer=True,
            communicabilite_code=code,
            communicabilite_annees=annees,
            communicabilite_source=source,
        )
