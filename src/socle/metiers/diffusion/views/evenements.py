"""Évènements : l’agenda, un évènement, s’inscrire, se désister, donner son avis."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.agenda import respond_agenda
from socle.fondations.commun.fiches import list_rappels, map_fiches
from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.publique import page_publique
from socle.fondations.comptes.adapters.requete import read_ip
from socle.fondations.comptes.models import Compte
from socle.metiers.diffusion.enums import EtatInscription
from socle.metiers.diffusion.exports.agenda import list_rendezvous
from socle.metiers.diffusion.forms.publics import AvisForm, FiltreEvenements, InscriptionForm
from socle.metiers.diffusion.models import Evenement
from socle.metiers.diffusion.queries import parutions
from socle.metiers.diffusion.services import contacts
from socle.metiers.diffusion.services import evenements as services


@page_publique
def liste(request: HttpRequest) -> HttpResponse:
    """Évènements à venir, puis ceux que l’on peut revoir."""
    maintenant = timezone.now()
    filtre = FiltreEvenements(request.GET.dict())
    choix = {"genre": filtre.get("genre"), "theme": filtre.get("theme")}
    revoir = filtre.get("revoir")
    a_venir, _ = parutions.list_evenements(maintenant=maintenant, **choix)
    page = parutions.paginate_passes(
        maintenant=maintenant, **choix, revoir=bool(revoir),
        apres=request.GET.get("apres", ""), avant=request.GET.get("avant", ""),
    )  # fmt: skip
    contexte = {
        "filtre": filtre,
        "adresse": _build_adresse(filtre),
        "a_venir": [] if revoir else a_venir,
        "revoir": revoir,
        "passes": page.lignes,
        "suivante": _build_adresse(filtre, apres=page.suivante) if page.suivante else "",
        "precedente": _build_adresse(filtre, avant=page.precedente) if page.precedente else "",
    }
    return render(request, "diffusion/evenements.html", contexte)


def _build_adresse(filtre: FiltreEvenements, **autres: str) -> str:
    """Rend « ?genre=…&revoir=1 », vide sans filtre : la suite d’une liste garde son filtre."""
    choix = {nom: filtre.get(nom) for nom in ("genre", "theme", "revoir")} | autres
    garde = {nom: valeur for nom, valeur in choix.items() if valeur}
    return f"?{urlencode(garde)}" if garde else ""


@page_publique
def agenda(request: HttpRequest) -> HttpResponse:
    """Évènements à venir, à suivre depuis un agenda ; un seul avec `?evenement=`."""
    if slug := request.GET.get("evenement"):
        seul = parutions.find_evenement(slug[:80])
        if seul is None:
            raise Http404
        return respond_agenda(seul.titre, seul.slug, list_rendezvous([seul]))
    a_venir, _ = parutions.list_evenements(maintenant=timezone.now())
    return respond_agenda("Évènements du programme", "evenements", list_rendezvous(a_venir))


@page_publique
def evenement(request: HttpRequest, slug: str) -> HttpResponse:
    """Un évènement, à venir, passé ou annulé."""
    return render(request, "diffusion/evenement.html", describe_evenement(_get(slug)))


def describe_evenement(trouve: Evenement) -> dict[str, Any]:
    """Ce que montre la page d’un évènement, publié ou en aperçu."""
    maintenant = timezone.now()
    return {
        "evenement": trouve,
        "texte_mis_en_forme": render_texte(trouve.texte),
        "supports_mis_en_forme": render_texte(trouve.supports),
        "est_ouvert": trouve.est_publie and trouve.debut > maintenant,
        "est_passe": trouve.fin <= maintenant,
        "est_complet": not services.has_place(trouve),
        "cites": list(map_fiches(trouve.liens).values()),
        "rappels": list_rappels(trouve.cle),
        "origine": settings.ADRESSE,
    }


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inscrire(request: HttpRequest, slug: str) -> HttpResponse:
    """S’inscrire : tout de suite pour un agent connecté, par un lien reçu pour les autres."""
    trouve, maintenant = _get(slug), timezone.now()
    services.check_ouvert(trouve, maintenant)
    agent = _get_agent(request)
    form = InscriptionForm(request.POST if request.method == "POST" else None, agent=agent)
    if request.method == "POST" and form.is_valid():
        demande = services.Demande(
            courriel=agent.courriel if agent else form.cleaned_data["courriel"],
            nom=agent.nom_affiche if agent else form.cleaned_data["nom"],
            organisation=form.cleaned_data["organisation"], autorite=form.autorite,
            accepte_contact=form.cleaned_data["accepte_contact"],
        )  # fmt: skip
        if agent:
            prise = services.register_inscription(
                evenement=trouve, demande=demande, acteur=agent.acteur, maintenant=maintenant
            )
            return redirect("diffusion:inscription", services.build_jeton(prise))
        services.request_inscription(
            evenement=trouve, demande=demande, ip=read_ip(request),
            maintenant=maintenant,
        )  # fmt: skip
        messages.success(request, "Nous vous avons écrit : ouvrez le lien pour confirmer.")
        return redirect("diffusion:evenement", slug)
    contexte = {
        "evenement": trouve, "form": form, "agent": agent,
        "est_complet": not services.has_place(trouve),
    }  # fmt: skip
    statut = 422 if form.is_bound else 200
    return render(request, "diffusion/inscrire.html", contexte, status=statut)


def _get_agent(request: HttpRequest) -> Compte | None:
    compte: Any = request.user
    return compte if compte.is_authenticated and compte.is_agent and compte.courriel else None


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: HttpRequest, jeton: str) -> HttpResponse:
    """Confirmer l’inscription demandée par courriel, par un bouton."""
    trouve, demande = services.read_demande(jeton)
    if request.method == "POST":
        prise = services.register_inscription(
            evenement=trouve, demande=demande, acteur="invite:inscription",
            maintenant=timezone.now(),
        )  # fmt: skip
        return redirect("diffusion:inscription", services.build_jeton(prise))
    contexte = {"evenement": trouve, "demande": demande}
    return render(request, "diffusion/confirmer_inscription.html", contexte)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def inscription(request: HttpRequest, jeton: str) -> HttpResponse:
    """Sa propre inscription : où elle en est, l’annuler."""
    trouvee = services.find_inscription(jeton)
    if request.method == "POST":
        services.cancel_inscription(
            inscription=trouvee, acteur="invite:inscription", maintenant=timezone.now()
        )
        messages.success(request, "Votre inscription est annulée. Merci d’avoir prévenu.")
        return redirect("diffusion:inscription", jeton)
    contexte = {
        "inscription": trouvee,
        "evenement": trouvee.evenement,
        "est_prise": trouvee.etat == EtatInscription.INSCRITE,
        "est_annulable": trouvee.etat != EtatInscription.ANNULEE
        and trouvee.evenement.debut > timezone.now(),
    }
    return render(request, "diffusion/inscription.html", contexte)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def avis(request: HttpRequest, jeton: str) -> HttpResponse:
    """Deux questions après un évènement, sans nom."""
    trouvee = services.find_inscription(jeton)
    form = AvisForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.save_avis(jeton=jeton, maintenant=timezone.now(), **form.cleaned_data)
        messages.success(request, "Merci : votre avis est enregistré, sans votre nom.")
        return redirect("diffusion:evenement", trouvee.evenement.slug)
    contexte = {"evenement": trouvee.evenement, "form": form, "deja": trouvee.avis_donne}
    return render(request, "diffusion/avis.html", contexte, status=422 if form.is_bound else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opposition(request: HttpRequest, jeton: str) -> HttpResponse:
    """S’opposer à être gardé dans les contacts (article 21 du RGPD)."""
    contact = contacts.find_contact(jeton)
    if request.method == "POST":
        contacts.oppose_contact(
            contact=contact, acteur="invite:opposition", maintenant=timezone.now()
        )
        return render(request, "diffusion/opposition.html", {"fait": True})
    return render(request, "diffusion/opposition.html", {"contact": contact})


def _get(slug: str) -> Evenement:
    trouve = parutions.find_evenement(slug)
    if trouve is None:
        raise Http404
    return trouve
