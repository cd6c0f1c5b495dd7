"""Accueil de l’installation et logo d’une collectivité."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from socle.fondations.collectivites.models import Collectivite, Logo
from socle.fondations.collectivites.queries import search_collectivites
from socle.fondations.commun.adresses import build_origine

PAR_PAGE = 30


@login_not_required
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Choisir sa collectivité, quand l’installation en sert plusieurs."""
    texte = request.GET.get("q", "")[:100]
    trouvees = list(search_collectivites(texte).order_by("nom", "pk")[: PAR_PAGE + 1])
    contexte = {
        "texte": texte,
        "trouvees": [(trouvee, _build_accueil(trouvee)) for trouvee in trouvees[:PAR_PAGE]],
        "encore": len(trouvees) > PAR_PAGE,
    }
    return render(request, "collectivites/accueil.html", contexte)


def _build_accueil(collectivite: Collectivite) -> str:
    """Adresse du portail : son propre hôte, ou un chemin sous celui-ci."""
    if collectivite.hote:
        return f"{build_origine(collectivite)}/"
    return f"/c/{collectivite.slug}/"


@login_not_required
@require_safe
def logo(request: HttpRequest, empreinte: str) -> HttpResponse:
    """Sert le logo. Son adresse change avec son contenu : gardé un an par le navigateur."""
    request.session.accessed = False  # la réponse ne dépend pas de qui la demande
    collectivite = request.collectivite  # type: ignore[attr-defined]
    if collectivite is None or collectivite.logo_empreinte != empreinte:
        raise Http404
    trouve = Logo.objects.filter(collectivite=collectivite).order_by("pk").first()
    if trouve is None:
        raise Http404
    reponse = HttpResponse(bytes(trouve.contenu), content_type=trouve.type_mime)
    reponse.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(reponse, public=True, max_age=31_536_000, immutable=True)
    return reponse
