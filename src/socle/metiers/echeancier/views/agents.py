"""« Ce qui tombe sur ma collectivité, et quand » : la liste, une échéance, les rappels."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from socle.fondations.commun.mise_en_forme import render_texte
from socle.fondations.commun.presentation import Compteur
from socle.fondations.commun.verrou import mark_valeurs, show_conflit
from socle.fondations.comptes.permissions import has_role, role_requis
from socle.fondations.comptes.queries import find_ecriture
from socle.metiers.echeancier.enums import EtatSuivi
from socle.metiers.echeancier.errors import SuiviModifieAilleurs
from socle.metiers.echeancier.forms.suivis import AlertesForm, SuiviForm
from socle.metiers.echeancier.models import SuiviEcheance
from socle.metiers.echeancier.permissions import REGLEURS, SUIVEURS
from socle.metiers.echeancier.queries import suivis as lectures
from socle.metiers.echeancier.queries.histoire import build_histoire
from socle.metiers.echeancier.queries.lignes import build_ligne
from socle.metiers.echeancier.queries.obligations import find_obligation
from socle.metiers.echeancier.queries.profils import describe_collectivite, is_concernee
from socle.metiers.echeancier.services.suivis import describe_alertes, mark_suivi, save_alertes

MERCI = "C’est noté : « {court} », {etat}."


@role_requis(*SUIVEURS)
@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Échéances de la collectivité, ce qui vient d’abord."""
    collectivite = request.collectivite
    aujourdhui = timezone.localdate()
    etat = request.GET.get("etat", "")
    etat = etat if etat in EtatSuivi.values else ""
    siennes = lectures.list_siennes(collectivite, aujourdhui=aujourdhui)
    page = lectures.paginate_suivies(
        siennes, collectivite, etat=etat, aujourdhui=aujourdhui,
        apres=request.GET.get("apres", ""), avant=request.GET.get("avant", ""),
    )  # fmt: skip
    comptes = lectures.count_suivis(siennes, collectivite)
    contexte = {
        "lignes": page.lignes,
        "compteurs": _build_compteurs(comptes, etat),
        "etat": etat,
        "suivante": _build_suite(etat, "apres", page.suivante),
        "precedente": _build_suite(etat, "avant", page.precedente),
        "regle": has_role(request.user, collectivite, *REGLEURS),
    }
    return render(request, "echeancier/agent/liste.html", contexte)


@role_requis(*SUIVEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def fiche(request: HttpRequest, echeance: str) -> HttpResponse:
    """Une échéance de la collectivité : quoi faire, et dire où l’on en est."""
    collectivite, aujourdhui = request.collectivite, timezone.localdate()
    obligation = find_obligation(echeance)
    if obligation is None:
        raise Http404
    suivi = lectures.find_suivi(collectivite, obligation)
    form = SuiviForm(request.POST or None, initial=_read_dit(suivi))
    statut = 200
    if request.method == "POST" and form.is_valid():
        etat = EtatSuivi(form.cleaned_data["etat"])
        try:
            mark_suivi(
                collectivite=collectivite, obligation=obligation, etat=etat,
                note=form.cleaned_data["note"], agent=request.user, maintenant=timezone.now(),
                empreinte=form.cleaned_data["empreinte"],
            )  # fmt: skip
        except SuiviModifieAilleurs as refus:
            suivi = lectures.find_suivi(collectivite, obligation)
            _show_versions(
                request, form, refus, _read_dit(suivi), f"echeance:{obligation.pk}",
                "echeance.suivie",
            )  # fmt: skip
            statut = refus.statut
        else:
            messages.success(request, MERCI.format(court=obligation.court, etat=etat.label.lower()))
            return redirect("echeances:liste")
    contexte = {
        "obligation": obligation,
        "suivie": lectures.build_suivie(obligation, suivi, aujourdhui),
        "ligne": build_ligne(obligation, aujourdhui),
        "histoire": build_histoire(obligation),
        "texte_mis_en_forme": render_texte(obligation.texte, niveau=3),
        "aides": [],
        "rappels": [],
        "concernee": is_concernee(obligation, describe_collectivite(collectivite)),
        "form": form,
    }
    statut = 422 if form.errors else statut
    return render(request, "echeancier/agent/fiche.html", contexte, status=statut)


def _read_dit(suivi: SuiviEcheance | None) -> dict[str, Any]:
    """Rend ce que la collectivité dit d’une échéance, avec son empreinte."""
    if suivi is None:
        return mark_valeurs({"etat": EtatSuivi.A_FAIRE.value, "note": ""})
    return mark_valeurs({"etat": suivi.etat, "note": suivi.note})


def _show_versions(
    request: HttpRequest,
    form: Form,
    refus: SuiviModifieAilleurs,
    actuel: dict[str, Any],
    objet: str,
    action: str,
) -> None:
    """Montre ce qu’un collègue a enregistré à côté de la saisie."""
    show_conflit(
        form,
        refus,
        actuel=actuel,
        marque={"empreinte": actuel["empreinte"]},
        prendre=request.path,
        ecriture=find_ecriture(objet=objet, actions=[action], lecteur=request.user),
    )


@role_requis(*REGLEURS)
@require_http_methods(["GET", "HEAD", "POST"])
def alertes(request: HttpRequest) -> HttpResponse:
    """Qui est prévenu, et combien de jours avant."""
    collectivite = request.collectivite
    reglage = lectures.get_reglage_alertes(collectivite)
    initial = mark_valeurs(describe_alertes(reglage))
    form = AlertesForm(request.POST if request.method == "POST" else None, initial=initial)
    statut = 200
    if request.method == "POST" and form.is_valid():
        try:
            change = save_alertes(
                collectivite=collectivite, reglage=form.reglage, agent=request.user,
                maintenant=timezone.now(), empreinte=form.cleaned_data["empreinte"],
            )  # fmt: skip
        except SuiviModifieAilleurs as refus:
            relu = mark_valeurs(describe_alertes(lectures.get_reglage_alertes(collectivite)))
            _show_versions(
                request, form, refus, relu, f"collectivite:{collectivite.pk}",
                "echeance.alertes_reglees",
            )  # fmt: skip
            statut = refus.statut
        else:
            messages.success(request, "Rappels enregistrés." if change else "Rien n’a changé.")
            return redirect("echeances:liste")
    statut = 422 if form.errors else statut
    return render(request, "echeancier/agent/alertes.html", {"form": form}, status=statut)


def _build_compteurs(comptes: dict[str, int], courant: str) -> list[Compteur]:
    liste_ = reverse("echeances:liste")
    tout = Compteur(nombre=sum(comptes.values()), libelle="Toutes", url=liste_, courant=not courant)
    return [
        tout,
        *(
            Compteur(
                nombre=comptes[etat.value], libelle=etat.label, url=f"{liste_}?etat={etat.value}",
                courant=etat == courant,
            )
            for etat in EtatSuivi
        ),
    ]  # fmt: skip


def _build_suite(etat: str, sens: str, jeton: str) -> str:
    valeurs: dict[str, Any] = {cle: v for cle, v in (("etat", etat), (sens, jeton)) if v}
    return f"?{urlencode(valeurs)}" if jeton else ""
