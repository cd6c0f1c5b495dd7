"""Suit les événements de django-allauth : dates de session, second facteur, autres sessions."""

from typing import Any

from allauth.account import signals as signaux_locaux
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as signaux_mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from socle.fondations.comptes.adapters import session
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.services.sessions import end_sessions
from socle.fondations.journal.services import record


def connect() -> None:
    """Branche les récepteurs, une fois, au démarrage."""
    user_logged_in.connect(open_session, dispatch_uid="comptes.session")
    for signal in (signaux_locaux.password_changed, signaux_locaux.password_set):
        signal.connect(follow_mot_de_passe, dispatch_uid="comptes.mot_de_passe")
    signaux_locaux.password_reset.connect(follow_mot_de_passe, dispatch_uid="comptes.oubli")
    signaux_mfa.authenticator_added.connect(follow_ajout, dispatch_uid="comptes.mfa_ajout")
    for signal in (signaux_mfa.authenticator_removed, signaux_mfa.authenticator_reset):
        signal.connect(follow_retrait, dispatch_uid="comptes.mfa_retrait")


def open_session(sender: Any, request: HttpRequest, user: Compte, **autres: Any) -> None:
    """Date la session neuve et note si un second facteur a été donné."""
    maintenant = timezone.now().timestamp()
    federation = session.read_federation(request.session, user)
    moyens = get_authentication_records(request, user)
    request.session[session.OUVERTE_LE] = request.session[session.VUE_LE] = maintenant
    request.session[session.MFA] = bool(federation and federation.mfa) or any(
        moyen.get("method") == "mfa" for moyen in moyens
    )


def follow_mot_de_passe(sender: Any, request: HttpRequest, user: Compte, **autres: Any) -> None:
    _close_others(request, user)
    _record("compte.mot_de_passe_change", user)


def follow_ajout(
    sender: Any, request: HttpRequest, user: Compte, authenticator: Authenticator, **autres: Any
) -> None:
    """Activer un second facteur, c’est l’avoir donné : la session le compte.

    C’est aussi avoir confirmé qui l’on est : les codes de secours se lisent aussitôt.
    """
    request.session[session.MFA] = True
    record_authentication(
        request, user, method="mfa", type=authenticator.type, reauthenticated=True
    )
    _close_others(request, user)
    _record("compte.second_facteur_ajoute", user)


def follow_retrait(sender: Any, request: HttpRequest, user: Compte, **autres: Any) -> None:
    from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415  (rare)

    federation = session.read_federation(request.session, user)
    if not is_mfa_enabled(user) and not (federation and federation.mfa):
        request.session[session.MFA] = False
    _close_others(request, user)
    _record("compte.second_facteur_retire", user)


def _close_others(request: HttpRequest, user: Compte) -> None:
    courante = request.session.session_key if request.user == user else ""
    end_sessions(user, sauf=courante or "")


def _record(action: str, compte: Compte) -> None:
    record(
        action=action,
        objet=f"compte:{compte.pk}",
        acteur=compte.acteur,
        collectivite_id=None,
        maintenant=timezone.now(),
    )
