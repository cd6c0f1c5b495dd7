"""Clôtures au format iCalendar, et campagnes en flux Atom."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from socle.fondations.commun.adresses import build_origine
from socle.fondations.commun.agenda import Rendezvous
from socle.metiers.consultations.enums import EtatCampagne
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.queries.campagnes import describe_dates, describe_texte
from socle.metiers.consultations.queries.fiches import build_fiche


def list_rendezvous(campagnes: Iterable[Campagne]) -> list[Rendezvous]:
    """Un rendez-vous par clôture ; prolongée, il bouge et porte la révision."""
    hote = urlsplit(settings.ADRESSE).hostname or "localhost"
    return [
        Rendezvous(
            identifiant=f"consultation-{campagne.pk}@{hote}",
            titre=f"Clôture : {campagne.titre}",
            debut=campagne.ferme_le,
            fin=campagne.ferme_le,
            modifie_le=campagne.modifie_le,
            description=describe_texte(campagne),
            url=build_url(campagne),
            est_annule=campagne.etat == EtatCampagne.ANNULEE,
            revision=campagne.revision,
        )
        for campagne in campagnes
        if campagne.ferme_le is not None
    ]


def build_url(campagne: Campagne) -> str:
    """Adresse complète de la fiche."""
    return build_origine(None) + build_fiche(campagne).url


def build_atom(campagnes: Iterable[Campagne], *, adresse: str, liste: str) -> str:
    """Flux Atom (RFC 4287) des campagnes publiques."""
    origine = build_origine(None)
    flux = Atom1Feed(
        title="Consultations et appels du programme",
        link=origine + liste,
        description="Questionnaires, appels à contributions, AMI et appels à projets.",
        feed_url=origine + adresse,
        language="fr",
        author_name=settings.NOM_INSTALLATION,
    )
    for campagne in campagnes:
        lien = build_url(campagne)
        flux.add_item(
            title=f"{campagne.get_genre_display()} : {campagne.titre}",
            link=lien, unique_id=lien, pubdate=campagne.publiee_le,
            description=f"{describe_texte(campagne)} ({describe_dates(campagne)})",
            updateddate=campagne.modifie_le, categories=campagne.libelles_themes,
        )  # fmt: skip
    return str(flux.writeString("utf-8"))
