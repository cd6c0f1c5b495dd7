"""Ce que dit une collectivité : ce qu’elle utilise, à qui elle écrit, ce qu’elle signe."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.adoption.enums import Usage
from socle.metiers.adoption.errors import PasDeContact, SolutionInconnue
from socle.metiers.adoption.forms import AdhesionForm, ContactForm, RetraitForm
from socle.metiers.adoption.models import Convention, Fait
from socle.metiers.adoption.queries import autorites
from socle.metiers.adoption.queries import conventions as lire
from socle.metiers.adoption.queries.solutions import find_suivie, list_slugs, map_titres
from socle.metiers.adoption.services import conventions, faits
from socle.metiers.adoption.services.contact import send_contact

PHRASES = {
    Usage.UTILISE: "C’est noté : vous utilisez « {} ».",
    Usage.PREVOIT: "C’est noté : vous prévoyez « {} ».",
    Usage.ARRETE: "C’est noté : vous avez arrêté « {} ».",
}
FAIT = "adoption_fait"  # dernière déclaration, que l’on peut annuler


@role_requis(Role.ADMINISTRATEUR)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Les solutions suivies, et où en est la collectivité avec chacune."""
    autorite = autorites.get_autorite_de(request.collectivite)
    connus = {u.solution: u for u in autorites.list_usages(autorite.cle)}
    titres = map_titres(sorted({*list_slugs(), *connus}))
    lignes = [(fiche, slug, connus.get(slug)) for slug, fiche in titres.items()]
    lignes.sort(key=lambda ligne: (ligne[2] is None, ligne[0].titre.lower()))
    contexte = {
        "autorite": autorite,
        "lignes": lignes,
        "usages": list(Usage.choices),
        "annulable": request.session.pop(FAIT, None),
    }
    return render(request, "adoption/agent/liste.html", contexte)


@role_requis(Role.ADMINISTRATEUR)
@require_POST
def declarer(request: HttpRequest) -> HttpResponse:
    """Note ce que la collectivité dit d’une solution ; s’annule d’un geste."""
    usage, slug = request.POST.get("usage", ""), request.POST.get("solution", "")
    if usage not in Usage.values:
        raise SolutionInconnue("Cette réponse n’est pas dans la liste.")
    fait = faits.declare_usage(
        collectivite=request.collectivite,
        solution=slug,
        usage=Usage(usage),
        acteur=request.user.acteur,
        maintenant=timezone.now(),
    )
    titre = map_titres([slug])[slug].titre
    request.session[FAIT] = {"cle": fait.pk, "fait": PHRASES[Usage(usage)].format(titre)}
    return redirect("adoption:liste")


@role_requis(Role.ADMINISTRATEUR)
@require_POST
def annuler(request: HttpRequest) -> HttpResponse:
    """Annule une déclaration de cette collectivité."""
    cle = request.POST.get("cle", "")
    try:
        faits.undo_declaration(
            collectivite=request.collectivite,
            fait_id=int(cle) if cle.isdecimal() and len(cle) < 18 else 0,
            acteur=request.user.acteur,
            maintenant=timezone.now(),
        )
    except Fait.DoesNotExist:
        messages.error(request, "Cette déclaration n’est plus là : il n’y a rien à annuler.")
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
    else:
        messages.success(request, "La déclaration est annulée.")
    return redirect("adoption:liste")


@role_requis(Role.ADMINISTRATEUR)
@require_safe
def voisins(request: HttpRequest, solution: str) -> HttpResponse:
    """Qui, près d’ici et de notre taille, utilise déjà cette solution, et comment lui écrire."""
    autorite = autorites.get_autorite_de(request.collectivite)
    suivie = find_suivie(solution)
    if suivie is None:
        raise Http404
    trouves = autorites.list_voisins(solution=solution, autorite=autorite)
    installes = autorites.map_installes([voisin.cle for voisin in trouves])
    contexte = {
        "autorite": autorite,
        "suivie": suivie,
        "voisins": [(voisin, voisin.cle in installes) for voisin in trouves],
    }
    return render(request, "adoption/agent/voisins.html", contexte)


@role_requis(Role.ADMINISTRATEUR)
@require_http_methods(["GET", "HEAD", "POST"])
def ecrire(request: HttpRequest, solution: str, cle: str) -> HttpResponse:
    """Écrit à une collectivité qui utilise déjà la solution."""
    suivie, identite = find_suivie(solution), autorites.find_identite(cle)
    if suivie is None or identite is None:
        raise Http404
    destinataire = autorites.map_installes([cle]).get(cle)
    form = ContactForm(request.POST or None)
    if form.is_valid():
        try:
            if destinataire is None:
                raise PasDeContact
            send_contact(
                de=request.collectivite,
                vers=destinataire,
                cle=cle,
                solution=suivie.titre,
                message=form.cleaned_data["message"],
                acteur=request.user.acteur,
                maintenant=timezone.now(),
            )
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, f"Le message est parti à {identite.autorite.nom}.")
            return redirect("adoption:voisins", solution)
    contexte = {"form": form, "suivie": suivie, "identite": identite, "joignable": destinataire}
    statut = 422 if form.errors else 200
    return render(request, "adoption/agent/ecrire.html", contexte, status=statut)


# Conventions --------------------------------------------------------------------------------------
@role_requis(Role.ADMINISTRATEUR)
@require_safe
def liste_conventions(request: HttpRequest) -> HttpResponse:
    """Conventions ouvertes, et où en est l’adhésion de la collectivité."""
    autorite = autorites.get_autorite_de(request.collectivite)
    contexte = {"lignes": lire.list_pour_autorite(autorite.cle)}
    return render(request, "adoption/agent/conventions.html", contexte)


@role_requis(Role.ADMINISTRATEUR)
@require_safe
def convention(request: HttpRequest, slug: str) -> HttpResponse:
    """Lire le texte, puis signer ou se retirer."""
    return _show(request, _get_publiee(slug), AdhesionForm(), RetraitForm())


@role_requis(Role.ADMINISTRATEUR)
@require_POST
def signer(request: HttpRequest, slug: str) -> HttpResponse:
    """Fait adhérer la collectivité à la version lue."""
    trouvee, form = _get_publiee(slug), AdhesionForm(request.POST)
    if form.is_valid():
        try:
            conventions.sign_convention(
                convention=trouvee,
                numero=form.cleaned_data["version"],
                collectivite=request.collectivite,
                fonction=form.cleaned_data["fonction"],
                acteur=request.user.acteur,
                maintenant=timezone.now(),
            )
        except ErreurMetier as refus:
            messages.error(request, f"{refus.message} {refus.suite}".strip())
        else:
            messages.success(request, f"Votre collectivité adhère à « {trouvee.titre} ».")
        return redirect("adoption:convention", slug)
    return _show(request, trouvee, form, RetraitForm())


@role_requis(Role.ADMINISTRATEUR)
@require_POST
def retirer(request: HttpRequest, slug: str) -> HttpResponse:
    """Retire l’adhésion ; elle peut être redonnée."""
    trouvee, form = _get_publiee(slug), RetraitForm(request.POST)
    if not form.is_valid():
        return _show(request, trouvee, AdhesionForm(), form)
    try:
        conventions.withdraw_signature(
            convention=trouvee,
            collectivite=request.collectivite,
            motif=form.cleaned_data["motif"],
            acteur=request.user.acteur,
            maintenant=timezone.now(),
        )
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}".strip())
    else:
        messages.success(request, "L’adhésion est retirée. Vous pouvez signer de nouveau.")
    return redirect("adoption:convention", slug)


def _show(
    request: HttpRequest, trouvee: Convention, adhesion: AdhesionForm, retrait: RetraitForm
) -> HttpResponse:
    autorite = autorites.get_autorite_de(request.collectivite)
    histoire = lire.list_histoire(trouvee, autorite.cle)
    versions = lire.list_versions(trouvee)
    en_cours = next((s for s in histoire if s.retiree_le is None), None)
    adhesion.initial.setdefault("version", versions[0].numero)
    contexte: dict[str, Any] = {
        "convention": trouvee,
        "version": versions[0],
        "texte": render_texte(versions[0].texte, niveau=3),
        "en_cours": en_cours,
        "est_a_jour": en_cours is not None and en_cours.version_id == versions[0].pk,
        "histoire": histoire,
        "adhesion": adhesion,
        "retrait": retrait,
    }
    statut = 422 if adhesion.errors or retrait.errors else 200
    return render(request, "adoption/agent/convention.html", contexte, status=statut)


def _get_publiee(slug: str) -> Convention:
    trouvee = lire.find_convention(slug)
    if trouvee is None:
        raise Http404
    return trouvee
