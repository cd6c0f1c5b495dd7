"""Un envoi sans session : rien n’est fait, mais rien de ce qui était tapé n’est perdu."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from socle.fondations.commun.saisie import describe_envoi_refuse
from socle.fondations.comptes.adapters.requete import is_chemin_sur, read_genre
from socle.fondations.comptes.enums import GenreCompte


def show_session_finie(request: HttpRequest) -> HttpResponse:
    """Rend le texte, et un lien qui reconnecte dans un autre onglet puis ramène au formulaire.

    L’envoi n’est pas rejoué : le jeton CSRF change à chaque connexion, et c’est voulu.
    """
    contexte = describe_envoi_refuse(request)
    agent = read_genre(request) == GenreCompte.AGENT
    porte = reverse("comptes:connexion_agent" if agent else "comptes:connexion")
    page = str(contexte["page_du_formulaire"])
    if is_chemin_sur(page):
        porte = f"{porte}?{urlencode({'suite': page})}"
    contexte["porte"] = porte
    return render(request, "comptes/session_finie.html", contexte, status=403)
