"""Réunions en évènements d’agenda. Le lien de visioconférence ne sort que vers les membres."""

from urllib.parse import urlsplit

from django.conf import settings

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.agenda import Rendezvous
from socle.metiers.gouvernance.enums import EtatReunion
from socle.metiers.gouvernance.models import Reunion


def build_rendezvous(reunion: Reunion, *, prive: bool = False) -> Rendezvous:
    """Rend l’évènement d’une réunion, instance chargée.

    Args:
        prive: pour un membre, le lien de visioconférence y est ; dans un agenda public, non.
    """
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    page = build_chemin_installation("gouvernance:reunion", reunion.pk)
    description = f"{reunion.instance.nom}. Ordre du jour : {settings.ADRESSE}{page}"
    if prive and reunion.visio:
        description += f"\nVisioconférence : {reunion.visio}"
    return Rendezvous(
        identifiant=f"reunion-{reunion.pk}@{hote}",
        titre=f"{reunion.instance.sigle} : {reunion.titre}",
        debut=reunion.debut,
        fin=reunion.fin,
        modifie_le=reunion.modifie_le,
        description=description,
        lieu=reunion.lieu or ("En visioconférence" if reunion.visio else ""),
        url=f"{settings.ADRESSE}{page}",
        est_annule=reunion.etat == EtatReunion.ANNULEE,
        revision=reunion.revision,
    )
