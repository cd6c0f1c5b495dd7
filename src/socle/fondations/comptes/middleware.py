"""Sessions : durée, portée, second facteur exigé des agents. Aucune instruction SQL de plus."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from socle.fondations.commun.saisie import describe_envoi_refuse
from socle.fondations.comptes.adapters import session
from socle.fondations.comptes.adapters.navigation import list_parties
from socle.fondations.comptes.adapters.politique import allow_formulaires
from socle.fondations.comptes.adapters.requete import CHEMINS_AGENTS, read_genre
from socle.fondations.comptes.adapters.session_finie import show_session_finie
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.errors import AutreOrganisation
from socle.fondations.comptes.permissions import is_operateur
from socle.fondations.comptes.services.organisation import is_siret_admis

Suite = Callable[[HttpRequest], HttpResponseBase]
SANS_PROLONGER = "X-Sans-Prolonger"  # interrogation automatique : elle n’est pas une activité


class SessionsMiddleware:
    """Ferme une session trop vieille ou inactive ; ne laisse rien dans les caches."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        ouverte = bool(request.session.session_key) and request.user.is_authenticated
        if ouverte:
            self._check_duree(request)
            self._check_portee(request)
        reponse = self.get_response(request)
        if ouverte or request.session.modified:
            _protect(request, reponse)
        return reponse

    def _check_duree(self, request: HttpRequest) -> None:
        maintenant = timezone.now().timestamp()
        memoire = request.session
        if session.read_reste(memoire, request.user.genre, maintenant) <= 0:  # type: ignore[union-attr]
            logout(request)
            request.session[session.EXPIREE] = True
            return
        if request.headers.get(SANS_PROLONGER):
            return
        if maintenant - memoire.get(session.VUE_LE, 0) > session.PAS:
            memoire[session.VUE_LE] = maintenant
            memoire.setdefault(session.OUVERTE_LE, maintenant)

    def _check_portee(self, request: HttpRequest) -> None:
        """Une session ouverte par le fournisseur d’une collectivité ne vaut que chez elle."""
        federation = session.read_federation(request.session, request.user)
        if federation is None or federation.portee is None:
            return
        collectivite = getattr(request, "collectivite", None)
        if collectivite is None or collectivite.pk != federation.portee:
            request.user = AnonymousUser()


class ConnexionRequiseMiddleware(LoginRequiredMiddleware):
    """Tout demande une connexion, sauf les pages qui disent le contraire ; chaque genre a sa porte.

    Un agent sans second facteur est mené à le choisir avant toute autre page.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Any,
        view_args: Any,
        view_kwargs: Any,
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        compte = request.user
        if not compte.is_authenticated:
            return self._go_to_connexion(request)
        if _is_mauvais_genre(request):
            return self._go_to_connexion(request)
        if compte.genre == GenreCompte.AGENT:
            return self._check_agent(request, compte, view_func)
        return None

    def _go_to_connexion(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return show_session_finie(request)
        agent = read_genre(request) == GenreCompte.AGENT
        porte = reverse("comptes:connexion_agent" if agent else "comptes:connexion")
        return HttpResponseRedirect(f"{porte}?{urlencode({'suite': request.get_full_path()})}")

    def _check_agent(self, request: HttpRequest, compte: Any, vue: Any) -> HttpResponseBase | None:
        if getattr(vue, "sans_second_facteur", False):
            return None
        if not request.session.get(session.MFA):
            return HttpResponseRedirect(reverse("comptes:second_facteur"))
        federation = session.read_federation(request.session, request.user)
        collectivite = getattr(request, "collectivite", None)
        if federation is None or not federation.siret or collectivite is None:
            return None
        if federation.siret[:9] != collectivite.siren and not _is_admis(
            compte, collectivite, federation
        ):
            refus = AutreOrganisation()
            textes = {"message": refus.message, "suite": refus.suite}
            contexte = describe_envoi_refuse(request) | textes
            return render(request, "commun/refus.html", contexte, status=refus.statut)
        return None


def _is_mauvais_genre(request: HttpRequest) -> bool:
    """Vrai pour un usager sous `/agent/…`, ou pour un agent sous `/espace/…`."""
    genre = request.user.genre  # type: ignore[union-attr]
    if request.path_info.startswith(CHEMINS_AGENTS):
        return genre != GenreCompte.AGENT
    return request.path_info.startswith("/espace/") and genre != GenreCompte.USAGER


def _is_admis(compte: Any, collectivite: Any, federation: session.Federation) -> bool:
    """Vrai pour l’opérateur, ou pour un employeur que la collectivité a admis."""
    from socle.fondations.commun.locataire import locataire  # noqa: PLC0415

    with locataire(collectivite.pk):
        return is_operateur(compte) or is_siret_admis(collectivite, federation.siret)


def _protect(request: HttpRequest, reponse: HttpResponseBase) -> None:
    """Une page vue connecté ne reste dans aucun cache : « précédent » ne la montre pas."""
    if not reponse.has_header("Cache-Control"):
        reponse.headers["Cache-Control"] = "no-store, private"
    federation = session.read_federation(request.session, request.user)
    if federation and federation.origine_fin:
        allow_formulaires(reponse, [federation.origine_fin])


def describe_session(request: HttpRequest) -> dict[str, Any]:
    """Processeur de contexte : base des pages de compte, et temps restant de la session."""
    agent = read_genre(request) == GenreCompte.AGENT
    compte = getattr(request, "user", None)
    contexte: dict[str, Any] = {
        "base_compte": "commun/base_agent.html" if agent else "commun/base.html",
        "session_secondes": None,
        "session_prolonger_url": "",
        "parties_agent": SimpleLazyObject(lambda: list_parties(request)),
    }
    if compte is None or not _has_session(request):
        return contexte
    if compte.is_authenticated:
        reste = session.read_reste(request.session, compte.genre, timezone.now().timestamp())
        contexte["session_secondes"] = int(reste)
        contexte["session_prolonger_url"] = reverse("comptes:session")
        if compte.is_agent:
            contexte["base_compte"] = "commun/base_agent.html"
    return contexte


def _has_session(request: HttpRequest) -> bool:
    """Ne demande pas qui est là à une page publique sans session."""
    return bool(getattr(request, "session", None) and request.session.session_key)
