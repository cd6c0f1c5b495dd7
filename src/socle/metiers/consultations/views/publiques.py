"""Les consultations et les appels, lus par tous."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.agenda import respond_agenda
from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.tableur import iter_csv
from socle.metiers.consultations.enums import Moment
from socle.metiers.consultations.exports.agenda import build_atom, list_rendezvous
from socle.metiers.consultations.exports.pdf import build_synthese
from socle.metiers.consultations.exports.tableaux import has_pieces, iter_chiffres
from socle.metiers.consultations.forms.publics import FiltreForm
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.permissions import read_compte
from socle.metiers.consultations.queries.campagnes import (
    LISTE_MAX,
    list_publiques,
    present_campagne,
    split_moments,
)
from socle.metiers.consultations.queries.formulaires import get_formulaire
from socle.metiers.consultations.queries.reponses import list_de
from socle.metiers.consultations.views.commun import get_visible

FLUX_MAX = 50
TITRES = (
    (Moment.OUVERTE, "Ouvertes"), (Moment.A_VENIR, "À venir"), (Moment.CLOSE, "Closes"),
)  # fmt: skip


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Campagnes ouvertes, à venir, closes, par filtre."""
    filtre = FiltreForm(request.GET.dict())
    campagnes = list(list_publiques(filtre.criteres)[:LISTE_MAX])
    moments = split_moments(campagnes, timezone.now())
    contexte = {
        "filtre": filtre,
        "sections": [(m, titre, moments[m.value]) for m, titre in TITRES if moments[m.value]],
        "adresse": _build_adresse(filtre),
    }
    return render(request, "consultations/liste.html", contexte)


@page_publique
def atom(request: HttpRequest) -> HttpResponse:
    """Dernières campagnes publiées, par filtre."""
    filtre = FiltreForm(request.GET.dict())
    campagnes = list_publiques(filtre.criteres).order_by("-publiee_le", "-pk")[:FLUX_MAX]
    liste = reverse("consultations:liste") + _build_adresse(filtre)
    contenu = build_atom(campagnes, adresse=request.get_full_path(), liste=liste)
    return HttpResponse(contenu, content_type="application/atom+xml; charset=utf-8")


@page_publique
def agenda(request: HttpRequest) -> HttpResponse:
    """Dates de clôture, par filtre, à suivre dans un agenda."""
    filtre = FiltreForm(request.GET.dict())
    rendezvous = list_rendezvous(list_publiques(filtre.criteres)[:LISTE_MAX])
    return respond_agenda("Consultations et appels : clôtures", "consultations", rendezvous)


@page_publique
def campagne(request: HttpRequest, slug: str) -> HttpResponse:
    """La fiche : pour qui, jusqu’à quand, ce qui est demandé, ce que cela devient."""
    trouvee = get_visible(request, slug)
    compte = read_compte(request)
    contexte = {
        **describe_campagne(trouvee),
        "siennes": list_de(compte, trouvee) if compte else [],
    }
    return render(request, "consultations/campagne.html", contexte)


def describe_campagne(campagne: Campagne) -> dict[str, Any]:
    """Ce que montre une fiche, publiée ou en aperçu."""
    formulaire = get_formulaire(campagne)
    return {
        "campagne": campagne,
        "moment": campagne.find_moment(timezone.now()),
        "presentation": present_campagne(campagne),
        "texte": render_texte(campagne.texte, niveau=2),
        "pages": [page.page for page in formulaire.structure.pages],
        "avec_pieces": has_pieces(formulaire),
        "prolongations": list(campagne.prolongations.order_by("instant", "pk")),
        "liens": list(map_fiches(campagne.liens).values()),
        "rappels": list_rappels(campagne.cle),
    }


@page_publique
def synthese(request: HttpRequest, slug: str) -> HttpResponse:
    """Les résultats publiés : le texte, la participation, chaque question."""
    trouvee = _get_depouillee(request, slug)
    extraits = _map_extraits(trouvee)
    chiffres = trouvee.chiffres or {}
    contexte = {
        "campagne": trouvee,
        "texte": render_texte(trouvee.synthese, niveau=2),
        "chiffres": chiffres,
        "questions": [
            {**question, "extraits": extraits.get(question["champ"], [])}
            for question in chiffres.get("questions", [])
        ],
    }
    return render(request, "consultations/synthese.html", contexte)


@page_publique
def synthese_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """La synthèse en PDF accessible."""
    trouvee = _get_depouillee(request, slug)
    reponse = HttpResponse(
        build_synthese(trouvee, _map_extraits(trouvee)), content_type="application/pdf"
    )
    reponse.headers["Content-Disposition"] = f'inline; filename="synthese-{trouvee.slug}.pdf"'
    return reponse


@page_publique
def synthese_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Les chiffres publiés, pour un tableur."""
    trouvee = _get_depouillee(request, slug)
    contenu = b"".join(iter_csv(iter_chiffres(trouvee.chiffres or {})))
    reponse = HttpResponse(contenu, content_type="text/csv; charset=utf-8")
    nom = f"chiffres-{trouvee.slug}.csv"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


def _get_depouillee(request: HttpRequest, slug: str) -> Campagne:
    trouvee = get_visible(request, slug)
    if not trouvee.has_synthese:
        raise Http404
    return trouvee


def _map_extraits(campagne: Campagne) -> dict[str, list[str]]:
    extraits: dict[str, list[str]] = {}
    for champ, texte in campagne.extraits.order_by("pk").values_list("champ", "texte"):
        extraits.setdefault(champ, []).append(texte)
    return extraits


def _build_adresse(filtre: FiltreForm) -> str:
    return f"?{urlencode(filtre.choisis)}" if filtre.choisis else ""
