"""L’équipe lit les réponses, les exporte, et publie leur synthèse."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.formulaires.definition import TexteCourt, TexteLong
from socle.metiers.consultations.errors import ModifieAilleurs
from socle.metiers.consultations.exports.tableaux import iter_reponses, write_xlsx
from socle.metiers.consultations.forms.equipe import SyntheseForm
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.permissions import equipe_requise
from socle.metiers.consultations.queries.campagnes import is_depouillable
from socle.metiers.consultations.queries.chiffres import compute_chiffres
from socle.metiers.consultations.queries.formulaires import get_formulaire
from socle.metiers.consultations.queries.reponses import find_deposee, paginate_deposees
from socle.metiers.consultations.services import synthese as services
from socle.metiers.consultations.services.trace import record_action
from socle.metiers.consultations.views.commun import (
    FORMULAIRE,
    get_campagne,
    read_acteur,
    say_refus,
    show_form,
)
from socle.metiers.consultations.views.repondre import list_resume

TEXTE_MAX = 100


@equipe_requise
@require_safe
def reponses(request: HttpRequest, slug: str) -> HttpResponse:
    """Réponses déposées, par page et par mots."""
    campagne, texte = get_campagne(slug), request.GET.get("q", "")[:TEXTE_MAX]
    page = paginate_deposees(
        campagne, texte=texte, apres=request.GET.get("apres", ""),
        avant=request.GET.get("avant", ""),
    )  # fmt: skip
    filtre = {"q": texte} if texte else {}
    contexte = {
        "campagne": campagne,
        "reponses": page.lignes,
        "q": texte,
        "suivante": _build_suite(filtre, "apres", page.suivante),
        "precedente": _build_suite(filtre, "avant", page.precedente),
    }
    return render(request, "consultations/equipe/reponses.html", contexte)


@equipe_requise
@require_safe
def reponse(request: HttpRequest, slug: str, cle: UUID) -> HttpResponse:
    """Une réponse, question par question, et les textes que l’on peut publier."""
    campagne = get_campagne(slug)
    trouvee = find_deposee(campagne, cle)
    if trouvee is None:
        raise Http404
    champs = get_formulaire(campagne).structure.champs
    contexte = {
        "campagne": campagne,
        "reponse": trouvee,
        "pages": list_resume(trouvee, trouvee.reponses),
        "textes": [
            {"champ": champ, "libelle": champs[champ].champ.libelle, "texte": texte}
            for champ, texte in trouvee.reponses.items()
            if champ in champs and isinstance(champs[champ].champ, TexteCourt | TexteLong)
        ],
        "choisis": set(trouvee.extraits.values_list("champ", flat=True)),
        "depots": list(trouvee.depots.order_by("rang")),
    }
    return render(request, "consultations/equipe/reponse.html", contexte)


@equipe_requise
@require_POST
def extrait(request: HttpRequest, slug: str, cle: UUID) -> HttpResponse:
    """Choisit de publier un texte libre, sans nom, ou y renonce."""
    trouvee = find_deposee(get_campagne(slug), cle)
    if trouvee is None:
        raise Http404
    geste, _, champ = request.POST.get("geste", "").partition(":")
    choisi = geste == "publier"
    try:
        services.choose_extrait(
            reponse=trouvee, champ=champ[:64], choisi=choisi, acteur=read_acteur(request),
            maintenant=timezone.now(),
        )  # fmt: skip
        phrase = "paraîtra dans la synthèse, sans nom" if choisi else "ne paraîtra pas"
        messages.success(request, f"Ce texte {phrase}.")
    except ErreurMetier as refus:
        say_refus(request, refus)
    return redirect("consultations:equipe_reponse", slug, cle)


@equipe_requise
@require_safe
def export(request: HttpRequest, slug: str, format_: str) -> HttpResponseBase:
    """Les réponses pour un tableur ; l’export laisse une ligne au journal."""
    campagne = get_campagne(slug)
    record_action(
        "consultation.exportee", campagne.cle, read_acteur(request), timezone.now(),
        {"format": format_},
    )  # fmt: skip
    nom = f"reponses-{slug}.{format_}"
    if format_ == "xlsx":
        return FileResponse(write_xlsx(iter_reponses(campagne)), as_attachment=True, filename=nom)
    contenu = b"".join(iter_csv(iter_reponses(campagne)))
    fichier = HttpResponse(contenu, content_type="text/csv; charset=utf-8")
    fichier.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return fichier


@equipe_requise
@require_http_methods(FORMULAIRE)
def synthese(request: HttpRequest, slug: str) -> HttpResponse:
    """Écrit la synthèse, à côté des chiffres comptés maintenant."""
    campagne, maintenant = get_campagne(slug), timezone.now()
    initial = {"synthese": campagne.synthese, "revision": campagne.revision}
    form = SyntheseForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.write_synthese(
                campagne=campagne, texte=form.cleaned_data["synthese"],
                revision=form.cleaned_data["revision"], acteur=read_acteur(request),
                maintenant=maintenant,
            )  # fmt: skip
        except ModifieAilleurs as refus:
            form.add_error(None, str(refus))
        except ErreurMetier as refus:
            say_refus(request, refus)
            return redirect("consultations:equipe_campagne", slug)
        else:
            messages.success(request, "La synthèse est enregistrée.")
            return redirect("consultations:equipe_synthese", slug)
    return show_form(
        request, "consultations/equipe/synthese.html", form, **_describe(campagne, maintenant)
    )


def _describe(campagne: Campagne, maintenant: Any) -> dict[str, Any]:
    chiffres = campagne.chiffres or compute_chiffres(campagne, maintenant=maintenant)
    return {
        "campagne": campagne,
        "chiffres": chiffres,
        "questions": [{**question, "extraits": []} for question in chiffres["questions"]],
        "depouillable": is_depouillable(campagne, maintenant),
        "extraits": campagne.extraits.count(),
    }


@equipe_requise
@require_POST
def depouiller(request: HttpRequest, slug: str) -> HttpResponse:
    """Publie la synthèse et fige ses chiffres."""
    try:
        services.publish_synthese(
            campagne=get_campagne(slug), acteur=read_acteur(request), maintenant=timezone.now()
        )
        messages.success(request, "La synthèse est publiée.")
    except ErreurMetier as refus:
        say_refus(request, refus)
    return redirect("consultations:equipe_synthese", slug)


def _build_suite(filtre: dict[str, str], nom: str, jeton: str) -> str:
    return f"?{urlencode({**filtre, nom: jeton})}" if jeton else ""
