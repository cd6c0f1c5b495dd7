"""Le seul endroit qui sait écrire une adresse, sous `/c/<slug>/` ou sous un nom d’hôte propre."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse, set_script_prefix, set_urlconf


class Adressable(Protocol):
    """Ce qu’il faut savoir d’une collectivité pour écrire ses adresses."""

    slug: str
    hote: str | None


@contextmanager
def prefixe(chemin: str) -> Iterator[None]:
    """Change le préfixe des adresses le temps d’un bloc (variable du fil d’exécution de Django)."""
    avant = get_script_prefix()
    set_script_prefix(chemin)
    try:
        yield
    finally:
        set_script_prefix(avant)


@contextmanager
def from_installation() -> Iterator[None]:
    """Écrit les adresses comme sur une page de l’installation, d’où que vienne la demande."""
    avant = get_urlconf()
    set_urlconf(settings.ROOT_URLCONF)
    try:
        with prefixe("/"):
            yield
    finally:
        set_urlconf(avant)


def build_chemin(nom: str, collectivite: Adressable, *args: object) -> str:
    """Rend le chemin d’une page de collectivité, sans hôte, vu depuis l’installation."""
    with prefixe("/" if collectivite.hote else f"/c/{collectivite.slug}/"):
        return reverse(nom, urlconf=settings.URLCONF_COLLECTIVITE, args=args)


def build_adresse(nom: str, collectivite: Adressable, *args: object) -> str:
    """Rend l’adresse complète d’une page de collectivité (courriels, PDF, identité)."""
    return build_origine(collectivite) + build_chemin(nom, collectivite, *args)


def build_origine(collectivite: Adressable | None) -> str:
    """Rend « https://hote » de la collectivité, ou celle de l’installation."""
    if collectivite is None or not collectivite.hote:
        return str(settings.ADRESSE)
    installation = urlsplit(settings.ADRESSE)
    port = f":{installation.port}" if installation.port else ""
    return f"{installation.scheme}://{collectivite.hote}{port}"


def build_chemin_installation(nom: str, *args: object) -> str:
    """Rend le chemin d’une page de l’installation, même depuis une page de collectivité."""
    with prefixe("/"):
        return reverse(nom, urlconf=settings.ROOT_URLCONF, args=args)
