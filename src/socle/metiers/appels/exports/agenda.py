"""Les clôtures dans un agenda : un jour entier chacune, mise à jour quand elle bouge."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from socle.fondations.commun.agenda import Rendezvous
from socle.metiers.appels.enums import Surete
from socle.metiers.appels.models import Appel


def list_rendezvous(appels: Iterable[Appel]) -> list[Rendezvous]:
    """Rend les clôtures qui ont un jour ; les autres appels sont omis."""
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    return [
        Rendezvous(
            identifiant=f"appel-{appel.slug}@{hote}",
            titre=_build_titre(appel),
            debut=appel.cloture,
            modifie_le=appel.modifie_le,
            description=f"{appel.organisateur}\n{appel.resume}",
            url=settings.ADRESSE + reverse("appels:fiche", args=[appel.slug]),
            revision=appel.revision,
        )
        for appel in appels
        if appel.cloture is not None
    ]


def _build_titre(appel: Appel) -> str:
    estimee = " (date estimée)" if appel.surete == Surete.ESTIMEE else ""
    fictif = " (exemple fictif)" if appel.fictif else ""
    return f"Clôture : {appel.titre}{estimee}{fictif}"
