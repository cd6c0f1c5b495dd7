"""L’échéancier chez les partenaires : un cadre sans script ni témoin, et le code à copier."""

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt

from socle.fondations.commun.couleurs import build_chemin_feuille
from socle.metiers.echeancier.forms.integration import FiltreIntegration
from socle.metiers.echeancier.queries import obligations as lectures
from socle.metiers.echeancier.queries.lignes import build_ligne
from socle.metiers.echeancier.views.cache import SECONDES, publique
from socle.metiers.echeancier.views.public import build_frises, describe_filtre

LIGNES = 12
# Tout site peut l’encadrer : rien n’y agit, rien n’y est propre à une personne.
POLITIQUE = {
    "default-src": [NONE],
    "style-src": [SELF],
    "font-src": [SELF],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


@publique
@xframe_options_exempt
@csp(POLITIQUE)
def integrer(request: HttpRequest) -> HttpResponse:
    """Les prochaines échéances d’un filtre, aux couleurs du partenaire."""
    filtre = FiltreIntegration(request.GET.dict())
    aujourdhui = timezone.localdate()
    page = lectures.paginate_obligations(filtre.criteres, aujourdhui=aujourdhui, taille=LIGNES)
    lignes = [build_ligne(obligation, aujourdhui) for obligation in page.lignes]
    contexte = {
        **describe_filtre(filtre),
        **build_frises(lignes, filtre, aujourdhui),
        "lignes": lignes,
        "aujourdhui": aujourdhui,
        "feuille": build_chemin_feuille(filtre.couleur_retenue),
        "nom_installation": settings.NOM_INSTALLATION,
        "cible": "_blank",
        "reste": bool(page.suivante),
    }
    # Sans requête : aucun processeur de contexte ne lit la session, la page est à tous.
    reponse = HttpResponse(render_to_string("echeancier/integrer.html", contexte))
    request.session.accessed = False
    reponse.headers["Cache-Control"] = f"public, max-age={SECONDES}"
    return reponse


@publique
def partager(request: HttpRequest) -> HttpResponse:
    """« Intégrer sur mon site » : choisir, voir, copier."""
    filtre = FiltreIntegration(request.GET.dict())
    adresse = reverse("echeancier:integrer") + filtre.adresse_du_cadre
    contexte = {
        **describe_filtre(filtre),
        "adresse_cadre": adresse,
        "adresse_complete": settings.ADRESSE + adresse,
    }
    return HttpResponse(render_to_string("echeancier/partager.html", contexte, request))
