"""L’équipe tient la feuille de route et les évaluations."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.verrou import mark_valeurs
from socle.metiers.gouvernance.enums import Pouvoir
from socle.metiers.gouvernance.forms.equipe import (
    EvaluationForm,
    FicheEvaluationForm,
    FicheLigneForm,
    LigneForm,
    SemestreForm,
)
from socle.metiers.gouvernance.models import Evaluation, FeuilleDeRoute, LigneDeFeuille
from socle.metiers.gouvernance.queries.editions import describe_evaluation, describe_ligne
from socle.metiers.gouvernance.queries.equipe import list_avec_pouvoir
from socle.metiers.gouvernance.queries.feuilles import compare_lignes
from socle.metiers.gouvernance.services import evaluations, feuilles
from socle.metiers.gouvernance.views.equipe_instances import FORMULAIRES
from socle.metiers.gouvernance.views.gestes import (
    act,
    choose_statut,
    equipe_requise,
    explain_erreurs,
    show_form,
    submit,
    submit_fiche,
)

FEUILLE = "gouvernance:equipe_feuille"
EVALUATION = "gouvernance:equipe_evaluation"


@equipe_requise
@require_http_methods(FORMULAIRES)
def nouvelle(request: HttpRequest) -> HttpResponse:
    """Ouvre la feuille d’un semestre, à partir de la dernière validée."""
    form = SemestreForm(request.POST or None)
    if form.is_valid():
        fait = "La feuille est ouverte, avec les lignes de la précédente."
        faite = submit(request, form, feuilles.open_feuille, fait, **form.cleaned_data)
        if faite is not None:
            return redirect(FEUILLE, faite.pk)
    return show_form(request, form, titre="Ouvrir un semestre", bouton="Ouvrir")


@equipe_requise
@require_safe
def feuille(request: HttpRequest, pk: int) -> HttpResponse:
    """Une feuille : ses lignes, ce qui change, ce qui reste à expliquer."""
    lue = _get(pk)
    lignes = compare_lignes(lue)
    contexte = {
        "feuille": lue,
        "lignes": lignes,
        "muettes": [c for c in lignes if c.is_changee and not c.ligne.motif],
        "instances": list_avec_pouvoir(Pouvoir.VALIDER_FEUILLE),
        "decisions": list(lue.decisions.order_by("numero")),
        "form": LigneForm(),
    }
    return render(request, "gouvernance/equipe/feuille.html", contexte)


@equipe_requise
@require_POST
def ajouter_ligne(request: HttpRequest, pk: int) -> HttpResponse:
    """Ajoute une ligne."""
    lue = _get(pk)
    form = LigneForm(request.POST)
    if not form.is_valid():
        explain_erreurs(request, form)
        return redirect(FEUILLE, pk)
    fait = "La ligne est ajoutée."
    return act(request, feuilles.save_ligne, fait, FEUILLE, pk, feuille=lue, **form.cleaned_data)


@equipe_requise
@require_http_methods(FORMULAIRES)
def ligne(request: HttpRequest, pk: int) -> HttpResponse:
    """Change une ligne, et dit pourquoi."""
    lue = _get_ligne(pk)
    form = FicheLigneForm(request.POST or None, initial=mark_valeurs(describe_ligne(lue)))
    if form.is_valid() and submit_fiche(
        request, form, feuilles.save_ligne, "C’est enregistré.",
        {**form.cleaned_data, "feuille": lue.feuille, "ligne": lue},
        relire=lambda: mark_valeurs(describe_ligne(_get_ligne(pk))),
        trace={"objet": lue.feuille.cle, "actions": ["feuille.ligne_changee"],
               "version": lue.feuille.rang, "rang": lue.rang},
    ):  # fmt: skip
        return redirect(FEUILLE, lue.feuille_id)
    return show_form(request, form, titre=f"Modifier : {lue.titre}", bouton="Enregistrer")


@equipe_requise
@require_POST
def retirer_ligne(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire une ligne, ou la remet."""
    lue = _get_ligne(pk)
    if request.POST.get("geste") == "remettre":
        fait = "La ligne est remise."
        return act(request, feuilles.restore_ligne, fait, FEUILLE, lue.feuille_id, ligne=lue)
    motif = request.POST.get("motif", "")[:500]
    fait = "La ligne est retirée."
    return act(
        request, feuilles.remove_ligne, fait, FEUILLE, lue.feuille_id, ligne=lue, motif=motif
    )


@equipe_requise
@require_POST
def figer(request: HttpRequest, pk: int) -> HttpResponse:
    """Fige la feuille et propose à l’instance politique de la valider."""
    lue = _get(pk)
    slug = request.POST.get("instance", "")
    instance = next((i for i in list_avec_pouvoir(Pouvoir.VALIDER_FEUILLE) if i.slug == slug), None)
    if instance is None:
        messages.error(request, "Choisissez l’instance politique qui valide la feuille de route.")
        return redirect(FEUILLE, pk)
    fait = "La feuille est figée. Une décision est proposée : figez son texte pour ouvrir le vote."
    return act(request, feuilles.freeze_feuille, fait, FEUILLE, pk, feuille=lue, instance=instance)


# Évaluations --------------------------------------------------------------------------------------
@equipe_requise
@require_http_methods(FORMULAIRES)
def nouvelle_evaluation(request: HttpRequest) -> HttpResponse:
    """Évalue une action."""
    form = EvaluationForm(
        request.POST or None,
        initial={
            "action": request.GET.get("action", "")[:120],
            "redigee_par": "Équipe du programme",
        },
    )
    if form.is_valid():
        fait = "L’évaluation est enregistrée. Elle n’est pas encore publique."
        faite = submit(request, form, evaluations.save_evaluation, fait, **form.cleaned_data)
        if faite is not None:
            return redirect(EVALUATION, faite.pk)
    return show_form(request, form, titre="Évaluer une action", bouton="Enregistrer")


@equipe_requise
@require_http_methods(FORMULAIRES)
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrige une évaluation ; la publie ou la retire de la publication."""
    lue = _get_evaluation(pk)
    initial = mark_valeurs(describe_evaluation(lue))
    form = FicheEvaluationForm(request.POST or None, initial=initial)
    if form.is_valid() and submit_fiche(
        request, form, evaluations.save_evaluation, "C’est enregistré.",
        {**form.cleaned_data, "evaluation": lue},
        relire=lambda: mark_valeurs(describe_evaluation(_get_evaluation(pk))),
        trace={"objet": f"evaluation:{pk}", "actions": ["evaluation.ecrite"]},
    ):  # fmt: skip
        return redirect(EVALUATION, pk)
    contexte = {"evaluation": lue, "form": form}
    statut = choose_statut(form)
    return render(request, "gouvernance/equipe/evaluation.html", contexte, status=statut)


@equipe_requise
@require_POST
def publier_evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Publie une évaluation, ou la retire de la publication."""
    lue = _get_evaluation(pk)
    publiee = request.POST.get("geste") != "retirer"
    fait = "L’évaluation est publiée." if publiee else "L’évaluation n’est plus publique."
    return act(
        request, evaluations.publish_evaluation, fait, EVALUATION, pk,
        evaluation=lue, publiee=publiee,
    )  # fmt: skip


def _get(pk: int) -> FeuilleDeRoute:
    lue = FeuilleDeRoute.objects.select_related("precedente").filter(pk=pk).first()
    if lue is None:
        raise Http404
    return lue


def _get_ligne(pk: int) -> LigneDeFeuille:
    lue = LigneDeFeuille.objects.select_related("feuille").filter(pk=pk).first()
    if lue is None:
        raise Http404
    return lue


def _get_evaluation(pk: int) -> Evaluation:
    lue = Evaluation.objects.filter(pk=pk).first()
    if lue is None:
        raise Http404
    return lue
