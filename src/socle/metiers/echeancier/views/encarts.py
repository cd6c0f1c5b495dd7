"""Ce que l’échéancier pose sur l’accueil du programme et sur la page d’une collectivité."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from socle.fondations.referentiels.models import Autorite
from socle.metiers.echeancier.queries.lignes import build_ligne
from socle.metiers.echeancier.queries.obligations import (
    Criteres,
    count_obligations,
    list_prochaines,
)
from socle.metiers.echeancier.queries.profils import describe_autorite

SUR_L_ACCUEIL = 4
PAR_COLLECTIVITE = 4


def build_accueil(request: HttpRequest, sujet: Any) -> dict[str, Any] | None:
    """« Ce qui tombe bientôt » : les quatre prochaines dates. Deux instructions SQL."""
    aujourdhui = timezone.localdate()
    prochaines = list_prochaines(aujourdhui=aujourdhui, nombre=SUR_L_ACCUEIL)
    lignes = [build_ligne(obligation, aujourdhui) for obligation in prochaines]
    return {"lignes": lignes} if lignes else None


def build_autorite(request: HttpRequest, sujet: Any) -> dict[str, Any] | None:
    """« Ce qui tombe sur … » : ses prochaines dates, et le lien vers toutes."""
    if not isinstance(sujet, Autorite):
        return None
    aujourdhui, profil = timezone.localdate(), describe_autorite(sujet)
    prochaines = list_prochaines(aujourdhui=aujourdhui, profil=profil, nombre=PAR_COLLECTIVITE)
    total = count_obligations(Criteres(profil=profil), aujourdhui=aujourdhui)
    lignes = [build_ligne(obligation, aujourdhui) for obligation in prochaines]
    contexte = {"lignes": lignes, "total": total, "autorite": sujet}
    return contexte if total else None
