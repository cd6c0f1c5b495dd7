"""État des connecteurs : toute l’installation pour l’opérateur, les siens pour une collectivité.

Les essais parlent au réseau, hors transaction, douze secondes au plus pour tous ; leur résultat est
gardé une minute, pour qu’une page rechargée n’insiste pas auprès des services de l’État.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from socle.fondations.administration import services
from socle.fondations.administration.enums import Niveau
from socle.fondations.administration.services.connecteurs import DELAI_PAGE, EtatConnecteur, Sonde
from socle.fondations.commun.locataire import hors_transaction, locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import operateur_requis, role_requis

GARDE = 60  # secondes
PAUSE = 10  # secondes entre deux essais voulus


@hors_transaction
@operateur_requis
@require_http_methods(["GET", "HEAD", "POST"])
def installation(request: HttpRequest) -> HttpResponse:
    """Montre l’état de l’installation, de chaque connecteur et de chaque service voisin."""
    if request.method == "POST":
        _forget("installation")
        return redirect("administration:etat")
    maintenant = timezone.now()
    essaye_le, etats = _read_etats("installation", services.list_sondes, maintenant)
    etats = [*services.list_etats_installation(maintenant=maintenant), *etats]
    contexte = _build_contexte(essaye_le, etats)
    with locataire(None, personne_id=request.user.pk):
        return render(request, "administration/etat.html", contexte)


@hors_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def connecteurs(request: HttpRequest) -> HttpResponse:
    """Montre l’état des connecteurs de la collectivité."""
    collectivite = request.collectivite  # type: ignore[attr-defined]
    with locataire(collectivite.pk, personne_id=request.user.pk):
        _check_role(request)
    cle = f"c{collectivite.pk}"
    if request.method == "POST":
        _forget(cle)
        return redirect("administration:connecteurs")
    essaye_le, etats = _read_etats(
        cle, lambda: services.list_sondes_ici(collectivite), timezone.now()
    )
    with locataire(collectivite.pk, personne_id=request.user.pk):
        contexte = _build_contexte(essaye_le, etats)
        return render(request, "administration/connecteurs.html", contexte)


connecteurs.roles = (Role.ADMINISTRATEUR,)  # type: ignore[attr-defined]  # voir `_check_role`


@role_requis(Role.ADMINISTRATEUR)
def _check_role(request: HttpRequest) -> HttpResponse:
    """Vérifie le rôle avant le moindre appel au réseau."""
    return HttpResponse()


def _read_etats(
    cle: str, list_sondes: Callable[[], list[Sonde]], maintenant: datetime
) -> tuple[datetime, list[EtatConnecteur]]:
    """Rend le dernier essai, s’il a moins d’une minute, sinon le refait."""
    garde = cache.get(f"connecteurs:{cle}")
    if garde:
        instant = datetime.fromisoformat(garde["essaye_le"])
        return instant, [EtatConnecteur.from_dict(etat) for etat in garde["etats"]]
    etats = services.run_sondes(list_sondes(), delai=DELAI_PAGE)
    gardes = {"essaye_le": maintenant.isoformat(), "etats": [etat.to_dict() for etat in etats]}
    cache.set(f"connecteurs:{cle}", gardes, GARDE)
    return maintenant, etats


def _forget(cle: str) -> None:
    """Oublie le dernier essai ; deux clics de suite n’en font qu’un."""
    if cache.add(f"connecteurs-pause:{cle}", 1, PAUSE):
        cache.delete(f"connecteurs:{cle}")


def _build_contexte(essaye_le: datetime, etats: list[EtatConnecteur]) -> dict[str, Any]:
    pannes = sum(etat.etat == Niveau.PANNE for etat in etats)
    return {"essaye_le": essaye_le, "etats": etats, "pannes": pannes}
