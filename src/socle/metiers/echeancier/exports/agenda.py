"""L’échéancier dans un agenda : un jour entier par échéance, mis à jour quand elle bouge."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from socle.fondations.commun.agenda import Rendezvous
from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.queries.lignes import MODELE


def list_rendezvous(datees: Iterable[Any]) -> list[Rendezvous]:
    """Rend les rendez-vous des obligations qui ont un jour ; les autres sont omises."""
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    modele = settings.ADRESSE + reverse("echeancier:fiche", args=[MODELE])
    return [
        Rendezvous(
            identifiant=f"echeance-{obligation.slug}@{hote}",
            titre=_build_titre(obligation),
            debut=obligation.jour,
            modifie_le=datetime.fromisoformat(obligation.changee),
            description=f"{obligation.resume}\n{obligation.reference}",
            url=modele.replace(MODELE, obligation.slug),
            est_annule=obligation.etat == EtatObligation.ANNULEE,
            revision=obligation.revision,
        )
        for obligation in datees
        if obligation.jour is not None
    ]


def _build_titre(obligation: Any) -> str:
    estimee = obligation.surete == Surete.ESTIMEE
    return f"{obligation.titre} (date estimée)" if estimee else obligation.titre
