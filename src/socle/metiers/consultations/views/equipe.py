"""L’équipe du programme : préparer une campagne, la publier, la prolonger, la clore."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.verrou import show_revision
from socle.metiers.consultations.errors import ModifieAilleurs, PasPubliable
from socle.metiers.consultations.forms.equipe import (
    CampagneForm,
    CopieForm,
    MotifForm,
    NouvelleForm,
    PresentationForm,
    ProlongerForm,
)
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.permissions import equipe_requise
from socle.metiers.consultations.queries.campagnes import is_depouillable, list_pour_equipe
from socle.metiers.consultations.queries.controles import list_defauts
from socle.metiers.consultations.queries.reponses import count_etats
from socle.metiers.consultations.services import campagnes as services
from socle.metiers.consultations.views.commun import (
    FORMULAIRE,
    get_campagne,
    read_acteur,
    read_revision,
    say_refus,
    show_form,
)
from socle.metiers.consultations.views.publiques import describe_campagne

DEBUT = {
    "finalite": "Connaître les besoins des collectivités et orienter le programme.",
    "lecteurs": "L’équipe du programme",
}
FORM = "consultations/equipe/formulaire.html"


@equipe_requise
@require_safe
def equipe(request: HttpRequest) -> HttpResponse:
    """Toutes les campagnes, la dernière modifiée d’abord."""
    maintenant = timezone.now()
    lignes = [(c, c.find_moment(maintenant)) for c in list_pour_equipe()]
    return render(request, "consultations/equipe/liste.html", {"lignes": lignes})


@equipe_requise
@require_http_methods(FORMULAIRE)
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Ouvre un brouillon."""
    form = NouvelleForm(request.POST or None)
    if form.is_valid():
        try:
            campagne = services.create_campagne(
                acteur=read_acteur(request), maintenant=timezone.now(), **DEBUT,
                **form.cleaned_data,
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error("slug", f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "Brouillon créé. Remplissez sa fiche, puis ses questions.")
            return redirect("consultations:equipe_modifier", campagne.slug)
    return show_form(request, FORM, form, titre="Nouvelle consultation", bouton="Créer")


@equipe_requise
@require_safe
def campagne(request: HttpRequest, slug: str) -> HttpResponse:
    """Où en est la campagne, ce qui manque, ce que l’on peut faire."""
    trouvee, maintenant = get_campagne(slug), timezone.now()
    contexte = {
        **describe_campagne(trouvee),
        "defauts": list_defauts(trouvee, maintenant=maintenant) if trouvee.is_brouillon else [],
        "etats": count_etats(trouvee),
        "depouillable": is_depouillable(trouvee, maintenant),
    }
    return render(request, "consultations/equipe/campagne.html", contexte)


@equipe_requise
@require_http_methods(FORMULAIRE)
def modifier(request: HttpRequest, slug: str) -> HttpResponse:
    """Corrige la fiche ; publiée, seulement sa présentation."""
    trouvee = get_campagne(slug)
    modele = CampagneForm if trouvee.is_brouillon else PresentationForm
    initial = {nom: getattr(trouvee, nom) for nom in modele.base_fields}
    form = modele(request.POST or None, initial=initial)
    statut = 200
    if form.is_valid():
        try:
            services.update_campagne(
                campagne=trouvee, revision=form.cleaned_data["revision"],
                acteur=read_acteur(request), maintenant=timezone.now(), **form.fiche,
            )  # fmt: skip
        except ModifieAilleurs as refus:
            trouvee = get_campagne(slug)
            actuel = {nom: getattr(trouvee, nom) for nom in modele.base_fields}
            show_revision(form, refus, objet=trouvee, actuel=actuel, prendre=request.path)
            statut = refus.statut
        except ErreurMetier as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La fiche est enregistrée.")
            return redirect("consultations:equipe_campagne", slug)
    reponse = show_form(request, FORM, form, titre="Fiche", bouton="Enregistrer", campagne=trouvee)
    reponse.status_code = statut if statut == 409 else reponse.status_code
    return reponse


@equipe_requise
@require_POST
def publier(request: HttpRequest, slug: str) -> HttpResponse:
    """Publie ; les points à corriger sont dits sur la page de la campagne."""
    trouvee = get_campagne(slug)
    try:
        services.publish_campagne(
            campagne=trouvee, revision=read_revision(request, trouvee.revision),
            acteur=read_acteur(request), maintenant=timezone.now(),
        )  # fmt: skip
        messages.success(request, "La campagne est publiée. Son formulaire ne change plus.")
    except PasPubliable as refus:
        messages.error(request, f"{refus.message} {' '.join(refus.defauts)}")
    except ErreurMetier as refus:
        say_refus(request, refus)
    return redirect("consultations:equipe_campagne", slug)


@equipe_requise
@require_http_methods(FORMULAIRE)
def prolonger(request: HttpRequest, slug: str) -> HttpResponse:
    """Repousse la clôture, avec un motif public."""
    trouvee = get_campagne(slug)
    form = ProlongerForm(request.POST or None, initial={"ferme_le": trouvee.ferme_le})
    return _apply(
        request, trouvee, form, services.extend_campagne, "La clôture est repoussée.",
        titre="Prolonger", bouton="Repousser la clôture",
    )  # fmt: skip


@equipe_requise
@require_http_methods(FORMULAIRE)
def annuler(request: HttpRequest, slug: str) -> HttpResponse:
    """Annule la campagne, avec un motif public."""
    trouvee = get_campagne(slug)
    form = MotifForm(request.POST or None)
    return _apply(
        request, trouvee, form, services.cancel_campagne, "La campagne est annulée.",
        titre="Annuler la campagne", bouton="Annuler la campagne", grave=True,
    )  # fmt: skip


@equipe_requise
@require_http_methods(FORMULAIRE)
def copier(request: HttpRequest, slug: str) -> HttpResponse:
    """Ouvre un brouillon avec la même fiche et les mêmes questions."""
    trouvee = get_campagne(slug)
    form = CopieForm(request.POST or None, initial={"titre": f"{trouvee.titre[:140]} (copie)"})
    if form.is_valid():
        try:
            copie = services.copy_campagne(
                campagne=trouvee, acteur=read_acteur(request), maintenant=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error("slug", f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "La copie est un brouillon : donnez-lui ses dates.")
            return redirect("consultations:equipe_campagne", copie.slug)
    return show_form(request, FORM, form, titre="Copier", bouton="Copier", campagne=trouvee)


@equipe_requise
@require_POST
def clore(request: HttpRequest, slug: str) -> HttpResponse:
    """Clôt avant la date : plus aucune réponse."""
    return _change(request, slug, services.close_campagne, "La campagne est close.")


@equipe_requise
@require_POST
def archiver(request: HttpRequest, slug: str) -> HttpResponse:
    """Range la campagne ; sa synthèse reste lisible."""
    return _change(request, slug, services.archive_campagne, "La campagne est archivée.")


def _change(
    request: HttpRequest, slug: str, service: Callable[..., Campagne], phrase: str
) -> HttpResponse:
    try:
        service(campagne=get_campagne(slug), acteur=read_acteur(request), maintenant=timezone.now())
        messages.success(request, phrase)
    except ErreurMetier as refus:
        say_refus(request, refus)
    return redirect("consultations:equipe_campagne", slug)


def _apply(
    request: HttpRequest, trouvee: Campagne, form: Any, service: Callable[..., Campagne],
    phrase: str, **contexte: Any,
) -> HttpResponse:  # fmt: skip
    """Applique une transition qui demande une saisie ; un refus remontre le formulaire."""
    if form.is_valid():
        try:
            service(
                campagne=trouvee, acteur=read_acteur(request), maintenant=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, phrase)
            return redirect("consultations:equipe_campagne", trouvee.slug)
    return show_form(request, FORM, form, campagne=trouvee, **contexte)
