"""Politique de contenu : où les formulaires d’une page peuvent mener."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import HttpResponseBase

from socle.fondations.comptes.models import FournisseurIdentite


def allow_formulaires(reponse: HttpResponseBase, origines: Iterable[str]) -> None:
    """Permet aux formulaires de la page de mener à ces origines (CSP `form-action`).

    Un navigateur suit la politique à travers les redirections : sans cela, le bouton d’un
    fournisseur d’identité ne ferait rien.
    """
    ajouts = {"form-action": sorted({origine for origine in origines if origine})}
    deja = getattr(reponse, "_csp_update", None) or {}
    deja = deja | {"form-action": sorted({*deja.get("form-action", []), *ajouts["form-action"]})}
    setattr(reponse, "_csp_update", deja)  # noqa: B010  (attribut que django-csp lit)


def list_origines(lignes: Iterable[FournisseurIdentite]) -> list[str]:
    return [read_origine(ligne.autorisation) for ligne in lignes]


def read_origine(adresse: str) -> str:
    """Rend « https://hote:port » d’une adresse, ou une chaîne vide."""
    lue = urlsplit(adresse)
    return f"{lue.scheme}://{lue.netloc}" if lue.netloc else ""
