"""Pages du jury : déclarer, lire, noter, signer, délibérer. Un dossier en déport n’existe pas."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.entiers import read_entier
from socle.metiers.consultations.enums import EtapeInstruction, FonctionJury, OrigineDeport
from socle.metiers.consultations.forms import evaluation as saisies
from socle.metiers.consultations.models import Jure, Reponse
from socle.metiers.consultations.queries import evaluation_jury as lectures
from socle.metiers.consultations.queries.evaluation_notes import read_avancement
from socle.metiers.consultations.queries.evaluation_resultats import list_a_arreter
from socle.metiers.consultations.services import evaluation_deliberation as deliberation
from socle.metiers.consultations.services import evaluation_jury as jury_services
from socle.metiers.consultations.services import evaluation_notes as notes
from socle.metiers.consultations.views.evaluation_equipe import act, try_form
from socle.metiers.consultations.views.repondre import list_resume

ECRIRE = require_http_methods(["GET", "HEAD", "POST"])


def get_jure(request: HttpRequest, slug: str) -> Jure:
    """La place de cette personne au jury ; 404 pour tous les autres."""
    jure = lectures.find_jure(request.user, slug)  # type: ignore[arg-type]
    if jure is None:
        raise Http404
    return jure


def get_dossier(jure: Jure, cle: UUID) -> Reponse:
    """Un dossier que ce membre peut lire ; ses conflits sont constatés de nouveau avant."""
    jury_services.refresh_deports(jure=jure, maintenant=timezone.now())
    lu = lectures.find_dossier(jure, cle)
    if lu is None:
        raise Http404
    return lu


@require_safe
def jurys(request: HttpRequest) -> HttpResponse:
    """Les jurys où siège cette personne."""
    places = lectures.list_places(request.user)  # type: ignore[arg-type]
    return render(request, "consultations/evaluation/jurys.html", {"places": places})


@require_safe
def jury(request: HttpRequest, slug: str) -> HttpResponse:
    """Ce qu’un membre a à faire pour un appel."""
    jure = get_jure(request, slug)
    instruction, grille = jure.instruction, lectures.get_grille(jure.instruction)
    dossiers = lectures.list_dossiers(jure, grille)
    contexte = {
        "jure": jure, "instruction": instruction, "campagne": instruction.campagne,
        "dossiers": dossiers, "grille": grille,
        "signes": sum(1 for d in dossiers if d.notation and d.notation.is_signee),
        "a_declarer": lectures.list_a_declarer(jure),
        "deports": [d for d in lectures.list_deports(instruction) if d.jure_id == jure.pk],
        "preside": jure.fonction in deliberation.DIRIGENT,
    }  # fmt: skip
    return render(request, "consultations/evaluation/jury.html", contexte)


@ECRIRE
def interets(request: HttpRequest, slug: str) -> HttpResponse:
    """Déclarer ses intérêts, pour l’appel et pour chaque dossier."""
    jure = get_jure(request, slug)
    reponses = lectures.list_a_declarer(jure)
    form = saisies.InteretsForm(
        request.POST or None, reponses=reponses, initial={"interets": jure.interets}
    )
    if request.method == "POST" and form.is_valid():
        fait = try_form(
            form, jury_services.declare_interets, jure=jure, conflits=form.conflits,
            interets=form.cleaned_data["interets"], lus=[r.pk for r in reponses],
            maintenant=timezone.now(),
        )  # fmt: skip
        if fait:
            messages.success(request, "Votre déclaration est enregistrée.")
            return redirect("consultations:jury", slug)
    contexte = {"form": form, "jure": jure, "campagne": jure.instruction.campagne,
                "reponses": reponses}  # fmt: skip
    statut = 422 if form.errors else 200
    return render(request, "consultations/evaluation/interets.html", contexte, status=statut)


@ECRIRE
def dossier(request: HttpRequest, slug: str, cle: UUID) -> HttpResponse:
    """Lire un dossier et le noter : un brouillon, ou une signature."""
    jure = get_jure(request, slug)
    lu = get_dossier(jure, cle)
    instruction, grille = jure.instruction, lectures.get_grille(jure.instruction)
    notation = lectures.find_notation(jure, lu, grille)
    criteres = lectures.list_criteres(grille)
    signe = request.POST.get("geste") == "signer"
    form = saisies.NotesForm(
        request.POST or None, grille=grille, criteres=criteres, notation=notation,
        brouillon=request.method == "POST" and not signe,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        fait = try_form(
            form, notes.sign_notation if signe else notes.save_notation, jure=jure, reponse=lu,
            notes=form.notes, avis=form.cleaned_data["avis"], maintenant=timezone.now(),
            version=_read_version(request, grille.version),
        )  # fmt: skip
        if fait:
            messages.success(request, "Votre note est signée." if signe
                             else "Votre brouillon est enregistré.")  # fmt: skip
            return redirect("consultations:jury_dossier", slug, cle)
    ouverte = instruction.etape == EtapeInstruction.NOTATION
    contexte = {
        "jure": jure, "campagne": instruction.campagne, "instruction": instruction,
        "reponse": lu, "grille": grille, "form": form, "notation": notation,
        "saisissable": ouverte and not (notation and notation.is_signee),
        "lignes": _list_lignes(criteres, notation),
        "autres": _list_autres(jure, lu, grille, criteres),
        "pages": list_resume(lu, lu.reponses),
    }  # fmt: skip
    statut = 422 if form.errors else 200
    return render(request, "consultations/evaluation/dossier.html", contexte, status=statut)


def _read_version(request: HttpRequest, defaut: int) -> int:
    return read_entier(request.POST.get("version"), defaut, chiffres=4)


def _list_lignes(criteres: list[Any], notation: Any) -> list[dict[str, Any]]:
    """Les notes d’une notation, dans l’ordre de la grille."""
    saisies_ = notation.notes if notation else {}
    return [{"critere": c, **saisies_.get(str(c.pk), {"note": None, "commentaire": ""})}
            for c in criteres]  # fmt: skip


def _list_autres(jure: Jure, lu: Reponse, grille: Any, criteres: list[Any]) -> list[Any]:
    autres = lectures.list_autres_notations(jure, lu, grille)
    return [(notation, _list_lignes(criteres, notation)) for notation in autres]


@ECRIRE
def retrait(request: HttpRequest, slug: str, cle: UUID) -> HttpResponse:
    """Se retirer d’un dossier, même après l’avoir lu."""
    jure = get_jure(request, slug)
    lu = get_dossier(jure, cle)
    form = saisies.MotifForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        compte = jure.compte
        fait = try_form(
            form, jury_services.record_deport, jure=jure, reponse=lu,
            origine=OrigineDeport.DECLARE, motif=form.cleaned_data["motif"],
            acteur=compte.acteur, maintenant=timezone.now(),
        )  # fmt: skip
        if fait:
            messages.success(request, f"Vous ne verrez plus le dossier {lu.numero}.")
            return redirect("consultations:jury", slug)
    contexte = {"form": form, "jure": jure, "campagne": jure.instruction.campagne, "reponse": lu}
    statut = 422 if form.errors else 200
    return render(request, "consultations/evaluation/retrait.html", contexte, status=statut)


# Présidence ---------------------------------------------------------------------------------------
def get_president(request: HttpRequest, slug: str) -> Jure:
    """Le président ou le vice-président ; 404 pour les autres membres."""
    jure = get_jure(request, slug)
    if jure.fonction not in deliberation.DIRIGENT:
        raise Http404
    return jure


@ECRIRE
def deliberer(request: HttpRequest, slug: str) -> HttpResponse:
    """Le classement calculé ; la présidence arrête les résultats, avec leurs raisons."""
    jure = get_president(request, slug)
    instruction = jure.instruction
    contexte: dict[str, Any] = {
        "jure": jure, "instruction": instruction, "campagne": instruction.campagne,
        "president": jure.fonction == FonctionJury.PRESIDENT,
    }  # fmt: skip
    if instruction.etape == EtapeInstruction.PREPARATION:
        raise Http404
    if instruction.etape == EtapeInstruction.NOTATION:
        contexte["avancement"] = read_avancement(instruction)
        return render(request, "consultations/evaluation/deliberation.html", contexte)
    permis = deliberation.list_decidables(jure)
    caches = lectures.list_caches(jure)
    resultats = sorted(list_a_arreter(instruction), key=lambda r: r.reponse_id in caches)
    siens = [r for r in resultats if r.reponse_id in permis]
    noms = _name_ecarts(siens, lectures.list_criteres(lectures.get_grille(instruction)))
    for resultat in siens:
        resultat.ecarts_nommes = noms[resultat.reponse_id]
    form = saisies.DeliberationForm(request.POST or None, resultats=siens)
    if request.method == "POST" and form.is_valid():
        fait = try_form(form, deliberation.fix_resultats, jure=jure, decisions=form.decisions,
                        maintenant=timezone.now())  # fmt: skip
        if fait is not None:
            messages.success(request, f"Résultats arrêtés : {fait}.")
            return redirect("consultations:jury_deliberation", slug)
    rangs = [r.rang_calcule for r in resultats if r.rang_calcule and r.reponse_id not in caches]
    contexte |= {
        "form": form, "resultats": resultats, "permis": permis, "caches": caches,
        "ex_aequo": {rang for rang in rangs if rangs.count(rang) > 1},
        "saisissable": instruction.etape == EtapeInstruction.DELIBERATION and bool(siens),
        "total": sum(r.montant for r in resultats),
    }  # fmt: skip
    statut = 422 if form.errors else 200
    return render(request, "consultations/evaluation/deliberation.html", contexte, status=statut)


def _name_ecarts(resultats: list[Any], criteres: list[Any]) -> dict[int, str]:
    """Réponse → critères où deux membres s’écartent trop."""
    noms = {critere.pk: critere.intitule for critere in criteres}
    return {
        r.reponse_id: ", ".join(noms[cle] for cle in r.ecarts if cle in noms) for r in resultats
    }


@require_POST
def deliberation_geste(request: HttpRequest, slug: str) -> HttpResponse:
    """Ouvrir la délibération, valider, ou revenir d’un pas."""
    jure, maintenant = get_president(request, slug), timezone.now()
    gestes: dict[str, tuple[Any, str]] = {
        "ouvrir": (deliberation.open_deliberation, "La délibération est ouverte."),
        "valider": (deliberation.validate_resultats,
                    "Les résultats sont arrêtés ; l’équipe peut les publier."),
        "reprendre": (partial(deliberation.reopen, vers=EtapeInstruction.DELIBERATION),
                      "La délibération est rouverte."),
        "renoter": (partial(deliberation.reopen, vers=EtapeInstruction.NOTATION),
                    "La notation est rouverte."),
    }  # fmt: skip
    choisi = gestes.get(request.POST.get("geste", ""))
    if choisi is None:
        raise Http404
    geste, fait = choisi
    vers = reverse("consultations:jury_deliberation", args=[slug])
    return act(request, vers, geste, fait, jure=jure, maintenant=maintenant)
