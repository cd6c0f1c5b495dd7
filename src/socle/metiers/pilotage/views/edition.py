"""Pages où l’équipe écrit : programmes et tout ce qui s’y rattache."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.verrou import show_revision
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.permissions import programme_requis
from socle.metiers.pilotage.enums import EtatAction
from socle.metiers.pilotage.errors import ModifieEntreTemps
from socle.metiers.pilotage.forms import CHAMPS, AvancementForm, ObjetForm, build_form, list_champs
from socle.metiers.pilotage.models import Action, ObjetDuProgramme, Programme
from socle.metiers.pilotage.queries.edition import (
    group_objets,
    list_modifications,
    list_tous_programmes,
)
from socle.metiers.pilotage.services import record_avancement, save_objet, set_retrait

equipe_requise = programme_requis(RoleProgramme.EQUIPE)


@dataclass(frozen=True, slots=True)
class Sorte:
    """Une sorte d’objet : ses mots, et l’adresse où elle se modifie."""

    nom: str
    titre: str
    neuf: str
    nommee: str  # « L’axe est enregistré. »
    public: str = ""  # nom d’adresse de sa page publique

    @property
    def pluriel(self) -> str:
        return " ".join(f"{mot}s" for mot in self.titre.split())


SORTES = {
    "axe": Sorte("axe", "Axe", "Ajouter un axe", "L’axe est enregistré.", "pilotage:axe"),
    "action": Sorte("action", "Action", "Ajouter une action", "L’action est enregistrée.",
                    "pilotage:action"),
    "recommandation": Sorte("recommandation", "Recommandation", "Ajouter une recommandation",
                            "La recommandation est enregistrée.", "pilotage:recommandation"),
    "principe": Sorte("principe", "Principe", "Ajouter un principe", "Le principe est enregistré."),
    "fait": Sorte("fait", "Fait marquant", "Ajouter un fait", "Le fait est enregistré."),
    "partenaire": Sorte("partenaire", "Partenaire", "Ajouter un partenaire",
                        "Le partenaire est enregistré."),
    "temoignage": Sorte("temoignage", "Témoignage", "Ajouter un témoignage",
                        "Le témoignage est enregistré."),
    "programme": Sorte("programme", "Programme", "Créer un programme",
                       "Le programme est enregistré.", "pilotage:programme"),
}  # fmt: skip


@equipe_requise
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Tous les programmes, retirés compris."""
    contexte = {"programmes": list(list_tous_programmes())}
    return render(request, "pilotage/equipe/programmes.html", contexte)


@equipe_requise
@require_safe
def sommaire(request: HttpRequest, code: str) -> HttpResponse:
    """Un programme et tout ce qui s’y rattache, à modifier ou à compléter."""
    programme = get_object_or_404(Programme, code=code)
    groupes = [
        (
            SORTES[sorte],
            [(objet, _write_rang(objet), _build_adresse(sorte, objet)) for objet in objets],
        )
        for sorte, objets in group_objets(programme).items()
    ]
    contexte = {"programme": programme, "groupes": groupes}
    return render(request, "pilotage/equipe/sommaire.html", contexte)


def _write_rang(objet: Any) -> str:
    """Rend « 1.3. » pour l’action 3 de l’axe 1, « 8. » pour la recommandation 8, vide sans numéro.

    Les actions se comptent dans leur axe, les recommandations dans leur programme.
    """
    if getattr(objet, "numero", None) is None:
        return ""
    prefixe = f"{objet.axe.numero}." if isinstance(objet, Action) else ""
    return f"{prefixe}{objet.numero}."


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau_programme(request: HttpRequest) -> HttpResponse:
    """Crée un programme."""
    return _write(request, Programme(), SORTES["programme"], neuf=True)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau(request: HttpRequest, code: str, sorte: str) -> HttpResponse:
    """Ajoute un objet à un programme."""
    programme = get_object_or_404(Programme, code=code)
    if sorte not in SORTES or sorte == "programme":
        raise Http404
    objet = CHAMPS[sorte][0]()
    if sorte != "action":  # une action tient au programme par son axe
        objet.programme = programme  # type: ignore[attr-defined]
    return _write(request, objet, SORTES[sorte], neuf=True, programme=programme)


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def objet(request: HttpRequest, pk: int, sorte: str) -> HttpResponse:
    """Modifie un objet ; son histoire est au bas de la page."""
    return _write(request, _find(sorte, pk), SORTES[sorte], neuf=False)


@equipe_requise
@require_POST
def retirer(request: HttpRequest, pk: int, sorte: str) -> HttpResponse:
    """Retire un objet des pages publiques, ou l’y remet."""
    trouve = _find(sorte, pk)
    retire = request.POST.get("retirer") != "non"
    try:
        set_retrait(
            objet=trouve, retire=retire, revision=read_revision(request),
            par=request.user, maintenant=timezone.now(),  # type: ignore[arg-type]
        )  # fmt: skip
    except ErreurMetier as refus:
        messages.error(request, f"{refus.message} {refus.suite}")
    else:
        fait = "n’est plus sur les pages publiques" if retire else "est de nouveau public"
        messages.success(request, f"« {trouve} » {fait}.")
    return redirect(_build_adresse(sorte, trouve))


@equipe_requise
@require_http_methods(["GET", "HEAD", "POST"])
def avancement(request: HttpRequest, pk: int, sorte: str) -> HttpResponse:
    """Note où en est une action ou une recommandation, preuve à l’appui."""
    fiche: Any = _find(sorte, pk)
    initial = {
        "revision": fiche.revision, "etat": fiche.etat, "avancement": fiche.avancement,
        "date_constat": timezone.localdate(),
    }  # fmt: skip
    form = AvancementForm(request.POST or None, initial=initial)
    if form.is_valid():
        donnees = dict(form.cleaned_data)
        donnees["etat"] = EtatAction(donnees["etat"])
        try:
            record_avancement(
                fiche=fiche,
                par=request.user,
                maintenant=timezone.now(),
                **donnees,  # type: ignore[arg-type]
            )
        except ModifieEntreTemps as refus:
            fiche = _find(sorte, pk)
            actuel = {"etat": fiche.etat, "avancement": fiche.avancement}
            show_versions(request, form, refus, fiche, actuel)
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, "L’avancement est noté, avec sa preuve.")
            return redirect(_build_adresse(sorte, fiche))
    contexte = {"fiche": fiche, "form": form, "retour": _build_adresse(sorte, fiche)}
    return render(request, "pilotage/equipe/avancement.html", contexte, status=choose_statut(form))


def _write(
    request: HttpRequest,
    objet: Any,
    sorte: Sorte,
    *,
    neuf: bool,
    programme: Programme | None = None,
) -> HttpResponse:
    form = build_form(sorte.nom, neuf=neuf, programme=programme)(
        request.POST or None, initial=read_initial(objet, sorte.nom, neuf=neuf)
    )
    if form.is_valid():
        champs = form.champs
        if neuf:
            champs |= compose_code(objet, sorte.nom, champs, programme)
        try:
            objet = save_objet(
                objet=objet, champs=champs, revision=form.cleaned_data["revision"],
                par=request.user, maintenant=timezone.now(),  # type: ignore[arg-type]
            )  # fmt: skip
        except ModifieEntreTemps as refus:
            objet = _find(sorte.nom, objet.pk)
            show_versions(request, form, refus, objet, read_initial(objet, sorte.nom, neuf=False))
        except ErreurMetier as refus:
            form.add_error(None, f"{refus.message} {refus.suite}")
        else:
            messages.success(request, sorte.nommee)
            return redirect(_build_adresse(sorte.nom, objet))
    return _show(request, objet, sorte, form, neuf=neuf, programme=programme)


def _show(
    request: HttpRequest,
    objet: ObjetDuProgramme,
    sorte: Sorte,
    form: ObjetForm,
    *,
    neuf: bool,
    programme: Programme | None,
) -> HttpResponse:
    du_programme = programme or _read_programme(objet, neuf=neuf)
    contexte = {
        "objet": None if neuf else objet,
        "sorte": sorte,
        "form": form,
        "programme": du_programme,
        "public": _build_public(objet, sorte) if not neuf and not objet.retire else "",
        "histoire": [] if neuf else list_modifications(objet.cle)[:30],  # type: ignore[attr-defined]
        "retirer": "" if neuf else f"{_build_adresse(sorte.nom, objet)}retirer/",
        "avancement": (
            f"{_build_adresse(sorte.nom, objet)}avancement/"
            if not neuf and sorte.nom in ("action", "recommandation")
            else ""
        ),
    }
    return render(request, "pilotage/equipe/objet.html", contexte, status=choose_statut(form))


def show_versions(
    request: HttpRequest, form: Form, refus: ModifieEntreTemps, objet: Any, actuel: dict[str, Any]
) -> None:
    """Montre ce qu’un autre a enregistré à côté de la saisie ; l’histoire dit qui."""
    derniere = list_modifications(objet.cle).first()
    show_revision(
        form, refus, objet=objet, actuel=actuel, prendre=request.path,
        par=derniere.par_nom if derniere else "",
    )  # fmt: skip


def choose_statut(form: Form) -> int:
    """409 pour deux versions, 422 pour une saisie fausse."""
    if getattr(form, "conflit", None):
        return ModifieEntreTemps.statut
    return 422 if form.errors else 200


def read_initial(objet: Any, sorte: str, *, neuf: bool) -> dict[str, Any]:
    """Valeurs de départ du formulaire : celles de l’objet, et sa révision."""
    if neuf:
        return {"revision": 0}
    return {nom: getattr(objet, nom) for nom in list_champs(sorte)} | {"revision": objet.revision}


def compose_code(
    objet: Any, sorte: str, champs: dict[str, Any], programme: Programme | None
) -> dict[str, str]:
    """Rend le code d’un axe, d’une action ou d’une recommandation : « 2018-2020-1-3 »."""
    if sorte == "axe" and programme:
        return {"code": f"{programme.code}-{champs['numero']}"}
    if sorte in ("action", "recommandation"):
        attache = champs.get("axe") or programme
        return {"code": f"{attache.code}-{champs['numero']}"}  # type: ignore[union-attr]
    return {}


def _find(sorte: str, pk: int) -> Any:
    return get_object_or_404(CHAMPS[sorte][0], pk=pk)


def read_revision(request: HttpRequest) -> int:
    return read_entier(request.POST.get("revision"))


def _read_programme(objet: Any, *, neuf: bool) -> Programme | None:
    if neuf or isinstance(objet, Programme):
        return None if neuf else objet
    trouve: Programme = objet.programme if hasattr(objet, "programme") else objet.axe.programme
    return trouve


def _build_adresse(sorte: str, objet: Any) -> str:
    return reverse(f"pilotage:equipe_{sorte}", args=[objet.pk])


def _build_public(objet: Any, sorte: Sorte) -> str:
    return reverse(sorte.public, args=[objet.code]) if sorte.public else ""
