"""Pages publiques qui se gardent : une empreinte dit si quelque chose a changé.

Une page est la même pour tout le monde. Chaque processus garde celles qu’il vient de faire : la
redonner coûte une instruction SQL, celle qui dit que rien n’a changé.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from copy import copy
from functools import wraps
from threading import Lock

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from socle.metiers.echeancier.queries.obligations import get_fraicheur

Vue = Callable[..., HttpResponseBase]
SECONDES = 60
QUART_D_HEURE = 900  # ce que les autres métiers disent d’une échéance se relit au moins ainsi
OCTETS_GARDES = 24 << 20


class Reserve:
    """Dernières pages faites par ce processus, bornées en octets."""

    def __init__(self, octets_max: int) -> None:
        self.octets_max, self.octets = octets_max, 0
        self._pages: OrderedDict[str, HttpResponse] = OrderedDict()
        self._verrou = Lock()

    def get(self, cle: str) -> HttpResponse | None:
        """Rend une copie de la page gardée, ou None."""
        with self._verrou:
            if cle not in self._pages:
                return None
            self._pages.move_to_end(cle)
            return _copy(self._pages[cle])

    def keep(self, cle: str, page: HttpResponse) -> None:
        """Garde une page ; les plus anciennes cèdent la place."""
        if len(page.content) > self.octets_max // 4:
            return
        with self._verrou:
            ancienne = self._pages.pop(cle, None)
            self.octets += len(page.content) - (len(ancienne.content) if ancienne else 0)
            self._pages[cle] = _copy(page)
            while self.octets > self.octets_max:
                _, chassee = self._pages.popitem(last=False)
                self.octets -= len(chassee.content)


reserve = Reserve(OCTETS_GARDES)


def _copy(page: HttpResponse) -> HttpResponse:
    """Rend une réponse à part : les en-têtes posés ensuite sur l’une ne vont pas à l’autre."""
    copie = copy(page)
    copie.headers, copie.cookies = copy(page.headers), copy(page.cookies)
    copie.headers._store = dict(page.headers._store)  # noqa: SLF001  Django partage ce dictionnaire
    return copie


def compute_empreinte(request: HttpRequest, *args: object, **kwargs: object) -> str:
    """Empreinte d’une page : son adresse, le moment, la version, le dernier changement.

    Une seule instruction SQL. Qui est connecté voit un autre en-tête : sa page n’est pas partagée.
    """
    if garde := getattr(request, "_empreinte", ""):
        return str(garde)
    quand, nombre = get_fraicheur()
    maintenant = timezone.now()
    morceaux = (
        settings.VERSION, settings.NOM_INSTALLATION, settings.BAC_A_SABLE,
        request.get_full_path(), timezone.localdate(maintenant),
        int(maintenant.timestamp()) // QUART_D_HEURE, quand, nombre,
        request.session.session_key or "", request.headers.get("HX-Request", ""),
    )  # fmt: skip
    empreinte = f'"{hashlib.sha256("|".join(map(str, morceaux)).encode()).hexdigest()[:32]}"'
    request._empreinte = empreinte  # type: ignore[attr-defined]  # noqa: SLF001
    return empreinte


def publique(vue: Vue) -> Vue:
    """Ouvre une page à tous et la fait garder : 304 tant que rien n’a changé."""

    @login_not_required
    @require_safe
    @condition(etag_func=compute_empreinte)
    @wraps(vue)
    def show(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.session.session_key:
            return vue(request, *args, **kwargs)
        cle = compute_empreinte(request)
        if page := reserve.get(cle):
            return page
        reponse = vue(request, *args, **kwargs)
        if isinstance(reponse, HttpResponse) and reponse.status_code == 200:
            patch_cache_control(reponse, public=True, max_age=SECONDES)
            reserve.keep(cle, reponse)
        return reponse

    return show
