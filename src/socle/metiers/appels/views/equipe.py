"""Pages de l’équipe du programme : les appels, leurs dates, leurs doubles, l’import."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.fondations.commun.presentation import Compteur, Etat
from socle.fondations.commun.tableur import FichierRefuse
from socle.fondations.commun.verrou import show_revision
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.appels.enums import EtatAppel
from socle.metiers.appels.errors import AppelModifieAilleurs
from socle.metiers.appels.forms.appels import (
    AppelForm,
    MotifForm,
    NouvelForm,
    ReportForm,
    read_fiche,
)
from socle.metiers.appels.forms.filtre import FiltreEquipe
from socle.metiers.appels.forms.importation import ImportForm, read_appels
from socle.metiers.appels.models import Appel
from socle.metiers.appels.permissions import REDACTEURS
from socle.metiers.appels.queries import appels as lectures
from socle.metiers.appels.queries.doubles import compare
from socle.metiers.appels.queries.lignes import format_cloture, format_date
from socle.metiers.appels.services import appels as services
from socle.metiers.appels.services.importation import import_appels, part_appels, unify_appels
from socle.metiers.appels.views.public import describe_fiche

FORMULAIRE = ["GET", "HEAD", "POST"]
PLURIELS = {
    EtatAppel.PROPOSE: "Proposés",
    EtatAppel.RELAYE: "Relayés",
    EtatAppel.CLOS: "Clos",
    EtatAppel.ARCHIVE: "Archivés",
}
FAIT = {
    "relayer": "L’appel est relayé : les alertes partent.",
    "clore": "L’appel est clos.",
    "archiver": "L’appel est archivé : il ne se lit plus en public.",
    "reprendre": "L’appel est de nouveau une proposition.",
}


@programme_requis(*REDACTEURS)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les appels, les derniers changés d’abord."""
    filtre = FiltreEquipe(request.GET)
    lu = filtre.cleaned_data if filtre.is_valid() else {}
    texte, etat = lu.get("q", ""), lu.get("etat", "")
    doubles = request.GET.get("doubles") == "1"
    page = lectures.list_pour_equipe(
        texte=texte, etat=etat, doubles=doubles, apres=request.GET.get("apres", ""),
        avant=request.GET.get("avant", ""),
    )  # fmt: skip
    demande = {"q": texte, "etat": etat, "doubles": "1" if doubles else ""}
    contexte = {
        "filtre": filtre,
        "lignes": [(appel, describe_etat(appel), format_date(appel)) for appel in page.lignes],
        "compteurs": _build_compteurs(etat, doubles),
        "suivante": build_suite(demande | {"apres": page.suivante}) if page.suivante else "",
        "precedente": build_suite(demande | {"avant": page.precedente}) if page.precedente else "",
    }
    return render(request, "appels/equipe/liste.html", contexte)


def _build_compteurs(etat: str, doubles: bool) -> list[Compteur]:
    adresse, comptes = reverse("appels:equipe"), lectures.count_par_etat()
    return [
        *(
            Compteur(
                nombre=comptes.get(e.value, 0), libelle=PLURIELS[e], courant=etat == e.value,
                url=f"{adresse}?etat={e.value}", urgent=e == EtatAppel.PROPOSE,
            )
            for e in EtatAppel
        ),
        Compteur(
            nombre=comptes["doubles"], libelle="Doubles probables", url=f"{adresse}?doubles=1",
            courant=doubles,
        ),
    ]  # fmt: skip


def describe_etat(appel: Appel) -> Etat:
    """Rend la pastille d’un appel pour l’équipe."""
    etat = EtatAppel(appel.etat)
    return Etat(label=etat.label, couleur=etat.couleur)  # type: ignore[arg-type]


def build_suite(valeurs: dict[str, str]) -> str:
    """Rend « ?q=…&apres=… », sans les valeurs vides."""
    return f"?{urlencode({cle: valeur for cle, valeur in valeurs.items() if valeur})}"


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def nouvel(request: HttpRequest) -> HttpResponse:
    """Écrit une proposition."""
    form = NouvelForm(request.POST or None, initial={"surete": "connue"})
    if form.is_valid():
        appel = services.create_appel(
            cloture=form.date_saisie, acteur=get_acteur(request), maintenant=timezone.now(),
            propose_par=request.user, **form.fiche,
        )  # fmt: skip
        messages.success(request, "La proposition est gardée. Relisez-la, puis relayez-la.")
        return redirect("appels:modifier", appel.slug)
    return show_form(request, "appels/equipe/nouvel.html", form)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def modifier(request: HttpRequest, slug: str) -> HttpResponse:
    """Corrige un appel ; montre sa clôture, son double probable, ce que l’on peut en faire."""
    appel = get_appel(slug)
    form = AppelForm(request.POST or None, appel=appel)
    if form.is_valid():
        try:
            services.update_appel(
                appel=appel, acteur=get_acteur(request), maintenant=timezone.now(),
                revision=form.cleaned_data["revision"], **form.fiche,
            )  # fmt: skip
        except AppelModifieAilleurs as refus:
            appel = get_appel(slug)
            show_revision(form, refus, objet=appel, actuel=read_fiche(appel), prendre=request.path)
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "L’appel est enregistré.")
            return redirect("appels:modifier", slug)
    contexte = {
        "appel": appel,
        "etat": describe_etat(appel),
        "cloture": format_cloture(appel),
        "gestes": [geste for geste, (de, _) in services.GESTES.items() if appel.etat in de],
    }
    return show_form(request, "appels/equipe/modifier.html", form, **contexte)


@programme_requis(*REDACTEURS)
@require_safe
def apercu(request: HttpRequest, slug: str) -> HttpResponse:
    """Ce que montrera la page publique."""
    return render(request, "appels/equipe/apercu.html", describe_fiche(get_appel(slug)))


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def changer_date(request: HttpRequest, slug: str) -> HttpResponse:
    """Change la clôture, en disant pourquoi."""
    appel = get_appel(slug)
    initial = {"surete": appel.surete, "cloture": appel.cloture,
               "cloture_texte": appel.cloture_texte}  # fmt: skip
    form = ReportForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.change_cloture(
                appel=appel, cloture=form.date_saisie, motif=form.cleaned_data["motif"],
                acteur=get_acteur(request), maintenant=timezone.now(),
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "La clôture est changée ; l’ancienne reste lisible.")
            return redirect("appels:modifier", slug)
    contexte = describe_fiche(appel)
    return show_form(request, "appels/equipe/date.html", form, **contexte)


@programme_requis(*REDACTEURS)
@require_POST
def relayer(request: HttpRequest, slug: str) -> HttpResponse:
    """Relaie une proposition vérifiée, ou rouvre un appel clos."""
    return _act(request, slug, "relayer")


@programme_requis(*REDACTEURS)
@require_POST
def clore(request: HttpRequest, slug: str) -> HttpResponse:
    return _act(request, slug, "clore")


@programme_requis(*REDACTEURS)
@require_POST
def reprendre(request: HttpRequest, slug: str) -> HttpResponse:
    """Défait un archivage."""
    return _act(request, slug, "reprendre")


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def archiver(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive un appel, ou écarte une proposition, en disant pourquoi."""
    appel = get_appel(slug)
    form = MotifForm(request.POST or None)
    if form.is_valid():
        return _act(request, slug, "archiver", form.cleaned_data["motif"])
    return show_form(request, "appels/equipe/archiver.html", form, appel=appel)


def _act(request: HttpRequest, slug: str, geste: str, motif: str = "") -> HttpResponse:
    appel = get_appel(slug)
    try:
        services.change_etat(
            appel=appel, geste=geste, motif=motif, acteur=get_acteur(request),
            maintenant=timezone.now(),
        )  # fmt: skip
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
    else:
        messages.success(request, FAIT[geste])
    return redirect("appels:modifier", slug)


@programme_requis(*REDACTEURS)
@require_POST
def verifier(request: HttpRequest, slug: str) -> HttpResponse:
    """Note que la fiche vient d’être relue chez l’organisateur."""
    services.verify_appel(
        appel=get_appel(slug), acteur=get_acteur(request), maintenant=timezone.now()
    )
    messages.success(request, "La fiche est notée vérifiée aujourd’hui.")
    return redirect("appels:modifier", slug)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def reunir(request: HttpRequest, slug: str) -> HttpResponse:
    """Compare un appel à celui qui lui ressemble : les réunir, ou dire que ce sont deux appels."""
    double = get_appel(slug)
    garde = double.ressemble
    if garde is None:
        messages.info(request, "Aucun autre appel ne ressemble à celui-ci.")
        return redirect("appels:modifier", slug)
    differences = compare(garde, double, services.CHAMPS)
    if request.method == "POST":
        return _unify(request, garde, double, [d["champ"] for d in differences])
    contexte = {"garde": garde, "double": double, "differences": differences}
    return render(request, "appels/equipe/reunir.html", contexte)


def _unify(request: HttpRequest, garde: Appel, double: Appel, champs: list[str]) -> HttpResponse:
    acteur, maintenant = get_acteur(request), timezone.now()
    if request.POST.get("choix") == "distinguer":
        part_appels(appel=double, acteur=acteur, maintenant=maintenant)
        messages.success(request, "C’est noté : ce sont deux appels.")
        return redirect("appels:modifier", double.slug)
    pris = [champ for champ in champs if request.POST.get(f"prendre_{champ}") == "double"]
    try:
        unify_appels(
            garde=garde, double=double, pris_au_double=pris, acteur=acteur, maintenant=maintenant
        )
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
        return redirect("appels:modifier", double.slug)
    messages.success(request, "Les deux fiches n’en font plus qu’une.")
    return redirect("appels:modifier", garde.slug)


@programme_requis(*REDACTEURS)
@require_http_methods(FORMULAIRE)
def importer(request: HttpRequest) -> HttpResponse:
    """Importe une liste : chaque ligne devient une proposition à relire."""
    form = ImportForm(request.POST or None, request.FILES or None)
    fautes: list[str] = []
    if form.is_valid():
        try:
            crees, doubles = import_appels(
                lignes=read_appels(form.cleaned_data["fichier"]), acteur=get_acteur(request),
                maintenant=timezone.now(),
            )  # fmt: skip
        except FichierRefuse as refus:
            fautes = refus.fautes
        else:
            suite = (
                f", dont {doubles} qui en rappellent un autre : réunissez-les" if doubles else ""
            )
            messages.success(request, f"Propositions à relire : {crees}{suite}.")
            return redirect("appels:equipe")
    statut = 422 if fautes or form.is_bound else 200
    contexte = {"form": form, "fautes": fautes}
    return render(request, "appels/equipe/importer.html", contexte, status=statut)


def get_appel(slug: str) -> Appel:
    """Rend un appel, public ou non, ou 404."""
    appel = lectures.find_appel(slug, public=False)
    if appel is None:
        raise Http404
    return appel


def get_acteur(request: HttpRequest) -> str:
    """Nom au journal de qui agit."""
    return str(request.user.acteur)  # type: ignore[union-attr]


def show_form(request: HttpRequest, gabarit: str, form: Any, **contexte: Any) -> HttpResponse:
    """Montre un formulaire ; 422 s’il revient avec ses fautes."""
    statut = 422 if form.is_bound else 200
    statut = ModifieAilleurs.statut if getattr(form, "conflit", None) else statut
    return render(request, gabarit, contexte | {"form": form}, status=statut)
