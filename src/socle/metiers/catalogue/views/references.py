"""Pages publiques du label, des éditeurs, des clauses et des API."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.publique import page_comptee, page_publique
from socle.metiers.catalogue.enums import ThemeClause
from socle.metiers.catalogue.forms.recherche import RechercheApis, RechercheClauses
from socle.metiers.catalogue.ports import bancs
from socle.metiers.catalogue.queries import api as apis
from socle.metiers.catalogue.queries import editeurs as lectures
from socle.metiers.catalogue.queries import label as labels
from socle.metiers.catalogue.views.public import build_suite


@page_publique
def label(request: HttpRequest) -> HttpResponse:
    """Les critères en vigueur, le chemin d’une candidature, les solutions labellisées."""
    referentiels = list(labels.list_referentiels().exclude(etat="brouillon"))
    contexte = {
        "referentiel": next((r for r in referentiels if r.etat == "en_vigueur"), None),
        "anciens": [r for r in referentiels if r.etat == "remplace"],
        "labellisees": labels.list_labellisees(),
        "en_cours": labels.list_candidatures().filter(
            etat__in=["declaree", "relue", "auditee", "recours"]
        ),
        "passees": labels.list_passees(),
    }
    return render(request, "catalogue/label.html", contexte)


@page_publique
def referentiel(request: HttpRequest, version: int) -> HttpResponse:
    """Une version des critères, même remplacée."""
    trouve = labels.find_referentiel(version)
    if trouve is None:
        raise Http404
    return render(request, "catalogue/referentiel.html", {"referentiel": trouve})


@page_publique
def candidature(request: HttpRequest, pk: int) -> HttpResponse:
    """Histoire publique d’une candidature : avis, preuves, décision, recours."""
    trouvee = labels.find_candidature(pk)
    if trouvee is None:
        raise Http404
    contexte = {"candidature": trouvee, "grille": labels.build_grille(trouvee)}
    return render(request, "catalogue/candidature.html", contexte)


@page_publique
def editeurs(request: HttpRequest) -> HttpResponse:
    """Éditeurs par nom."""
    texte = request.GET.get("q", "")[:100]
    page = lectures.list_editeurs(
        texte, apres=request.GET.get("apres", ""), avant=request.GET.get("avant", "")
    )
    contexte = {
        "editeurs": page.lignes,
        "texte": texte,
        "suivante": build_suite(request, apres=page.suivante),
        "precedente": build_suite(request, avant=page.precedente),
    }
    return render(request, "catalogue/editeurs.html", contexte)


@page_publique
def editeur(request: HttpRequest, slug: str) -> HttpResponse:
    """Un éditeur : ses produits, leurs versions, ce que nos bancs en ont mesuré."""
    trouve = lectures.find_editeur(slug)
    if trouve is None:
        raise Http404
    contexte = {
        "editeur": trouve,
        "produits": lectures.list_produits(trouve),
        "description": render_texte(trouve.description, niveau=3),
        "cites": list(map_fiches(trouve.liens).values()),
        "rappels": list_rappels(trouve.cle),
    }
    return render(request, "catalogue/editeur.html", contexte)


@page_publique
def bancs_d_essai(request: HttpRequest) -> HttpResponse:
    """Ce que mesurent nos bancs, et comment s’y présenter."""
    contexte = {"bancs": [(code, bancs[code]) for code in bancs]}
    return render(request, "catalogue/bancs.html", contexte)


@page_publique
def clauses(request: HttpRequest) -> HttpResponse:
    """Clauses à reprendre, par thème."""
    formulaire = RechercheClauses(request.GET)
    formulaire.is_valid()
    valeurs = formulaire.cleaned_data
    trouvees = list(lectures.list_clauses(valeurs.get("theme", ""), valeurs.get("q", "")))
    themes = [(t.label, [c for c in trouvees if c.theme == t.value]) for t in ThemeClause]
    contexte = {
        "formulaire": formulaire,
        "themes": [(titre, siennes) for titre, siennes in themes if siennes],
        "nombre": len(trouvees),
    }
    return render(request, "catalogue/clauses.html", contexte)


@page_publique
def clause(request: HttpRequest, slug: str) -> HttpResponse:
    """Une clause : son texte courant, ses versions, à quoi elle sert."""
    trouvee = lectures.find_clause(slug)
    if trouvee is None:
        raise Http404
    versions = list(lectures.list_versions_clause(trouvee))
    contexte = {
        "clause": trouvee,
        "courante": versions[0] if versions else None,
        "anciennes": versions[1:],
        "cites": list(map_fiches(trouvee.liens).values()),
    }
    return render(request, "catalogue/clause.html", contexte)


@page_publique
def clause_texte(request: HttpRequest, slug: str) -> HttpResponse:
    """Le texte nu d’une clause, à copier dans un cahier des charges."""
    trouvee = lectures.find_clause(slug)
    if trouvee is None:
        raise Http404
    courante = lectures.list_versions_clause(trouvee).first()
    texte = f"{trouvee.titre}\n\n{courante.texte if courante else ''}\n"
    reponse = HttpResponse(texte, content_type="text/plain; charset=utf-8")
    reponse.headers["Content-Disposition"] = f'attachment; filename="clause-{trouvee.slug}.txt"'
    return reponse


@page_publique
def liste_api(request: HttpRequest) -> HttpResponse:
    """API par cas d’usage, puis toutes les API."""
    formulaire = RechercheApis(request.GET)
    formulaire.is_valid()
    valeurs = formulaire.cleaned_data
    page = apis.list_apis(
        valeurs.get("q", ""), valeurs.get("acces", ""),
        apres=request.GET.get("apres", ""), avant=request.GET.get("avant", ""),
    )  # fmt: skip
    contexte = {
        "formulaire": formulaire,
        "cas": apis.list_cas(),
        "apis": page.lignes,
        "suivante": build_suite(request, apres=page.suivante),
        "precedente": build_suite(request, avant=page.precedente),
    }
    return render(request, "catalogue/apis.html", contexte)


@page_comptee  # refaite à chaque lecture : une démarche fermée n’y paraît plus
def api(request: HttpRequest, slug: str) -> HttpResponse:
    """Une API : données, accès, dates, et les démarches publiées qui s’en servent ici."""
    trouvee = apis.find_api(slug)
    if trouvee is None:
        raise Http404
    contexte = {
        "api": trouvee,
        "demarches": apis.list_demarches(trouvee),
        "cites": list(map_fiches(trouvee.liens).values()),
        "rappels": list_rappels(trouvee.cle),
    }
    return render(request, "catalogue/api.html", contexte)


@page_publique
def cas(request: HttpRequest, slug: str) -> HttpResponse:
    """Un cas d’usage : les API qui évitent un papier."""
    trouve = apis.find_cas(slug)
    if trouve is None:
        raise Http404
    contexte = {
        "cas": trouve,
        "cites": list(map_fiches(trouve.liens).values()),
        "rappels": list_rappels(trouve.cle),
    }
    return render(request, "catalogue/cas.html", contexte)
