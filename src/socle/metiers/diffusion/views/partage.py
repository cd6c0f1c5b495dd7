"""Les actualités chez les partenaires : un cadre sans script ni témoin, et le code à copier."""

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from socle.fondations.commun.couleurs import build_chemin_feuille
from socle.fondations.commun.publique import page_publique
from socle.metiers.diffusion.forms.publics import PartageForm
from socle.metiers.diffusion.queries.parutions import paginate_articles
from socle.metiers.diffusion.views.articles import build_adresse

ARTICLES = 6
# Tout site peut l’encadrer : rien n’y agit, rien n’y est propre à une personne.
POLITIQUE = {
    "default-src": [NONE],
    "script-src": [NONE],
    "connect-src": [NONE],
    "style-src": [SELF],
    "font-src": [SELF],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


@page_publique
@xframe_options_exempt
@csp_replace(POLITIQUE)
def integrer(request: HttpRequest) -> HttpResponse:
    """Les derniers articles d’un filtre, aux couleurs du partenaire."""
    filtre = PartageForm(request.GET.dict())
    page = paginate_articles(genre=filtre.get("genre"), theme=filtre.get("theme"), taille=ARTICLES)
    contexte = {
        "articles": page.lignes,
        "feuille": build_chemin_feuille(filtre.couleur_retenue),
        "nom_installation": settings.NOM_INSTALLATION,
        "adresse": build_adresse(filtre),
    }
    return render(request, "diffusion/integrer.html", contexte)


@page_publique
def partager(request: HttpRequest) -> HttpResponse:
    """Choisir ce que montre le cadre, puis copier son code."""
    filtre = PartageForm(request.GET.dict())
    couleur = filtre.couleur_retenue
    cadre = reverse("diffusion:integrer") + build_adresse(filtre, couleur=couleur)
    contexte = {
        "filtre": filtre,
        "adresse": build_adresse(filtre),
        "cadre": cadre,
        "adresse_complete": settings.ADRESSE + cadre,
    }
    return render(request, "diffusion/partager.html", contexte)
