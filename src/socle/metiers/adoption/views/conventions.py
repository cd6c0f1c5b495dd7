"""Pages publiques des conventions : la liste, le texte, les versions, les adhérentes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.publique import page_publique
from socle.metiers.adoption import exports
from socle.metiers.adoption.models import Convention
from socle.metiers.adoption.queries import conventions as queries

# Ceux dont un objet cite une convention ; les autres coûteraient une instruction pour rien.
CITENT = ("gouvernance", "pilotage", "espaces")


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Conventions et chartes auxquelles une collectivité peut adhérer."""
    return render(
        request, "adoption/conventions.html", {"conventions": list(queries.list_publiees())}
    )


@page_publique
def convention(request: HttpRequest, slug: str) -> HttpResponse:
    """Le texte en cours, ou celui d’une version passée (`?version=1`), et les adhérentes."""
    trouvee = _get_publiee(slug)
    versions = queries.list_versions(trouvee)
    demandee = request.GET.get("version", "")
    version = next((v for v in versions if str(v.numero) == demandee), versions[0])
    adherentes = list(queries.list_adherentes(trouvee)[: queries.ADHERENTES_MONTREES])
    contexte = {
        "convention": trouvee,
        "versions": versions,
        "version": version,
        "est_en_cours": version.pk == versions[0].pk,
        "texte": render_texte(version.texte, niveau=3),
        "adherentes": adherentes,
        "a_resigner": sum(1 for s in adherentes if s.version_id != versions[0].pk),
        "fiches": list(map_fiches(trouvee.liens).values()),
        "rappels": list_rappels(trouvee.cle, metiers=CITENT),
    }
    return render(request, "adoption/convention.html", contexte)


@page_publique
def adherentes_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Les adhérentes, sans aucun nom de personne."""
    trouvee = _get_publiee(slug)
    contenu = b"".join(exports.iter_adherentes(queries.list_adherentes(trouvee)))
    return HttpResponse(
        contenu,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="adherentes-{slug}.csv"'},
    )


def _get_publiee(slug: str) -> Convention:
    trouvee = queries.find_convention(slug)
    if trouvee is None:
        raise Http404
    return trouvee
