"""Ce qu’un jury accorde entre dans le suivi des sommes, dans la transaction qui le publie."""

import logging
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from socle.metiers.appels.errors import AutoriteInconnue
from socle.metiers.appels.services.octrois import record_octroi
from socle.metiers.consultations.ports import ResultatPublie
from socle.metiers.consultations.signals import resultats_publies

trace = logging.getLogger("socle.liaisons")


@receiver(resultats_publies, dispatch_uid="resultats_vers_octrois")
def record_octrois(
    sender: Any, *, resultats: list[ResultatPublie], acteur: str, maintenant: datetime,
    **kwargs: Any,
) -> None:  # fmt: skip
    for resultat in resultats:
        if resultat.issue != "retenu" or not resultat.montant or not resultat.beneficiaire:
            continue
        try:
            record_octroi(
                autorite=resultat.beneficiaire, titre=resultat.titre, montant=resultat.montant,
                origine=f"{resultat.consultation}/{resultat.numero}", maintenant=maintenant,
                acteur=acteur, fictif=resultat.fictif, appel=resultat.consultation,
                conditions=resultat.conditions[:256], decide_le=resultat.decide_le,
                reference=resultat.numero,
            )  # fmt: skip
        except AutoriteInconnue:  # fusionnée depuis son dépôt : l’équipe saisira l’octroi
            trace.warning("octroi.autorite_inconnue", extra={"dossier": resultat.numero})
