"""Feuilles de route, rapports, évaluations, preuve d’une décision : pages et fichiers publics."""

import json
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from socle.fondations.commun.fiches import map_fiches
from socle.fondations.commun.frequence import check_frequence
from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.tableur import iter_csv
from socle.fondations.journal.services import build_preuve
from socle.metiers.gouvernance.enums import EtatFeuille
from socle.metiers.gouvernance.exports.pdf import build_pdf_feuille, build_pdf_rapport
from socle.metiers.gouvernance.exports.rapport import LectureDuRapport
from socle.metiers.gouvernance.models import Evaluation, FeuilleDeRoute, RapportMensuel
from socle.metiers.gouvernance.queries import pages
from socle.metiers.gouvernance.queries.feuilles import (
    compare_lignes,
    find_feuille,
    get_courante,
    list_feuilles,
)
from socle.metiers.gouvernance.queries.rapports import find_rapport, list_rapports
from socle.metiers.gouvernance.services.decisions import build_texte_fige
from socle.metiers.gouvernance.views.outils import serve_fichier

PREUVES_PAR_HEURE = 60


# Feuille de route ---------------------------------------------------------------------------------
@page_publique
def feuilles(request: HttpRequest) -> HttpResponse:
    """La feuille de route en vigueur, celle qui se prépare, et les anciennes."""
    toutes = list_feuilles()
    courante = get_courante()
    lignes = compare_lignes(courante) if courante else []
    contexte = {
        "courante": courante,
        "lignes": lignes,
        "fiches": map_fiches(cle for c in lignes for cle in c.ligne.liens),
        "prochaines": [f for f in toutes if f.etat in (EtatFeuille.BROUILLON, EtatFeuille.FIGEE)],
        "anciennes": [f for f in toutes if f.etat == EtatFeuille.VALIDEE and f != courante],
    }
    return render(request, "gouvernance/feuilles.html", contexte)


@page_publique
def feuille(request: HttpRequest, semestre: str) -> HttpResponse:
    """Une feuille de route : ses lignes, ce qui change depuis la précédente et pourquoi."""
    lue = _get_feuille(semestre)
    lignes = compare_lignes(lue)
    contexte = {
        "feuille": lue,
        "lignes": lignes,
        "gardees": [c for c in lignes if not c.ligne.retiree],
        "changees": [c for c in lignes if c.is_changee] if lue.precedente else [],
        "decision": lue.decisions.order_by("-numero").first(),
        "fiches": map_fiches(cle for c in lignes for cle in c.ligne.liens),
    }
    return render(request, "gouvernance/feuille.html", contexte)


@page_publique
def feuille_pdf(request: HttpRequest, semestre: str) -> HttpResponse:
    """La feuille de route en PDF accessible."""
    lue = _get_feuille(semestre)
    pdf = build_pdf_feuille(lue, compare_lignes(lue))
    nom = f"feuille-de-route-{semestre}.pdf"
    return serve_fichier(request, pdf, nom=nom, type_mime="application/pdf")


def _get_feuille(semestre: str) -> FeuilleDeRoute:
    lue = find_feuille(semestre)
    if lue is None:
        raise Http404
    return lue


# Rapports -----------------------------------------------------------------------------------------
@page_publique
def rapports(request: HttpRequest) -> HttpResponse:
    """Les rapports du mois, le dernier d’abord."""
    lus = [LectureDuRapport(rapport) for rapport in list_rapports()]
    return render(request, "gouvernance/rapports.html", {"rapports": lus})


@page_publique
def rapport(request: HttpRequest, mois: str) -> HttpResponse:
    """Le rapport d’un mois, avec ses données."""
    lu = LectureDuRapport(_get_rapport(mois))
    chemins = _list_chemins(lu.contenu)
    tableaux = [
        {"titre": titre, "entetes": entetes, "rien": rien,
         "lignes": [
             list(zip(entetes, ligne, liens, strict=True))
             for ligne, liens in zip(lignes, place, strict=True)
         ]}
        for (titre, entetes, lignes, _largeurs, rien), place in zip(
            lu.list_tableaux(), chemins, strict=True
        )
    ]  # fmt: skip
    contexte = {"lu": lu, "rapport": lu.rapport, "tableaux": tableaux}
    return render(request, "gouvernance/rapport.html", contexte)


def _list_chemins(contenu: dict[str, Any]) -> list[list[list[str]]]:
    """Pour chaque case de chaque tableau du rapport, la page de ce qu’elle nomme, ou rien."""
    fiches = map_fiches(change["cle"] for change in contenu["changements"])
    decision, reunion = "gouvernance:decision", "gouvernance:reunion"
    changees = [reverse(decision, args=[suite["decision"]]) for suite in contenu["suites"]]
    for change in contenu["changements"]:
        fiche = fiches.get(change["cle"])
        changees.append(fiche.url if fiche else "")
    return [
        [["", reverse(decision, args=[d["numero"]]), "", "", ""] for d in contenu["decisions"]],
        [["", "", reverse(reunion, args=[r["id"]]) if r["releve"] else "", ""]
         for r in contenu["reunions"]],
        [["", chemin, ""] for chemin in changees],
        [["", reverse("gouvernance:evaluation", args=[e["id"]])] for e in contenu["evaluations"]],
        [["", "", ""] for _ in contenu["mesures"]],
    ]  # fmt: skip


@page_publique
def rapport_pdf(request: HttpRequest, mois: str) -> HttpResponse:
    """Le rapport en PDF accessible."""
    pdf = build_pdf_rapport(_get_rapport(mois))
    return serve_fichier(request, pdf, nom=f"rapport-{mois}.pdf", type_mime="application/pdf")


@page_publique
def rapport_json(request: HttpRequest, mois: str) -> HttpResponse:
    """Les données du rapport, telles qu’elles ont été figées."""
    lu = _get_rapport(mois)
    contenu = {"empreinte": lu.empreinte, "publie_le": lu.publie_le.isoformat(), **lu.contenu}
    octets = json.dumps(contenu, ensure_ascii=False, indent=1).encode()
    nom = f"rapport-{mois}.json"
    return serve_fichier(request, octets, nom=nom, type_mime="application/json")


@page_publique
def rapport_csv(request: HttpRequest, mois: str) -> HttpResponse:
    """Les données du rapport, pour un tableur."""
    lu = LectureDuRapport(_get_rapport(mois))
    octets = b"".join(iter_csv(lu.list_lignes_csv()))
    nom = f"rapport-{mois}.csv"
    return serve_fichier(request, octets, nom=nom, type_mime="text/csv; charset=utf-8")


def _get_rapport(mois: str) -> RapportMensuel:
    lu = find_rapport(mois)
    if lu is None:
        raise Http404
    return lu


# Évaluations --------------------------------------------------------------------------------------
@page_publique
def evaluations(request: HttpRequest) -> HttpResponse:
    """Les évaluations publiées, la dernière d’abord."""
    lues = pages.list_evaluations()
    contexte = {"evaluations": lues, "fiches": map_fiches(e.action for e in lues)}
    return render(request, "gouvernance/evaluations.html", contexte)


@page_publique
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    """Une évaluation : objectifs, résultats, ce qu’il faut garder."""
    lue = Evaluation.objects.filter(pk=pk, publiee_le__isnull=False).first()
    if lue is None:
        raise Http404
    contexte = {"evaluation": lue, "fiches": map_fiches(lue.liens).values()}
    return render(request, "gouvernance/evaluation.html", contexte)


# Preuve -------------------------------------------------------------------------------------------
@page_publique
def decision_texte(request: HttpRequest, numero: int) -> HttpResponse:
    """Le texte figé, octet pour octet : son empreinte se recalcule."""
    lue = pages.find_decision(numero)
    if lue is None:
        raise Http404
    courante = next(version for version in lue.versions.all() if version.rang == lue.rang)
    courante.decision = lue
    octets = build_texte_fige(courante)
    nom = f"decision-{numero}.txt"
    return serve_fichier(request, octets, nom=nom, type_mime="text/plain; charset=utf-8")


@login_not_required
@hors_transaction
@require_safe
def decision_preuve(request: HttpRequest, numero: int) -> HttpResponse:
    """Le dossier de preuve : entrées du journal, chemins d’inclusion, points signés, texte."""
    lue = pages.find_decision(numero)
    if lue is None:
        raise Http404
    maintenant = timezone.now()
    check_frequence(
        quoi="preuve_decision",
        qui=request.META.get("REMOTE_ADDR", ""),
        nombre=PREUVES_PAR_HEURE,
        duree=timedelta(hours=1),
        maintenant=maintenant,
    )
    courante = next(version for version in lue.versions.all() if version.rang == lue.rang)
    courante.decision = lue
    preuve = build_preuve(
        objets=[lue.cle],
        documents=[(f"decision-{numero}.txt", build_texte_fige(courante))],
        collectivite_id=None,
        sels={},
        maintenant=maintenant,
    )
    reponse = HttpResponse(preuve, content_type="application/zip")
    reponse.headers["Content-Disposition"] = f'attachment; filename="preuve-decision-{numero}.zip"'
    return reponse
