"""Choisir les colonnes de sa liste : lesquelles, et dans quel ordre. Marche sans JavaScript."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from socle.fondations.comptes.permissions import role_requis
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.permissions import LECTEURS, read_lisibles
from socle.metiers.dossiers.queries.colonnes import list_questions, read_colonnes_choisies
from socle.metiers.dossiers.queries.liste import Choix
from socle.metiers.dossiers.services.colonnes import forget_colonnes, save_colonnes
from socle.metiers.dossiers.views.criteres import GARDES
from socle.metiers.dossiers.views.lignes import CHAMP, FIXES, Colonne, pick_colonnes

PAS = {"monter": -1, "descendre": 1}


@dataclass
class Rang:
    """Une colonne de la page : montrée ou non, et à quelle place."""

    colonne: Colonne
    montree: bool

    @property
    def ancre(self) -> str:
        return self.colonne.code.replace(":", "-")


@role_requis(*LECTEURS, par_service=True)
@require_http_methods(["GET", "HEAD", "POST"])
def colonnes(request: HttpRequest) -> HttpResponse:
    """Montre les colonnes possibles ; chaque bouton garde l’état de la page."""
    demarche = find_demarche(request)
    rangs = list_rangs(request, demarche)
    if request.method == "POST":
        return change_colonnes(request, demarche, rangs)
    return render(request, "dossiers/agent/colonnes.html", build_contexte(request, demarche, rangs))


def find_demarche(request: HttpRequest) -> Demarche | None:
    """Rend la démarche que la liste montrait seule ; sans elle, le choix vaut pour toutes."""
    numero = request.GET.get("demarche", "")
    if not numero:
        return None
    if not (numero.isascii() and numero.isdigit() and len(numero) < 18):
        raise Http404
    siennes = read_lisibles(request.user, request.collectivite).filter("service")
    ici = Demarche.objects.filter(siennes, collectivite=request.collectivite)
    demarche = ici.filter(pk=int(numero)).first()
    if demarche is None:
        raise Http404
    return demarche


def list_rangs(request: HttpRequest, demarche: Demarche | None) -> list[Rang]:
    """Rend les colonnes montrées, dans l’ordre, puis les autres."""
    cle = demarche.pk if demarche else None
    choisies = read_colonnes_choisies(request.collectivite, request.user.pk, cle)
    choix = Choix(demarche.pk, demarche.titre, demarche.colonnes, None, None) if demarche else None
    montrees = pick_colonnes(choisies, choix)
    questions = list_questions(demarche) if demarche else []
    possibles = [
        *(Colonne(code, libelle) for code, libelle in FIXES.items()),
        *(Colonne(f"{CHAMP}{champ}", libelle) for champ, libelle in questions),
    ]
    codes = {colonne.code for colonne in montrees}
    return [
        *(Rang(colonne, True) for colonne in montrees),
        *(Rang(colonne, False) for colonne in possibles if colonne.code not in codes),
    ]


def change_colonnes(
    request: HttpRequest, demarche: Demarche | None, rangs: list[Rang]
) -> HttpResponse:
    """Garde l’ordre et les cases de la page, puis exécute le bouton pressé."""
    cle = demarche.pk if demarche else None
    geste, _, code = request.POST.get("geste", "").partition(":")
    qui = {"collectivite": request.collectivite, "agent": request.user, "demarche_id": cle}
    if geste == "origine":
        forget_colonnes(**qui)
        messages.success(request, "Les colonnes d’origine sont revenues.")
        return redirect(build_retour(request))
    rangs = read_page(request.POST, rangs)
    if geste in PAS:
        move_rang(rangs, code, PAS[geste])
    save_colonnes(**qui, colonnes=[rang.colonne for rang in rangs if rang.montree])
    if geste == "enregistrer":
        messages.success(request, "Vos colonnes sont enregistrées.")
        return redirect(build_retour(request))
    contexte = build_contexte(request, demarche, rangs) | {"foyer": f"{geste}-{code}"}
    return render(request, "dossiers/agent/colonnes.html", contexte)


def read_page(envoi: QueryDict, rangs: list[Rang]) -> list[Rang]:
    """Rend les colonnes dans l’ordre de la page, montrées si leur case est cochée.

    `ordre` vient du script, quand une colonne a été glissée ; sinon l’ordre est celui des `code`.
    """
    connus = {rang.colonne.code: rang.colonne for rang in rangs}
    glisses = envoi.get("ordre", "").split(",") if envoi.get("ordre") else envoi.getlist("code")
    ordre = [code for code in dict.fromkeys(glisses) if code in connus]
    ordre += [code for code in connus if code not in ordre]
    cochees = set(envoi.getlist("montree"))
    return [Rang(connus[code], code in cochees) for code in ordre]


def move_rang(rangs: list[Rang], code: str, pas: int) -> None:
    """Monte ou descend une colonne d’un rang."""
    ici = next((i for i, rang in enumerate(rangs) if rang.colonne.code == code), None)
    if ici is not None and 0 <= ici + pas < len(rangs):
        rangs[ici], rangs[ici + pas] = rangs[ici + pas], rangs[ici]


def build_retour(request: HttpRequest) -> str:
    """Rend l’adresse de la liste d’où l’on vient, ses filtres compris."""
    parametres = QueryDict(mutable=True)
    for nom in GARDES:
        if valeur := request.GET.get(nom):
            parametres[nom] = valeur
    suite = parametres.urlencode()
    return reverse("dossiers:liste") + (f"?{suite}" if suite else "")


def build_contexte(
    request: HttpRequest, demarche: Demarche | None, rangs: list[Rang]
) -> dict[str, Any]:
    return {"demarche": demarche, "rangs": rangs, "retour": build_retour(request), "foyer": ""}
