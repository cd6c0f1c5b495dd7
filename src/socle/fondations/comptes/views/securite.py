"""Petits gestes de sécurité des vues : second facteur, confirmation, vues de django-allauth."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from socle.fondations.commun.errors import TropDeDemandes
from socle.fondations.commun.middleware import show_refus

Vue = Callable[..., HttpResponseBase]


def sans_second_facteur(vue: Vue) -> Vue:
    """Marque une vue qu’un agent ouvre avant d’avoir un second facteur."""
    vue.sans_second_facteur = True  # type: ignore[attr-defined]
    return vue


def use_allauth(chemin: str, *, publique: bool = False) -> Vue:
    """Emploie une vue de django-allauth, chargée à la première visite.

    Les exceptions par lesquelles allauth interrompt une vue sont traduites ici : la transaction
    de la requête est alors validée, et non annulée.
    """

    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        from allauth.core.exceptions import (  # noqa: PLC0415
            ImmediateHttpResponse,
            ReauthenticationRequired,
        )

        try:
            vue: Vue = import_string(chemin)
            return vue(request, *args, **kwargs)
        except ImmediateHttpResponse as sortie:
            return sortie.response
        except ReauthenticationRequired:
            return suspend(request)

    run.__name__ = chemin.rsplit(".", 1)[1]
    run.__doc__ = f"Vue de django-allauth : {chemin}."
    vue = sans_second_facteur(run)
    return login_not_required(vue) if publique else vue


def suspend(request: HttpRequest) -> HttpResponseBase:
    """Demande à la personne de confirmer que c’est bien elle, puis reprend."""
    from allauth.account.adapter import get_adapter  # noqa: PLC0415
    from allauth.account.internal.flows import reauthentication  # noqa: PLC0415

    moyens = get_adapter().get_reauthentication_methods(request.user)
    return reauthentication.suspend_request(request, moyens[0]["url"])


def confirmation_requise(vue: Vue) -> Vue:
    """Ferme une vue à une session qui n’a pas confirmé récemment que c’est bien la personne."""

    @wraps(vue)
    def check(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        from allauth.account.internal.flows.reauthentication import (  # noqa: PLC0415
            did_recently_reauthenticate,
        )

        if not did_recently_reauthenticate(request):
            return suspend(request)
        return vue(request, *args, **kwargs)

    return check


# Adresse de django-allauth → la limite de `ACCOUNT_RATE_LIMITS` que sa vue compte.
LIMITES = {
    "connexion": "login",
    "connexion_agent": "login",
    "account_signup": "signup",
    "account_reset_password": "reset_password",
    "oubli_agent": "reset_password",
    "account_reset_password_from_key": "reset_password_from_key",
    "account_change_password": "change_password",
    "account_set_password": "change_password",
    "account_reauthenticate": "reauthenticate",
}


@login_not_required
def trop_de_demandes(request: HttpRequest) -> HttpResponseBase:
    """Page d’une limite de django-allauth (`handler429`) : l’attente dite est la plus longue."""
    from allauth.core.internal.ratelimit import get_rates  # noqa: PLC0415

    nom = request.resolver_match.url_name if request.resolver_match else ""
    limites = get_rates(app="allauth.account", action=LIMITES.get(nom or "", ""))
    secondes = max((int(limite.duration) for limite in limites), default=0)
    return show_refus(request, TropDeDemandes(secondes=secondes))
