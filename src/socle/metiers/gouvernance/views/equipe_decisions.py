"""L’équipe propose, fige, tient le vote et suit les suites."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.verrou import compute_empreinte, mark_valeurs
from socle.metiers.gouvernance.enums import (
    DECIDEURS,
    SIEGE_PRESENT,
    Canal,
    EtatEffet,
    EtatReunion,
    Pouvoir,
)
from socle.metiers.gouvernance.forms.equipe import (
    AmenderForm,
    ClotureForm,
    MotifForm,
    NouvelleDecisionForm,
    ProlongerForm,
    PropositionForm,
    SeanceForm,
)
from socle.metiers.gouvernance.models import Decision, Effet, Reunion, Siege
from socle.metiers.gouvernance.queries import equipe as lectures
from socle.metiers.gouvernance.queries.editions import describe_proposition, describe_version
from socle.metiers.gouvernance.queries.votes import count_votes
from socle.metiers.gouvernance.services import application, decisions, effets, votes
from socle.metiers.gouvernance.views.equipe_instances import FORMULAIRES
from socle.metiers.gouvernance.views.gestes import (
    act,
    equipe_requise,
    explain_erreurs,
    show_form,
    submit,
    submit_fiche,
)
from socle.metiers.gouvernance.views.publiques import build_fil

PAGE = "gouvernance:equipe_decision"


@equipe_requise
@require_http_methods(FORMULAIRES)
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Propose une décision, au nom d’une instance de travail ou de l’équipe."""
    decident = lectures.list_avec_pouvoir(Pouvoir.DECIDER)
    proposent = lectures.list_avec_pouvoir(Pouvoir.PROPOSER)
    preparent = lectures.list_avec_pouvoir(Pouvoir.PREPARER)
    reunions = _list_reunions({i.pk for i in decident})
    form = NouvelleDecisionForm(decident, proposent, preparent, reunions, request.POST or None)
    if form.is_valid():
        faite = submit(
            request, form, decisions.propose_decision,
            "La décision est proposée. Relisez-la, puis figez son texte.",
            **_read_nouvelle(form, [*decident, *proposent, *preparent], reunions),
        )  # fmt: skip
        if faite is not None:
            return redirect(PAGE, faite.numero)
    phrase = "Seule une instance politique décide ; une instance de travail propose."
    return show_form(request, form, titre="Proposer une décision", bouton="Proposer", phrase=phrase)


def _read_nouvelle(
    form: NouvelleDecisionForm, instances: list[Any], reunions: list[Reunion]
) -> dict[str, Any]:
    valeurs = dict(form.cleaned_data)
    par_slug = {instance.slug: instance for instance in instances}
    for nom in ("instance", "proposee_par", "preparee_par"):
        valeurs[nom] = par_slug.get(valeurs[nom])
    valeurs["reunion"] = _find_reunion(reunions, valeurs["reunion"])
    valeurs["effets"] = valeurs.pop("suites")
    return valeurs


@equipe_requise
@require_safe
def decision(request: HttpRequest, numero: int) -> HttpResponse:
    """Une décision et tout ce que l’équipe peut y faire."""
    lue = _get(numero)
    versions = lectures.list_versions(lue)
    courante = versions[0]
    courante.decision = lue
    contexte: dict[str, Any] = {
        "decision": lue,
        "version": courante,
        "etapes": build_fil(lue, courante) if courante.figee_le else [],
        "suites": _preview_suites(lue),
        "votes": lectures.list_votes(courante),
        "comptes": count_votes(courante, timezone.localdate()).values() if lue.is_ouverte else [],
        "form_cloture": ClotureForm(),
        "form_retirer": MotifForm(auto_id="retirer_%s"),
        "form_seance": _build_seance(lue, courante),
    }
    return render(request, "gouvernance/equipe/decision.html", contexte)


def _preview_suites(lue: Decision) -> list[application.Apercu]:
    """Les suites, et pour celles qui attendent, ce qu’il en adviendra."""
    return [
        application.preview_effet(effet, lue)
        if effet.etat == EtatEffet.A_APPLIQUER
        else application.Apercu(effet, d_office=False)
        for effet in lue.effets.order_by("pk")
    ]


def _build_seance(
    lue: Decision, version: Any, envoi: dict[str, Any] | None = None
) -> SeanceForm | None:
    """Sièges présents en séance, qui n’ont pas voté en ligne et dont le collège n’a pas conclu."""
    reunion = lue.reunion
    if not lue.is_ouverte or reunion is None or reunion.debut > timezone.now():
        return None
    conclus = {validation.college for validation in version.validations.all()}
    presents = reunion.convocations.filter(presence__in=SIEGE_PRESENT).values("siege")
    en_ligne = version.votes.filter(canal=Canal.EN_LIGNE).values("siege")
    sieges = list(
        Siege.objects.filter(pk__in=presents, college__in=set(DECIDEURS) - conclus)
        .exclude(pk__in=en_ligne)
        .order_by("college", "organisation", "pk")
    )
    return SeanceForm(sieges, envoi) if sieges else None


@equipe_requise
@require_http_methods(FORMULAIRES)
def modifier(request: HttpRequest, numero: int) -> HttpResponse:
    """Change une proposition dont le texte n’est pas figé."""
    lue = _get(numero)
    reunions = _list_reunions({lue.instance_id})
    initial = mark_valeurs(describe_proposition(lue))
    form = PropositionForm(reunions, request.POST or None, initial=initial)
    if form.is_valid():
        valeurs = dict(form.cleaned_data)
        valeurs["reunion"] = _find_reunion(reunions, valeurs["reunion"])
        valeurs["effets"] = valeurs.pop("suites")
        if submit_fiche(
            request, form, decisions.edit_proposition, "C’est enregistré.",
            {**valeurs, "decision": lue},
            relire=lambda: mark_valeurs(describe_proposition(_get(numero))),
            trace={"objet": lue.cle, "actions": ["decision.modifiee"]},
        ):  # fmt: skip
            return redirect(PAGE, numero)
    return show_form(request, form, titre=f"Modifier : {lue.titre}", bouton="Enregistrer")


@equipe_requise
@require_POST
def figer(request: HttpRequest, numero: int) -> HttpResponse:
    """Fige le texte et ouvre le vote."""
    form = ClotureForm(request.POST)
    if not form.is_valid():
        explain_erreurs(request, form)
        return redirect(PAGE, numero)
    fait = "Le texte est figé et public. Le vote est ouvert aux deux collèges."
    mots = {"decision": _get(numero), "cloture_le": form.cleaned_data["cloture_le"]}
    return act(request, decisions.freeze_decision, fait, PAGE, numero, **mots)


@equipe_requise
@require_http_methods(FORMULAIRES)
def amender(request: HttpRequest, numero: int) -> HttpResponse:
    """Remplace le texte soumis : tout se revote."""
    lue = _get(numero)
    version = lectures.list_versions(lue)[0]
    marque = compute_empreinte(describe_version(version))
    form = AmenderForm(request.POST or None, initial={"texte": version.texte, "empreinte": marque})
    if form.is_valid() and submit_fiche(
        request, form, decisions.amend_decision,
        "La nouvelle version est soumise : les deux collèges revotent.",
        {**form.cleaned_data, "decision": lue},
        relire=lambda: mark_valeurs(describe_version(lectures.list_versions(lue)[0])),
        trace={"objet": lue.cle, "actions": ["decision.amendee"]},
    ):  # fmt: skip
        return redirect(PAGE, numero)
    phrase = "Les voix et les validations de la version d’avant ne comptent plus."
    return show_form(
        request, form, titre=f"Amender : {lue.titre}", bouton="Soumettre", phrase=phrase
    )


@equipe_requise
@require_http_methods(FORMULAIRES)
def prolonger(request: HttpRequest, numero: int) -> HttpResponse:
    """Laisse plus de temps pour voter."""
    lue = _get(numero)
    form = ProlongerForm(request.POST or None)
    if form.is_valid():
        mots = form.cleaned_data | {"decision": lue}
        if submit(request, form, decisions.extend_vote, "Le vote est prolongé.", **mots):
            return redirect(PAGE, numero)
    titre = f"Prolonger le vote : {lue.titre}"
    return show_form(request, form, titre=titre, bouton="Prolonger")


@equipe_requise
@require_POST
def retirer(request: HttpRequest, numero: int) -> HttpResponse:
    """Retire une décision pas encore prise."""
    mots = {"decision": _get(numero), "motif": request.POST.get("motif", "")[:300]}
    fait = "La décision est retirée."
    return act(request, decisions.withdraw_decision, fait, PAGE, numero, **mots)


@equipe_requise
@require_POST
def seance(request: HttpRequest, numero: int) -> HttpResponse:
    """Note les voix exprimées en séance."""
    lue = _get(numero)
    courante = lectures.list_versions(lue)[0]
    form = _build_seance(lue, courante, request.POST)
    if form is None or not form.is_valid():
        if form is not None:
            explain_erreurs(request, form)
        return redirect(PAGE, numero)
    fait = "Les voix sont notées."
    return act(request, votes.record_seance, fait, PAGE, numero, decision=lue, voix=form.read())


@equipe_requise
@require_POST
def clore(request: HttpRequest, numero: int) -> HttpResponse:
    """Clôt le vote : chaque collège conclut sur les voix exprimées."""
    fait = "Le vote est clos."
    return act(request, votes.close_vote, fait, PAGE, numero, decision=_get(numero))


@equipe_requise
@require_POST
def suivre_effet(request: HttpRequest, pk: int) -> HttpResponse:
    """Fait appliquer une suite, la note faite, l’écarte avec son motif, ou la remet à faire."""
    effet = Effet.objects.select_related("decision").filter(pk=pk).first()
    if effet is None:
        raise Http404
    geste, note = request.POST.get("geste", ""), request.POST.get("note", "")[:300]
    page: tuple[Any, ...] = (PAGE, effet.decision.numero)
    if geste == "rouvrir":
        return act(
            request, effets.reopen_effet, "La suite est de nouveau à appliquer.", *page, pk=pk
        )
    nom = request.user.nom_affiche
    if geste == "executer":
        return act(request, effets.force_effet, "La suite est appliquée.", *page, pk=pk, nom=nom)
    if geste == "ecarter":
        fait = "La suite est écartée."
        return act(request, effets.dismiss_effet, fait, *page, pk=pk, nom=nom, note=note)
    fait = "La suite est notée appliquée."
    return act(request, effets.apply_effet, fait, *page, pk=pk, nom=nom, note=note)


def _list_reunions(instances: set[int]) -> list[Reunion]:
    reunions = Reunion.objects.filter(instance__in=instances).exclude(etat=EtatReunion.ANNULEE)
    return list(reunions.order_by("-debut", "-pk")[:30])


def _find_reunion(reunions: list[Reunion], pk: str) -> Reunion | None:
    return next((reunion for reunion in reunions if str(reunion.pk) == pk), None)


def _get(numero: int) -> Decision:
    lue = lectures.find_decision_equipe(numero)
    if lue is None:
        raise Http404
    return lue
