"""Arrivée d’un agent invité : par ProConnect, avec un compte qu’il a déjà, ou un compte neuf."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from socle.fondations.comptes.adapters import session
from socle.fondations.comptes.adapters.arrivee import open_session
from socle.fondations.comptes.adapters.politique import allow_formulaires, list_origines
from socle.fondations.comptes.adapters.requete import build_accueil
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.forms import ArriveeForm
from socle.fondations.comptes.models import Compte, Invitation
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.queries import find_compte, list_fournisseurs
from socle.fondations.comptes.services.agents import accept_invitation, find_invitation
from socle.fondations.comptes.services.locaux import create_compte_local


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, jeton: str) -> HttpResponseBase:
    """Ouvre le lien reçu. Le jeton passe en session : l’adresse de la page suivante ne l’a plus."""
    recue = find_invitation(
        collectivite=request.collectivite,  # type: ignore[attr-defined]
        jeton=jeton,
        maintenant=timezone.now(),
    )
    request.session[session.INVITATION] = recue.pk
    if isinstance(request.user, Compte):
        return _accept_connecte(request, recue)
    existe = find_compte(GenreCompte.AGENT, recue.courriel) is not None
    formulaire = ArriveeForm(request.POST or None)
    if request.method == "POST" and not existe and formulaire.is_valid():
        return _create(request, recue, formulaire)
    return _show(request, recue, formulaire, existe=existe)


def _accept_connecte(request: HttpRequest, recue: Invitation) -> HttpResponseBase:
    compte: Compte = request.user  # type: ignore[assignment]
    if not compte.is_agent:
        return render(request, "comptes/autre_genre.html", {"genre": GenreCompte.AGENT})
    if request.method != "POST":
        contexte = {"invitation": recue, "compte": compte}
        return render(request, "comptes/invitation_acceptee.html", contexte)
    accept_invitation(invitation=recue, compte=compte, maintenant=timezone.now())
    del request.session[session.INVITATION]
    messages.success(request, "Votre rôle est enregistré.")
    return HttpResponseRedirect(build_accueil(compte))


def _create(request: HttpRequest, recue: Invitation, formulaire: ArriveeForm) -> HttpResponseBase:
    maintenant = timezone.now()
    compte = create_compte_local(
        genre=GenreCompte.AGENT,
        courriel=recue.courriel,
        mot_de_passe=formulaire.cleaned_data["mot_de_passe"],
        prenom=formulaire.cleaned_data["prenom"],
        nom=formulaire.cleaned_data["nom"],
        verifie=True,
        maintenant=maintenant,
    )
    accept_invitation(invitation=recue, compte=compte, maintenant=maintenant)
    del request.session[session.INVITATION]
    return open_session(request, compte)


def _show(
    request: HttpRequest, recue: Invitation, formulaire: ArriveeForm, *, existe: bool
) -> HttpResponse:
    lignes = list_fournisseurs(recue.collectivite, GenreCompte.AGENT)
    contexte = {
        "invitation": recue,
        "form": formulaire,
        "existe": existe,
        "ici": request.path,
        "fournisseurs": [
            {"ligne": ligne, "gabarit": profils[ligne.profil].bouton} for ligne in lignes
        ],
    }
    reponse = render(request, "comptes/invitation.html", contexte)
    allow_formulaires(reponse, list_origines(lignes))
    return reponse
