"""Données essentielles des subventions, aux colonnes du schéma SCDL « Subventions » 2.1.1.

Source : loi n° 2000-321, art. 10 ; décret n° 2017-779 ; arrêté du 17 novembre 2017.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from socle.metiers.appels.models import Octroi

COLONNES = (
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire",
    "idBeneficiaire", "rnaBeneficiaire", "objet", "montant", "nature", "conditionsVersement",
    "datesPeriodeVersement", "idRAE", "notificationUE", "pourcentageSubvention", "dispositifAide",
)  # fmt: skip
SANS_CONDITION = "Sans condition particulière"


def iter_lignes(octrois: Iterable[Octroi], sirets: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """Rend l’en-tête puis une ligne par octroi, versements déjà chargés.

    Args:
        sirets: SIREN → SIRET, pour les collectivités de l’installation. Sans lui la case reste
            vide : le code officiel géographique ne donne que le SIREN.
    """
    yield COLONNES
    for octroi in octrois:
        yield (
            octroi.attribuant, octroi.attribuant_siret,
            (octroi.convention_le or octroi.decide_le).isoformat(), octroi.reference,
            octroi.autorite_nom, sirets.get(octroi.siren, ""), "", octroi.titre,
            f"{octroi.montant:.2f}", octroi.nature, octroi.conditions or SANS_CONDITION,
            _write_periode(octroi), "", "oui" if octroi.notification_ue else "non", "1.00", "",
        )  # fmt: skip


def _write_periode(octroi: Octroi) -> str:
    """Rend « 2027-03-01/2028-06-30 », ou le seul jour connu."""
    jours = sorted(versement.echeance for versement in octroi.versements.all())
    debut, fin = (jours[0], jours[-1]) if jours else (octroi.decide_le, octroi.decide_le)
    return debut.isoformat() if debut == fin else f"{debut.isoformat()}/{fin.isoformat()}"
