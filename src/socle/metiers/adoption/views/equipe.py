"""L’équipe du programme : imports, corrections, conventions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.fondations.commun.verrou import mark_valeurs, read_valeurs, show_conflit
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.fondations.comptes.queries import find_ecriture
from socle.fondations.referentiels.queries import get_autorite
from socle.metiers.adoption.enums import EtatConvention
from socle.metiers.adoption.errors import ConventionModifieeAilleurs
from socle.metiers.adoption.forms import (
    FaitForm,
    FicheConventionForm,
    ImportForm,
    MotifForm,
    NouvelleConventionForm,
    VersionForm,
)
from socle.metiers.adoption.models import Convention, Fait, ImportDeFaits
from socle.metiers.adoption.queries import conventions as lire
from socle.metiers.adoption.queries import imports as lus
from socle.metiers.adoption.queries.solutions import list_suivies, map_titres
from socle.metiers.adoption.services import conventions, faits, imports

EQUIPE = programme_requis(RoleProgramme.EQUIPE)
FAITS_MONTRES = 200


@EQUIPE
@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Imports, conventions, totaux."""
    contexte = {
        "imports": list(lus.list_imports()[:30]),
        "conventions": list(lire.list_toutes()),
        "suivies": list_suivies(),
    }
    return render(request, "adoption/equipe/accueil.html", contexte)


# Imports ------------------------------------------------------------------------------------------
@EQUIPE
@require_http_methods(["GET", "HEAD", "POST"])
def importer(request: HttpRequest) -> HttpResponse:
    """Reçoit un fichier et le lit ; rien n’est appliqué ici."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        recu = form.cleaned_data["fichier"]
        try:
            lot = imports.prepare_import(
                morceaux=recu.chunks(),
                nom=recu.name,
                origine=form.cleaned_data["origine"],
                acteur=request.user.acteur,
                maintenant=timezone.now(),
            )
        except ErreurMetier as refus:
            form.add_error("fichier", f"{refus.message} {refus.suite}".strip())
        else:
            return redirect("adoption:import", lot.pk)
    statut = 422 if form.errors else 200
    return render(request, "adoption/equipe/importer.html", {"form": form}, status=statut)


@EQUIPE
@require_safe
def voir_import(request: HttpRequest, lot: int) -> HttpResponse:
    """Un import : ce qu’il changerait ou a changé, et ses lignes refusées."""
    lu = ImportDeFaits.objects.filter(pk=lot).order_by("pk").first()
    if lu is None:
        raise Http404
    apercus, exemples = lus.read_apercu(lu) if lu.is_a_relire else ([], [])
    slugs = [a.solution for a in apercus] + [e.solution for e in exemples]
    titres = map_titres(slugs)
    contexte = {
        "lot": lu,
        "apercus": [(apercu, titres[apercu.solution]) for apercu in apercus],
        "exemples": [(exemple, titres[exemple.solution]) for exemple in exemples],
        "motif": MotifForm(),
    }
    return render(request, "adoption/equipe/import.html", contexte)


@EQUIPE
@require_POST
def appliquer(request: HttpRequest, lot: int) -> HttpResponse:
    return _act(request, imports.apply_import, "L’import est appliqué.", "adoption:import", lot)


@EQUIPE
@require_POST
def abandonner(request: HttpRequest, lot: int) -> HttpResponse:
    return _act(
        request, imports.drop_import, "L’import est abandonné, rien n’a changé.",
        "adoption:import", lot,
    )  # fmt: skip


@EQUIPE
@require_POST
def annuler_import(request: HttpRequest, lot: int) -> HttpResponse:
    return _act(
        request, imports.undo_import, "L’import est annulé : ses faits ne comptent plus.",
        "adoption:import", lot, motif=request.POST.get("motif", ""),
    )  # fmt: skip


def _act(
    request: HttpRequest,
    geste: Callable[..., object],
    fait: str,
    retour: str,
    pk: int,
    **autres: str,
) -> HttpResponse:
    """Fait un geste sur un import, dit ce qui est fait ou pourquoi non, et y revient."""
    try:
        geste(lot_id=pk, acteur=request.user.acteur, maintenant=timezone.now(), **autres)
    except ImportDeFaits.DoesNotExist as absent:
        raise Http404 from absent
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
    else:
        messages.success(request, fait)
    return redirect(retour, pk)


# Corrections --------------------------------------------------------------------------------------
@EQUIPE
@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request: HttpRequest) -> HttpResponse:
    """Les faits d’une collectivité, à écarter ou remettre ; et un fait à ajouter."""
    form = FaitForm(request.POST or None, initial={"autorite": request.GET.get("cle", "")})
    if form.is_valid():
        try:
            fait = faits.add_fait(
                acteur=request.user.acteur, maintenant=timezone.now(), **form.cleaned_data
            )
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, "Le fait est ajouté.")
            return _go_to(fait)
    contexte = {"form": form, **_describe_faits(request.GET.get("cle", ""))}
    statut = 422 if form.errors else 200
    return render(request, "adoption/equipe/corrections.html", contexte, status=statut)


def _describe_faits(texte: str) -> dict[str, Any]:
    cle = lus.map_cles().get(texte.strip().replace(" ", "").lower(), "") if texte else ""
    autorite = get_autorite(cle) if cle else None
    trouves = list(lus.list_faits_de(cle)[:FAITS_MONTRES]) if autorite else []
    titres = map_titres([fait.solution for fait in trouves])
    return {
        "cherche": texte,
        "autorite": autorite,
        "faits": [(fait, titres[fait.solution]) for fait in trouves],
    }


@EQUIPE
@require_POST
def ecarter(request: HttpRequest, fait: int) -> HttpResponse:
    """Écarte un fait faux, avec la raison."""
    return _correct(
        request, faits.withdraw_fait, "Le fait est écarté.", fait,
        motif=request.POST.get("motif", ""),
    )  # fmt: skip


@EQUIPE
@require_POST
def retablir(request: HttpRequest, fait: int) -> HttpResponse:
    """Remet un fait écarté."""
    return _correct(request, faits.restore_fait, "Le fait compte de nouveau.", fait)


def _correct(
    request: HttpRequest, geste: Callable[..., Fait], fait: str, pk: int, **autres: str
) -> HttpResponse:
    corrige = Fait.objects.filter(pk=pk).order_by("pk").first()
    if corrige is None:
        raise Http404
    try:
        geste(fait_id=pk, acteur=request.user.acteur, maintenant=timezone.now(), **autres)
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
    else:
        messages.success(request, fait)
    return _go_to(corrige)


def _go_to(fait: Fait) -> HttpResponse:
    reponse = redirect("adoption:corrections")
    reponse["Location"] += f"?cle={fait.autorite}"
    return reponse


# Conventions --------------------------------------------------------------------------------------
@EQUIPE
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle_convention(request: HttpRequest) -> HttpResponse:
    """Prépare une convention et son premier texte."""
    form = NouvelleConventionForm(request.POST or None, initial={"est_modele": True})
    if form.is_valid():
        creee = conventions.create_convention(
            acteur=request.user.acteur, maintenant=timezone.now(), **form.cleaned_data
        )
        messages.success(request, "La convention est préparée. Ouvrez-la quand elle est prête.")
        return redirect("adoption:equipe_convention", creee.slug)
    statut = 422 if form.errors else 200
    return render(request, "adoption/equipe/nouvelle.html", {"form": form}, status=statut)


@EQUIPE
@require_http_methods(["GET", "HEAD", "POST"])
def convention(request: HttpRequest, slug: str) -> HttpResponse:
    """Présentation d’une convention, état, versions."""
    trouvee = _get_convention(slug)
    form = FicheConventionForm(request.POST or None, initial=_read_fiche(trouvee))
    if form.is_valid():
        try:
            conventions.update_convention(
                convention=trouvee, acteur=request.user.acteur, maintenant=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except ConventionModifieeAilleurs as refus:
            trouvee = _get_convention(slug)
            actuel = _read_fiche(trouvee)
            show_conflit(
                form, refus, actuel=actuel, marque={"empreinte": actuel["empreinte"]},
                prendre=request.path,
                ecriture=find_ecriture(
                    objet=trouvee.cle, actions=["convention.modifiee"], lecteur=request.user,
                    installation=True,
                ),
            )  # fmt: skip
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("adoption:equipe_convention", slug)
    return _show(request, trouvee, form, None)


def _read_fiche(convention: Convention) -> dict[str, Any]:
    """Rend une présentation telle que le formulaire la montre, avec l’empreinte de ses valeurs."""
    fiche = mark_valeurs(read_valeurs(convention, *conventions.CHAMPS))
    return fiche | {"liens": " ".join(convention.liens)}


@EQUIPE
@require_POST
def version(request: HttpRequest, slug: str) -> HttpResponse:
    """Publie un nouveau texte."""
    trouvee, form = _get_convention(slug), VersionForm(request.POST)
    if form.is_valid():
        try:
            conventions.publish_version(
                convention=trouvee, acteur=request.user.acteur, maintenant=timezone.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except ErreurMetier as refus:
            form.add_error("texte", refus.message)
        else:
            messages.success(request, "La version est publiée. Les adhérentes devront la signer.")
            return redirect("adoption:equipe_convention", slug)
    return _show(request, trouvee, None, form)


@EQUIPE
@require_POST
def etat(request: HttpRequest, slug: str) -> HttpResponse:
    """Ouvre, ferme ou remet en préparation."""
    trouvee, voulu = _get_convention(slug), request.POST.get("etat", "")
    if voulu in EtatConvention.values:
        conventions.set_etat(
            convention=trouvee, etat=EtatConvention(voulu), acteur=request.user.acteur,
            maintenant=timezone.now(),
        )  # fmt: skip
        messages.success(request, f"C’est fait : {EtatConvention(voulu).label.lower()}.")
    return redirect("adoption:equipe_convention", slug)


def _show(
    request: HttpRequest,
    trouvee: Convention,
    form: FicheConventionForm | None,
    nouvelle: VersionForm | None,
) -> HttpResponse:
    versions = lire.list_versions(trouvee)
    faux = (form is not None and form.errors) or (nouvelle is not None and nouvelle.errors)
    contexte = {
        "convention": trouvee,
        "form": form or FicheConventionForm(initial=_read_fiche(trouvee)),
        "nouvelle": nouvelle or VersionForm(initial={"texte": versions[0].texte}),
        "nouvelle_ouverte": nouvelle is not None,
        "versions": versions,
        "etats": [(e.value, e.label) for e in EtatConvention if e.value != trouvee.etat],
        "adherentes": lire.list_adherentes(trouvee).count(),
    }
    gabarit = "adoption/equipe/convention.html"
    statut = 422 if faux else 200
    statut = ModifieAilleurs.statut if getattr(form, "conflit", None) else statut
    return render(request, gabarit, contexte, status=statut)


def _get_convention(slug: str) -> Convention:
    trouvee = lire.find_convention(slug, brouillons=True)
    if trouvee is None:
        raise Http404
    return trouvee
