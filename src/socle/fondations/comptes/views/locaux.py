"""Connexion, inscription, oubli, courriel : les comptes locaux, une porte par genre."""

from datetime import timedelta
from typing import Any

from allauth.account import views as allauth_vues
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.frequence import check_frequence
from socle.fondations.comptes.adapters import session
from socle.fondations.comptes.adapters.politique import allow_formulaires, list_origines
from socle.fondations.comptes.adapters.requete import build_page_compte, is_chemin_sur, read_genre
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.errors import CourrielDejaPris
from socle.fondations.comptes.forms import ChangementCourrielForm
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.queries import find_compte, list_fournisseurs
from socle.fondations.comptes.services.locaux import confirm_courriel
from socle.fondations.comptes.views.securite import confirmation_requise, sans_second_facteur


class _AvecFournisseurs:
    """Ajoute les boutons des fournisseurs, et les permet dans la politique de la page."""

    genre: GenreCompte
    request: HttpRequest
    redirect_field_name = "suite"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        lignes = list_fournisseurs(getattr(self.request, "collectivite", None), self.genre)
        self.lignes = lignes
        suite = self.request.GET.get("suite") or self.request.POST.get("suite") or ""
        contexte["fournisseurs"] = [
            {"ligne": ligne, "gabarit": profils[ligne.profil].bouton} for ligne in lignes
        ]
        contexte["suite"] = suite if is_chemin_sur(suite) else ""
        contexte["expiree"] = self.request.session.pop(session.EXPIREE, False)
        return contexte

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        reponse: HttpResponse = super().render_to_response(context, **options)  # type: ignore[misc]
        allow_formulaires(reponse, list_origines(self.lignes))
        return reponse


class ConnexionView(_AvecFournisseurs, allauth_vues.LoginView):
    """Porte d’un genre. La personne déjà connectée sous l’autre est prévenue, jamais mêlée."""

    genre = GenreCompte.USAGER
    template_name = "comptes/connexion.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.genre != self.genre:
            return render(request, "comptes/autre_genre.html", {"genre": self.genre})
        return super().dispatch(request, *args, **kwargs)


class ConnexionAgentView(ConnexionView):
    genre = GenreCompte.AGENT
    template_name = "comptes/connexion_agent.html"


class InscriptionView(_AvecFournisseurs, allauth_vues.SignupView):
    genre = GenreCompte.USAGER
    template_name = "account/signup.html"


class OubliView(allauth_vues.PasswordResetView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"genre": read_genre(self.request)}


connexion = login_not_required(ConnexionView.as_view())
connexion_agent = login_not_required(ConnexionAgentView.as_view())
inscription = login_not_required(InscriptionView.as_view())
oubli = login_not_required(OubliView.as_view())


@login_not_required
@never_cache
def entree(request: HttpRequest) -> HttpResponse:
    """Ramène à la bonne porte une connexion interrompue (adresse qu’allauth connaît)."""
    agent = read_genre(request) == GenreCompte.AGENT or request.session.get("porte") == "agent"
    return redirect("comptes:connexion_agent" if agent else "comptes:connexion")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer_courriel(request: HttpRequest, key: str) -> HttpResponse:
    """Confirme une adresse par le lien reçu ; par un bouton, car un antivirus ne clique pas."""
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None:
        return render(request, "account/email_confirm.html", {"adresse": ""}, status=410)
    adresse: EmailAddress = confirmation.email_address
    if request.method != "POST":
        return render(request, "account/email_confirm.html", {"adresse": adresse.email})
    compte: Compte = adresse.user
    ancienne = compte.courriel
    try:
        confirm_courriel(compte=compte, courriel=adresse.email, maintenant=timezone.now())
    except CourrielDejaPris as refus:
        contexte = {"adresse": "", "refus": refus}
        return render(request, "account/email_confirm.html", contexte, status=409)
    if ancienne:
        get_adapter().send_notification_mail(
            "account/email/email_changed", compte, {"to_email": adresse.email}, email=ancienne
        )
    messages.success(request, "Votre adresse est confirmée.")
    if request.user == compte:
        return HttpResponseRedirect(build_page_compte(compte))
    agent = compte.genre == GenreCompte.AGENT
    return redirect("comptes:connexion_agent" if agent else "comptes:connexion")


@sans_second_facteur
@confirmation_requise
@require_http_methods(["GET", "HEAD", "POST"])
def changer_courriel(request: HttpRequest) -> HttpResponse:
    """Demande un changement d’adresse ; la réponse ne dit pas si l’adresse est connue."""
    compte: Compte = request.user  # type: ignore[assignment]
    formulaire = ChangementCourrielForm(request.POST or None, compte=compte)
    if request.method == "POST" and formulaire.is_valid():
        _send_confirmation(request, compte, formulaire.cleaned_data["email"])
        messages.success(request, "Un lien vient d’être envoyé à la nouvelle adresse.")
        return HttpResponseRedirect(build_page_compte(compte))
    return render(request, "account/email_change.html", {"form": formulaire, "compte": compte})


def _send_confirmation(request: HttpRequest, compte: Compte, courriel: str) -> None:
    """Envoie le lien, ou prévient le titulaire. Trois par heure et par adresse : pas de bombe."""
    check_frequence(
        quoi="courriel.changement", qui=courriel, nombre=3, duree=timedelta(hours=1),
        maintenant=timezone.now(),
    )  # fmt: skip
    if find_compte(compte.genre, courriel) is not None:
        get_adapter().send_account_already_exists_mail(courriel)
        return
    EmailAddress.objects.filter(user=compte, verified=False).delete()
    adresse = EmailAddress.objects.create(user=compte, email=courriel)
    send_verification_email_to_address(request, adresse)
