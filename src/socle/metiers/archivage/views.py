"""Pages de l’archiviste : la liste des versements, le détail, la remise, la réponse, la relance."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.commun.presentation import Compteur, EtapeDuFil
from socle.fondations.commun.verrou import compute_empreinte, show_conflit
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.comptes.queries import find_ecriture
from socle.metiers.archivage import queries, services
from socle.metiers.archivage.enums import EtatVersement, SensDeReponse
from socle.metiers.archivage.errors import ReglagesModifiesAilleurs, ReponseRefusee, ReponseSansNom
from socle.metiers.archivage.forms import (
    FichierDeReponseForm,
    FiltreVersements,
    ReglagesForm,
    ReponseForm,
)
from socle.metiers.archivage.models import Versement
from socle.metiers.archivage.permissions import REGLEURS, can_read_versements
from socle.metiers.archivage.ports import fils
from socle.metiers.archivage.services.reglages import read_reglages, save_reglages
from socle.metiers.archivage.services.schema import find_schema

OCTETS_LUS = 5 << 20  # un octet de plus que ce que lit `services.read_fichier` suffit à refuser
PRIS_EN_CHARGE = "Pris en charge par les archives"
MERCIS = {
    SensDeReponse.ACCUSE: "C’est noté : le service d’archives a reçu le paquet.",
    SensDeReponse.ACCEPTE: "C’est noté : le service d’archives a pris le dossier en charge.",
    SensDeReponse.REFUSE: "Le refus est noté. Corrigez, puis refaites le versement.",
}


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
    fichier = FichierDeReponseForm()
    fichier.ask_confirmation(demandee=False)
    return _show(request, ouvert, fichier, ReponseForm(ouvert))


def _show(
    request: HttpRequest,
    ouvert: Versement,
    fichier: FichierDeReponseForm,
    main: ReponseForm,
) -> HttpResponse:
    contexte = {
        "versement": ouvert,
        "complement": getattr(ouvert, "complement", None),
        "fil": _build_fil(ouvert),
        "reponses": list(queries.list_reponses(ouvert)) if ouvert.a_ete_envoye else [],
        "fichier": fichier,
        "main": main,
        "faux": fichier if fichier.errors else main,
    }
    statut = 422 if fichier.errors or main.errors else 200
    return render(request, "archivage/versement.html", contexte, status=statut)


def _act(
    request: HttpRequest, reference: str, geste: Callable[..., object], fait: str, **autres: str
) -> HttpResponse:
    """Fait un geste sur un versement, dit ce qui est fait ou pourquoi non, et y revient."""
    ouvert = _get_versement(request, reference)
    try:
        geste(
            versement=ouvert,
            acteur=request.user.acteur,  # type: ignore[union-attr]
            maintenant=timezone.now(),
            **autres,
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


@role_requis(Role.ARCHIVISTE)
@require_POST
def repondre(request: HttpRequest, reference: str) -> HttpResponse:
    """Note à la main ce que le service d’archives a répondu."""
    ouvert = _get_versement(request, reference)
    main = ReponseForm(ouvert, request.POST)
    if main.is_valid():
        try:
            services.record_reponse(
                versement=ouvert, reponse=main.build_reponse(), **_sign(request)
            )
        except ReponseRefusee as refus:
            main.add_error("date", f"{refus.message} {refus.suite}".strip())
        else:
            return _thank(request, reference, main.cleaned_data["sens"])
    fichier = FichierDeReponseForm()
    fichier.ask_confirmation(demandee=False)
    return _show(request, ouvert, fichier, main)


@hors_transaction
def joindre(request: HttpRequest, reference: str) -> HttpResponse:
    """Lit et garde le fichier de réponse du système d’archivage. Les octets passent avant."""
    with locataire(request.collectivite.pk, personne_id=request.user.pk):  # type: ignore[attr-defined]
        ouvert = check_versement(request, reference)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    fichier, demandee, sens = FichierDeReponseForm(request.POST, request.FILES), False, ""
    if fichier.is_valid():
        try:
            sens = _receive(request, ouvert, fichier)
        except ErreurMetier as refus:
            fichier.add_error("fichier", f"{refus.message} {refus.suite}".strip())
            demandee = isinstance(refus, ReponseSansNom)
    with locataire(request.collectivite.pk, personne_id=request.user.pk):  # type: ignore[attr-defined]
        if not fichier.errors:
            return _thank(request, reference, sens)
        fichier.ask_confirmation(demandee)
        return _show(request, ouvert, fichier, ReponseForm(ouvert))


joindre.roles = (Role.ARCHIVISTE,)  # type: ignore[attr-defined]  # vérifié par `check_versement`


def check_versement(request: HttpRequest, reference: str) -> Versement:
    """Vérifie le rôle et le versement avant de recevoir le moindre octet."""
    if not can_read_versements(request.user, request.collectivite):  # type: ignore[attr-defined, arg-type]
        raise AccesRefuse
    return _get_versement(request, reference)


def _receive(request: HttpRequest, ouvert: Versement, form: FichierDeReponseForm) -> str:
    """Lit le fichier, range ses octets, puis note la réponse ; rend son sens."""
    recu = form.cleaned_data["fichier"]
    octets = recu.read(OCTETS_LUS)
    reponse = services.read_fichier(
        octets,
        message=ouvert.message,
        confirme=form.cleaned_data["confirme"],
        maintenant=timezone.now(),
    )
    collectivite = request.collectivite  # type: ignore[attr-defined]
    range_ = services.store_reponse(collectivite=collectivite, octets=octets, reponse=reponse)
    with locataire(collectivite.pk, personne_id=request.user.pk):
        services.record_reponse(versement=ouvert, reponse=reponse, fichier=range_, **_sign(request))
    return reponse.sens


def _sign(request: HttpRequest) -> dict[str, Any]:
    """Qui agit, et quand."""
    return {
        "acteur": request.user.acteur,  # type: ignore[union-attr]
        "nom": request.user.nom_affiche,  # type: ignore[union-attr]
        "maintenant": timezone.now(),
    }


def _thank(request: HttpRequest, reference: str, sens: str) -> HttpResponse:
    messages.success(request, MERCIS[sens])
    return redirect("archivage:versement", reference)


@role_requis(Role.ARCHIVISTE)
@require_POST
def retirer(request: HttpRequest, reference: str) -> HttpResponse:
    """Retire une réponse notée par erreur : le versement l’attend de nouveau."""
    return _act(
        request,
        reference,
        services.withdraw_reponse,
        "La réponse est retirée. Elle reste dans l’histoire, avec votre motif.",
        motif=request.POST.get("motif", ""),
        nom=request.user.nom_affiche,  # type: ignore[union-attr]
    )


@role_requis(*REGLEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def reglages(request: HttpRequest) -> HttpResponse:
    """Règle les identifiants donnés par le service d’archives."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    valeurs = read_reglages(collectivite)
    initial = valeurs | {"empreinte": compute_empreinte(valeurs)}
    form, statut = ReglagesForm(request.POST or None, initial=initial), 200
    if form.is_valid():
        try:
            change = save_reglages(
                collectivite=collectivite,
                acteur=request.user.acteur,  # type: ignore[union-attr]
                maintenant=timezone.now(),
                **form.cleaned_data,
            )
        except ReglagesModifiesAilleurs as refus:
            _show_versions(request, form, refus)
            statut = refus.statut
        else:
            messages.success(request, "C’est enregistré." if change else "Rien n’a changé.")
            return redirect("archivage:reglages")
    contexte = {
        "form": form,
        "incomplet": not (valeurs["contrat"] and valeurs["service_archives"]),
        "siren": collectivite.siren,
        "schema": find_schema() is not None,
    }
    return render(request, "archivage/reglages.html", contexte, status=statut)


def _show_versions(
    request: HttpRequest, form: ReglagesForm, refus: ReglagesModifiesAilleurs
) -> None:
    collectivite = request.collectivite  # type: ignore[attr-defined]
    actuel = read_reglages(collectivite)
    lecteur: Any = request.user
    ecriture = find_ecriture(
        objet=f"collectivite:{collectivite.pk}", actions=["archivage.regle"], lecteur=lecteur
    )
    show_conflit(
        form,
        refus,
        actuel=actuel,
        marque={"empreinte": compute_empreinte(actuel)},
        prendre=request.path,
        ecriture=ecriture,
    )


@role_requis(Role.ARCHIVISTE)
@require_POST
def refaire(request: HttpRequest, reference: str) -> HttpResponse:
    """Relance un versement que ses contrôles, ou le service d’archives, ont refusé."""
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
            statut="fait" if versement.is_remis else "ici" if pret else "avenir",
            quand=versement.transmis_le if versement.is_remis else None,
            detail=PRIS_EN_CHARGE if versement.is_accepte else "",
        ),
    ]
