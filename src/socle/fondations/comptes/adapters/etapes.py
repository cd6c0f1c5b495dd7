"""Étapes d’une connexion entre le premier facteur et la session."""

from allauth.account.stages import EmailVerificationStage
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse


class EtapeCourriel(EmailVerificationStage):
    """Le courriel d’un compte est toujours vérifié : seule une inscription locale attend.

    Un compte attesté n’a pas besoin de courriel pour entrer, même par une clé.
    """

    def handle(self) -> tuple[HttpResponse | None, bool]:
        compte = self.login.user
        if compte is not None and (compte.courriel or compte.identites.exists()):
            return None, True
        return super().handle()


class EtapeSecondFacteur(AuthenticateStage):
    """Second facteur local, sauf si le fournisseur d’identité vient d’en attester un."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if self.login.state.get("mfa_federee"):
            return False
        return super()._should_handle(request)
