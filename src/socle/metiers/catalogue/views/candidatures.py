"""Relire, auditer et décider les candidatures au label ; changer les critères."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.catalogue.enums import EtatCandidature
from socle.metiers.catalogue.forms.label import AvisForm, DecisionForm, ReferentielForm
from socle.metiers.catalogue.models import CandidatureLabel
from socle.metiers.catalogue.permissions import can_audit, can_decide, can_review, is_equipe
from socle.metiers.catalogue.queries import label as lectures
from socle.metiers.catalogue.services import label as services
from socle.metiers.catalogue.views.commun import EQUIPE as BASE_EQUIPE
from socle.metiers.catalogue.views.commun import get_ou_404, show_form, try_form
from socle.metiers.catalogue.views.equipe import ECRIRE, EQUIPE

PAIR = "catalogue/_base_pair.html"
JUGES = programme_requis(RoleProgramme.EQUIPE, RoleProgramme.PARTENAIRE)
ETAPES = {
    EtatCandidature.DECLAREE: (can_review, services.review, "Donner l’avis d’un pair"),
    EtatCandidature.RELUE: (can_audit, services.audit, "Auditer"),
}


@JUGES
@require_safe
def candidatures(request: HttpRequest) -> HttpResponse:
    """File des candidatures, la plus ancienne d’abord."""
    contexte = {"candidatures": lectures.list_candidatures(),
                "referentiel": lectures.get_referentiel(),
                **_choose_base(request)}  # fmt: skip
    return render(request, "catalogue/equipe/candidatures.html", contexte)


@JUGES
@ECRIRE
def candidature(request: HttpRequest, pk: int) -> HttpResponse:
    """Une candidature : ses avis, et l’étape que cette personne peut faire."""
    suivie: CandidatureLabel = get_ou_404(lectures.find_candidature(pk))
    formulaire, titre = _choose_form(request, suivie)
    if request.method == "POST" and formulaire is not None:
        fait = try_form(formulaire, lambda: _do(request, suivie, formulaire))
        if fait:
            messages.success(request, "C’est enregistré, et public.")
            return redirect("catalogue:juger", pk)
    contexte = {
        "candidature": suivie,
        "grille": lectures.build_grille(suivie),
        "formulaire": formulaire,
        "titre_etape": titre,
        **_choose_base(request),
    }
    statut = 422 if formulaire is not None and formulaire.is_bound else 200
    return render(request, "catalogue/equipe/candidature.html", contexte, status=statut)


def _choose_base(request: HttpRequest) -> dict[str, object]:
    """L’équipe garde sa navigation ; un pair a celle du catalogue."""
    equipe = is_equipe(request.user)  # type: ignore[arg-type]
    return {"equipe": equipe, "base": BASE_EQUIPE if equipe else PAIR}


def _choose_form(request: HttpRequest, suivie: CandidatureLabel):
    """Rend le formulaire de l’étape ouverte à cette personne, ou None avec la raison."""
    envoi = request.POST or None
    etape = ETAPES.get(EtatCandidature(suivie.etat))
    if etape:
        permis, _, titre = etape
        if not permis(request.user, suivie):
            return None, "Cette étape revient à une autre personne : vous êtes concerné."
        return AvisForm(envoi, criteres=list(suivie.referentiel.criteres.all())), titre
    if suivie.etat in {EtatCandidature.AUDITEE, EtatCandidature.RECOURS}:
        if not can_decide(request.user, suivie):
            return None, "La décision revient à une autre personne."
        recours = suivie.etat == EtatCandidature.RECOURS
        return DecisionForm(envoi), "Trancher le recours" if recours else "Décider"
    return None, ""


def _do(request: HttpRequest, suivie: CandidatureLabel, formulaire) -> object:
    commun = {"candidature": suivie, "agent": request.user, "maintenant": timezone.now()}
    if isinstance(formulaire, DecisionForm):
        valeurs = formulaire.cleaned_data
        accorde = valeurs["accorde"] == "oui"
        return services.decide(accorde=accorde, motif=valeurs["motif"], **commun)
    _, geste, _ = ETAPES[EtatCandidature(suivie.etat)]
    return geste(avis=formulaire.reponses, **commun)


@EQUIPE
@ECRIRE
def criteres(request: HttpRequest) -> HttpResponse:
    """Met en vigueur une nouvelle version des critères."""
    actuel = lectures.get_referentiel()
    initial = {} if actuel is None else {
        "titre": actuel.titre, "mention": actuel.mention, "duree_mois": actuel.duree_mois,
        "criteres": [{"titre": c.titre, "question": c.question, "preuve": c.preuve}
                     for c in actuel.criteres.all()],
    }  # fmt: skip
    formulaire = ReferentielForm(request.POST or None, initial=initial)
    if request.method == "POST":
        fait = try_form(
            formulaire, lambda: services.publish_referentiel(
                agent=request.user, maintenant=timezone.now(), **formulaire.cleaned_data
            ),
        )  # fmt: skip
        if fait:
            messages.success(request, f"La version {fait.version} est en vigueur.")
            return redirect("catalogue:juger_liste")
    return show_form(
        request, formulaire, titre="Critères du label", bouton="Mettre en vigueur",
        retour=reverse("catalogue:juger_liste"),
        aide="Une nouvelle version remplace l’actuelle pour les candidatures à venir. Celles en"
        " cours gardent leurs critères.",
    )  # fmt: skip
