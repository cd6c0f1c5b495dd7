"""Les résultats : page publique et fichiers, et la page de chaque déposant."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.commun.textes import format_euros
from socle.metiers.consultations.exports import evaluation as exports
from socle.metiers.consultations.models import Instruction
from socle.metiers.consultations.queries.evaluation_resultats import (
    find_publiee,
    find_resultat,
)
from socle.metiers.consultations.views.commun import get_reponse, get_visible


def get_publiee(request: HttpRequest, slug: str) -> Instruction:
    """Une évaluation publiée, d’un appel que cette personne peut voir."""
    get_visible(request, slug)
    instruction = find_publiee(slug)
    if instruction is None:
        raise Http404
    return instruction


def present_bilan(bilan: dict[str, Any]) -> dict[str, Any]:
    """Met en forme un bilan pour une page : montants lisibles, barres, tableaux."""
    repartitions = [
        {**repartition, "montree": [li for li in repartition["lignes"] if li["taux"] is not None]}
        for repartition in bilan["repartitions"]
    ]
    return {
        "bilan": bilan | {"repartitions": repartitions},
        "note_cache": exports.NOTE_CACHE,
        "chiffres": exports.list_chiffres(bilan["chiffres"]),
        "retenus": [
            {**retenu, "euros": format_euros(Decimal(retenu["montant"]))}
            for retenu in bilan["retenus"]
        ],
        "deports": exports.write_deports(bilan["deports"]),
    }


@page_publique
def resultats(request: HttpRequest, slug: str) -> HttpResponse:
    """Retenus et montants, chiffres, jury et grille ; figés à la publication."""
    instruction = get_publiee(request, slug)
    contexte = {
        "instruction": instruction, "campagne": instruction.campagne,
        **present_bilan(instruction.bilan or {}),
    }  # fmt: skip
    return render(request, "consultations/evaluation/resultats.html", contexte)


@page_publique
def resultats_fichier(request: HttpRequest, slug: str, format_: str) -> HttpResponse:
    """Les résultats en PDF, CSV ou JSON."""
    instruction = get_publiee(request, slug)
    if format_ == "pdf":
        contenu, genre = exports.build_pdf(instruction), "application/pdf"
    elif format_ == "csv":
        contenu = b"".join(iter_csv(exports.iter_lignes_csv(instruction)))
        genre = "text/csv; charset=utf-8"
    elif format_ == "json":
        contenu, genre = exports.build_json(instruction), "application/json"
    else:
        raise Http404
    reponse = HttpResponse(contenu, content_type=genre)
    nom = f'inline; filename="resultats-{slug}.{format_}"'
    reponse.headers["Content-Disposition"] = nom
    return reponse


@login_not_required
@require_safe
def resultat(request: HttpRequest, cle: UUID) -> HttpResponse:
    """La décision sur son dossier : notes du jury, raisons, conditions, voies de recours."""
    reponse = get_reponse(request, cle)
    lu = find_resultat(reponse)
    if lu is None:
        raise Http404
    contexte = {
        "campagne": reponse.campagne, "reponse": reponse, "lu": lu,
        "montant": format_euros(lu.resultat.montant) if lu.resultat else "",
        "recevabilite": getattr(reponse, "recevabilite", None),
    }  # fmt: skip
    return render(request, "consultations/evaluation/resultat.html", contexte)
