"""Comptes locaux : connexion par mot de passe sous un genre, et adaptateur de `allauth.account`."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as requete_courante
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from socle.fondations.commun import taches
from socle.fondations.commun.adresses import build_origine
from socle.fondations.commun.lectures import Lecture, Parametre
from socle.fondations.comptes.adapters.requete import (
    build_accueil,
    build_page_compte,
    is_chemin_sur,
    read_genre,
    read_ip,
)
from socle.fondations.comptes.adapters.textes import ANNONCES, ERREURS
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import list_candidats
from socle.fondations.comptes.tasks import seal_courriel

ETAPES = {
    "allauth.account.stages.EmailVerificationStage": (
        "socle.fondations.comptes.adapters.etapes.EtapeCourriel"
    ),
    "allauth.mfa.stages.AuthenticateStage": (
        "socle.fondations.comptes.adapters.etapes.EtapeSecondFacteur"
    ),
}

COMPTE = Lecture(lambda: Compte.objects.filter(pk=Parametre("pk"), is_active=True))


class ConnexionLocale(BaseBackend):
    """Ouvre un compte par courriel et mot de passe, sous le genre de la page visitée."""

    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", **autres: Any
    ) -> Compte | None:
        if not (email and password and request is not None):
            return None
        candidats = list_candidats(read_genre(request), email)
        for compte in candidats:
            if compte.check_password(password) and compte.is_active:
                return compte
        if not candidats:
            Compte().set_password(password)  # même durée qu’un compte connu
        return None

    def get_user(self, user_id: int) -> Compte | None:
        return COMPTE.first(pk=user_id)


class AdaptateurComptes(DefaultAccountAdapter):
    """Adaptateur de `allauth.account`."""

    error_messages = DefaultAccountAdapter.error_messages | ERREURS

    def get_login_stages(self) -> list[str]:
        return [ETAPES.get(etape, etape) for etape in super().get_login_stages()]

    def get_client_ip(self, request: HttpRequest) -> str:
        return read_ip(request)

    def is_safe_url(self, url: str | None) -> bool:
        return is_chemin_sur(url or "")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return build_accueil(request.user)  # type: ignore[arg-type]

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return get_script_prefix()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return build_page_compte(request.user)  # type: ignore[arg-type]

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, jeton = key.partition("-")
        return _build_absolue("account_reset_password_from_key", uid, jeton)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _build_absolue("account_confirm_email", emailconfirmation.key)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_inactive"))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        texte = ANNONCES.get(message_template or "", message or "")
        if texte:
            super().add_message(request, level, message=texte, extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Prépare le message et le confie à une tâche : jamais de réseau sous transaction.

        Le message porte un lien secret : il est chiffré dans la file.
        """
        requete = requete_courante.request
        collectivite = getattr(requete, "collectivite", None)
        expediteur = collectivite.nom if collectivite else settings.NOM_INSTALLATION
        contexte = {
            **context,
            "nom_site": expediteur,
            "origine": build_origine(collectivite),
            "maintenant": timezone.now(),
        }
        texte = render_to_string(f"{template_prefix}.txt", contexte, requete)
        objet, _, corps = texte.strip().partition("\n")
        scelle = seal_courriel(a=email, objet=f"{expediteur} : {objet}", corps=corps.strip())
        taches.defer("comptes.send_courriel", message=scelle)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Une clé par genre et par courriel : changer d’hôte ne donne pas d’essais de plus."""
        return f"{read_genre(request)}:{credentials.get('email', '').lower()}"

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Confirme le mot de passe du compte ouvert, sous la même limite que la connexion."""
        self.pre_authenticate(requete_courante.request, email=f"compte:{user.pk}")
        confirme = bool(user.check_password(password))
        if confirme:
            self._rollback_login_failed_rl_usage()
        return confirme


def _build_absolue(nom: str, *args: str) -> str:
    """Rend une adresse complète. L’en-tête `Host` reçu n’y entre jamais : un lien secret n’est
    envoyé que vers l’hôte de la collectivité ou de l’installation.
    """
    collectivite = getattr(requete_courante.request, "collectivite", None)
    return build_origine(collectivite) + reverse(nom, args=args)
