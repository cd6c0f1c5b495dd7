"""Pages de l’archiviste : la liste des versements, le détail, la remise, la relance."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.presentation import Compteur, EtapeDuFil
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.archivage import queries, services
from socle.metiers.archivage.enums import EtatVersement
from socle.metiers.archivage.forms import FiltreVersements, ReglagesForm
from socle.metiers.archivage.models import Versement
from socle.metiers.archivage.permissions import REGLEURS
from socle.metiers.archivage.ports import fils
from socle.metiers.archivage.services.reglages import CHAMPS, CLE, save_reglages
from socle.metiers.archivage.services.schema import find_schema


@role_requis(Role.ARCHIVISTE)
@require_safe
@vary_on_headers("HX-Request")
def liste(request: HttpRequest) -> HttpResponse:
    """Versements de la collectivité, les plus récents d’abord."""
    filtre = FiltreVersements(request.GET)
    criteres = filtre.cleaned_data if filtre.is_valid() else {}
    etat = criteres.get("etat", "")
    texte = criteres.get("q", "")
    collectivite = request.collectivite  # type: ignore[attr-defined]
    page = queries.list_versements(
        collectivite, etat=etat, texte=texte, apres=request.GET.get("apres", "")
    )
    contexte = {
        "filtre": filtre,
        "versements": page.lignes,
        "suivante": _build_suite(etat, texte, page.suivante),
        "compteurs": _build_compteurs(queries.count_versements(collectivite), etat),
    }
    gabarit = "archivage/liste.html"
    fragment = getattr(request, "htmx", False)
    return render(request, f"{gabarit}#resultats" if fragment else gabarit, contexte)


@role_requis(Role.ARCHIVISTE)
@require_safe
def versement(request: HttpRequest, reference: str) -> HttpResponse:
    """Un versement : le paquet, la règle appliquée, les contrôles en clair."""
    ouvert = _get_versement(request, reference)
    contexte = {
        "versement": ouvert,
        "complement": getattr(ouvert, "complement", None),
        "fil": _build_fil(ouvert),
    }
    return render(request, "archivage/versement.html", contexte)


def _act(
    request: HttpRequest, reference: str, geste: Callable[..., object], fait: str
) -> HttpResponse:
    """Fait un geste sur un versement, dit ce qui est fait ou pourquoi non, et y revient."""
    ouvert = _get_versement(request, reference)
    try:
        geste(
            versement=ouvert,
            acteur=request.user.acteur,  # type: ignore[union-attr]
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
    else:
        messages.success(request, fait)
    return redirect("archivage:versement", reference)


@role_requis(Role.ARCHIVISTE)
@require_POST
def transmettre(request: HttpRequest, reference: str) -> HttpResponse:
    """Note que le paquet a été remis au service d’archives."""
    return _act(request, reference, services.mark_transmis, "Le versement est noté comme transmis.")


@role_requis(*REGLEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def reglages(request: HttpRequest) -> HttpResponse:
    """Règle les identifiants donnés par le service d’archives."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    valeurs = get_reglage(collectivite, CLE, {})
    initial = {champ: valeurs.get(champ, "") for champ in CHAMPS}
    form = ReglagesForm(request.POST or None, initial=initial)
    if form.is_valid():
        change = save_reglages(
            collectivite=collectivite,
            acteur=request.user.acteur,  # type: ignore[union-attr]
            maintenant=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(request, "C’est enregistré." if change else "Rien n’a changé.")
        return redirect("archivage:reglages")
    contexte = {
        "form": form,
        "incomplet": not (initial["contrat"] and initial["service_archives"]),
        "siren": collectivite.siren,
        "schema": find_schema() is not None,
    }
    return render(request, "archivage/reglages.html", contexte)


@role_requis(Role.ARCHIVISTE)
@require_POST
def refaire(request: HttpRequest, reference: str) -> HttpResponse:
    """Relance un versement que ses contrôles ont refusé."""
    return _act(
        request,
        reference,
        services.request_versement,
        "Le versement est relancé. Rechargez cette page dans une minute.",
    )


def _get_versement(request: HttpRequest, reference: str) -> Versement:
    trouve = queries.find_versement(request.collectivite, reference)  # type: ignore[attr-defined]
    if trouve is None:
        raise Http404
    return trouve


def _build_compteurs(nombres: dict[str, int], courant: str) -> list[Compteur]:
    adresse = reverse("archivage:liste")
    return [
        Compteur(
            nombre=nombres[etat.value],
            libelle=etat.label,
            url=f"{adresse}?{urlencode({'etat': etat.value})}",
            courant=etat.value == courant,
            urgent=etat == EtatVersement.PREPARATION,
        )
        for etat in EtatVersement
    ]


def _build_suite(etat: str, texte: str, jeton: str) -> str:
    if not jeton:
        return ""
    criteres = {"q": texte, "etat": etat, "apres": jeton}
    return f"?{urlencode({nom: valeur for nom, valeur in criteres.items() if valeur})}"


def _build_fil(versement: Versement) -> list[EtapeDuFil]:
    """Le fil que lisent l’usager et l’agent, puis la fin de la conservation."""
    read = fils.get("dossier")
    etapes = (
        read(versement.collectivite, versement.dossier, timezone.localdate()) if read else []
    ) or _build_fil_seul(versement)
    fin = EtapeDuFil(
        libelle="Fin de conservation",
        quand=versement.conserver_jusqu_au,
        detail=versement.sort_final_affiche,
    )
    return [*etapes, fin]


def _build_fil_seul(versement: Versement) -> list[EtapeDuFil]:
    """Ce que le versement sait seul, quand le dossier n’est plus là."""
    transmis = versement.etat == EtatVersement.TRANSMIS
    pret = versement.document_id is not None
    return [
        EtapeDuFil(libelle="Demande", statut="fait", quand=versement.date_debut),
        EtapeDuFil(libelle="Clôture", statut="fait", quand=versement.date_fin),
        EtapeDuFil(
            libelle="Paquet contrôlé",
            statut="fait" if pret else "ici",
            quand=versement.prepare_le if pret else None,
            detail="" if pret else "À corriger",
        ),
        EtapeDuFil(
            libelle="Remise aux archives",
            statut="fait" if transmis else "ici" if pret else "avenir",
            quand=versement.transmis_le,
        ),
    ]
