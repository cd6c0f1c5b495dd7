"""Instances, réunions et décisions, telles que tout le monde les lit."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from socle.fondations.commun.fiches import map_fiches
from socle.fondations.commun.presentation import EtapeDuFil
from socle.fondations.commun.publique import page_publique
from socle.fondations.commun.textes import format_jour
from socle.metiers.gouvernance.enums import (
    DECIDEURS,
    College,
    EtatDecision,
    EtatReunion,
    NatureInstance,
    Resultat,
)
from socle.metiers.gouvernance.forms.publiques import FiltreDecisions
from socle.metiers.gouvernance.models import Decision, Siege, VersionDeDecision
from socle.metiers.gouvernance.queries import pages
from socle.metiers.gouvernance.queries.sieges import list_sieges

RECENTES = 8


@page_publique
def instances(request: HttpRequest) -> HttpResponse:
    """Les instances par nature, avec ce que chacune peut et ne peut pas."""
    maintenant = timezone.now()
    toutes = list(pages.list_instances(maintenant))
    natures = [
        (nature, [i for i in toutes if i.nature == nature])
        for nature in NatureInstance
        if any(i.nature == nature for i in toutes)
    ]
    contexte = {
        "natures": natures,
        "reunions": list(pages.list_reunions_publiques(depuis=maintenant)[:6]),
        "derniere": pages.list_dernieres_prises().first(),
    }
    return render(request, "gouvernance/instances.html", contexte)


@page_publique
def instance(request: HttpRequest, slug: str) -> HttpResponse:
    """Une instance : mandat, composition par collège, réunions, décisions."""
    lue = pages.find_instance(slug)
    if lue is None:
        raise Http404
    maintenant = timezone.now()
    sieges = list_sieges(lue, timezone.localdate(maintenant))
    reunions = pages.list_reunions_publiques(lue)
    contexte = {
        "instance": lue,
        "colleges": group_colleges(sieges),
        "a_venir": list(reunions.filter(fin__gte=maintenant)[:RECENTES]),
        "passees": list(reunions.filter(fin__lt=maintenant).reverse()[:RECENTES]),
        "decisions": pages.page_decisions(instance=slug).lignes[:RECENTES],
        "fiches": map_fiches(lue.liens).values(),
    }
    return render(request, "gouvernance/instance.html", contexte)


def group_colleges(sieges: list[Siege]) -> list[tuple[College, list[Siege]]]:
    """Sièges par collège, les deux collèges qui décident d’abord."""
    return [
        (college, siens)
        for college in (*DECIDEURS, College.AUTRES)
        if (siens := [s for s in sieges if s.college == college])
    ]


@page_publique
def reunions(request: HttpRequest) -> HttpResponse:
    """Toutes les réunions annoncées, la plus récente d’abord."""
    slug = request.GET.get("instance", "")[:60]
    page = pages.page_reunions(instance=slug, apres=request.GET.get("apres", ""))
    contexte = {
        "reunions": page.lignes,
        "suivante": build_suite({"instance": slug}, page.suivante),
        "slug": slug,
    }
    return render(request, "gouvernance/reunions.html", contexte)


@page_publique
def reunion(request: HttpRequest, pk: int) -> HttpResponse:
    """Une réunion : ordre du jour, documents, présents, relevé."""
    lue = pages.find_reunion(pk)
    if lue is None or lue.etat == EtatReunion.PREVUE:
        raise Http404
    convocations = list(
        lue.convocations.select_related("siege").order_by("siege__college", "siege__organisation")
    )
    ouverte = lue.ouverte and lue.etat == EtatReunion.CONVOQUEE and lue.debut > timezone.now()
    inscrit = (
        ouverte
        and request.user.is_authenticated
        and lue.inscriptions.filter(compte=request.user).exists()
    )
    participe = inscrit or any(
        request.user.pk and request.user.pk in (c.siege.titulaire_id, c.siege.suppleant_id)
        for c in convocations
    )
    points = list(lue.points.order_by("rang"))
    liens = [*lue.liens, *(cle for point in points for cle in point.liens)]
    contexte = {
        "reunion": lue,
        "points": points,
        "convocations": convocations,
        "notees": [c for c in convocations if c.presence != "non_notee"],
        "decisions": [d for d in lue.decisions.order_by("numero") if d.is_publique],
        "fiches": map_fiches(liens).values(),
        "ouverte": ouverte,
        "complete": lue.places is not None and lue.nombre_inscrits >= lue.places,
        "inscrit": inscrit,
        "participe": participe,
        "visio": lue.visio if participe and lue.is_modifiable else "",
    }
    return render(request, "gouvernance/reunion.html", contexte)


@page_publique
def decisions(request: HttpRequest) -> HttpResponse:
    """Les décisions, avec la date de chaque collège."""
    filtre = FiltreDecisions(request.GET)
    criteres = filtre.cleaned_data if filtre.is_valid() else {}
    etat, texte = criteres.get("etat", ""), criteres.get("q", "")
    page = pages.page_decisions(etat=etat, texte=texte, apres=request.GET.get("apres", ""))
    contexte = {
        "filtre": filtre,
        "decisions": page.lignes,
        "suivante": build_suite({"q": texte, "etat": etat}, page.suivante),
        "filtree": bool(etat or texte),
    }
    return render(request, "gouvernance/decisions.html", contexte)


@page_publique
def decision(request: HttpRequest, numero: int) -> HttpResponse:
    """Une décision : son texte figé, son fil, les deux validations, ses suites."""
    lue = pages.find_decision(numero)
    if lue is None:
        raise Http404
    versions = list(lue.versions.all())
    courante = next(version for version in versions if version.rang == lue.rang)
    contexte = {
        "decision": lue,
        "version": courante,
        "anciennes": [version for version in versions if version.rang != lue.rang],
        "etapes": build_fil(lue, courante),
        "validations": list(courante.validations.all()),
        "effets": sorted(lue.effets.all(), key=lambda effet: effet.pk),
        "fiches": map_fiches(
            [*lue.liens, *(c for e in lue.effets.all() for c in (e.cle, e.resultat) if c)]
        ),
    }
    return render(request, "gouvernance/decision.html", contexte)


def build_fil(decision: Decision, version: VersionDeDecision) -> list[EtapeDuFil]:
    """Le fil d’une décision : proposée, figée, un collège, l’autre, prise."""
    faites = {v.college: v for v in version.validations.all()}
    qui = decision.proposee_par.nom if decision.proposee_par else "l’équipe du programme"
    etapes = [
        EtapeDuFil(
            libelle="Proposée", statut="fait", quand=decision.proposee_le, detail=f"Par {qui}"
        ),
        EtapeDuFil(
            libelle="Texte figé" if version.rang == 1 else f"Texte amendé, version {version.rang}",
            statut="fait",
            quand=version.figee_le,
        ),
    ]
    attend = decision.is_ouverte
    for college in DECIDEURS:
        faite = faites.get(college)
        libelle = college.en_toutes_lettres
        if faite is None:
            detail = "En attente" if attend else "N’a pas conclu"
            etapes.append(
                EtapeDuFil(libelle=libelle, statut="ici" if attend else "avenir", detail=detail)
            )
            continue
        valide = faite.resultat == Resultat.VALIDEE
        etapes.append(
            EtapeDuFil(
                libelle=libelle,
                statut="fait",
                quand=faite.validee_le,
                detail=f"{'Validée' if valide else 'Refusée'} : {faite.pour} pour,"
                f" {faite.contre} contre, {faite.abstentions} abstention"
                f"{'s' if faite.abstentions > 1 else ''},"
                f" {faite.presents} siège{'s' if faite.presents > 1 else ''} sur {faite.sieges}",
            )
        )
    return [*etapes, _build_fin(decision)]


def _build_fin(decision: Decision) -> EtapeDuFil:
    if decision.etat == EtatDecision.PRISE:
        return EtapeDuFil(libelle="Décision prise", statut="fait", quand=decision.prise_le)
    if decision.is_finie:
        return EtapeDuFil(
            libelle=f"Décision {EtatDecision(decision.etat).label.lower()}",
            statut="fait",
            quand=decision.finie_le,
            detail=decision.motif,
        )
    cloture = decision.cloture_le
    return EtapeDuFil(
        libelle="Décision prise",
        detail=f"Vote ouvert jusqu’au {format_jour(cloture)}" if cloture else "Vote en séance",
    )


def build_suite(criteres: dict[str, str], jeton: str) -> str:
    """Adresse de la page suivante, filtres gardés ; vide à la fin."""
    if not jeton:
        return ""
    gardes = {nom: valeur for nom, valeur in (criteres | {"apres": jeton}).items() if valeur}
    return f"?{urlencode(gardes)}"
