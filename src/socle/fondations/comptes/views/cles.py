"""Clé de sécurité présentée avant un geste délicat. À part : fido2 ne se charge qu’avec elle."""

from typing import Any

from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.http import HttpResponse


class ConfirmationCleView(ReauthenticateWebAuthnView):
    """Une clé refusée se présente de nouveau, sur place.

    django-allauth renverrait à la page de connexion : la personne y perdrait le geste commencé.
    """

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte: dict[str, Any] = super().get_context_data(**kwargs)
        return contexte | kwargs  # allauth oublie le formulaire refusé


confirmer_par_une_cle = ConfirmationCleView.as_view()
