"""L’échéancier dans un agenda : un jour entier par échéance, mis à jour quand elle bouge."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from socle.fondations.commun.agenda import Rendezvous
from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.models import Obligation


def list_rendezvous(obligations: Iterable[Obligation]) -> list[Rendezvous]:
    """Rend les rendez-vous des obligations qui ont un jour ; les autres sont omises."""
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    # Une adresse pour modèle : la composer trois mille fois prendrait le plus clair du temps.
    modele = settings.ADRESSE + reverse("echeancier:fiche", args=["slug-modele"])
    return [
        Rendezvous(
            identifiant=f"echeance-{obligation.slug}@{hote}",
            titre=_build_titre(obligation),
            debut=obligation.jour,
            modifie_le=obligation.modifie_le,
            description=f"{obligation.resume}\n{obligation.reference}",
            url=modele.replace("slug-modele", obligation.slug),
            est_annule=obligation.etat == EtatObligation.ANNULEE,
            revision=obligation.revision,
        )
        for obligation in obligations
        if obligation.jour is not None
    ]


def _build_titre(obligation: Obligation) -> str:
    estimee = obligation.surete == Surete.ESTIMEE
    return f"{obligation.titre} (date estimée)" if estimee else obligation.titre
