"""Convocation du conseil, caractère exécutoire d’un acte, déféré du préfet."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from socle.normes.delais.calendrier import FRANCE, Calendrier
from socle.normes.delais.moteur import Echeance, compute_delai
from socle.normes.delais.textes import write_jour

SEUIL_DE_CONVOCATION = 3500


class Assemblee(StrEnum):
    """Qui se réunit."""

    CONSEIL_MUNICIPAL = "conseil_municipal"
    DEPARTEMENT_OU_REGION = "departement_ou_region"


def compute_convocation(
    seance: date,
    *,
    population: int,
    assemblee: Assemblee = Assemblee.CONSEIL_MUNICIPAL,
    urgence: bool = False,
) -> Echeance:
    """Dernier jour d’envoi de la convocation, ou du rapport d’un département ou d’une région.

    Args:
        population: population municipale ; pour une intercommunalité, celle de sa plus grande
            commune (CGCT, art. L. 5211-1).
        urgence: délai abrégé à un jour franc, dont le conseil juge à l’ouverture.

    Source: CGCT, art. L. 2121-11, L. 2121-12, L. 3121-19 et L. 4132-18.
    """
    if assemblee is Assemblee.DEPARTEMENT_OU_REGION:
        return compute_delai("rapport_departement_region", seance)
    if urgence:
        return compute_delai("convocation_urgence", seance)
    grande = population >= SEUIL_DE_CONVOCATION
    return compute_delai(
        "convocation_3500_et_plus" if grande else "convocation_moins_de_3500", seance
    )


def compute_executoire(
    publication: date | None, *, reception: date | None = None, transmissible: bool = True
) -> Echeance | None:
    """Jour où un acte devient exécutoire ; None s’il ne l’est pas encore.

    Args:
        publication: jour de la publication, ou de la notification pour un acte individuel.
        reception: jour de l’accusé de réception de la préfecture.
        transmissible: l’acte doit être transmis au préfet.

    Source: CGCT, art. L. 2131-1 et L. 2131-2.
    """
    if publication is None or (transmissible and reception is None):
        return None
    jour = max(publication, reception) if transmissible and reception else publication
    transmis = (
        f" et a été reçu en préfecture le {write_jour(reception)}"
        if transmissible and reception
        else " et n’a pas à être transmis au préfet"
    )
    return Echeance(
        code="executoire",
        depart=publication,
        date=jour,
        article="CGCT, art. L. 2131-1",
        explication=f"L’acte est exécutoire depuis le {write_jour(jour)}, car il a été publié ou "
        f"notifié le {write_jour(publication)}{transmis}.",
        depuis=date(2022, 7, 1),
    )


def compute_defere(
    reception: date,
    *,
    complements_recus: Iterable[date] = (),
    recours_gracieux: date | None = None,
    rejet: date | None = None,
    calendrier: Calendrier = FRANCE,
) -> Echeance:
    """Dernier jour pour que le préfet défère l’acte au tribunal administratif.

    Args:
        reception: jour où la préfecture a reçu l’acte.
        complements_recus: jours où elle a reçu les pièces qu’elle demandait ; chacun fait
            repartir le délai.
        recours_gracieux: jour où la collectivité a reçu la lettre d’observations du préfet.
        rejet: jour de son refus exprès ; sinon le silence vaut refus après deux mois.

    Source: CGCT, art. L. 2131-6 ; code de justice administrative, art. R. 421-1.
    """
    premier = compute_delai(
        "defere_prefectoral", reception, interruptions=complements_recus, calendrier=calendrier
    )
    if recours_gracieux is None or not reception <= recours_gracieux <= premier.date:
        return premier
    silence = compute_delai("rejet_du_recours", recours_gracieux).date
    return compute_delai(
        "defere_prefectoral_apres_recours",
        min(rejet, silence) if rejet else silence,
        calendrier=calendrier,
    )
