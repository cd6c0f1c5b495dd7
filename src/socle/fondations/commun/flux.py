"""Flux Atom (RFC 4287), au même modèle pour tous les métiers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

TYPE_MIME = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntreeDeFlux:
    """Une entrée : son adresse est aussi son identifiant.

    Attributes:
        chemin: chemin de la page dans l’installation (« /actualites/un-article/ »).
        modifie_le: à défaut, l’instant de publication.
        contenu: HTML déjà sûr ; vide si le résumé suffit.
    """

    titre: str
    chemin: str
    resume: str
    publie_le: datetime | None
    modifie_le: datetime | None = None
    contenu: str = ""
    auteur: str = ""
    themes: tuple[str, ...] = ()


def respond_atom(
    *, titre: str, resume: str, page: str, flux: str, entrees: Iterable[EntreeDeFlux],
    licence: str = "",
) -> HttpResponse:  # fmt: skip
    """Rend le flux ; `page` et `flux` sont des chemins, filtres compris."""
    atom = Atom1Feed(
        title=titre,
        link=settings.ADRESSE + page,
        description=resume,
        language="fr",
        feed_url=settings.ADRESSE + flux,
        author_name=settings.NOM_INSTALLATION,
        feed_copyright=licence or None,
    )
    for entree in entrees:
        _add(atom, entree)
    return HttpResponse(atom.writeString("utf-8"), content_type=TYPE_MIME)


def _add(atom: Atom1Feed, entree: EntreeDeFlux) -> None:
    adresse = settings.ADRESSE + entree.chemin
    plus: Any = {"content": entree.contenu} if entree.contenu else {}
    atom.add_item(
        title=entree.titre,
        link=adresse,
        unique_id=adresse,
        description=entree.resume,
        pubdate=entree.publie_le,
        updateddate=entree.modifie_le or entree.publie_le,
        author_name=entree.auteur or None,
        categories=entree.themes,
        **plus,
    )
