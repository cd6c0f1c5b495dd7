"""Droits des personnes (un mois, plus deux) et violation de données (soixante-douze heures)."""

from collections.abc import Iterable
from datetime import date, datetime

from socle.normes.delais.calendrier import FRANCE, Calendrier
from socle.normes.delais.moteur import Echeance, compute_delai
from socle.normes.delais.suspension import Suspension


def compute_reponse_rgpd(
    reception: date,
    *,
    prolongee_le: date | None = None,
    identite: Iterable[Suspension] = (),
    calendrier: Calendrier = FRANCE,
) -> Echeance:
    """Dernier jour pour répondre à une personne qui exerce un droit.

    Args:
        reception: jour où la demande est arrivée, par n’importe quelle voie.
        prolongee_le: jour où la personne a été prévenue de la prolongation ; prévenue après le
            premier mois, elle garde le premier délai.
        identite: périodes où l’on attend la preuve de l’identité ; elles suspendent le délai.

    Source: RGPD, art. 12, § 3, 4 et 6 ; règlement (CEE, Euratom) n° 1182/71, art. 3, § 4.
    """
    periodes = tuple(identite)
    premier = compute_delai("rgpd_reponse", reception, suspensions=periodes, calendrier=calendrier)
    if prolongee_le is None or prolongee_le > premier.date:
        return premier
    return compute_delai(
        "rgpd_reponse_prolongee", reception, suspensions=periodes, calendrier=calendrier
    )


def compute_notification_violation(connaissance: datetime) -> Echeance:
    """Instant avant lequel la CNIL doit être prévenue d’une violation, jours fériés compris.

    Args:
        connaissance: instant, avec son fuseau, où le responsable a su.

    Source: RGPD, art. 33, § 1.
    """
    return compute_delai("rgpd_violation", connaissance)
