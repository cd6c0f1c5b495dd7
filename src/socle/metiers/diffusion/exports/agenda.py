"""Évènements au format iCalendar."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from socle.fondations.commun.agenda import Rendezvous
from socle.metiers.diffusion.models import Evenement


def list_rendezvous(evenements: Iterable[Evenement]) -> list[Rendezvous]:
    """Rend un rendez-vous par évènement ; l’adresse de visioconférence n’y est jamais."""
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    return [
        Rendezvous(
            identifiant=f"evenement-{evenement.pk}@{hote}",
            titre=evenement.titre,
            debut=evenement.debut,
            fin=evenement.fin,
            modifie_le=evenement.modifie_le,
            description=evenement.resume,
            lieu=evenement.lieu or "En ligne",
            url=settings.ADRESSE + reverse("diffusion:evenement", args=[evenement.slug]),
            est_annule=not evenement.est_publie,
            revision=evenement.revision,
        )
        for evenement in evenements
    ]
