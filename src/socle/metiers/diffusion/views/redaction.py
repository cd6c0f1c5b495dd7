"""L’équipe écrit : articles et évènements ont les mêmes gestes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.verrou import show_revision
from socle.metiers.diffusion.errors import ModifieEntreTemps
from socle.metiers.diffusion.exports.reseaux import prepare_messages
from socle.metiers.diffusion.forms.equipe import (
    ArticleForm,
    EvenementForm,
    MotifForm,
    ParutionForm,
)
from socle.metiers.diffusion.models import Article, Evenement
from socle.metiers.diffusion.permissions import equipe_requise
from socle.metiers.diffusion.services.evenements import cancel_evenement
from socle.metiers.diffusion.services.parutions import (
    publish_parution,
    save_parution,
    withdraw_parution,
)
from socle.metiers.diffusion.views.articles import describe_article
from socle.metiers.diffusion.views.evenements import describe_evenement


@dataclass(frozen=True, slots=True)
class Sorte:
    """Ce qui change d’une sorte de parution à l’autre."""

    modele: Any
    form: type[ParutionForm]
    nom: str
    page: str
    describe: Callable[[Any], dict[str, Any]]
    withdraw: Callable[..., Any]


ARTICLE = Sorte(
    Article, ArticleForm, "article", "diffusion:equipe_article", describe_article,
    lambda objet, **suite: withdraw_parution(objet=objet, **suite),
)  # fmt: skip
EVENEMENT = Sorte(
    Evenement, EvenementForm, "évènement", "diffusion:equipe_evenement", describe_evenement,
    lambda objet, **suite: cancel_evenement(evenement=objet, **suite),
)  # fmt: skip


def _create(request: HttpRequest, sorte: Sorte) -> HttpResponse:
    form = sorte.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        objet = save_parution(
            objet=sorte.modele(), champs=form.champs, revision=0, acteur=get_acteur(request),
            maintenant=timezone.now(),
        )  # fmt: skip
        messages.success(request, "Brouillon enregistré. Personne ne le voit encore.")
        return redirect(sorte.page, objet.slug)
    contexte = {"form": form, "sorte": sorte}
    statut = 422 if form.is_bound else 200
    return render(request, "diffusion/equipe/parution.html", contexte, status=statut)


def _edit(request: HttpRequest, sorte: Sorte, slug: str) -> HttpResponse:
    objet = _get(sorte, slug)
    donnees = request.POST if request.method == "POST" else None
    form = sorte.form(donnees, initial=model_to_dict(objet))
    statut = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            save_parution(
                objet=objet, champs=form.champs, revision=form.cleaned_data["revision"],
                acteur=get_acteur(request), maintenant=timezone.now(),
            )  # fmt: skip
        except ModifieEntreTemps as refus:
            objet = _get(sorte, slug)
            show_revision(
                form, refus, objet=objet, actuel=model_to_dict(objet), prendre=request.path
            )
            statut = refus.statut
        else:
            messages.success(request, "Enregistré.")
            return redirect(sorte.page, slug)
    return render(
        request, "diffusion/equipe/parution.html", _describe(sorte, objet, form), status=statut
    )


def _describe(sorte: Sorte, objet: Any, form: ParutionForm) -> dict[str, Any]:
    public = sorte.page.replace("equipe_", "")
    url = settings.ADRESSE + reverse(public, args=[objet.slug])
    return {
        "sorte": sorte,
        "objet": objet,
        "form": form,
        "motif": MotifForm(),
        "public": reverse(public, args=[objet.slug]),
        "apercu": reverse(f"{sorte.page}_apercu", args=[objet.slug]),
        "publier": reverse(f"{sorte.page}_publier", args=[objet.slug]),
        "retirer": reverse(f"{sorte.page}_retirer", args=[objet.slug]),
        "reseaux": prepare_messages(titre=objet.titre, resume=objet.resume, url=url)
        if objet.est_publie else [],
    }  # fmt: skip


def _publish(request: HttpRequest, sorte: Sorte, slug: str) -> HttpResponse:
    publish_parution(
        objet=_get(sorte, slug), revision=read_revision(request), acteur=get_acteur(request),
        maintenant=timezone.now(),
    )  # fmt: skip
    messages.success(request, "C’est publié.")
    return redirect(sorte.page, slug)


def _withdraw(request: HttpRequest, sorte: Sorte, slug: str) -> HttpResponse:
    objet, form = _get(sorte, slug), MotifForm(request.POST)
    if not form.is_valid():
        contexte = _describe(sorte, objet, sorte.form(initial=model_to_dict(objet)))
        contexte["motif"] = form
        return render(request, "diffusion/equipe/parution.html", contexte, status=422)
    sorte.withdraw(
        objet, motif=form.cleaned_data["motif"], revision=read_revision(request),
        acteur=get_acteur(request), maintenant=timezone.now(),
    )  # fmt: skip
    messages.success(request, "C’est retiré. Vous pouvez publier de nouveau à tout moment.")
    return redirect(sorte.page, slug)


def _preview(request: HttpRequest, sorte: Sorte, slug: str) -> HttpResponse:
    contexte = sorte.describe(_get(sorte, slug)) | {"est_apercu": True}
    gabarit = "article" if sorte is ARTICLE else "evenement"
    return render(request, f"diffusion/{gabarit}.html", contexte)


def _get(sorte: Sorte, slug: str) -> Any:
    objet = sorte.modele.objects.filter(slug=slug).order_by("pk").first()
    if objet is None:
        raise Http404
    return objet


def read_revision(request: HttpRequest) -> int:
    return read_entier(request.POST.get("revision"), 0)


def get_acteur(request: HttpRequest) -> str:
    return str(request.user.acteur)  # type: ignore[union-attr]


Vue = Callable[..., HttpResponse]


def _build_vues(sorte: Sorte) -> dict[str, Vue]:
    """Rend les cinq vues d’une sorte, fermées à qui n’est pas de l’équipe."""
    lire_ecrire = require_http_methods(["GET", "HEAD", "POST"])

    def nouveau(request: HttpRequest) -> HttpResponse:
        return _create(request, sorte)

    def modifier(request: HttpRequest, slug: str) -> HttpResponse:
        return _edit(request, sorte, slug)

    def apercu(request: HttpRequest, slug: str) -> HttpResponse:
        return _preview(request, sorte, slug)

    def publier(request: HttpRequest, slug: str) -> HttpResponse:
        return _publish(request, sorte, slug)

    def retirer(request: HttpRequest, slug: str) -> HttpResponse:
        return _withdraw(request, sorte, slug)

    return {
        "nouveau": equipe_requise(lire_ecrire(nouveau)),
        "modifier": equipe_requise(lire_ecrire(modifier)),
        "apercu": equipe_requise(require_safe(apercu)),
        "publier": equipe_requise(require_POST(publier)),
        "retirer": equipe_requise(require_POST(retirer)),
    }


ARTICLES = _build_vues(ARTICLE)
EVENEMENTS = _build_vues(EVENEMENT)
