"""Ce qui part sur papier : noter l’envoi ou la remise, puis ce que La Poste a rendu."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.comptes.permissions import role_requis
from socle.metiers.dossiers.enums import Lettre, Moyen, SuiteDuPli
from socle.metiers.dossiers.forms import EnvoiForm, SuiteForm
from socle.metiers.dossiers.models import Dossier, EnvoiPostal
from socle.metiers.dossiers.permissions import INSTRUCTEURS
from socle.metiers.dossiers.queries import courrier as queries
from socle.metiers.dossiers.services import courrier
from socle.metiers.dossiers.views.agent_dossier import get_dossier
from socle.normes.delais.calculs import to_jour

EN_ROUTE = "en-route"


@role_requis(*INSTRUCTEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, numero: int) -> HttpResponse:
    """Montre les lettres du dossier ; chaque formulaire dit son geste dans son bouton."""
    dossier = get_dossier(request, numero)
    if request.method != "POST":
        return _show(request, dossier)
    geste, _, cible = request.POST.get("geste", "").partition(":")
    if geste == "envoi" and cible in Lettre:
        return _send(request, dossier, Lettre(cible))
    envoi = _find_envoi(dossier, cible)
    if geste == "suite":
        return _follow(request, dossier, envoi)
    if geste == "effacer":
        courrier.cancel_envoi(envoi=envoi, agent=request.user, maintenant=timezone.now())
        messages.success(request, "L’envoi saisi par erreur est effacé ; le fil en garde la trace.")
        return redirect("dossiers:courrier", numero)
    raise Http404


def _send(request: HttpRequest, dossier: Dossier, lettre: Lettre) -> HttpResponse:
    formulaire = EnvoiForm(request.POST, auto_id=f"id_{lettre}_%s")
    if formulaire.is_valid():
        donnees = formulaire.cleaned_data
        try:
            courrier.record_envoi(
                dossier=dossier,
                agent=request.user,
                lettre=lettre,
                moyen=Moyen(donnees["moyen"]),
                date_envoi=donnees["date_envoi"],
                numero=donnees["numero"],
                maintenant=timezone.now(),
            )
        except ErreurMetier as refus:
            _blame(formulaire, refus, "date_envoi", "numero")
        else:
            messages.success(request, f"{lettre.label} : c’est noté dans le dossier.")
            return redirect("dossiers:dossier", dossier.numero)
    return _show(request, dossier, statut=422, **{lettre.value: formulaire})


def _follow(request: HttpRequest, dossier: Dossier, envoi: EnvoiPostal) -> HttpResponse:
    formulaire = SuiteForm(request.POST, auto_id=f"id_suite_{envoi.pk}_%s")
    if formulaire.is_valid():
        donnees = formulaire.cleaned_data
        try:
            courrier.record_suite(
                envoi=envoi,
                agent=request.user,
                suite=SuiteDuPli(donnees["suite"]),
                date_suite=donnees["date_suite"],
                maintenant=timezone.now(),
            )
        except ErreurMetier as refus:
            _blame(formulaire, refus, "date_suite")
        else:
            messages.success(request, "C’est noté dans le dossier.")
            return redirect("dossiers:dossier", dossier.numero)
    return _show(request, dossier, statut=422, **{EN_ROUTE: (envoi.pk, formulaire)})


def _blame(formulaire: Any, refus: ErreurMetier, *champs: str) -> None:
    """Range le refus sous le champ qu’il nomme, sinon en tête du formulaire."""
    mots = {"date": champs[0], "recommandé n’est": champs[-1]}
    champ = next((nom for mot, nom in mots.items() if mot in refus.message), None)
    formulaire.add_error(champ, f"{refus.message} {refus.suite}")


def _find_envoi(dossier: Dossier, cible: str) -> EnvoiPostal:
    trouve = [e for e in queries.list_courriers(dossier) if str(e.pk) == cible]
    if not trouve:
        raise Http404
    return trouve[0]


def _show(
    request: HttpRequest, dossier: Dossier, *, statut: int = 200, **formulaires: Any
) -> HttpResponse:
    envois = queries.list_courriers(dossier)
    aujourdhui = to_jour(timezone.now())
    fautif = formulaires.get(EN_ROUTE)
    contexte = {
        "dossier": dossier,
        "notification": queries.describe_notification(dossier, envois, aujourdhui),
        "lettres": [
            _build_lettre(dossier, lettre, envois, fautif, formulaires.get(lettre.value))
            for lettre in reversed(Lettre)
            if queries.needs_papier(dossier, lettre)
        ],
        "formulaire_fautif": fautif[1] if fautif else next(iter(formulaires.values()), None),
    }
    return render(request, "dossiers/agent/courrier.html", contexte, status=statut)


def _build_lettre(
    dossier: Dossier,
    lettre: Lettre,
    envois: list[EnvoiPostal],
    fautif: tuple[int, SuiteForm] | None,
    envoi_form: EnvoiForm | None,
) -> dict[str, Any]:
    """Rend ce que la page montre d’une lettre : son document, ses envois, le formulaire utile."""
    document_id = queries.get_document_id(dossier, lettre)
    siens = [e for e in envois if e.document_id == document_id]
    en_route = next((e for e in siens if e.moyen == Moyen.RECOMMANDE and not e.suite), None)
    suite_form = None
    if en_route is not None:
        saisi = fautif[1] if fautif and fautif[0] == en_route.pk else None
        suite_form = saisi or SuiteForm(auto_id=f"id_suite_{en_route.pk}_%s")
    return {
        "code": lettre.value,
        "nom": lettre.label,
        "document_id": document_id,
        "envois": [(e, courrier.describe_envoi(e)) for e in siens],
        "en_route": en_route,
        "suite_form": suite_form,
        "envoi_form": envoi_form or EnvoiForm(auto_id=f"id_{lettre}_%s"),
    }
