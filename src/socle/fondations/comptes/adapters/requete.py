"""Lectures d’une requête que vues, middlewares et adaptateurs partagent."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte

# Chemins où seuls des agents entrent, au niveau d’une collectivité ou de l’installation.
CHEMINS_AGENTS = ("/agent/", "/operateur/", "/equipe/", "/editeur/")
SANS_ADRESSE = "0.0.0.0"  # noqa: S104  (client d’une socket Unix)


def read_genre(request: HttpRequest) -> GenreCompte:
    """Genre de compte que la page ouvre : les pages des agents sont sous `/agent/`."""
    agent = request.path_info.startswith(CHEMINS_AGENTS)
    return GenreCompte.AGENT if agent else GenreCompte.USAGER


def read_ip(request: HttpRequest) -> str:
    """Adresse du client. `X-Forwarded-For` n’est cru que venant d’un mandataire déclaré."""
    ip = request.META.get("REMOTE_ADDR", "") or SANS_ADRESSE
    relais = [a.strip() for a in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while ip in settings.MANDATAIRES and relais and relais[-1]:
        ip = relais.pop()
    return _clean_ip(ip)


def is_chemin_sur(chemin: str) -> bool:
    """Vrai pour un chemin de ce site : ni autre hôte, ni autre protocole, ni caractère caché."""
    return (
        chemin.startswith("/")
        and chemin.isprintable()
        and url_has_allowed_host_and_scheme(chemin, allowed_hosts=None)
    )


def build_accueil(compte: Compte) -> str:
    """Première page d’un compte : son espace, ou celui des agents."""
    return get_script_prefix() + ("agent/" if compte.is_agent else "espace/")


def build_page_compte(compte: Compte) -> str:
    return reverse("comptes:compte_agent" if compte.is_agent else "comptes:compte")


def _clean_ip(ip: str) -> str:
    try:
        return str(ipaddress.ip_address(ip.split("%")[0]))
    except ValueError:
        return SANS_ADRESSE
