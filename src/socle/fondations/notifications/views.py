"""Textes des messages (administrateurs), messages et préférences (personnes), désabonnement."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.lettre import parse_texte
from socle.fondations.commun.locataire import hors_transaction
from socle.fondations.commun.verrou import compute_empreinte, show_conflit
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.comptes.queries import find_ecriture
from socle.fondations.notifications import ports, queries, services
from socle.fondations.notifications.errors import TexteModifieAilleurs
from socle.fondations.notifications.forms import ModeleForm, PreferencesForm, list_facultatifs
from socle.fondations.notifications.services.preferences import read_jeton
from socle.fondations.notifications.services.rendu import render_corps, render_sujet


@role_requis(Role.ADMINISTRATEUR)
@require_safe
def modeles(request: HttpRequest) -> HttpResponse:
    """Liste des messages, avec ceux que la collectivité a réécrits et les courriels en échec."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    contexte = {
        "textes": queries.list_textes(collectivite),
        "echecs": list(queries.list_echecs(collectivite)[:20]),
    }
    return render(request, "notifications/modeles.html", contexte)


@role_requis(Role.ADMINISTRATEUR)
@require_http_methods(["GET", "HEAD", "POST"])
def modele(request: HttpRequest, code: str) -> HttpResponse:
    """Écrit un texte : « Voir l’aperçu » montre sans enregistrer, « Enregistrer » garde."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    if code not in ports.modeles:
        raise Http404
    texte = queries.get_texte(collectivite, code, frais=True)
    valeurs = {"sujet": texte.sujet, "corps": texte.corps}
    initial = valeurs | {"empreinte": compute_empreinte(valeurs)}
    form, statut = ModeleForm(request.POST or None, initial=initial, defaut=texte.defaut), 200
    if form.is_valid() and "enregistrer" in request.POST:
        try:
            services.save_modele(
                collectivite=collectivite,
                code=code,
                acteur=request.user.acteur,  # type: ignore[union-attr]
                maintenant=timezone.now(),
                **form.cleaned_data,
            )
        except TexteModifieAilleurs as refus:
            _show_versions(request, code, form, refus)
            statut = refus.statut
        else:
            messages.success(request, f"Le texte « {texte.defaut.titre} » est enregistré.")
            return redirect("notifications:modele", code)
    if form.is_bound and form.is_valid():
        valeurs = {nom: form.cleaned_data[nom] for nom in valeurs}
    contexte = {
        "texte": texte,
        "form": form,
        "apercu": _build_apercu(texte.defaut, collectivite.nom, **valeurs),
        "empreinte": initial["empreinte"],
    }
    gabarit = "notifications/modele.html" + ("#apercu" if getattr(request, "htmx", False) else "")
    return render(request, gabarit, contexte, status=statut)


def _show_versions(
    request: HttpRequest, code: str, form: ModeleForm, refus: TexteModifieAilleurs
) -> None:
    """Montre le texte enregistré entre-temps à côté de celui qui vient d’être tapé."""
    actuel = queries.get_texte(request.collectivite, code, frais=True)  # type: ignore[attr-defined]
    valeurs = {"sujet": actuel.sujet, "corps": actuel.corps}
    actions = ("message.texte_change", "message.texte_retabli")
    lecteur: Any = request.user
    ecriture = find_ecriture(objet=f"message:{code}", actions=actions, lecteur=lecteur)
    show_conflit(
        form,
        refus,
        actuel=valeurs,
        marque={"empreinte": compute_empreinte(valeurs)},
        prendre=request.path,
        ecriture=ecriture,
        bouton=("enregistrer", "1"),
    )


def _build_apercu(
    defaut: ports.ModeleParDefaut, nom: str, sujet: str, corps: str
) -> dict[str, object]:
    """Montre le message avec les exemples de ses balises."""
    exemples = {cle: balise.exemple for cle, balise in defaut.toutes_balises.items()}
    valeurs = exemples | {"collectivite": nom}
    return {
        "sujet": render_sujet(sujet, valeurs),
        "blocs": parse_texte(render_corps(corps, valeurs)),
    }


@role_requis(Role.ADMINISTRATEUR)
@require_POST
def retablir(request: HttpRequest, code: str) -> HttpResponse:
    if code not in ports.modeles:
        raise Http404
    try:
        services.reset_modele(
            collectivite=request.collectivite,  # type: ignore[attr-defined]
            code=code,
            acteur=request.user.acteur,  # type: ignore[union-attr]
            maintenant=timezone.now(),
            empreinte=request.POST.get("empreinte"),
        )
    except TexteModifieAilleurs as refus:
        messages.error(request, f"{refus.message} Relisez-le : il n’a pas été touché.")
    else:
        messages.success(request, "Le texte d’origine est rétabli.")
    return redirect("notifications:modele", code)


@role_requis(Role.ADMINISTRATEUR)
@require_POST
def reessayer(request: HttpRequest) -> HttpResponse:
    nombre = services.retry_echecs(
        collectivite=request.collectivite,  # type: ignore[attr-defined]
        maintenant=timezone.now(),
    )
    messages.success(request, f"Courriels remis en file : {nombre}.")
    return redirect("notifications:modeles")


def build_adresses(request: HttpRequest) -> dict[str, str]:
    """Rend les adresses des messages, sous la porte de cette personne : usager ou agent."""
    suffixe = "_agent" if request.user.is_agent else ""  # type: ignore[union-attr]
    noms = ("liste", "tout_lire", "preferences")
    return {nom: reverse(f"notifications:{nom}{suffixe}") for nom in noms}


@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Messages de la personne, de toutes ses collectivités."""
    lignes, suivante = queries.list_messages(
        request.user,  # type: ignore[arg-type]
        avant=_parse_uuid(request.GET.get("avant", "")),
    )
    contexte = {"lignes": lignes, "suivante": suivante, "debut": "avant" in request.GET}
    contexte |= {"adresses": build_adresses(request)}
    return render(request, "notifications/liste.html", contexte)


def _parse_uuid(texte: str) -> UUID | None:
    try:
        return UUID(texte)
    except ValueError:
        return None


@require_safe
def message(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Lit un message ; l’ouvrir le marque lu."""
    trouve = queries.find_message(request.user, identifiant)  # type: ignore[arg-type]
    if trouve is None:
        raise Http404
    services.mark_lu(message=trouve, maintenant=timezone.now())
    contexte = {"message": trouve, "blocs": parse_texte(trouve.texte)}
    contexte |= {"adresses": build_adresses(request)}
    return render(request, "notifications/message.html", contexte)


@require_POST
def tout_lire(request: HttpRequest) -> HttpResponse:
    services.mark_tous_lus(personne=request.user, maintenant=timezone.now())  # type: ignore[arg-type]
    return redirect(build_adresses(request)["liste"])


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Choix des courriels facultatifs."""
    refus = queries.list_refus(request.user)  # type: ignore[arg-type]
    agent = request.user.is_agent  # type: ignore[union-attr]
    facultatifs = list_facultatifs(agent=agent)
    voulus = [code for code, _ in facultatifs if code not in refus]
    form = PreferencesForm(initial={"voulus": voulus}, agent=agent)
    if request.method == "POST":
        form = PreferencesForm(request.POST, agent=agent)
        if form.is_valid():
            services.set_preferences(
                personne=request.user,  # type: ignore[arg-type]
                voulus=form.cleaned_data["voulus"],
            )
            messages.success(request, "Vos choix sont enregistrés.")
            return redirect(build_adresses(request)["preferences"])
    obligatoires = [
        ports.modeles[code] for code in ports.modeles if ports.modeles[code].obligatoire
    ]
    contexte = {"form": form, "obligatoires": obligatoires, "facultatifs": facultatifs}
    contexte |= {"adresses": build_adresses(request), "agent": agent}
    return render(request, "notifications/preferences.html", contexte)


@login_not_required
@hors_transaction
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def desabonner(request: HttpRequest, jeton: str) -> HttpResponse:
    """Désabonne par le lien d’un courriel : une page demande, un envoi agit (RFC 8058).

    Sans jeton CSRF : c’est le logiciel de courriel qui envoie, et le lien signé est le secret.
    """
    if request.method == "POST":
        contexte = {"modele": services.unsubscribe(jeton=jeton), "fait": True}
    else:
        contexte = {"modele": ports.modeles[read_jeton(jeton)[1]], "fait": False}
    return render(request, "notifications/desabonner.html", contexte)
