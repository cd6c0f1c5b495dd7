"""La page d’un dossier pour l’usager : où il en est, messages, décision, qui a consulté."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.renderers import render_vide
from socle.fondations.comptes.enums import GenreCompte
from socle.metiers.dossiers.forms import MessageForm
from socle.metiers.dossiers.queries import dossier as queries
from socle.metiers.dossiers.queries.courrier import describe_notification, list_courriers
from socle.metiers.dossiers.queries.pieces import list_decisions_retirees
from socle.metiers.dossiers.services import echanges, emission
from socle.metiers.dossiers.services.complements import explain_arret, is_en_retard
from socle.metiers.dossiers.services.echeances import compute_limite_accuse
from socle.metiers.dossiers.services.purge import compute_effacement
from socle.metiers.dossiers.views.acces import (
    build_acces,
    get_dossier_et_acces,
    identite_demandee,
)
from socle.metiers.dossiers.views.presentation import (
    build_fil,
    describe_etat,
    list_anciennes,
)
from socle.metiers.dossiers.views.saisie import find_reprise


@login_not_required
@require_safe
def suivi(request: HttpRequest, numero: int) -> HttpResponse:
    """Montre le dossier. Un brouillon dit d’abord qu’il n’est pas déposé.

    Les courriels mènent ici : qui n’ouvre pas ce dossier va à la porte, la même pour tout numéro.
    """
    try:
        return show_suivi(request, numero, MessageForm())
    except Http404:
        compte = build_acces(request, numero).compte
        if compte is not None and compte.is_agent:
            raise
        return redirect("dossiers:acces", numero)


def show_suivi(request: HttpRequest, numero: int, message: MessageForm) -> HttpResponse:
    """Montre le dossier, avec un message tel qu’il a été tapé s’il n’a pas pu partir (422)."""
    dossier, _ = get_dossier_et_acces(request, numero, find=queries.find_dossier_et_fil)
    if dossier.saisi_par_id is not None:  # un agent tient le clavier : il a ses pages
        retour = ("dossiers:guichet",) if dossier.is_brouillon else ("dossiers:dossier", numero)
        return redirect(*retour)
    if dossier.is_brouillon:
        contexte = {
            "dossier": dossier,
            "effacement": compute_effacement(dossier),
            "reprise": find_reprise(dossier),
        }
        return render(request, "dossiers/usager/brouillon.html", contexte)
    evenements = queries.read_fil(dossier)
    formulaire = queries.get_formulaire(dossier.version_id)
    aujourdhui = timezone.now().astimezone(PARIS).date()
    notification = describe_notification(dossier, list_courriers(dossier), aujourdhui)
    contexte = {
        "dossier": dossier,
        "demarche": dossier.demarche,
        "etat": describe_etat(dossier.etat, attend_correction=dossier.attend_correction),
        "fil": build_fil(dossier, evenements, notification),
        "decisions_retirees": list_decisions_retirees(dossier, evenements),
        "anciennes": list_anciennes(queries.list_changements(dossier))
        if dossier.version_deposee_id
        else (),
        "pages": formulaire.lines_resume(dossier.reponses, maintenant=dossier.depose_le),
        "messages_du_dossier": queries.list_messages(dossier) if dossier.a_messages else (),
        "consultations": queries.list_consultations(dossier) if dossier.a_consultations else (),
        "appels": queries.list_appels(dossier) if dossier.a_appels else (),
        "notification": notification,
        "accuse_limite": None if dossier.accuse_id else compute_limite_accuse(dossier.depose_le),
        "correction_en_retard": is_en_retard(dossier.correction_limite, aujourdhui),
        "arret": explain_arret(dossier.demarche),
        "vient_d_etre_depose": len(evenements) <= 2,
        "message_form": message if message.is_bound else render_vide(MessageForm),
    }
    statut = 422 if message.is_bound else 200
    return render(request, "dossiers/usager/suivi.html", contexte, status=statut)


@login_not_required
@require_POST
@identite_demandee
def ecrire(request: HttpRequest, numero: int) -> HttpResponse:
    """Écrit au service."""
    dossier, acces = get_dossier_et_acces(request, numero)
    formulaire = MessageForm(request.POST)
    if dossier.is_brouillon:
        raise Http404
    if not formulaire.is_valid():
        return show_suivi(request, numero, formulaire)
    echanges.send_message(
        dossier=dossier,
        auteur=acces.compte,
        corps=formulaire.cleaned_data["corps"],
        maintenant=timezone.now(),
    )
    messages.success(request, "Votre message est envoyé au service.")
    return redirect("dossiers:suivi", numero)


@login_not_required
@require_POST
@identite_demandee
def lire_decision(request: HttpRequest, numero: int) -> HttpResponse:
    """Ouvre la décision : la première lecture vaut notification (CRPA, art. R. 112-20)."""
    dossier, acces = get_dossier_et_acces(request, numero)
    if dossier.decision_id is None:
        raise Http404
    emission.record_lecture(numero=numero, acces=acces, maintenant=timezone.now())
    return redirect("documents:telecharger", dossier.decision_id)


@require_safe
def mes_dossiers(request: HttpRequest) -> HttpResponse:
    """Tous les dossiers de l’usager, toutes collectivités."""
    if request.user.genre != GenreCompte.USAGER:
        raise Http404
    dossiers = list(queries.list_dossiers_de_la_personne(request.user.pk)[:200])
    for ligne in dossiers:
        ligne.etat_affiche = describe_etat(ligne.etat, attend_correction=ligne.attend_correction)
    return render(request, "dossiers/usager/mes_dossiers.html", {"dossiers": dossiers})
