"""Ce que partagent les vues : trouver, vérifier le droit, dire un refus."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from socle.fondations.commun.entiers import read_entier
from socle.fondations.commun.errors import AccesRefuse, ErreurMetier, ModifieAilleurs
from socle.fondations.commun.presentation import Ecart
from socle.fondations.commun.verrou import show_conflit
from socle.fondations.comptes.queries import find_ecriture
from socle.metiers.consultations.errors import ReponseRefusee
from socle.metiers.consultations.models import Campagne, Instruction, Reponse
from socle.metiers.consultations.permissions import JETONS, can_see, can_write, read_compte
from socle.metiers.consultations.queries.campagnes import find_campagne
from socle.metiers.consultations.queries.reponses import find_reponse

FORMULAIRE = ["GET", "HEAD", "POST"]
JETONS_MAX = 20


def get_campagne(slug: str) -> Campagne:
    """Pour l’équipe : brouillon ou non."""
    campagne = find_campagne(slug)
    if campagne is None:
        raise Http404
    return campagne


def get_visible(request: HttpRequest, slug: str) -> Campagne:
    """Pour les pages publiques : un brouillon n’existe pas, une restreinte se mérite."""
    campagne = get_campagne(slug)
    if campagne.publiee_le is None:
        raise Http404
    if not can_see(campagne, read_compte(request)):
        raise AccesRefuse(
            "Cette campagne est réservée à ceux qui peuvent y répondre.",
            "Connectez-vous avec votre compte d’agent.",
        )
    return campagne


def get_reponse(request: HttpRequest, cle: UUID) -> Reponse:
    """La réponse de cette personne, ou de sa collectivité, ou de ce navigateur.

    Raises:
        Http404, ReponseRefusee.
    """
    reponse = find_reponse(cle)
    if reponse is None:
        raise Http404
    jeton = str((request.session.get(JETONS) or {}).get(str(cle), ""))
    if not can_write(reponse, read_compte(request), jeton):
        raise ReponseRefusee
    return reponse


def keep_jeton(request: HttpRequest, cle: UUID, jeton: str) -> None:
    """Garde dans ce navigateur le jeton d’une réponse sans compte ; les vingt dernières."""
    gardes = {c: j for c, j in (request.session.get(JETONS) or {}).items() if c != str(cle)}
    request.session[JETONS] = dict([*gardes.items(), (str(cle), jeton)][-JETONS_MAX:])


def read_acteur(request: HttpRequest, reponse: Reponse | None = None) -> str:
    """Nom de l’acteur au journal ; un invité y est sa réponse."""
    compte = read_compte(request)
    if compte is not None:
        return str(compte.acteur)
    return f"invite:{reponse.cle}" if reponse else "invite"


def read_revision(request: HttpRequest, defaut: int) -> int:
    """Rend la révision que la page montrait ; absente ou illisible, celle d’aujourd’hui."""
    return read_entier(request.POST.get("revision"), defaut)


def say_refus(request: HttpRequest, refus: ErreurMetier) -> None:
    """Montre un refus sur la page suivante."""
    messages.error(request, f"{refus.message} {refus.suite}".strip())


def show_form(request: HttpRequest, gabarit: str, form: Any, **contexte: Any) -> HttpResponse:
    """Montre un formulaire ; 422 s’il est refusé."""
    statut = 422 if form.is_bound and form.errors else 200
    return render(request, gabarit, {"form": form, **contexte}, status=statut)


def choose_statut(form: forms.Form) -> int:
    """409 pour deux versions, 422 pour une saisie fausse."""
    if getattr(form, "conflit", None):
        return ModifieAilleurs.statut
    return 422 if form.errors else 200


def show_versions(
    request: HttpRequest, instruction: Instruction, form: forms.Form, refus: ModifieAilleurs,
    *, action: str, actuel: dict[str, Any], autres: Sequence[Ecart] = (),
) -> None:  # fmt: skip
    """Montre à côté de la saisie ce qu’un collègue a enregistré ; le journal dit qui."""
    show_conflit(
        form, refus, actuel=actuel, marque={"empreinte": actuel["empreinte"]},
        prendre=request.path, autres=autres,
        ecriture=find_ecriture(
            objet=f"instruction:{instruction.campagne.slug}", actions=[action],
            lecteur=request.user, installation=True,  # type: ignore[arg-type]
        ),
    )  # fmt: skip
