"""Ce que l’échéancier pose sur l’accueil du programme et sur la page d’une collectivité."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Contexte
from socle.fondations.referentiels.models import Autorite
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.queries.lignes import LigneEcheance, build_ligne
from socle.metiers.echeancier.queries.obligations import (
    Criteres,
    list_prochaines,
    plan_compte,
)
from socle.metiers.echeancier.queries.profils import describe_autorite

SUR_L_ACCUEIL = 4
PAR_COLLECTIVITE = 4


def build_accueil(request: HttpRequest, sujet: Any) -> LecturePrevue[Contexte]:
    """« Ce qui tombe bientôt » : les quatre prochaines dates."""
    aujourdhui = timezone.localdate()

    def describe(prochaines: list[Obligation]) -> Contexte:
        lignes = _build_lignes(prochaines, aujourdhui)
        return {"lignes": lignes} if lignes else None

    lues = list_prochaines(aujourdhui=aujourdhui, nombre=SUR_L_ACCUEIL)
    return LecturePrevue((lues,), describe)


def build_autorite(request: HttpRequest, sujet: Any) -> LecturePrevue[Contexte] | None:
    """« Ce qui tombe sur … » : ses prochaines dates, et le lien vers toutes."""
    if not isinstance(sujet, Autorite):
        return None
    aujourdhui, profil = timezone.localdate(), describe_autorite(sujet)

    def describe(prochaines: list[Obligation], totaux: list[int]) -> Contexte:
        if not totaux:
            return None
        lignes = _build_lignes(prochaines, aujourdhui)
        return {"lignes": lignes, "total": totaux[0], "autorite": sujet}

    lues = list_prochaines(aujourdhui=aujourdhui, profil=profil, nombre=PAR_COLLECTIVITE)
    total = plan_compte(Criteres(profil=profil), aujourdhui=aujourdhui)
    return LecturePrevue((lues, total), describe)


def _build_lignes(prochaines: list[Obligation], aujourdhui: date) -> list[LigneEcheance]:
    return [build_ligne(obligation, aujourdhui, public="") for obligation in prochaines]
